package event

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/tx"
)

// ErrNoTransaction is what Record answers outside a unit of work: an event that
// could survive its change, or be lost with it, must not exist.
var ErrNoTransaction = errors.New("event: recorded outside a unit of work")

// Recorder is what services are given.
type Recorder interface {
	// Record appends the event to the open unit of work; it fails with
	// ErrNoTransaction when there is none and reqctx.ErrNoTenant without a tenant.
	Record(ctx context.Context, draft Draft) error
}

// Store appends to the log.
type Store interface {
	// AppendEvent inserts the envelope within the unit of work in ctx.
	AppendEvent(ctx context.Context, envelope Envelope) error
}

// PersonalSealer seals what an event tells about a person.
type PersonalSealer interface {
	// SealPersonal seals under the person's own key; associated binds the result
	// to its event.
	SealPersonal(ctx context.Context, person string, plaintext, associated []byte) ([]byte, error)
}

// Deps are what a Log needs.
type Deps struct {
	Store  Store
	Sealer PersonalSealer
	Clock  clock.Clock
	Wake   func() // called after a commit that holds events
}

// Log records events.
type Log struct {
	deps Deps

	mu   sync.Mutex
	last time.Time
}

// New makes a Log.
func New(deps Deps) *Log { return &Log{deps: deps} }

// Record appends an event to the open unit of work.
func (l *Log) Record(ctx context.Context, draft Draft) error {
	if !tx.Active(ctx) {
		return ErrNoTransaction
	}
	tenant, err := reqctx.Tenant(ctx)
	if err != nil {
		return err
	}
	at := l.next()
	envelope := Envelope{
		ID: id.New[idKind](at), Type: draft.Type.Name, Version: draft.Type.Version, Time: at,
		Tenant: tenant, Subject: draft.Subject, Actor: reqctx.ActorOf(ctx), Person: draft.Person,
	}
	if envelope.Data, err = json.Marshal(draft.Data); err != nil {
		return fmt.Errorf("event %s: %w", draft.Type.Name, err)
	}
	if draft.Personal != nil {
		if envelope.Personal, err = l.seal(ctx, envelope, draft.Personal); err != nil {
			return fmt.Errorf("event %s: %w", draft.Type.Name, err)
		}
	}
	if envelope.Source, err = l.source(ctx, envelope); err != nil {
		return fmt.Errorf("event %s: %w", draft.Type.Name, err)
	}
	if err := l.deps.Store.AppendEvent(ctx, envelope); err != nil {
		return fmt.Errorf("event %s: %w", draft.Type.Name, err)
	}
	tx.AfterCommit(ctx, l.deps.Wake)
	return nil
}

func (l *Log) seal(ctx context.Context, envelope Envelope, personal any) ([]byte, error) {
	if envelope.Person == "" {
		return nil, errors.New("personal members without a person")
	}
	plain, err := json.Marshal(personal)
	if err != nil {
		return nil, err
	}
	return l.deps.Sealer.SealPersonal(ctx, envelope.Person, plain, []byte(envelope.ID.String()))
}

// next is the clock, but never twice the same: events of one process keep the
// order in which they were recorded, even within one microsecond.
func (l *Log) next() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.deps.Clock.Now()
	if !now.After(l.last) {
		now = l.last.Add(time.Microsecond)
	}
	l.last = now
	return now
}
