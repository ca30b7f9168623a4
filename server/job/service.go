package job

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/tx"
)

// Boxes gives the box of the tenant in scope.
type Boxes interface {
	// Box is the tenant's own; whatever is wrong with it is no fault.
	Box(ctx context.Context) (*seal.Box, error)
}

// Deps are what a Service needs.
type Deps struct {
	Store   Store
	Kinds   map[string]Kind
	Tenants Boxes
	Tx      tx.Runner
	Events  event.Recorder
	Clock   clock.Clock
	Logger  *slog.Logger
}

// Config bounds jobs.
type Config struct {
	// Workers is how many jobs a node works on at once.
	Workers int
	// MaxBytes bounds a result.
	MaxBytes int64
	// KeepFor is how long a job is there after it has ended.
	KeepFor time.Duration
}

// Default is two at once, 256 MiB and a day.
func Default() Config { return Config{Workers: 2, MaxBytes: 256 << 20, KeepFor: 24 * time.Hour} }

// Validate names the field that is out of range.
func (c Config) Validate() error {
	switch {
	case c.Workers < 1 || c.Workers > 16:
		return errors.New("job: Workers must be 1 to 16")
	case c.MaxBytes < 1:
		return errors.New("job: MaxBytes must be above 0")
	case c.KeepFor <= 0:
		return errors.New("job: KeepFor must be above 0")
	}
	return nil
}

const (
	maxUnfinished = 20   // of one tenant
	maxOfUsers    = 200  // that its users have started, beside those
	maxOwn        = 5000 // that one caller has started and that are still kept
	mostResults   = 16   // as long as one may be, of those
	maxPage       = 100
	purpose       = "job.result"
)

// Service takes, does and tells of jobs.
type Service struct {
	deps   Deps
	config Config
	wake   chan struct{} // there is something to do on this node
}

// New makes a Service.
func New(deps Deps, config Config) (*Service, error) {
	if deps.Store == nil || deps.Tenants == nil || deps.Tx == nil || deps.Events == nil || deps.Clock == nil || deps.Logger == nil {
		return nil, errors.New("job: a dependency is missing")
	}
	for name, kind := range deps.Kinds {
		if kind.Work == nil {
			return nil, errors.New("job: nobody does " + name)
		}
	}
	return &Service{deps: deps, config: config, wake: make(chan struct{}, 1)}, config.Validate()
}

// Start asks for a job of a type that there is; scope is what the caller needed for it.
func (s *Service) Start(ctx context.Context, name, scope string, asked any) (Job, error) {
	return s.StartFor(ctx, name, scope, "", asked)
}

// StartFor is Start of a job about one user, who is named by their id. What users start
// themselves takes no place of what the tenant's operators do.
func (s *Service) StartFor(ctx context.Context, name, scope, person string, asked any) (Job, error) {
	kind, ok := s.deps.Kinds[name]
	if !ok {
		return Job{}, errors.New("job: there is no type " + name)
	}
	text, err := json.Marshal(asked)
	if err != nil {
		return Job{}, fmt.Errorf("job: %w", err)
	}
	tenant, err := reqctx.Tenant(ctx)
	if err != nil {
		return Job{}, err
	}
	var made Job
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		if err := s.room(ctx); err != nil {
			return err
		}
		now := s.deps.Clock.Now()
		made = Job{
			ID: id.New[idKind](now), Tenant: tenant, Type: name, Status: Queued, Asked: text, Scope: scope, Personal: kind.Personal, Person: person,
			By: reqctx.ActorOf(ctx), Done: 0, Total: 0, Code: "", ContentType: "", Parts: 0, Bytes: 0,
			CreatedAt: now, StartedAt: nil, FinishedAt: nil, ExpiresAt: nil, Fence: 0, Attempts: 0,
		}
		if err := s.deps.Store.InsertJob(ctx, made); err != nil {
			return fmt.Errorf("insert job: %w", err)
		}
		tx.AfterCommit(ctx, s.awake)
		return s.record(ctx, EventCreated, made, Data{Type: name})
	})
	if err != nil {
		return Job{}, err
	}
	return made, nil
}

// room refuses one job more than there may be. What a caller has made is kept for a while,
// and bounded too: a key that only reads could fill the disk with it.
func (s *Service) room(ctx context.Context) error {
	by, most := reqctx.ActorOf(ctx), maxUnfinished
	if by.Kind == reqctx.User {
		most = maxOfUsers
	}
	load, err := s.deps.Store.Load(ctx, by, most, 2*maxOwn)
	if err != nil {
		return fmt.Errorf("count jobs: %w", err)
	}
	switch {
	case load.Unfinished >= most:
		return ErrLimit
	case load.Own >= maxOwn, load.OwnBytes >= mostResults*s.config.MaxBytes:
		return ErrResultLimit
	}
	return nil
}

// awake has this node look for jobs.
func (s *Service) awake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *Service) record(ctx context.Context, told event.Type, about Job, data any) error {
	return s.deps.Events.Record(ctx, event.Draft{Type: told, Subject: about.ID.String(), Data: data, Person: "", Personal: nil})
}

// ByID finds a job; ErrUnknown.
func (s *Service) ByID(ctx context.Context, wanted ID) (Job, error) {
	return s.deps.Store.JobByID(ctx, wanted)
}

// Page is a part of a tenant's jobs, the newest first.
type Page struct {
	Items []Job
	Next  ID // where the next page goes on; zero when this was the last
}

// List gives a page of jobs.
func (s *Service) List(ctx context.Context, before ID, limit int) (Page, error) {
	limit = min(max(limit, 1), maxPage)
	found, err := s.deps.Store.Jobs(ctx, before, limit+1)
	if err != nil {
		return Page{}, fmt.Errorf("list jobs: %w", err)
	}
	page := Page{Items: found, Next: ID{}}
	if len(found) > limit {
		page.Items = found[:limit]
		page.Next = page.Items[limit-1].ID
	}
	return page, nil
}

// Cancel keeps a job from being begun or going on; ErrFinished once it has ended
// otherwise.
func (s *Service) Cancel(ctx context.Context, wanted ID) (Job, error) {
	var cancelled Job
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) (err error) {
		if cancelled, err = s.deps.Store.JobByID(ctx, wanted); err != nil {
			return err
		}
		switch {
		case cancelled.Status == Cancelled:
			return nil
		case cancelled.Finished():
			return ErrFinished
		}
		s.ended(&cancelled, Cancelled)
		if err := s.deps.Store.EndJob(ctx, cancelled); err != nil {
			if errors.Is(err, ErrLost) {
				return ErrFinished
			}
			return fmt.Errorf("cancel job: %w", err)
		}
		return s.record(ctx, EventCancelled, cancelled, Data{Type: cancelled.Type})
	})
	if err != nil {
		return Job{}, err
	}
	return cancelled, nil
}

func (s *Service) ended(j *Job, how Status) {
	now := s.deps.Clock.Now()
	expires := now.Add(s.config.KeepFor)
	j.Status, j.FinishedAt, j.ExpiresAt = how, &now, &expires
	if how != Completed {
		j.ContentType, j.Parts, j.Bytes = "", 0, 0
	}
}

// Result is a part of what a completed job has made.
type Result struct {
	Job  Job
	Part int
	Text string
	Last bool
}

// Result reads a part and tells that it was read; may judges the scope that the result
// needs. ErrUnknown, ErrNoResult.
func (s *Service) Result(ctx context.Context, wanted ID, part int, may func(scope string) error) (Result, error) {
	found, err := s.deps.Store.JobByID(ctx, wanted)
	if err != nil {
		return Result{}, err
	}
	if err := may(found.Scope); err != nil {
		return Result{}, err
	}
	if found.Status != Completed || part < 0 || part >= found.Parts {
		return Result{}, ErrNoResult
	}
	sealed, err := s.deps.Store.Part(ctx, found, part)
	if err != nil {
		return Result{}, err
	}
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return Result{}, err
	}
	plain, err := box.Open(purpose, sealed, place(found, part))
	if err != nil {
		return Result{}, fmt.Errorf("open part %d of %s: %w", part, found.ID, err)
	}
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		return s.record(ctx, EventResultOpened, found, OpenedData{Type: found.Type, Part: part})
	})
	return Result{Job: found, Part: part, Text: string(plain), Last: part == found.Parts-1}, err
}

// place binds a sealed part to where it stands.
func place(of Job, part int) []byte {
	name := of.ID.Bytes()
	out := binary.BigEndian.AppendUint64(name[:], uint64(of.Fence))
	return binary.BigEndian.AppendUint64(out, uint64(part))
}
