package passkey

import (
	"context"

	"github.com/google/uuid"

	"github.com/lintel-id/lintel/server/user"
)

// Service keeps passkeys and judges what is shown of them.
type Service struct{}

// Removal says why a passkey goes, and whether it may where nothing else lets its user in.
type Removal struct {
	Reason    string
	LastWayIn bool
}

// List gives a user's passkeys, oldest first.
func (s *Service) List(ctx context.Context, owner user.ID) ([]Passkey, error) { panic("coming") }

// Rename names one of a user's passkeys; ErrUnknown, ErrNameInvalid.
func (s *Service) Rename(ctx context.Context, owner user.ID, which ID, name string) (Passkey, error) {
	panic("coming")
}

// Remove removes one of a user's passkeys, and gives what to tell the platform; ErrUnknown,
// ErrLastWayIn.
func (s *Service) Remove(ctx context.Context, owner user.ID, which ID, removal Removal) (Signals, error) {
	panic("coming")
}

// Signals are what a front end tells the platform about a user's passkeys.
func (s *Service) Signals(ctx context.Context, owner user.ID) (Signals, error) { panic("coming") }

// Describe is what a make of authenticators is called; empty where that is not known.
func (s *Service) Describe(aaguid uuid.UUID) string { panic("coming") }
