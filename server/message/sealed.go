package message

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/lintel-id/lintel/server/platform/seal"
)

// What is sealed for what; each is bound to its message.
const (
	recipientPurpose = "message.recipient"
	contentPurpose   = "message.content"
	addressPurpose   = "message.address"
)

// Opened is a message with its address.
type Opened struct {
	Message

	To string
}

// Readable is a message as its reader sees it, with what was put into the words.
type Readable struct {
	Opened

	Letter Letter
	Values map[string]string
}

// fill seals what a message says, and to whom.
func (s *Service) fill(ctx context.Context, message *Message, written, compared string, values map[string]string) error {
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return err
	}
	if message.Content, err = sealedValues(box, message.ID, values); err != nil {
		return err
	}
	if message.Recipient, err = box.Seal(recipientPurpose, []byte(written), []byte(message.ID.String())); err != nil {
		return err
	}
	message.Address, err = s.fingerprint(ctx, compared)
	return err
}

func (s *Service) fingerprint(ctx context.Context, compared string) ([32]byte, error) {
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return [32]byte{}, err
	}
	return box.MAC(addressPurpose, []byte(compared)), nil
}

func (s *Service) open(ctx context.Context, message Message) (Opened, error) {
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return Opened{}, err
	}
	to, err := box.Open(recipientPurpose, message.Recipient, []byte(message.ID.String()))
	if err != nil {
		return Opened{}, fmt.Errorf("open recipient of %s: %w", message.ID, err)
	}
	return Opened{Message: message, To: string(to)}, nil
}

func sealedValues(box *seal.Box, of ID, values map[string]string) ([]byte, error) {
	text, err := json.Marshal(values)
	if err != nil {
		return nil, fmt.Errorf("message: %w", err)
	}
	return box.Seal(contentPurpose, text, []byte(of.String()))
}

// values opens what goes into the words of a message that has not been forgotten.
func values(box *seal.Box, message Message) (map[string]string, error) {
	found, err := sealed(box, message)
	delete(found, valueUnasked)
	return found, err
}

// sealed opens all that is sealed of what a message says.
func sealed(box *seal.Box, message Message) (map[string]string, error) {
	text, err := box.Open(contentPurpose, message.Content, []byte(message.ID.String()))
	if err != nil {
		return nil, fmt.Errorf("open content of %s: %w", message.ID, err)
	}
	found := map[string]string{}
	if err := json.Unmarshal(text, &found); err != nil {
		return nil, fmt.Errorf("read content of %s: %w", message.ID, err)
	}
	return found, nil
}

// read opens all of a message that has not been forgotten.
func (s *Service) read(ctx context.Context, message Message) (Readable, error) {
	opened, err := s.open(ctx, message)
	if err != nil {
		return Readable{}, err
	}
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return Readable{}, err
	}
	readable := Readable{Opened: opened, Letter: Letter{}, Values: nil}
	if readable.Values, err = values(box, message); err != nil {
		return Readable{}, err
	}
	write := s.deps.Writer.Write
	if message.Channel == SMS {
		write = s.deps.Writer.WriteShort
	}
	readable.Letter, err = write(ctx, message.Kind, message.Application, message.Locale, readable.Values)
	return readable, err
}
