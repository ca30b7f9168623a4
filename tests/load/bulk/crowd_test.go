package bulk

import (
	"context"
	"encoding/json"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/tests/fixtures/postgres"
)

const ada = "ada@load.example"

func fresh[K id.Kind](id.Of[K]) id.Of[K] { return id.New[K](time.Now()) }

// onEach runs with a database as the server makes it, and our way into it.
func onEach(t *testing.T, test func(t *testing.T, db *storage.DB, store Store)) {
	t.Helper()
	for name, address := range map[string]func(*testing.T) string{
		"SQLite": func(*testing.T) string { return "" }, "PostgreSQL": func(t *testing.T) string { return postgres.NewDatabase(t) },
	} {
		t.Run(name, func(t *testing.T) {
			config := storage.Config{
				URL: address(t), DataDir: t.TempDir(), Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler),
			}
			db, err := storage.Open(t.Context(), config)
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, db.Close()) })
			require.NoError(t, db.Migrate(t.Context()))
			var store Store
			if config.URL == "" {
				store, err = OpenSQLite(t.Context(), filepath.Join(config.DataDir, "lintel.db"))
			} else {
				store, err = OpenPostgres(t.Context(), config.URL)
			}
			require.NoError(t, err)
			defer func() { require.NoError(t, store.Close()) }()
			test(t, db, store)
		})
	}
}

// register makes one person of each kind of row, as the server would.
func register(t *testing.T, ctx context.Context, db *storage.DB) user.User {
	t.Helper()
	now := time.Now().UTC().Truncate(time.Microsecond)
	one := user.User{
		ID: fresh(user.ID{}), Status: user.Active, Profile: json.RawMessage(`{"name":"Ada"}`), SchemaVersion: 1, CreatedAt: now,
		UpdatedAt: now, Version: 1, Identifiers: []user.Identifier{{Type: user.Email, Value: ada, Lookup: ada, Primary: true, CreatedAt: now}},
	}
	app := application.Application{ID: fresh(application.ID{}), ClientID: "client", Status: application.Active, CreatedAt: now, UpdatedAt: now}
	begun := session.Session{
		ID: fresh(session.ID{}), Digest: secret.NewToken("test").Digest(), UserID: one.ID, ApplicationID: app.ID, Transport: session.Bearer,
		CreatedAt: now, LastSeenAt: now, IdleExpiresAt: now.Add(time.Hour), AbsoluteExpiresAt: now.Add(2 * time.Hour), Version: 1,
	}
	events := storage.NewEvents(db)
	require.NoError(t, db.Run(ctx, func(ctx context.Context) error {
		require.NoError(t, storage.NewUsers(db).InsertUser(ctx, one))
		require.NoError(t, storage.NewApplications(db).InsertApplication(ctx, app))
		require.NoError(t, storage.NewSessions(db).InsertSession(ctx, begun))
		require.NoError(t, storage.NewUserKeys(db).InsertUserKey(ctx, one.ID.String(), []byte("sealed")))
		tenant, err := reqctx.Tenant(ctx)
		require.NoError(t, err)
		for _, subject := range []string{one.ID.String(), begun.ID.String()} {
			require.NoError(t, events.AppendEvent(ctx, event.Envelope{
				ID: fresh(event.ID{}), Type: "test.happened", Version: 1, Time: now, Tenant: tenant, Subject: subject,
				Data: json.RawMessage(`{"user_id":"` + one.ID.String() + `"}`), Person: one.ID.String(), Personal: []byte("sealed"),
			}))
		}
		return nil
	}))
	return one
}

func TestACrowdIsFoundLikeWhoRegistered(t *testing.T) {
	onEach(t, func(t *testing.T, db *storage.DB, store Store) {
		ctx := reqctx.WithTenant(t.Context(), fresh(id.Tenant{}))
		one := register(t, ctx, db)
		size := Size{Users: usersAtOnce + 7, Sessions: 2, Events: 5}
		crowd, err := Load(t.Context(), store, ada, size)
		require.NoError(t, err)
		require.Equal(t, size.Users, crowd.Users())
		require.Equal(t, 2*size.Users, crowd.Sessions())

		owners := map[user.ID]int{}
		for _, n := range []int{0, 1, crowd.Sessions() - 1} {
			token, ok := secret.ParseToken(session.TokenPrefix, crowd.Token(n))
			require.True(t, ok)
			resolved, err := storage.NewSessions(db).ResolveSession(ctx, token.Digest())
			require.NoError(t, err)
			require.NotEqual(t, one.ID, resolved.Session.UserID)
			require.True(t, resolved.Session.AbsoluteExpiresAt.After(time.Now().Add(-spread)))
			owners[resolved.Session.UserID]++
			found, err := storage.NewUsers(db).UserByIdentifier(ctx, user.Email, crowd.Identifier(n/2))
			require.NoError(t, err)
			require.Equal(t, resolved.Session.UserID, found.ID, "the sessions of a user are numbered side by side")
			require.JSONEq(t, string(one.Profile), string(found.Profile))
			listed, err := storage.NewSessions(db).SessionsOfUser(ctx, found.ID, time.Now().Add(-spread), session.ID{}, 10)
			require.NoError(t, err)
			require.Len(t, listed, 2)
			_, err = storage.NewUserKeys(db).UserKey(ctx, found.ID.String())
			require.NoError(t, err)
		}
		require.Len(t, owners, 2)
		size2, err := store.MB(t.Context())
		require.NoError(t, err)
		require.Positive(t, size2)
	})
}

// Whoever follows the log begins after what was numbered, and has nothing to catch up
// with; the history is there all the same.
func TestTheCrowdsHistoryIsInThePast(t *testing.T) {
	onEach(t, func(t *testing.T, db *storage.DB, store Store) {
		ctx := reqctx.WithTenant(t.Context(), fresh(id.Tenant{}))
		one := register(t, ctx, db)
		recorded(t, ctx, db)
		_, err := Load(t.Context(), store, ada, Size{Users: 3, Sessions: 1, Events: 5})
		require.NoError(t, err)
		events := storage.NewEvents(db)
		after, err := events.EventsAfter(ctx, 0, nil, 100)
		require.NoError(t, err)
		require.Len(t, after, 2, "what was there")
		history, err := events.EventsAfter(ctx, -1000, nil, 15)
		require.NoError(t, err)
		require.Len(t, history, 15)
		for i, e := range history {
			require.EqualValues(t, i-15, e.Seq)
			require.NotContains(t, e.Subject+e.Person+string(e.Data), one.ID.String())
			require.Contains(t, string(e.Data), e.Person)
		}
	})
}

// recorded makes the audit records of all that has happened.
func recorded(t *testing.T, ctx context.Context, db *storage.DB) {
	t.Helper()
	events, logger := storage.NewEvents(db), slog.New(slog.DiscardHandler)
	sequencer := event.NewSequencer(event.SequencerDeps{Store: events, Clock: clock.System{}, Logger: logger}, event.DefaultSequencerConfig("test"))
	require.NoError(t, sequencer.Step(ctx))
	recorder, err := audit.New(audit.Deps{Store: storage.NewAudit(db), Log: events, Clock: clock.System{}, Logger: logger}, audit.Default())
	require.NoError(t, err)
	require.NoError(t, recorder.Record(ctx))
	last, err := storage.NewAudit(db).AuditCursor(reqctx.WithEveryTenant(ctx))
	require.NoError(t, err)
	require.EqualValues(t, 2, last)
}

// What operators look for finds more than one, and whoever is suspended has no part in
// what people do.
func TestACrowdIsListed(t *testing.T) {
	onEach(t, func(t *testing.T, db *storage.DB, store Store) {
		ctx := reqctx.WithTenant(t.Context(), fresh(id.Tenant{}))
		one := register(t, ctx, db)
		users := storage.NewUsers(db)
		require.NoError(t, db.Run(ctx, func(ctx context.Context) error {
			return users.ReplaceAttributes(ctx, one.ID, []schema.Attribute{{Name: "team", Value: Team}})
		}))
		crowd, err := Load(t.Context(), store, ada, Size{Users: 2 * teams, Suspended: 10, Sessions: 2, Events: 0})
		require.NoError(t, err)
		require.Equal(t, 2*teams*9/10, crowd.Users())
		require.Equal(t, 2*crowd.Users(), crowd.Sessions())

		count := func(walk user.Walk) int {
			found, err := users.SearchUsers(ctx, walk, 4*teams)
			require.NoError(t, err)
			return len(found)
		}
		require.Equal(t, 2*teams/10, count(user.Walk{By: user.ByStatus, Status: user.Suspended}))
		require.Equal(t, 2, count(user.Walk{By: user.ByAttribute, Attribute: schema.Attribute{Name: "team", Value: crowd.Team(7)}}))
		require.Positive(t, count(user.Walk{By: user.ByPrefix, Type: user.Email, Text: crowd.Prefix(7)}))
		from, before := crowd.Hour(7)
		require.InDelta(t, 2*teams/24, count(user.Walk{By: user.ByCreated, From: from, Before: before}), 3)
		for n := range crowd.Users() {
			found, err := users.UserByIdentifier(ctx, user.Email, crowd.Identifier(n))
			require.NoError(t, err)
			require.Equal(t, user.Active, found.Status)
			if n%100 == 0 {
				token, ok := secret.ParseToken(session.TokenPrefix, crowd.Token(2*n+1))
				require.True(t, ok)
				resolved, err := storage.NewSessions(db).ResolveSession(ctx, token.Digest())
				require.NoError(t, err)
				require.Equal(t, found.ID, resolved.Session.UserID)
			}
		}
	})
}

func TestThereHasToBeSomebodyToCopy(t *testing.T) {
	onEach(t, func(t *testing.T, _ *storage.DB, store Store) {
		_, err := Load(t.Context(), store, ada, Size{Users: 1, Sessions: 1, Events: 1})
		require.ErrorIs(t, err, ErrTemplate)
	})
}
