package session_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/assurance"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

var noon = time.Date(2030, 1, 2, 12, 0, 0, 0, time.UTC)

// now is the bubble's time inside a bubble.
func now() time.Time { return clock.System{}.Now() }

// fresh makes an id of the same kind as the one given.
func fresh[K id.Kind](id.Of[K]) id.Of[K] { return id.New[K](noon) }

// memory is the smallest thing that keeps the Store's promises, for the rules and
// for interleavings; the engines are proven by their own suite.
type memory struct {
	session.Store // what is not needed here is nil and would be noticed

	reads atomic.Int64
	marks atomic.Int64

	mu        sync.Mutex
	rows      map[session.ID]session.Session
	users     map[user.ID]user.Status
	apps      map[application.ID]application.Status
	afterRead func()
	failMarks error
}

func newMemory() *memory {
	return &memory{rows: map[session.ID]session.Session{}, users: map[user.ID]user.Status{}, apps: map[application.ID]application.Status{}}
}

func (m *memory) InsertSession(_ context.Context, row session.Session) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rows[row.ID] = row
	return nil
}

// NoteLogin tells nobody here: what is noted is storetest's and flow's to try.
func (m *memory) NoteLogin(context.Context, user.ID, time.Time) error { return nil }

func (m *memory) find(match func(session.Session) bool) (session.Resolved, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, row := range m.rows {
		if match(row) {
			resolved := session.Resolved{Session: row, ClientID: "web", UserStatus: user.Active, ApplicationStatus: application.Active}
			if status, known := m.users[row.UserID]; known {
				resolved.UserStatus = status
			}
			if status, known := m.apps[row.ApplicationID]; known {
				resolved.ApplicationStatus = status
			}
			return resolved, nil
		}
	}
	return session.Resolved{}, session.ErrNone
}

func (m *memory) ResolveSession(_ context.Context, digest secret.Digest) (session.Resolved, error) {
	m.reads.Add(1)
	resolved, err := m.find(func(row session.Session) bool { return row.Digest == digest })
	if meanwhile := m.afterRead; meanwhile != nil {
		m.afterRead = nil
		meanwhile()
	}
	return resolved, err
}

func (m *memory) SessionByID(_ context.Context, wanted session.ID) (session.Resolved, error) {
	return m.find(func(row session.Session) bool { return row.ID == wanted })
}

func (m *memory) EndSession(_ context.Context, owner user.ID, ended session.ID, at time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	row, ok := m.rows[ended]
	if !ok || row.UserID != owner || row.EndedAt != nil {
		return false, nil
	}
	row.EndedAt = &at
	m.rows[ended] = row
	return true, nil
}

func (m *memory) RaiseSession(_ context.Context, raised session.Session) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	row, ok := m.rows[raised.ID]
	if !ok || row.EndedAt != nil || row.Version != raised.Version {
		return session.ErrChanged
	}
	row.Facts, row.IdleExpiresAt, row.LastSeenAt = raised.Facts, raised.IdleExpiresAt, raised.LastSeenAt
	row.Version++
	m.rows[raised.ID] = row
	return nil
}

func (m *memory) MarkSeen(_ context.Context, uses []session.Seen) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.failMarks != nil {
		return m.failMarks
	}
	m.marks.Add(int64(len(uses)))
	for _, use := range uses {
		row := m.rows[use.ID]
		if row.EndedAt != nil {
			continue
		}
		if use.At.After(row.LastSeenAt) {
			row.LastSeenAt = use.At
		}
		if use.IdleExpiresAt.After(row.IdleExpiresAt) {
			row.IdleExpiresAt = use.IdleExpiresAt
		}
		m.rows[use.ID] = row
	}
	return nil
}

func (m *memory) failing(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failMarks = err
}

func (m *memory) row(wanted session.ID) session.Session {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rows[wanted]
}

// journal is an event log in memory: what is recorded is loose until numbered.
type journal struct {
	mu     sync.Mutex
	events []event.Envelope
	seq    int64
	fail   error
	every  bool // asked across tenants each time
}

func newJournal() *journal { return &journal{every: true} }

func (j *journal) Record(ctx context.Context, draft event.Draft) error {
	if !tx.Active(ctx) {
		return event.ErrNoTransaction
	}
	tx.AfterCommit(ctx, func() { j.add(draft.Type.Name, draft.Subject) })
	return nil
}

func (j *journal) add(name, subject string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.events = append(j.events, event.Envelope{ID: fresh(event.ID{}), Type: name, Subject: subject})
}

func (j *journal) number() {
	j.mu.Lock()
	defer j.mu.Unlock()
	for i := range j.events {
		if j.events[i].Seq == 0 {
			j.seq++
			j.events[i].Seq = j.seq
		}
	}
}

func (j *journal) failing(err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.fail = err
}

func (j *journal) names() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	names := []string{}
	for _, e := range j.events {
		names = append(names, e.Type)
	}
	return names
}

func (j *journal) list(ctx context.Context, types []string, limit int, match func(event.Envelope) bool) ([]event.Envelope, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.every = j.every && reqctx.EveryTenant(ctx)
	if j.fail != nil {
		return nil, j.fail
	}
	found := []event.Envelope{}
	for _, e := range j.events {
		if len(found) < limit && slices.Contains(types, e.Type) && match(e) {
			found = append(found, e)
		}
	}
	return found, nil
}

func (j *journal) EventsAfter(ctx context.Context, after int64, types []string, limit int) ([]event.Envelope, error) {
	return j.list(ctx, types, limit, func(e event.Envelope) bool { return e.Seq > after })
}

func (j *journal) UnsequencedEvents(ctx context.Context, types []string, limit int) ([]event.Envelope, error) {
	return j.list(ctx, types, limit, func(e event.Envelope) bool { return e.Seq == 0 })
}

func (j *journal) LastSequence(context.Context) (int64, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.seq, j.fail
}

// units opens and joins as an engine does, without rolling back writes.
type units struct{}

func (units) Run(ctx context.Context, body func(context.Context) error) error {
	if tx.Active(ctx) {
		return body(ctx)
	}
	ctx, unit := tx.Open(ctx)
	if err := body(ctx); err != nil {
		return err
	}
	unit.Committed()
	return nil
}

// node is one server over a store and a log that others may share.
type node struct {
	*session.Service
	store *memory
	log   *journal
}

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func build(t testing.TB, at clock.Clock, change func(*session.Config)) node {
	t.Helper()
	return beside(t, newMemory(), newJournal(), at, change)
}

func beside(t testing.TB, store *memory, log *journal, at clock.Clock, change func(*session.Config)) node {
	t.Helper()
	config := session.DefaultConfig()
	if change != nil {
		change(&config)
	}
	service, err := session.New(session.Deps{Store: store, Tx: units{}, Events: log, Clock: at, Log: log, Logger: quiet()}, config)
	require.NoError(t, err)
	return node{Service: service, store: store, log: log}
}

func scoped(t testing.TB) context.Context {
	t.Helper()
	return reqctx.WithTenant(t.Context(), fresh(id.Tenant{}))
}

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

func (n node) begin(t testing.TB, ctx context.Context, at time.Time) (session.Session, string) {
	t.Helper()
	started, token, err := n.Start(ctx, session.StartInput{
		UserID: fresh(user.ID{}), ApplicationID: fresh(application.ID{}), Transport: session.Cookie,
		Facts:  []assurance.Fact{{Method: assurance.Password, At: at}},
		Device: session.Describe(firefox, netip.MustParseAddr("::ffff:192.0.2.1")),
	})
	require.NoError(t, err)
	return started, token.Reveal()
}

var errDown = errors.New("down")
