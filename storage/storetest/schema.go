package storetest

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/storage"
)

// ProfileSchemas are the profile schemas that users of a test's database have.
func ProfileSchemas(t testing.TB, db *storage.DB, events event.Recorder, clock clock.Clock) *schema.Service {
	t.Helper()
	made, err := schema.New(schema.Deps{
		Store: storage.NewSchemas(db), Tx: db, Events: events, Clock: clock, Logger: slog.New(slog.DiscardHandler),
	}, schema.Default())
	require.NoError(t, err)
	return made
}

// Schemas is what the store of the profile schemas promises.
func Schemas(t *testing.T) {
	each(t, map[string]func(t *testing.T, db *storage.DB){
		"RoundTrip":  schemasRoundTrip,
		"Scope":      schemasScope,
		"InsertRace": schemasInsertRace,
	})
}

func aVersion(number int) schema.Version {
	return schema.Version{Number: number, Document: json.RawMessage(`{"z":1,  "name":"Zoë 🐝","a":"\u0000"}`), ManagedBy: schema.ByAPI, CreatedAt: after(0)}
}

func schemasRoundTrip(t *testing.T, db *storage.DB) {
	schemas, ctx := storage.NewSchemas(db), Within(t.Context(), NewTenant())
	latest := func() schema.Version {
		found, err := schemas.LatestVersion(ctx)
		require.NoError(t, err)
		return found
	}
	bare := func(version schema.Version) schema.Version {
		version.Document = nil
		return version
	}
	require.Zero(t, latest())
	found, err := schemas.Versions(ctx)
	require.NoError(t, err)
	require.Empty(t, found)
	second, third, tenth := aVersion(2), aVersion(3), aVersion(10)
	for _, version := range []schema.Version{tenth, second, third} {
		require.NoError(t, schemas.InsertVersion(ctx, version))
	}
	changed := aVersion(3)
	changed.Document = json.RawMessage(`{}`)
	swallowed(ctx, t, db, schema.ErrChanged, func(ctx context.Context) error { return schemas.InsertVersion(ctx, changed) })
	require.Equal(t, bare(tenth), latest())
	found, err = schemas.Versions(ctx)
	require.NoError(t, err)
	require.Equal(t, []schema.Version{second, third, tenth}, found)
	one, err := schemas.VersionByNumber(ctx, 3)
	require.NoError(t, err)
	require.Equal(t, third, one)
	_, err = schemas.VersionByNumber(ctx, 4)
	require.ErrorIs(t, err, schema.ErrUnknown)
	for _, page := range []struct {
		before, limit int
		want          []schema.Version
	}{{0, 2, []schema.Version{bare(tenth), bare(third)}}, {3, 5, []schema.Version{bare(second)}}, {2, 5, []schema.Version{}}, {0, 0, []schema.Version{}}} {
		found, err := schemas.VersionsBefore(ctx, page.before, page.limit)
		require.NoError(t, err)
		require.Equal(t, page.want, found)
	}
	require.ErrorIs(t, schemas.HandVersion(ctx, 10, schema.ByConfiguration, schema.ByAPI), schema.ErrChanged)
	require.NoError(t, schemas.HandVersion(ctx, 10, schema.ByAPI, schema.ByConfiguration))
	tenth.ManagedBy = schema.ByConfiguration
	require.Equal(t, bare(tenth), latest())
	one, err = schemas.VersionByNumber(ctx, 3)
	require.NoError(t, err)
	require.Equal(t, third, one)
}

func schemasScope(t *testing.T, db *storage.DB) {
	schemas, mine := storage.NewSchemas(db), NewTenant()
	require.NoError(t, schemas.InsertVersion(Within(t.Context(), mine), aVersion(2)))
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := schemas.Versions(ctx)
		return len(found) > 0, err
	}, nil)
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := schemas.LatestVersion(ctx)
		return found.Number > 0, err
	}, nil)
	strangers(t, func(ctx context.Context) (bool, error) {
		found, err := schemas.VersionsBefore(ctx, 0, 10)
		return len(found) > 0, err
	}, nil)
	strangers(t, func(ctx context.Context) (bool, error) {
		_, err := schemas.VersionByNumber(ctx, 2)
		return err == nil, err
	}, schema.ErrUnknown)
	require.ErrorIs(t, schemas.HandVersion(Within(t.Context(), NewTenant()), 2, schema.ByAPI, schema.ByConfiguration), schema.ErrChanged)
	kept, err := schemas.LatestVersion(Within(t.Context(), mine))
	require.NoError(t, err)
	require.Equal(t, schema.ByAPI, kept.ManagedBy)
	require.ErrorIs(t, schemas.InsertVersion(t.Context(), aVersion(2)), reqctx.ErrNoTenant)
	theirs := NewTenant()
	require.NoError(t, schemas.InsertVersion(Within(t.Context(), theirs), aVersion(2)))
	require.NoError(t, schemas.InsertVersion(Within(t.Context(), theirs), aVersion(3)))

	found, err := schemas.TenantsWithVersions(everywhere(t))
	require.NoError(t, err)
	require.ElementsMatch(t, []id.Tenant{mine, theirs}, found)
	for _, ctx := range []context.Context{t.Context(), Within(t.Context(), mine)} {
		_, err := schemas.TenantsWithVersions(ctx)
		require.ErrorIs(t, err, reqctx.ErrNoTenant, "it is for the whole process only")
	}
}

func schemasInsertRace(t *testing.T, db *storage.DB) {
	schemas, ctx := storage.NewSchemas(db), Within(t.Context(), NewTenant())
	wins := Race(t, func(int) (bool, error) { return won(schemas.InsertVersion(ctx, aVersion(2)), schema.ErrChanged) })
	require.Equal(t, 1, wins)
}
