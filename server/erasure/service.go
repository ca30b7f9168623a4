package erasure

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// Eraser is whoever holds something about people.
type Eraser interface {
	// EraseUser removes all that is held about the person, for good, within the unit
	// of work in ctx; removing nothing is no error.
	EraseUser(ctx context.Context, person user.ID) error
}

// Queue tells whose time has come.
type Queue interface {
	// UsersDue lists the users of all tenants who are to be erased at now, the longest
	// due first, after the one that is given (zero: from the start).
	UsersDue(ctx context.Context, now time.Time, after user.Due, limit int) ([]user.Due, error)
	// Guests lists guests of all tenants who are not to be erased yet, the oldest first, after
	// the one that is given (zero: from the start), and tells of each whether they have a
	// session that was good at a time.
	Guests(ctx context.Context, at time.Time, after Guest, limit int) ([]Guest, error)
}

// Deps are what a Service needs.
type Deps struct {
	Users    *user.Service
	Sessions *session.Service
	Queue    Queue
	Erasers  []Eraser // everybody who holds something
	Tx       tx.Runner
	Clock    clock.Clock
	// Grace is the tenant's own grace period; 0 is that of Config.
	Grace  func(ctx context.Context) (time.Duration, error)
	Logger *slog.Logger
}

// Config sets the pace.
type Config struct {
	// Grace is how long a person may think better of it; 0: not at all.
	Grace time.Duration
	// Guests is how long a guest is kept whom nobody can be any more, since no session of
	// theirs is left: until then an operator can make them part of another user.
	Guests time.Duration
}

// Default gives a person a month.
func Default() Config { return Config{Grace: 30 * 24 * time.Hour, Guests: 30 * 24 * time.Hour} }

const maxGrace = 366 * 24 * time.Hour

// Validate names the field that is out of range.
func (c Config) Validate() error {
	if c.Grace < 0 || c.Grace > maxGrace {
		return fmt.Errorf("user.deletion_grace: must be 0s to %s, not %s", maxGrace, c.Grace)
	}
	if c.Guests < 0 || c.Guests > maxGrace {
		return fmt.Errorf("erasure: Guests: must be 0s to %s, not %s", maxGrace, c.Guests)
	}
	return nil
}

// Service deletes users.
type Service struct {
	deps   Deps
	config Config
}

// New makes a Service.
func New(deps Deps, config Config) (*Service, error) {
	if deps.Users == nil || deps.Sessions == nil || deps.Queue == nil || len(deps.Erasers) == 0 ||
		deps.Tx == nil || deps.Clock == nil || deps.Grace == nil || deps.Logger == nil {
		return nil, errors.New("erasure: a dependency is missing")
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	return &Service{deps: deps, config: config}, nil
}

// Deletion is where the deletion of a user stands.
type Deletion struct {
	Status   user.Status
	DeleteAt time.Time
}

// Delete keeps the user out, ends every session, the one that asks included, and has
// them erased when the grace period is over, which may be at once. The caller has made
// sure that the authentication is fresh. session.ErrNone when the session that asks
// has ended meanwhile.
func (s *Service) Delete(ctx context.Context, person user.ID, by session.ID) (Deletion, error) {
	grace, err := s.grace(ctx)
	if err != nil {
		return Deletion{}, err
	}
	var deletion Deletion
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		// Written again here, a thief's session that its owner has just ended deletes nothing.
		if _, err := s.deps.Sessions.Raise(ctx, by, nil); err != nil {
			return err
		}
		leaving, err := s.deps.Users.ScheduleDeletion(ctx, person, grace)
		if err != nil {
			return err
		}
		if _, err := s.deps.Sessions.EndOthers(ctx, person, session.ID{}, session.UserDeletion); err != nil {
			return err
		}
		deletion, err = s.settle(ctx, leaving, grace)
		return err
	})
	if err != nil {
		return Deletion{}, err
	}
	return deletion, nil
}

// grace is the tenant's own, or else the server's.
func (s *Service) grace(ctx context.Context) (time.Duration, error) {
	own, err := s.deps.Grace(ctx)
	if err != nil || own > 0 {
		return own, err
	}
	return s.config.Grace, nil
}

// settle erases who has no grace, and tells where the deletion stands.
func (s *Service) settle(ctx context.Context, leaving user.User, grace time.Duration) (Deletion, error) {
	if grace > 0 {
		return Deletion{Status: user.DeletionScheduled, DeleteAt: *leaving.DeleteAt}, nil
	}
	_, err := s.erase(ctx, leaving.ID)
	return Deletion{Status: user.Deleted, DeleteAt: *leaving.DeleteAt}, err
}

// Discard is Delete as whoever manages the tenant asks for it, suspended users included;
// at once is without the grace period. A deletion that was to come sooner stays.
func (s *Service) Discard(ctx context.Context, person user.ID, atOnce bool) (Deletion, error) {
	grace, err := s.grace(ctx)
	if err != nil {
		return Deletion{}, err
	}
	if atOnce {
		grace = 0
	}
	var deletion Deletion
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		leaving, err := s.deps.Users.Discard(ctx, person, grace)
		if err != nil {
			return err
		}
		if _, err := s.deps.Sessions.EndOthers(ctx, person, session.ID{}, session.UserDeletion); err != nil {
			return err
		}
		deletion, err = s.settle(ctx, leaving, grace)
		return err
	})
	if err != nil {
		return Deletion{}, err
	}
	return deletion, nil
}

// erase removes all there is about one user in one unit of work, and tells whether
// there was anything to do: the guarded write of the user's own row lets one node in
// and keeps an undo out, or finds that one was first.
func (s *Service) erase(ctx context.Context, person user.ID) (bool, error) {
	erased := false
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		var err error
		if erased, err = s.deps.Users.Erase(ctx, person); err != nil || !erased {
			return err
		}
		for _, eraser := range s.deps.Erasers {
			if err := eraser.EraseUser(ctx, person); err != nil {
				return fmt.Errorf("erase: %w", err)
			}
		}
		return nil
	})
	return erased && err == nil, err
}
