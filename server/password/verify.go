package password

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/user"
)

// Verified is a right password. It is spent by Confirm, within the unit of work
// that acts on it.
type Verified struct {
	// Rehash is the same password under today's cost; nil when that is what is stored.
	Rehash *Prepared

	credential Credential
}

// VerifiedAt is a password that was verified in an earlier request, as it is
// carried in sealed state: whose it was, when it had been set and whether it had expired.
func VerifiedAt(userID user.ID, setAt time.Time, expired bool) Verified {
	verified := Verified{Rehash: nil, credential: Credential{UserID: userID, Hash: "", Scheme: "", SetAt: setAt, Version: 0, ExpiredAt: nil}}
	if expired {
		verified.credential.ExpiredAt = &setAt
	}
	return verified
}

// Expired tells whether it proves its user only as far as choosing another one.
func (v Verified) Expired() bool { return v.credential.ExpiredAt != nil }

// SetAt tells one password of a user from the next.
func (v Verified) SetAt() time.Time { return v.credential.SetAt }

// Verify compares a typed password with the user's. ErrWrong when it is not right,
// and when the user has none, after the same work; ErrBusy when there is no room.
// It is slow, and refuses to run inside a unit of work.
func (s *Service) Verify(ctx context.Context, userID user.ID, text secret.Text) (Verified, error) {
	if tx.Active(ctx) {
		return Verified{}, errInsideUnit
	}
	raw := userID.Bytes()
	absent, err := s.schemeFor(ctx, raw[:]) // asked for on every path, so that asking tells nothing
	if err != nil {
		return Verified{}, err
	}
	credential, err := s.deps.Store.PasswordOf(ctx, userID)
	if errors.Is(err, ErrNone) {
		return Verified{}, s.burn(ctx, absent, text)
	}
	if err != nil {
		return Verified{}, fmt.Errorf("read password: %w", err)
	}
	right, err := s.deps.Hasher.Verify(ctx, credential.Hash, text)
	if errors.Is(err, ErrHash) {
		s.deps.Logger.ErrorContext(ctx, "password: a stored hash is not usable", "user", userID.String(), "scheme", credential.Scheme)
		return Verified{}, s.burn(ctx, absent, text)
	}
	if err != nil {
		return Verified{}, err
	}
	if !right {
		return Verified{}, ErrWrong
	}
	return Verified{Rehash: s.rehashed(ctx, credential, text), credential: credential}, nil
}

// rehashed is the password under today's cost, where it is stored under another.
// Where there is no room for a second hash the login goes on without.
func (s *Service) rehashed(ctx context.Context, credential Credential, text secret.Text) *Prepared {
	if credential.Scheme == s.deps.Hasher.Scheme() {
		return nil
	}
	prepared, err := s.prepare(ctx, text)
	if err != nil {
		return nil
	}
	return &prepared
}

// VerifyAbsent stands in for Verify where the identifier finds nobody: the same
// read, the same work in the tenant's own proportions, and always ErrWrong (or
// ErrBusy). The lookup is the identifier as it is compared.
func (s *Service) VerifyAbsent(ctx context.Context, lookup string, text secret.Text) error {
	if tx.Active(ctx) {
		return errInsideUnit
	}
	scheme, err := s.schemeFor(ctx, []byte(lookup))
	if err != nil {
		return err
	}
	if _, err := s.deps.Store.PasswordOf(ctx, user.ID{}); err != nil && !errors.Is(err, ErrNone) {
		return fmt.Errorf("read password: %w", err)
	}
	return s.burn(ctx, scheme, text)
}

func (s *Service) burn(ctx context.Context, scheme string, text secret.Text) error {
	if err := s.deps.Hasher.Burn(ctx, scheme, text); err != nil {
		return err
	}
	return ErrWrong
}

// confirmTries bounds how often Confirm gives way to other logins of the same user.
const confirmTries = 32

// Confirm spends a Verified within the caller's unit of work: ErrWrong when the
// password was changed, removed or expired since it was verified. It writes the row even
// when nothing changes: whoever changes the password meanwhile waits for this
// unit and then ends its session too, or has committed first and is seen here.
// Without that a login begun with the old password could outlive the change. A
// pending rehash is stored with it.
func (s *Service) Confirm(ctx context.Context, userID user.ID, verified Verified) error {
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		for range confirmTries {
			current, err := s.deps.Store.PasswordOf(ctx, userID)
			if errors.Is(err, ErrNone) {
				return ErrWrong
			}
			if err != nil {
				return fmt.Errorf("read password: %w", err)
			}
			if verified.credential.UserID != userID || !current.SetAt.Equal(verified.credential.SetAt) ||
				(current.ExpiredAt != nil) != verified.Expired() {
				return ErrWrong
			}
			if verified.Rehash != nil && current.Version == verified.credential.Version {
				current.Hash, current.Scheme = verified.Rehash.phc, verified.Rehash.scheme
			}
			err = s.deps.Store.UpdatePassword(ctx, current)
			if err == nil {
				return nil
			}
			if !errors.Is(err, ErrChanged) {
				return fmt.Errorf("confirm password: %w", err)
			}
		}
		return ErrBusy.After(s.deps.Hasher.config.RetryAfter)
	})
}

// Rehash stores the pending rehash, if there is one, where no session follows;
// a concurrent change wins and is no error.
func (s *Service) Rehash(ctx context.Context, userID user.ID, verified Verified) error {
	if verified.Rehash == nil || verified.credential.UserID != userID {
		return nil
	}
	next := verified.credential
	next.Hash, next.Scheme = verified.Rehash.phc, verified.Rehash.scheme
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error { return s.deps.Store.UpdatePassword(ctx, next) })
	if err != nil && !errors.Is(err, ErrChanged) {
		return fmt.Errorf("rehash password: %w", err)
	}
	return nil
}
