package password

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/user"
)

// Deps are what a Service needs.
type Deps struct {
	Store    Store
	Tx       tx.Runner
	Events   event.Recorder
	Clock    clock.Clock
	Hasher   *Hasher
	Breached Breached // NoBreached to ask nobody
	// MAC is keyed by the tenant in ctx; it picks the scheme that an unknown
	// identifier costs.
	MAC func(ctx context.Context, parts ...[]byte) ([32]byte, error)
	// MinLength is the tenant's own; 0 for that of the Config.
	MinLength func(ctx context.Context) (int, error)
	Logger    *slog.Logger
}

// Service sets and verifies passwords.
type Service struct {
	deps    Deps
	config  Config
	schemes *schemes
}

// New makes a Service.
func New(deps Deps, config Config) (*Service, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	return &Service{deps: deps, config: config, schemes: newSchemes(config.SchemesFor)}, nil
}

// Prepare checks a new password against the policy and hashes it. It is slow, and
// refuses to run inside a unit of work.
func (s *Service) Prepare(ctx context.Context, text secret.Text, inputs []string) (Prepared, error) {
	if tx.Active(ctx) {
		return Prepared{}, errInsideUnit
	}
	if err := s.Check(ctx, text, inputs); err != nil {
		return Prepared{}, err
	}
	return s.prepare(ctx, text)
}

func (s *Service) prepare(ctx context.Context, text secret.Text) (Prepared, error) {
	phc, err := s.deps.Hasher.Hash(ctx, text)
	if err != nil {
		return Prepared{}, err
	}
	return Prepared{phc: phc, scheme: s.deps.Hasher.Scheme()}, nil
}

// Set makes the prepared password the user's own, within the caller's unit of
// work; ErrChanged when another change came in between.
func (s *Service) Set(ctx context.Context, userID user.ID, prepared Prepared) error {
	if prepared.IsZero() {
		return errUnprepared
	}
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		before, err := s.deps.Store.PasswordOf(ctx, userID)
		if errors.Is(err, ErrNone) {
			first := Credential{UserID: userID, Hash: prepared.phc, Scheme: prepared.scheme, SetAt: s.deps.Clock.Now(), Version: 1, ExpiredAt: nil}
			if err := s.deps.Store.InsertPassword(ctx, first); err != nil {
				return fmt.Errorf("insert password: %w", err)
			}
			return s.record(ctx, EventSet, userID)
		}
		if err != nil {
			return fmt.Errorf("read password: %w", err)
		}
		if err := s.replace(ctx, before, prepared); err != nil {
			return fmt.Errorf("change password: %w", err)
		}
		return s.record(ctx, EventChanged, userID)
	})
}

// Remove takes the user's password away, within the caller's unit of work; without one it
// changes nothing.
func (s *Service) Remove(ctx context.Context, userID user.ID) error {
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		removed, err := s.deps.Store.DeletePassword(ctx, userID)
		if err != nil {
			return fmt.Errorf("remove password: %w", err)
		}
		if !removed {
			return nil
		}
		return s.record(ctx, EventRemoved, userID)
	})
}

// replace gives way to logins that only confirm or rehash, and yields to another
// change: SetAt tells the two apart.
func (s *Service) replace(ctx context.Context, before Credential, prepared Prepared) error {
	current := before
	for range confirmTries {
		next := Credential{UserID: before.UserID, Hash: prepared.phc, Scheme: prepared.scheme, SetAt: s.deps.Clock.Now(), Version: current.Version, ExpiredAt: nil}
		if !next.SetAt.After(before.SetAt) {
			next.SetAt = before.SetAt.Add(time.Microsecond)
		}
		err := s.deps.Store.UpdatePassword(ctx, next)
		if !errors.Is(err, ErrChanged) {
			return err
		}
		if current, err = s.deps.Store.PasswordOf(ctx, before.UserID); err != nil {
			return err
		}
		if !current.SetAt.Equal(before.SetAt) {
			return ErrChanged
		}
	}
	return ErrChanged
}

func (s *Service) record(ctx context.Context, kind event.Type, userID user.ID) error {
	return s.deps.Events.Record(ctx, event.Draft{
		Type: kind, Subject: userID.String(), Data: Changed{UserID: userID.String()}, Person: userID.String(), Personal: nil,
	})
}

// SetAt is when the user's password was set; ErrNone when there is none.
func (s *Service) SetAt(ctx context.Context, userID user.ID) (time.Time, error) {
	credential, err := s.deps.Store.PasswordOf(ctx, userID)
	if err != nil {
		return time.Time{}, fmt.Errorf("read password: %w", err)
	}
	return credential.SetAt, nil
}
