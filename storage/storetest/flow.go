package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/storage"
)

// Flows is what the flow store promises.
func Flows(t *testing.T) {
	each(t, map[string]func(t *testing.T, db *storage.DB){
		"RoundTrip":  flowsRoundTrip,
		"Scope":      flowsScope,
		"Update":     flowsUpdate,
		"Answers":    flowsAnswers,
		"Delete":     flowsDelete,
		"InsertRace": flowsInsertRace,
		"UpdateRace": flowsUpdateRace,
		"AnswerRace": flowsAnswerRace,
	})
}

func aFlow() flow.Row {
	row := flow.Row{
		ApplicationID: newApplicationID(), Journey: unicode, JourneyVersion: 3, Status: flow.Active,
		State: []byte{0, 1, 0xff}, Revision: 5, CreatedAt: after(0), ExpiresAt: after(30 * time.Minute),
	}
	fresh(&row.ID)
	return row
}

func anAnswer(key byte) flow.Answer {
	return flow.Answer{
		Key: [32]byte{key, 31: 0xfe}, Fingerprint: [32]byte{0, key, 31: 0xff}, Sealed: []byte{0, 1, 0xff},
		ExpiresAt: after(10 * time.Minute),
	}
}

func flowsRoundTrip(t *testing.T, db *storage.DB) {
	flows, ctx := storage.NewFlows(db), Within(t.Context(), NewTenant())
	bare := flow.Row{State: []byte{}}
	fresh(&bare.ID)
	for _, want := range []flow.Row{aFlow(), bare} {
		_, err := flows.FlowByID(ctx, want.ID)
		require.ErrorIs(t, err, flow.ErrUnknown)
		require.NoError(t, flows.InsertFlow(ctx, want))
		again := aFlow()
		again.ID = want.ID
		swallowed(ctx, t, db, flow.ErrMoved, func(ctx context.Context) error { return flows.InsertFlow(ctx, again) })
		found, err := flows.FlowByID(ctx, want.ID)
		require.NoError(t, err)
		require.Equal(t, want, found)
	}
	stateless := aFlow()
	stateless.State = nil
	require.NoError(t, flows.InsertFlow(ctx, stateless))
	found, err := flows.FlowByID(ctx, stateless.ID)
	require.NoError(t, err)
	require.Empty(t, found.State)
}

func flowsScope(t *testing.T, db *storage.DB) {
	flows, ctx := storage.NewFlows(db), Within(t.Context(), NewTenant())
	mine, answer := aFlow(), anAnswer(1)
	require.NoError(t, flows.InsertFlow(ctx, mine))
	require.NoError(t, flows.InsertAnswer(ctx, answer, Start()))
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := flows.FlowByID(ctx, mine.ID)
		return !found.ID.IsZero(), err
	}, flow.ErrUnknown)
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := flows.AnswerByKey(ctx, answer.Key, Start())
		return found.Sealed != nil, err
	}, flow.ErrUnknown)
	strangers(t, func(ctx context.Context) (bool, error) {
		next := mine
		next.Revision++
		err := flows.UpdateFlow(ctx, next, mine.Revision)
		return err == nil, err
	}, flow.ErrMoved)
	require.ErrorIs(t, flows.InsertFlow(t.Context(), aFlow()), reqctx.ErrNoTenant)
	require.ErrorIs(t, flows.InsertAnswer(t.Context(), anAnswer(2), Start()), reqctx.ErrNoTenant)
	require.NoError(t, flows.InsertFlow(Within(ctx, NewTenant()), mine))
	require.NoError(t, flows.InsertAnswer(Within(ctx, NewTenant()), answer, Start()))
}

func flowsUpdate(t *testing.T, db *storage.DB) {
	flows, ctx := storage.NewFlows(db), Within(t.Context(), NewTenant())
	before, bystander := aFlow(), aFlow()
	require.NoError(t, flows.InsertFlow(ctx, before))
	require.NoError(t, flows.InsertFlow(ctx, bystander))
	changed := flow.Row{
		ID: before.ID, Status: flow.Completed, State: []byte{}, Revision: 8, CreatedAt: after(time.Hour), ExpiresAt: after(time.Microsecond),
	}
	require.NoError(t, flows.UpdateFlow(ctx, changed, before.Revision))
	want := before
	want.Status, want.State, want.Revision, want.ExpiresAt = changed.Status, changed.State, 8, changed.ExpiresAt
	found, err := flows.FlowByID(ctx, before.ID)
	require.NoError(t, err)
	require.Equal(t, want, found)

	changed.Revision = 9
	for _, from := range []int64{0, before.Revision, 7} {
		require.ErrorIs(t, flows.UpdateFlow(ctx, changed, from), flow.ErrMoved)
	}
	require.Error(t, flows.UpdateFlow(ctx, changed, changed.Revision), "a revision that stands still guards nothing")
	found, err = flows.FlowByID(ctx, bystander.ID)
	require.NoError(t, err)
	require.Equal(t, bystander, found)
	require.ErrorIs(t, flows.UpdateFlow(ctx, aFlow(), 4), flow.ErrMoved)
}

func flowsAnswers(t *testing.T, db *storage.DB) {
	flows, ctx := storage.NewFlows(db), Within(t.Context(), NewTenant())
	want := anAnswer(1)
	_, err := flows.AnswerByKey(ctx, want.Key, Start())
	require.ErrorIs(t, err, flow.ErrUnknown)
	require.NoError(t, flows.InsertAnswer(ctx, want, Start()))
	require.NoError(t, flows.InsertAnswer(ctx, anAnswer(2), Start()))
	other := want
	other.Fingerprint, other.Sealed = [32]byte{9}, []byte{9}
	swallowed(ctx, t, db, flow.ErrMoved, func(ctx context.Context) error { return flows.InsertAnswer(ctx, other, Start()) })
	found, err := flows.AnswerByKey(ctx, want.Key, want.ExpiresAt.Add(-time.Microsecond))
	require.NoError(t, err)
	require.Equal(t, want, found)
	_, err = flows.AnswerByKey(ctx, want.Key, want.ExpiresAt)
	require.ErrorIs(t, err, flow.ErrUnknown)
	require.NoError(t, flows.InsertAnswer(ctx, other, want.ExpiresAt), "an expired answer gives way")
}

func flowsDelete(t *testing.T, db *storage.DB) {
	flows, mine, theirs := storage.NewFlows(db), Within(t.Context(), NewTenant()), Within(t.Context(), NewTenant())
	edge := after(0)
	kept, keptAnswer := aFlow(), anAnswer(100)
	kept.ExpiresAt, keptAnswer.ExpiresAt = edge, edge
	require.NoError(t, flows.InsertFlow(mine, kept))
	require.NoError(t, flows.InsertAnswer(mine, keptAnswer, Start()))
	for i, ctx := range []context.Context{mine, theirs, mine, theirs} {
		old, oldAnswer := aFlow(), anAnswer(byte(i))
		old.ExpiresAt, oldAnswer.ExpiresAt = edge.Add(-time.Microsecond), edge.Add(-time.Microsecond)
		require.NoError(t, flows.InsertFlow(ctx, old))
		require.NoError(t, flows.InsertAnswer(ctx, oldAnswer, Start()))
	}
	for _, ctx := range []context.Context{t.Context(), mine} {
		_, err := flows.DeleteFlows(ctx, edge, 10)
		require.ErrorIs(t, err, reqctx.ErrNoTenant)
	}
	for _, step := range []struct{ limit, deleted int }{{-1, 0}, {0, 0}, {3, 3}, {3, 3}, {3, 2}, {3, 0}} {
		deleted, err := flows.DeleteFlows(everywhere(t), edge, step.limit)
		require.NoError(t, err)
		require.Equal(t, step.deleted, deleted)
	}
	_, err := flows.FlowByID(mine, kept.ID)
	require.NoError(t, err)
	_, err = flows.AnswerByKey(mine, keptAnswer.Key, Start())
	require.NoError(t, err)
}

func flowsInsertRace(t *testing.T, db *storage.DB) {
	flows, ctx := storage.NewFlows(db), Within(t.Context(), NewTenant())
	started := aFlow()
	require.Equal(t, 1, Race(t, func(int) (bool, error) {
		return won(flows.InsertFlow(ctx, started), flow.ErrMoved)
	}))
}

func flowsUpdateRace(t *testing.T, db *storage.DB) {
	flows, ctx := storage.NewFlows(db), Within(t.Context(), NewTenant())
	before := aFlow()
	require.NoError(t, flows.InsertFlow(ctx, before))
	require.Equal(t, 1, Race(t, func(racer int) (bool, error) {
		next := before
		next.Revision, next.State = before.Revision+1, []byte{byte(racer)}
		return won(flows.UpdateFlow(ctx, next, before.Revision), flow.ErrMoved)
	}))
}

// One answer wins a key that is free, and one the place of an expired answer.
func flowsAnswerRace(t *testing.T, db *storage.DB) {
	flows, ctx := storage.NewFlows(db), Within(t.Context(), NewTenant())
	for _, now := range []time.Time{Start(), anAnswer(1).ExpiresAt} {
		require.Equal(t, 1, Race(t, func(racer int) (bool, error) {
			mine := anAnswer(1)
			mine.Sealed, mine.ExpiresAt = []byte{byte(racer)}, now.Add(10*time.Minute)
			return won(flows.InsertAnswer(ctx, mine, now), flow.ErrMoved)
		}))
	}
}
