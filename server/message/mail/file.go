package mail

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/lintel-id/lintel/server/message"
)

// Folder writes each message into a file of its own, which mail programs open.
type Folder struct {
	envelope

	dir string
}

var _ message.Provider = (*Folder)(nil)

// NewFolder makes a Folder; the folder itself is made with the first message.
func NewFolder(config Config) (*Folder, error) {
	enveloped, err := sealed(config)
	if err != nil {
		return nil, err
	}
	return &Folder{envelope: enveloped, dir: config.Folder}, nil
}

// Send writes the file and names it.
func (f *Folder) Send(_ context.Context, to string, letter message.Letter, about message.Message) (string, error) {
	composed, err := f.compose(to, letter, about)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return "", fmt.Errorf("mail: %w", err)
	}
	name := about.ID.String() + ".eml"
	written, err := os.OpenFile(filepath.Join(f.dir, name), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return "", fmt.Errorf("mail: %w", err)
	}
	if _, err := composed.WriteTo(written); err != nil {
		_ = written.Close()
		return "", fmt.Errorf("mail: %w", err)
	}
	return name, written.Close()
}

// Inbox sends nothing: what would have been sent is read over the API.
type Inbox struct{ envelope }

var _ message.Provider = Inbox{}

// Send has nothing to do.
func (Inbox) Send(context.Context, string, message.Letter, message.Message) (string, error) {
	return "", nil
}
