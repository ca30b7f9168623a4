package export

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lintel-id/lintel/server/job"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/user"
)

const (
	// scope is what reading an export over the jobs needs, whoever began it.
	scope = "users:export"

	mostADay = 5
	day      = 24 * time.Hour
)

// Finder finds the exports that people have begun.
type Finder interface {
	// OwnJobs lists the jobs of a type that a person began about themselves, the newest
	// first.
	OwnJobs(ctx context.Context, name, person string, limit int) ([]job.Job, error)
}

// Users keeps users.
type Users interface {
	// HoldUser keeps whoever would erase the user out until the unit of work is over;
	// user.ErrUnknown for who is deleted.
	HoldUser(ctx context.Context, person user.ID) error
}

// Deps are what a Service needs.
type Deps struct {
	Jobs   *job.Service
	Finder Finder
	Users  Users
	Tx     tx.Runner
	Events event.Recorder
	Clock  clock.Clock
}

// Service begins exports, and gives people their own.
type Service struct{ deps Deps }

// New makes a Service.
func New(deps Deps) (*Service, error) {
	if deps.Jobs == nil || deps.Finder == nil || deps.Users == nil || deps.Tx == nil || deps.Events == nil || deps.Clock == nil {
		return nil, errors.New("export: a dependency is missing")
	}
	return &Service{deps: deps}, nil
}

// Begin has a user exported for whoever manages the tenant; user.ErrUnknown.
func (s *Service) Begin(ctx context.Context, person user.ID) (begun job.Job, err error) {
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		if err := s.deps.Users.HoldUser(ctx, person); err != nil {
			return err
		}
		begun, err = s.begin(ctx, asked{UserID: person, Own: false})
		return err
	})
	if err != nil {
		return job.Job{}, err
	}
	return begun, nil
}

// BeginOwn has a user exported for themselves. One that waits or runs is the answer to
// everybody who asks for another; ErrLimited after too many within a day.
func (s *Service) BeginOwn(ctx context.Context, person user.ID) (begun job.Job, err error) {
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		if err := s.deps.Users.HoldUser(ctx, person); err != nil {
			return err
		}
		earlier, err := s.deps.Finder.OwnJobs(ctx, Type, person.String(), mostADay)
		if err != nil {
			return fmt.Errorf("own exports: %w", err)
		}
		if len(earlier) > 0 && !earlier[0].Finished() {
			begun = earlier[0]
			return nil
		}
		if len(earlier) == mostADay {
			if wait := earlier[mostADay-1].CreatedAt.Add(day).Sub(s.deps.Clock.Now()); wait > 0 {
				return ErrLimited.After(wait)
			}
		}
		begun, err = s.begin(ctx, asked{UserID: person, Own: true})
		return err
	})
	if err != nil {
		return job.Job{}, err
	}
	return begun, nil
}

// begin starts the job and tells of it, in the unit of work of the caller.
func (s *Service) begin(ctx context.Context, wanted asked) (job.Job, error) {
	begun, err := s.deps.Jobs.StartFor(ctx, Type, scope, wanted.UserID.String(), wanted)
	if err != nil {
		return job.Job{}, err
	}
	return begun, s.deps.Events.Record(ctx, event.Draft{
		Type: user.EventExportRequested, Subject: wanted.UserID.String(), Person: wanted.UserID.String(),
		Data: user.ExportRequestedData{JobID: begun.ID.String()}, Personal: nil,
	})
}

// Own is the newest export that a person has begun; ErrUnknown.
func (s *Service) Own(ctx context.Context, person user.ID) (job.Job, error) {
	found, err := s.deps.Finder.OwnJobs(ctx, Type, person.String(), 1)
	if err != nil {
		return job.Job{}, fmt.Errorf("own exports: %w", err)
	}
	if len(found) == 0 {
		return job.Job{}, ErrUnknown
	}
	return found[0], nil
}

// OwnResult reads a part of it, and tells that it was read; ErrUnknown,
// job.ErrNoResult.
func (s *Service) OwnResult(ctx context.Context, person user.ID, part int) (job.Result, error) {
	own, err := s.Own(ctx, person)
	if err != nil {
		return job.Result{}, err
	}
	return s.deps.Jobs.Result(ctx, own.ID, part, func(string) error { return nil })
}
