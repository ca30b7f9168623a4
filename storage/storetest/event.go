package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/storage"
)

const (
	holder  = "node-a"
	another = "node-b"
	lease   = 2 * time.Second
)

type eventKind struct{}

func (eventKind) Prefix() string { return "evt" }

// Envelope is an event of the tenant, as Log would make it at that time.
func Envelope(tenant id.Tenant, name string, at time.Time) event.Envelope {
	return event.Envelope{
		ID: event.ID(id.New[eventKind](at)), Type: name, Version: 1, Time: at, Tenant: tenant,
		Subject: "usr_subject", Actor: reqctx.Actor{Kind: reqctx.User, ID: "usr_actor"},
		Data:   json.RawMessage(`{"z":1,"a":"ä\u0000"}`),
		Person: "usr_subject", Personal: []byte{0, 1, 2, 0xff},
	}
}

// Append records events in one unit of work of their tenant.
func Append(t *testing.T, db *storage.DB, envelopes ...event.Envelope) {
	t.Helper()
	ctx := Within(t.Context(), envelopes[0].Tenant)
	require.NoError(t, db.Run(ctx, func(ctx context.Context) error {
		for _, envelope := range envelopes {
			if err := storage.NewEvents(db).AppendEvent(ctx, envelope); err != nil {
				return err
			}
		}
		return nil
	}))
}

// Events is what the event log promises.
func Events(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(t *testing.T, db *storage.DB){
		"Appends":          eventsAppend,
		"NeedsUnit":        eventsNeedUnit,
		"Rollback":         eventsOfARollback,
		"Scope":            eventsScope,
		"Types":            eventsTypes,
		"Person":           eventsOfPerson,
		"Lease":            sequencerLease,
		"LeaseRace":        sequencerLeaseRace,
		"LeaseAndClocks":   sequencerLeaseAndClocks,
		"Fence":            sequencerFence,
		"OrderAndBatches":  sequencerOrder,
		"ConcurrentAssign": sequencerRace,
	} {
		t.Run(name, func(t *testing.T) { Engines(t, test) })
	}
}

func everywhere(t *testing.T) context.Context {
	t.Helper()
	return reqctx.WithEveryTenant(t.Context())
}

// Sequence gives every event its number.
func Sequence(t *testing.T, db *storage.DB) {
	t.Helper()
	for sequence(t, db) > 0 {
	}
}

// sequence claims the lease for holder and numbers all there is.
func sequence(t *testing.T, db *storage.DB) int {
	t.Helper()
	events := storage.NewEvents(db)
	fence, held, err := events.ClaimSequencer(everywhere(t), holder, Start(), Start().Add(lease))
	require.NoError(t, err)
	require.True(t, held)
	n, err := events.AssignSequence(everywhere(t), holder, fence, 1000)
	require.NoError(t, err)
	return n
}

func eventsAppend(t *testing.T, db *storage.DB) {
	events, tenant := storage.NewEvents(db), NewTenant()
	want := Envelope(tenant, "user.created", Start().Add(time.Microsecond))
	want.Source = []byte{0xff, 0}
	bare := Envelope(tenant, "user.deleted", Start().Add(2*time.Microsecond))
	bare.Person, bare.Personal, bare.Actor = "", nil, reqctx.Actor{Kind: reqctx.Anonymous}
	Append(t, db, want, bare)

	waiting, err := events.UnsequencedEvents(everywhere(t), nil, 10)
	require.NoError(t, err)
	require.Equal(t, []event.Envelope{want, bare}, waiting)
	numbered, err := events.EventsAfter(everywhere(t), 0, nil, 10)
	require.NoError(t, err)
	require.Empty(t, numbered)

	require.Equal(t, 2, sequence(t, db))
	want.Seq, bare.Seq = 1, 2
	numbered, err = events.EventsAfter(everywhere(t), 0, nil, 10)
	require.NoError(t, err)
	require.Equal(t, []event.Envelope{want, bare}, numbered)
	waiting, err = events.UnsequencedEvents(everywhere(t), nil, 10)
	require.NoError(t, err)
	require.Empty(t, waiting)
	last, err := events.LastSequence(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 2, last)
}

func eventsNeedUnit(t *testing.T, db *storage.DB) {
	events, tenant := storage.NewEvents(db), NewTenant()
	envelope := Envelope(tenant, "user.created", Start())
	require.ErrorIs(t, events.AppendEvent(Within(t.Context(), tenant), envelope), event.ErrNoTransaction)
	require.ErrorIs(t, db.Run(t.Context(), func(ctx context.Context) error {
		return events.AppendEvent(ctx, envelope)
	}), reqctx.ErrNoTenant)
	require.ErrorIs(t, db.Run(Within(t.Context(), NewTenant()), func(ctx context.Context) error {
		return events.AppendEvent(ctx, envelope)
	}), storage.ErrUnscoped)
}

// An event tells of a change that happened; undone, neither is there.
func eventsOfARollback(t *testing.T, db *storage.DB) {
	events, tenant := storage.NewEvents(db), NewTenant()
	undone := errors.New("undone")
	require.ErrorIs(t, db.Run(Within(t.Context(), tenant), func(ctx context.Context) error {
		if err := events.AppendEvent(ctx, Envelope(tenant, "user.created", Start())); err != nil {
			return err
		}
		return undone
	}), undone)
	require.Zero(t, sequence(t, db))
	waiting, err := events.UnsequencedEvents(everywhere(t), nil, 10)
	require.NoError(t, err)
	require.Empty(t, waiting)
}

func eventsScope(t *testing.T, db *storage.DB) {
	events, mine, theirs := storage.NewEvents(db), NewTenant(), NewTenant()
	Append(t, db, Envelope(mine, "user.created", Start()))
	Append(t, db, Envelope(theirs, "user.created", Start().Add(time.Second)))
	count := func(ctx context.Context) int {
		waiting, err := events.UnsequencedEvents(ctx, nil, 10)
		require.NoError(t, err)
		numbered, err := events.EventsAfter(ctx, 0, nil, 10)
		require.NoError(t, err)
		return len(waiting) + len(numbered)
	}
	for range 2 {
		require.Equal(t, 1, count(Within(t.Context(), mine)))
		require.Equal(t, 1, count(Within(t.Context(), theirs)))
		require.Zero(t, count(Within(t.Context(), NewTenant())))
		require.Equal(t, 2, count(everywhere(t)))
		_, err := events.EventsAfter(t.Context(), 0, nil, 10)
		require.ErrorIs(t, err, reqctx.ErrNoTenant)
		_, err = events.UnsequencedEvents(t.Context(), nil, 10)
		require.ErrorIs(t, err, reqctx.ErrNoTenant)
		sequence(t, db)
	}
}

func eventsTypes(t *testing.T, db *storage.DB) {
	events, tenant := storage.NewEvents(db), NewTenant()
	for i := range 6 {
		Append(t, db, Envelope(tenant, fmt.Sprintf("kind.%d", i%3), Start().Add(time.Duration(i)*time.Second)))
	}
	names := func(list []event.Envelope, err error) (names []string) {
		require.NoError(t, err)
		for _, envelope := range list {
			names = append(names, envelope.Type)
		}
		return names
	}
	wanted := []string{"kind.0", "kind.2"}
	require.Equal(t, []string{"kind.0", "kind.2", "kind.0"}, names(events.UnsequencedEvents(everywhere(t), wanted, 3)))
	sequence(t, db)
	require.Equal(t, []string{"kind.0", "kind.2", "kind.0", "kind.2"}, names(events.EventsAfter(everywhere(t), 0, wanted, 10)))
	require.Equal(t, []string{"kind.2"}, names(events.EventsAfter(everywhere(t), 1, wanted, 1)))
	require.Equal(t, []string{"kind.1", "kind.2"}, names(events.EventsAfter(everywhere(t), 4, nil, 10)))
}

func eventsOfPerson(t *testing.T, db *storage.DB) {
	events, mine, theirs := storage.NewEvents(db), NewTenant(), NewTenant()
	told := []event.Envelope{}
	for i := range 6 {
		one := Envelope(mine, fmt.Sprintf("kind.%d", i%3), Start().Add(time.Duration(i)*time.Second))
		one.Person = []string{"usr_ada", "usr_bob"}[i/5]
		told = append(told, one)
	}
	Append(t, db, told...)
	nobodys := Envelope(mine, "kind.0", Start().Add(time.Minute))
	nobodys.Person = ""
	Append(t, db, nobodys)
	Append(t, db, Envelope(theirs, "kind.0", Start().Add(time.Hour)))
	ctx := Within(t.Context(), mine)
	list := func(person string, before event.ID, limit int, types ...string) []event.Envelope {
		found, err := events.EventsOfPerson(ctx, person, types, before, limit)
		require.NoError(t, err)
		return found
	}
	require.Equal(t, []event.Envelope{told[4], told[3], told[1], told[0]}, list("usr_ada", event.ID{}, 10, "kind.0", "kind.1"), "newest first, numbered or not")
	require.Equal(t, []event.Envelope{told[4], told[3]}, list("usr_ada", event.ID{}, 2, "kind.0", "kind.1"))
	require.Equal(t, []event.Envelope{told[1], told[0]}, list("usr_ada", told[3].ID, 2, "kind.0", "kind.1"))
	require.Equal(t, []event.Envelope{told[5]}, list("usr_bob", event.ID{}, 10, "kind.2"))
	require.Empty(t, list("usr_bob", event.ID{}, 10, "kind.0"))
	require.Empty(t, list("", event.ID{}, 10, "kind.0"), "what is about nobody is nobody's to see")
	require.Empty(t, list("usr_ada", event.ID{}, -1, "kind.0"))
	require.Empty(t, list("usr_ada", event.ID{}, 10))
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := events.EventsOfPerson(ctx, "usr_ada", []string{"kind.0"}, event.ID{}, 10)
		return len(found) > 0, err
	}, nil)
	sequence(t, db)
	require.Len(t, list("usr_ada", event.ID{}, 10, "kind.0", "kind.1", "kind.2"), 5)
}

func sequencerLease(t *testing.T, db *storage.DB) {
	events, ctx, now := storage.NewEvents(db), everywhere(t), Start()
	claim := func(who string, at time.Time) (int64, bool) {
		fence, held, err := events.ClaimSequencer(ctx, who, at, at.Add(lease))
		require.NoError(t, err)
		return fence, held
	}
	first, held := claim(holder, now)
	require.True(t, held)
	_, held = claim(another, now.Add(lease-time.Microsecond))
	require.False(t, held)
	renewed, held := claim(holder, now.Add(lease-time.Microsecond))
	require.True(t, held)
	require.Equal(t, first, renewed, "a renewal keeps the fence")
	_, held = claim(another, now.Add(lease))
	require.False(t, held, "the renewal counts")
	second, held := claim(another, now.Add(2*lease))
	require.True(t, held)
	require.Greater(t, second, first)
	_, held = claim(holder, now.Add(2*lease))
	require.False(t, held)
	third, held := claim(holder, now.Add(3*lease))
	require.True(t, held)
	require.Greater(t, third, second)
	require.NoError(t, events.ReleaseSequencer(ctx, another, now.Add(3*lease)), "another's lease is left alone")
	_, held = claim(another, now.Add(3*lease))
	require.False(t, held)
	require.NoError(t, events.ReleaseSequencer(ctx, holder, now.Add(3*lease)))
	fourth, held := claim(another, now.Add(3*lease))
	require.True(t, held, "a lease that was given back is free at once")
	require.Greater(t, fourth, third)
}

func sequencerLeaseRace(t *testing.T, db *storage.DB) {
	events, ctx := storage.NewEvents(db), everywhere(t)
	require.Equal(t, 1, Race(t, func(racer int) (bool, error) {
		_, held, err := events.ClaimSequencer(ctx, fmt.Sprint("racer ", racer), Start(), Start().Add(lease))
		return held, err
	}))
}

// The clocks of two nodes are apart. Whoever is ahead keeps the lease while it renews
// it; once it is silent the other one need not wait for that time to come.
func sequencerLeaseAndClocks(t *testing.T, db *storage.DB) {
	ahead, behind, ctx, now := storage.NewEvents(db), storage.NewEvents(db), everywhere(t), Start()
	claim := func(events *storage.Events, who string, at time.Time, lease time.Duration) bool {
		_, held, err := events.ClaimSequencer(ctx, who, at, at.Add(lease))
		require.NoError(t, err)
		return held
	}
	const apart, long, short = 20 * time.Minute, time.Minute, 20 * time.Millisecond
	for i := range 20 {
		require.True(t, claim(ahead, holder, now.Add(apart+time.Duration(i)*long), long))
		require.False(t, claim(behind, another, now, long))
	}
	require.Eventually(t, func() bool { return claim(behind, another, now, short) }, time.Minute, time.Millisecond)
	require.True(t, claim(ahead, holder, now.Add(apart), short), "and takes it back, when it is")
	require.True(t, claim(ahead, holder, now.Add(-apart), short), "its own clock was set back")
	require.True(t, claim(behind, another, now.Add(-apart+short), short), "its lease is that of its new clock")
}

// A holder that slept through its lease and wakes up must not number anything.
func sequencerFence(t *testing.T, db *storage.DB) {
	events, ctx, tenant := storage.NewEvents(db), everywhere(t), NewTenant()
	old, held, err := events.ClaimSequencer(ctx, holder, Start(), Start().Add(lease))
	require.NoError(t, err)
	require.True(t, held)
	Append(t, db, Envelope(tenant, "user.created", Start()))
	late := Start().Add(lease)
	current, held, err := events.ClaimSequencer(ctx, another, late, late.Add(lease))
	require.NoError(t, err)
	require.True(t, held)

	for _, stale := range []struct {
		holder string
		fence  int64
	}{{holder, old}, {holder, current}, {another, old}} {
		n, err := events.AssignSequence(ctx, stale.holder, stale.fence, 10)
		require.ErrorIs(t, err, event.ErrFenced)
		require.Zero(t, n)
	}
	last, err := events.LastSequence(ctx)
	require.NoError(t, err)
	require.Zero(t, last)
	n, err := events.AssignSequence(ctx, another, current, 10)
	require.NoError(t, err)
	require.Equal(t, 1, n)
}

func sequencerOrder(t *testing.T, db *storage.DB) {
	events, ctx, tenant := storage.NewEvents(db), everywhere(t), NewTenant()
	for i := range 7 { // recorded newest first: the number follows the event's time
		Append(t, db, Envelope(tenant, fmt.Sprint("n.", 7-i), Start().Add(time.Duration(7-i)*time.Second)))
	}
	fence, _, err := events.ClaimSequencer(ctx, holder, Start(), Start().Add(lease))
	require.NoError(t, err)
	for _, want := range []int{3, 3, 1, 0} {
		n, err := events.AssignSequence(ctx, holder, fence, 3)
		require.NoError(t, err)
		require.Equal(t, want, n)
	}
	numbered, err := events.EventsAfter(ctx, 0, nil, 10)
	require.NoError(t, err)
	require.Len(t, numbered, 7)
	for i, envelope := range numbered {
		require.EqualValues(t, i+1, envelope.Seq)
		require.Equal(t, fmt.Sprint("n.", i+1), envelope.Type)
	}
}

// Sixteen writers and sixteen calls of one holder: every event has one number and
// there is no gap.
func sequencerRace(t *testing.T, db *storage.DB) {
	events, ctx, tenant := storage.NewEvents(db), everywhere(t), NewTenant()
	fence, _, err := events.ClaimSequencer(ctx, holder, Start(), Start().Add(lease))
	require.NoError(t, err)
	const each = 8
	Race(t, func(racer int) (bool, error) {
		for i := range each {
			err := db.Run(Within(ctx, tenant), func(ctx context.Context) error {
				at := Start().Add(time.Duration(i*Racers+racer) * time.Millisecond)
				return events.AppendEvent(ctx, Envelope(tenant, "user.created", at))
			})
			if err != nil {
				return false, err
			}
			if _, err := events.AssignSequence(ctx, holder, fence, 3); err != nil {
				return false, err
			}
		}
		return true, nil
	})
	sequence(t, db)
	numbered, err := events.EventsAfter(ctx, 0, nil, 1000)
	require.NoError(t, err)
	require.Len(t, numbered, each*Racers)
	for i, envelope := range numbered {
		require.EqualValues(t, i+1, envelope.Seq)
	}
}
