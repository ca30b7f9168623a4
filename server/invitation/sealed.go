package invitation

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/user"
)

// What is sealed for what; it is bound to its invitation.
const (
	contentPurpose = "invitation.content"
	addressPurpose = "invitation.address"
)

// content is what an invitation says of people.
type content struct {
	To      code.Address    `json:"to"`
	Name    string          `json:"name"`
	Profile json.RawMessage `json:"profile,omitempty"`
}

func (s *Service) seal(ctx context.Context, opened *Opened) error {
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return err
	}
	text, err := json.Marshal(content{To: opened.To, Name: opened.Name, Profile: opened.Profile})
	if err != nil {
		return fmt.Errorf("invitation: %w", err)
	}
	opened.Address = fingerprint(box, opened.To)
	opened.Content, err = box.Seal(contentPurpose, text, []byte(opened.ID.String()))
	return err
}

func (s *Service) open(ctx context.Context, found Invitation) (Opened, error) {
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return Opened{}, err
	}
	text, err := box.Open(contentPurpose, found.Content, []byte(found.ID.String()))
	if err != nil {
		return Opened{}, fmt.Errorf("open invitation %s: %w", found.ID, err)
	}
	var said content
	if err := json.Unmarshal(text, &said); err != nil {
		return Opened{}, fmt.Errorf("read invitation %s: %w", found.ID, err)
	}
	return Opened{Invitation: found, To: said.To, Name: said.Name, Profile: said.Profile}, nil
}

func fingerprint(box *seal.Box, to code.Address) [32]byte {
	return box.MAC(addressPurpose, []byte(to.Type), []byte(to.Lookup))
}

// fingerprintOf is that of an address as somebody types it; of one that is none, of nothing.
func (s *Service) fingerprintOf(ctx context.Context, typed string) (*[32]byte, error) {
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return nil, err
	}
	kind := user.Detect(typed)
	normal, err := user.Normalise(kind, typed)
	if err != nil {
		return new(fingerprint(box, code.Address{Type: "", Value: "", Lookup: ""})), nil //nolint:nilerr // nobody has it
	}
	return new(fingerprint(box, code.Address{Type: kind, Value: normal.Value, Lookup: normal.Lookup})), nil
}
