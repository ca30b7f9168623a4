package gateway

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/user"
)

// phones is what every provider of text messages shares.
type phones struct{}

// Recipient reads a number as users' numbers are read; message.ErrRecipient.
func (phones) Recipient(address string) (written, compared string, err error) {
	read, err := user.Normalise(user.Phone, address)
	if err != nil {
		return "", "", message.ErrRecipient
	}
	return read.Value, read.Lookup, nil
}

// Folder writes each message into a file of its own.
type Folder struct {
	phones

	dir string
}

var _ message.Provider = (*Folder)(nil)

// NewFolder makes a Folder; the folder itself is made with the first message.
func NewFolder(config Config) *Folder { return &Folder{phones: phones{}, dir: config.Folder} }

// Send writes the file and names it.
func (f *Folder) Send(_ context.Context, to string, letter message.Letter, about message.Message) (string, error) {
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return "", fmt.Errorf("gateway: %w", err)
	}
	name := about.ID.String() + ".txt"
	if err := os.WriteFile(filepath.Join(f.dir, name), []byte("To: "+to+"\n\n"+letter.Text+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("gateway: %w", err)
	}
	return name, nil
}

// Inbox sends nothing: what would have been sent is read over the API.
type Inbox struct{ phones }

var _ message.Provider = Inbox{}

// Send has nothing to do.
func (Inbox) Send(context.Context, string, message.Letter, message.Message) (string, error) {
	return "", nil
}
