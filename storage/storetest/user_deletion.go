package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/erasure"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/role"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

func usersDue(t *testing.T, db *storage.DB) {
	users, now := storage.NewUsers(db), after(time.Hour)
	add := func(status user.Status, due *time.Time) user.Due {
		tenant, leaving := NewTenant(), aUser("leaving")
		leaving.Status, leaving.DeleteAt = status, due
		require.NoError(t, users.InsertUser(Within(t.Context(), tenant), leaving))
		found, err := users.UserByID(Within(t.Context(), tenant), leaving.ID)
		require.NoError(t, err)
		require.Equal(t, leaving, found)
		if due == nil {
			return user.Due{}
		}
		return user.Due{Tenant: tenant, ID: leaving.ID, DeleteAt: *due}
	}
	third, first := add(user.DeletionScheduled, &now), add(user.DeletionScheduled, at(-time.Hour))
	second := add(user.Suspended, at(0))
	add(user.DeletionScheduled, at(time.Hour+time.Microsecond))
	add(user.Active, at(0)) // an older node has let somebody back in
	add(user.Deleted, at(0))
	add("unheard of", at(0))
	add(user.Suspended, nil)
	due := func(from user.Due, limit int) []user.Due {
		found, err := users.UsersDue(everywhere(t), now, from, limit)
		require.NoError(t, err)
		return found
	}
	require.Equal(t, []user.Due{first, second, third}, due(user.Due{}, 10))
	require.Equal(t, []user.Due{first, second}, due(user.Due{}, 2))
	require.Equal(t, []user.Due{third}, due(second, 2))
	require.Empty(t, due(third, 2))
	require.Empty(t, due(user.Due{}, -1))
	for _, ctx := range []context.Context{t.Context(), Within(t.Context(), first.Tenant)} {
		_, err := users.UsersDue(ctx, now, user.Due{}, 10)
		require.ErrorIs(t, err, reqctx.ErrNoTenant, "it is for the whole process only")
	}
}

func usersHold(t *testing.T, db *storage.DB) {
	users, ctx := storage.NewUsers(db), Within(t.Context(), NewTenant())
	held, gone := aUser("held"), aUser("gone")
	gone.Status = user.Deleted
	for _, one := range []user.User{held, gone} {
		require.NoError(t, users.InsertUser(ctx, one))
	}
	require.NoError(t, users.HoldUser(ctx, held.ID))
	found, err := users.UserByID(ctx, held.ID)
	require.NoError(t, err)
	require.Equal(t, held, found, "it is no change")
	require.ErrorIs(t, users.HoldUser(ctx, gone.ID), user.ErrUnknown)
	require.ErrorIs(t, users.HoldUser(ctx, user.ID{}), user.ErrUnknown)
	require.ErrorIs(t, users.HoldUser(Within(ctx, NewTenant()), held.ID), user.ErrUnknown)
	require.ErrorIs(t, users.HoldUser(t.Context(), held.ID), reqctx.ErrNoTenant)
}

// belongings are rows of one user in every table that has some.
func belongings(ctx context.Context, t *testing.T, db *storage.DB, name string) (owner user.User, online session.Session, running flow.Row) {
	t.Helper()
	home := household{ctx: ctx, user: aUser(name), application: anApplication(name)}
	require.NoError(t, storage.NewUsers(db).InsertUser(ctx, home.user))
	require.NoError(t, storage.NewUsers(db).ReplaceAttributes(ctx, home.user.ID, []schema.Attribute{{Name: "name", Value: name}}))
	require.NoError(t, storage.NewApplications(db).InsertApplication(ctx, home.application))
	credential := aCredential()
	credential.UserID = home.user.ID
	require.NoError(t, storage.NewPasswords(db).InsertPassword(ctx, credential))
	require.NoError(t, storage.NewConsents(db).InsertConsent(ctx, aConsent(home.user.ID)))
	_, err := storage.NewRoles(db).InsertAssignment(ctx, anAssignment(home.user.ID, aRole().ID))
	require.NoError(t, err)
	online, running = home.session(), aFlow()
	running.UserID = home.user.ID
	require.NoError(t, storage.NewSessions(db).InsertSession(ctx, online))
	require.NoError(t, storage.NewFlows(db).InsertFlow(ctx, running))
	sent := aMessage(id.Tenant{})
	sent.Person = home.user.ID.String()
	require.NoError(t, storage.NewMessages(db).InsertMessage(ctx, sent))
	return home.user, online, running
}

// leftOf names the tables that have something of the owner.
func leftOf(ctx context.Context, t *testing.T, db *storage.DB, name string, owner user.User, s session.Session, f flow.Row) (tables []string) {
	t.Helper()
	note := func(table string, err, none error) {
		if err == nil {
			tables = append(tables, table)
			return
		}
		require.ErrorIs(t, err, none, table)
	}
	found, err := storage.NewUsers(db).UserByID(ctx, owner.ID)
	require.NoError(t, err, "the user's own row is not its to take")
	if len(found.Identifiers) > 0 {
		tables = append(tables, "identifiers")
	}
	named, err := storage.NewUsers(db).UsersByAttribute(ctx, schema.Attribute{Name: "name", Value: name}, user.ID{}, 1)
	require.NoError(t, err)
	if len(named) > 0 {
		tables = append(tables, "attributes")
	}
	_, err = storage.NewPasswords(db).PasswordOf(ctx, owner.ID)
	note("password", err, password.ErrNone)
	given, err := storage.NewConsents(db).Consents(ctx, owner.ID)
	require.NoError(t, err)
	if len(given) > 0 {
		tables = append(tables, "consent")
	}
	held, err := storage.NewRoles(db).AssignmentsOfUser(ctx, owner.ID, role.ID{}, 1)
	require.NoError(t, err)
	if len(held) > 0 {
		tables = append(tables, "role")
	}
	_, err = storage.NewSessions(db).SessionByID(ctx, s.ID)
	note("session", err, session.ErrNone)
	_, err = storage.NewFlows(db).FlowByID(ctx, f.ID)
	note("flow", err, flow.ErrUnknown)
	sent := false
	require.NoError(t, storage.NewMessages(db).MessagesTo(ctx, owner.ID.String(), func(message.Message) error { sent = true; return nil }))
	if sent {
		tables = append(tables, "message")
	}
	return tables
}

func usersErase(t *testing.T, db *storage.DB) {
	ctx := Within(t.Context(), NewTenant())
	mine, online, running := belongings(ctx, t, db, "mine")
	theirs, theirSession, theirFlow := belongings(ctx, t, db, "theirs")
	nobodys := aFlow()
	require.NoError(t, storage.NewFlows(db).InsertFlow(ctx, nobodys))
	left := func(name string, owner user.User, s session.Session, f flow.Row) []string {
		return leftOf(ctx, t, db, name, owner, s, f)
	}
	erase := func(ctx context.Context) {
		for _, eraser := range []interface {
			EraseUser(ctx context.Context, person user.ID) error
		}{storage.NewUsers(db), storage.NewPasswords(db), storage.NewConsents(db), storage.NewRoles(db), storage.NewSessions(db), storage.NewFlows(db), storage.NewMessages(db)} {
			require.NoError(t, eraser.EraseUser(ctx, mine.ID))
			require.ErrorIs(t, eraser.EraseUser(t.Context(), mine.ID), reqctx.ErrNoTenant)
		}
	}
	all := []string{"identifiers", "attributes", "password", "consent", "role", "session", "flow", "message"}
	erase(Within(t.Context(), NewTenant()))
	require.Equal(t, all, left("mine", mine, online, running), "of another tenant nothing is erased")
	erase(ctx)
	require.Empty(t, left("mine", mine, online, running))
	erase(ctx)
	require.Equal(t, all, left("theirs", theirs, theirSession, theirFlow))
	_, err := storage.NewFlows(db).FlowByID(ctx, nobodys.ID)
	require.NoError(t, err)

	// A flow finds its person at a later answer.
	require.NoError(t, storage.NewFlows(db).UpdateFlow(ctx, withUser(nobodys, theirs.ID), nobodys.Revision))
	require.NoError(t, storage.NewFlows(db).EraseUser(ctx, theirs.ID))
	_, err = storage.NewFlows(db).FlowByID(ctx, nobodys.ID)
	require.ErrorIs(t, err, flow.ErrUnknown)
}

func withUser(row flow.Row, person user.ID) flow.Row {
	row.UserID = person
	row.Revision++
	return row
}

func usersGuests(t *testing.T, db *storage.DB) {
	users := storage.NewUsers(db)
	add := func(created time.Duration, guest bool, due *time.Time) erasure.Guest {
		tenant, made := NewTenant(), aUser("guest")
		made.Guest, made.DeleteAt, made.Identifiers, made.CreatedAt = guest, due, nil, after(created)
		require.NoError(t, users.InsertUser(Within(t.Context(), tenant), made))
		found, err := users.UserByID(Within(t.Context(), tenant), made.ID)
		require.NoError(t, err)
		require.Equal(t, guest, found.Guest)
		return erasure.Guest{Tenant: tenant, ID: made.ID, CreatedAt: made.CreatedAt, Held: false}
	}
	second, first := add(2*time.Hour, true, nil), add(time.Hour, true, nil)
	add(time.Hour, false, nil)
	add(time.Hour, true, at(0))
	guests := func(from erasure.Guest, limit int) []erasure.Guest {
		found, err := users.Guests(everywhere(t), after(0), from, limit)
		require.NoError(t, err)
		return found
	}
	require.Equal(t, []erasure.Guest{first, second}, guests(erasure.Guest{}, 10))
	require.Equal(t, []erasure.Guest{first}, guests(erasure.Guest{}, 1))
	require.Equal(t, []erasure.Guest{second}, guests(first, 10))
	ctx := Within(t.Context(), first.Tenant)
	upgraded, err := users.UserByID(ctx, first.ID)
	require.NoError(t, err)
	upgraded.Guest = false
	require.NoError(t, users.UpdateUser(ctx, upgraded))
	require.ErrorIs(t, users.UpdateUser(ctx, upgraded), user.ErrChanged, "of two at once one does")
	require.Equal(t, []erasure.Guest{second}, guests(erasure.Guest{}, 10))
	_, err = users.Guests(ctx, after(0), erasure.Guest{}, 10)
	require.ErrorIs(t, err, reqctx.ErrNoTenant, "it is for the whole process only")
}
