package event_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/tx"
)

var happened = event.Type{Name: "thing.happened", Version: 2}

type rows struct{ all []event.Envelope }

func (r *rows) AppendEvent(_ context.Context, envelope event.Envelope) error {
	r.all = append(r.all, envelope)
	return nil
}

type sealer struct{ err error }

func (s sealer) SealPersonal(_ context.Context, person string, plaintext, associated []byte) ([]byte, error) {
	return []byte(person + "|" + string(plaintext) + "|" + string(associated)), s.err
}

func build(seal sealer) (*event.Log, *rows, *int) {
	kept, woken := &rows{}, new(int)
	return event.New(event.Deps{
		Store: kept, Sealer: seal, Clock: clock.NewFake(time.Unix(1e9, 0)), Wake: func() { *woken++ },
	}), kept, woken
}

func scoped(t *testing.T) context.Context {
	t.Helper()
	var tenant id.Tenant
	require.NoError(t, tenant.UnmarshalText([]byte("tnt_01h455vb4pex5vsknk084sn02q")))
	return reqctx.WithTenant(t.Context(), tenant)
}

// An event that could outlive its change, or be lost with it, must not exist.
func TestPromise_OneCommitPoint_NoEventOutsideAUnit(t *testing.T) {
	log, kept, _ := build(sealer{})
	require.ErrorIs(t, log.Record(scoped(t), event.Draft{Type: happened}), event.ErrNoTransaction)
	ctx, _ := tx.Open(t.Context())
	require.ErrorIs(t, log.Record(ctx, event.Draft{Type: happened}), reqctx.ErrNoTenant)
	require.Empty(t, kept.all)
}

func TestRecordFillsTheEnvelope(t *testing.T) {
	log, kept, woken := build(sealer{})
	actor := reqctx.Actor{Kind: reqctx.User, ID: "usr_a"}
	ctx, unit := tx.Open(reqctx.WithActor(scoped(t), actor))
	draft := event.Draft{Type: happened, Subject: "thing_1", Data: map[string]int{"n": 1}, Person: "usr_a", Personal: map[string]string{"name": "Ada"}}
	require.NoError(t, log.Record(ctx, draft))
	require.NoError(t, log.Record(ctx, event.Draft{Type: happened, Subject: "thing_2"}))
	first, second := kept.all[0], kept.all[1]
	require.Equal(t, "thing.happened", first.Type)
	require.Equal(t, 2, first.Version)
	require.Equal(t, actor, first.Actor)
	require.JSONEq(t, `{"n":1}`, string(first.Data))
	require.Equal(t, `usr_a|{"name":"Ada"}|`+first.ID.String(), string(first.Personal), "bound to its event")
	require.Empty(t, second.Personal)
	require.True(t, second.Time.After(first.Time), "events of one moment keep their order")
	require.Less(t, first.ID.String(), second.ID.String())
	require.Zero(t, first.Seq)
	require.Zero(t, *woken, "nobody is told before the commit")
	unit.Committed()
	require.Equal(t, 2, *woken)
}

// A clock that is set back does not turn the order of events around.
func TestEventsKeepTheirOrderWhenTheClockIsSetBack(t *testing.T) {
	kept, clocked := &rows{}, clock.NewFake(time.Unix(1e9, 0))
	log := event.New(event.Deps{Store: kept, Sealer: sealer{}, Clock: clocked, Wake: func() {}})
	ctx, _ := tx.Open(scoped(t))
	for _, jump := range []time.Duration{0, time.Hour, -24 * time.Hour, time.Minute, -time.Second, 48 * time.Hour} {
		clocked.Advance(jump)
		require.NoError(t, log.Record(ctx, event.Draft{Type: happened, Subject: "thing"}))
	}
	for i, later := range kept.all[1:] {
		require.True(t, later.Time.After(kept.all[i].Time))
		require.Greater(t, later.ID.String(), kept.all[i].ID.String())
	}
}

func TestWhatCannotBeSealedIsNotRecorded(t *testing.T) {
	log, kept, _ := build(sealer{err: errors.New("no key")})
	ctx, _ := tx.Open(scoped(t))
	require.Error(t, log.Record(ctx, event.Draft{Type: happened, Personal: "x", Person: "usr_a"}))
	require.Error(t, log.Record(ctx, event.Draft{Type: happened, Personal: "x"}), "whose would it be?")
	require.Error(t, log.Record(ctx, event.Draft{Type: happened, Data: func() {}}))
	require.Empty(t, kept.all)
}
