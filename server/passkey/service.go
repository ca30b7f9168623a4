package passkey

import (
	"context"

	"github.com/lintel-id/lintel/server/user"
)

// Service keeps passkeys and judges what is shown of them.
type Service struct{}

// List gives a user's passkeys, oldest first.
func (s *Service) List(ctx context.Context, owner user.ID) ([]Passkey, error) { panic("coming") }

// Rename names one of a user's passkeys; ErrUnknown, ErrNameInvalid.
func (s *Service) Rename(ctx context.Context, owner user.ID, which ID, name string) (Passkey, error) {
	panic("coming")
}

// Remove removes one of a user's passkeys; ErrUnknown.
func (s *Service) Remove(ctx context.Context, owner user.ID, which ID) error { panic("coming") }

// Signals are what a front end tells the platform about a user's passkeys.
func (s *Service) Signals(ctx context.Context, owner user.ID) (Signals, error) { panic("coming") }
