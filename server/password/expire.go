package password

import (
	"context"
	"errors"
	"fmt"

	"github.com/lintel-id/lintel/server/user"
)

// Expire lets the user's password prove them only as far as choosing another one; again
// it changes nothing. It joins the caller's unit of work. ErrNone.
func (s *Service) Expire(ctx context.Context, userID user.ID) error {
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		for range confirmTries {
			current, err := s.deps.Store.PasswordOf(ctx, userID)
			if errors.Is(err, ErrNone) {
				return ErrNone
			}
			if err != nil {
				return fmt.Errorf("read password: %w", err)
			}
			if current.ExpiredAt != nil {
				return nil
			}
			now := s.deps.Clock.Now()
			current.ExpiredAt = &now
			err = s.deps.Store.UpdatePassword(ctx, current)
			if errors.Is(err, ErrChanged) {
				continue // a login has confirmed or rehashed it
			}
			if err != nil {
				return fmt.Errorf("expire password: %w", err)
			}
			return s.record(ctx, EventExpired, userID)
		}
		return ErrChanged
	})
}

// SetTemporary is Set for a password that has to be replaced at the next login.
func (s *Service) SetTemporary(ctx context.Context, userID user.ID, prepared Prepared) error {
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		if err := s.Set(ctx, userID, prepared); err != nil {
			return err
		}
		return s.Expire(ctx, userID)
	})
}

// Renew puts a prepared password in the place of the expired one that was verified, in
// the unit of work that spends it. ErrRejected for the same one again is Unlike's.
func (s *Service) Renew(ctx context.Context, userID user.ID, verified Verified, prepared Prepared) error {
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		if err := s.Confirm(ctx, userID, verified); err != nil {
			return err
		}
		return s.Set(ctx, userID, prepared)
	})
}
