package audit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// Deps are what a Service needs.
type Deps struct {
	Store  Store
	Log    event.Reader
	Clock  clock.Clock
	Logger *slog.Logger
}

// Config sets the pace.
type Config struct {
	// Interval is how often to look for events without a record. Letting them gather
	// makes one write of many.
	Interval time.Duration
	// Batch bounds the records of one write and the rows that verifying holds in memory.
	Batch int
}

// Default stays about half a second behind the log.
func Default() Config { return Config{Interval: 500 * time.Millisecond, Batch: 512} }

// Validate names the field that cannot be used.
func (c Config) Validate() error {
	switch {
	case c.Interval <= 0:
		return errors.New("audit: Interval must be above 0")
	case c.Batch < 1 || c.Batch > 4096:
		return errors.New("audit: Batch must be from 1 to 4096")
	default:
		return nil
	}
}

// Service records events and proves the records.
type Service struct {
	deps   Deps
	config Config
}

// New makes a Service.
func New(deps Deps, config Config) (*Service, error) {
	if deps.Store == nil || deps.Log == nil || deps.Clock == nil || deps.Logger == nil {
		return nil, errors.New("audit: a dependency is missing")
	}
	return &Service{deps: deps, config: config}, config.Validate()
}

// Run records until ctx ends. Every node runs it: the cursor lets one of them write
// each batch. What fails is tried again, since a record may be late but never lost.
func (s *Service) Run(ctx context.Context) {
	tick := time.NewTicker(s.config.Interval)
	defer tick.Stop()
	for {
		err := s.Record(ctx)
		if err != nil && !errors.Is(err, ErrTaken) && ctx.Err() == nil {
			s.deps.Logger.WarnContext(ctx, "audit: will try again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Record writes the records of all numbered events that have none; ErrTaken once
// another node is at it. A look that finds nothing new writes nothing.
func (s *Service) Record(ctx context.Context) error {
	ctx = reqctx.WithEveryTenant(ctx)
	for {
		count, err := s.step(ctx)
		if err != nil || count < s.config.Batch {
			return err
		}
	}
}

func (s *Service) step(ctx context.Context) (int, error) {
	// The heads change with the cursor only: read after it, they are those of the
	// cursor, or the write is refused.
	from, err := s.deps.Store.AuditCursor(ctx)
	if err != nil {
		return 0, fmt.Errorf("audit cursor: %w", err)
	}
	events, err := s.deps.Log.EventsAfter(ctx, from, nil, s.config.Batch)
	if err != nil || len(events) == 0 {
		return 0, err
	}
	heads, err := s.heads(ctx, events)
	if err != nil {
		return 0, err
	}
	records := make([]Record, len(events))
	for i, told := range events {
		records[i] = extend(heads, Record{Number: 0, Event: told, Hash: Hash{}})
	}
	to := events[len(events)-1].Seq
	if to-from != int64(len(events)) {
		s.deps.Logger.ErrorContext(ctx, "audit: events are missing from the log", "after", from, "up_to", to, "found", len(events))
	}
	moved := make([]Head, 0, len(heads))
	for _, head := range heads {
		moved = append(moved, head)
	}
	return len(events), s.deps.Store.AppendAudit(ctx, from, to, records, moved)
}

func (s *Service) heads(ctx context.Context, events []event.Envelope) (map[id.Tenant]Head, error) {
	heads := map[id.Tenant]Head{}
	for _, told := range events {
		if _, known := heads[told.Tenant]; known {
			continue
		}
		head, err := s.deps.Store.AuditHead(ctx, told.Tenant)
		if err != nil {
			return nil, fmt.Errorf("audit head: %w", err)
		}
		heads[told.Tenant] = head
	}
	return heads, nil
}

// Lag is the age of the oldest numbered event without a record, and the number up to
// which there are records.
func (s *Service) Lag(ctx context.Context) (time.Duration, int64, error) {
	ctx = reqctx.WithEveryTenant(ctx)
	cursor, err := s.deps.Store.AuditCursor(ctx)
	if err != nil {
		return 0, 0, err
	}
	waiting, err := s.deps.Log.EventsAfter(ctx, cursor, nil, 1)
	if err != nil || len(waiting) == 0 {
		return 0, cursor, err
	}
	return max(0, s.deps.Clock.Now().Sub(waiting[0].Time)), cursor, nil
}

// EachTenant visits every tenant that has a head, a record or an event.
func (s *Service) EachTenant(ctx context.Context, visit func(tenant id.Tenant) error) error {
	ctx = reqctx.WithEveryTenant(ctx)
	for tenant := (id.Tenant{}); ; {
		next, err := s.deps.Store.NextAudited(ctx, tenant)
		if err != nil || next.IsZero() {
			return err
		}
		if err := visit(next); err != nil {
			return err
		}
		tenant = next
	}
}

// Head is the end of a tenant's chain, to be noted where nobody who can change the
// database can change it too.
func (s *Service) Head(ctx context.Context, tenant id.Tenant) (Head, error) {
	return s.deps.Store.AuditHead(reqctx.WithEveryTenant(ctx), tenant)
}
