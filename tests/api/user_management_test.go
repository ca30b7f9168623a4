package api_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

func (o *operator) createUser(wanted wire.NewUser) answer {
	o.t.Helper()
	return o.got(o.wire.CreateUser(context.Background(), &wire.CreateUserParams{}, wanted))
}

func (o *operator) user(id string) answer {
	o.t.Helper()
	return o.got(o.wire.GetUser(context.Background(), id))
}

// act is one of the acts on a user that take nothing but their id.
func (o *operator) act(id, act string) answer {
	o.t.Helper()
	return o.send(http.MethodPost, "/admin/v1/users/"+id+"/"+act, "")
}

func (o *operator) deleteUser(id string, atOnce bool) answer {
	o.t.Helper()
	return o.got(o.wire.DeleteUser(context.Background(), id, &wire.DeleteUserParams{AtOnce: &atOnce}))
}

func (o *operator) patchUser(id, etag, patch string) answer {
	o.t.Helper()
	return o.send(http.MethodPatch, "/admin/v1/users/"+id, patch, "Content-Type", "application/merge-patch+json", "If-Match", etag)
}

// manager may do everything to users, and nothing else.
func (s *scenario) manager() *operator { return s.operator(wire.ScopeUsersRead, wire.ScopeUsersWrite) }

// tries signs in, and tells what came of it.
func (s *scenario) tries(identifier, password string) wire.Flow {
	s.t.Helper()
	c := s.app()
	flow := read[wire.Flow](c.start(c.asking("login", c.prove(identifier, password))).is(http.StatusCreated))
	s.forgetEvents()
	return flow
}

func TestUserWhoIsCreated(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		manager, name, word, password := s.manager(), newName(), newWord(), newPassword()
		made := manager.createUser(wire.NewUser{
			Identifiers: []wire.NewUserIdentifier{{Value: name, Verified: new(true)}, {Value: word}},
			Profile:     &wire.Profile{"name": "Ada Lovelace", "email_verified": true}, Password: &password,
		})
		made.invalid("profile_invalid", "/profile/email_verified")
		made = manager.createUser(wire.NewUser{
			Identifiers: []wire.NewUserIdentifier{{Value: name, Verified: new(true)}, {Value: word}},
			Profile:     &wire.Profile{"name": "Ada Lovelace"}, Password: &password,
		}).is(http.StatusCreated)
		s.fired("user.created", "password.set")
		record := read[wire.UserRecord](made)
		require.Equal(t, "active", record.Status)
		require.Equal(t, "Ada Lovelace", record.Profile["name"])
		require.True(t, record.DeleteAt.IsNull())
		require.False(t, record.Identifiers[0].VerifiedAt.IsNull())
		require.True(t, record.Identifiers[1].VerifiedAt.IsNull())
		require.Equal(t, []string{"email", "username"}, []string{record.Identifiers[0].Type, record.Identifiers[1].Type})
		seen := manager.user(record.ID).is(http.StatusOK)
		require.Equal(t, record, read[wire.UserRecord](seen))
		require.Equal(t, made.header.Get("ETag"), seen.header.Get("ETag"))
		for _, one := range []string{name, word} {
			require.Equal(t, record.ID, s.tries(one, password).Outcome.User.ID)
		}

		manager.createUser(wire.NewUser{Identifiers: []wire.NewUserIdentifier{{Value: newName()}, {Value: name}}}).refused(http.StatusConflict, "identifier_taken")
		manager.createUser(wire.NewUser{Identifiers: []wire.NewUserIdentifier{{Value: "no address@"}}}).invalid("identifier_invalid", "/identifiers/0")
		manager.createUser(wire.NewUser{Identifiers: []wire.NewUserIdentifier{}}).invalid("request_invalid", "/identifiers")
		twice := newName()
		manager.createUser(wire.NewUser{Identifiers: []wire.NewUserIdentifier{{Value: twice}, {Value: " " + twice}}}).invalid("identifier_invalid", "/identifiers/1")
		weak := "password1"
		refused := manager.createUser(wire.NewUser{Identifiers: []wire.NewUserIdentifier{{Value: twice}}, Password: &weak})
		refused.refused(http.StatusUnprocessableEntity, "password_rejected")
		s.fired()
		bare := read[wire.UserRecord](manager.createUser(wire.NewUser{Identifiers: []wire.NewUserIdentifier{{Value: twice}}}).is(http.StatusCreated))
		s.fired("user.created")
		require.Empty(t, bare.Profile)
		require.Equal(t, "credentials_invalid", s.tries(twice, password).Error.Code, "who has no password signs in with none")
	})
}

func TestUserWhoIsChanged(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		manager, p := s.manager(), s.somebody()
		before := manager.user(p.ID).is(http.StatusOK)
		after := manager.patchUser(p.ID, before.header.Get("ETag"), `{"profile":{"name":"Ada King","nickname":null}}`).is(http.StatusOK)
		told := s.fired("user.updated")[0]
		require.NotContains(t, string(told.Data), "Ada")
		sealed, err := s.Personal(everywhere(), told)
		require.NoError(t, err)
		require.JSONEq(t, `{"claims_before":{},"claims_after":{"name":"Ada King"}}`, string(sealed))
		require.Equal(t, "Ada King", read[wire.UserRecord](after).Profile["name"])
		require.Equal(t, "Ada King", p.record().user().Profile["name"])
		manager.patchUser(p.ID, before.header.Get("ETag"), `{"profile":{"name":"Late"}}`).refused(http.StatusPreconditionFailed, "version_stale")
		manager.patchUser(p.ID, after.header.Get("ETag"), `{"profile":{"birthdate":"soon"}}`).invalid("profile_invalid", "/profile/birthdate")
		manager.patchUser(p.ID, "", `{"profile":{"name":"x"}}`).invalid("request_invalid", "#header/If-Match")
		manager.patchUser(p.ID, after.header.Get("ETag"), `{"status":"active"}`).refused(http.StatusUnprocessableEntity, "request_invalid")
		manager.patchUser(p.ID, after.header.Get("ETag"), `{"profile":null}`).refused(http.StatusUnprocessableEntity, "request_invalid")
		manager.patchUser(p.ID, after.header.Get("ETag"), `{"profile":{"name":"Ada King"}}`).is(http.StatusOK)
		s.fired()

		added := read[wire.Identifier](manager.got(manager.wire.AddUserIdentifier(context.Background(), p.ID, &wire.AddUserIdentifierParams{}, wire.NewUserIdentifier{Value: newWord(), Verified: new(true)})).is(http.StatusCreated))
		s.fired("user.identifier_added")
		require.Equal(t, p.ID, s.tries(added.Value, p.password).Outcome.User.ID)
		other := s.somebody()
		manager.got(manager.wire.AddUserIdentifier(context.Background(), p.ID, &wire.AddUserIdentifierParams{}, wire.NewUserIdentifier{Value: other.name})).refused(http.StatusConflict, "identifier_taken")
		manager.got(manager.wire.RemoveUserIdentifier(context.Background(), p.ID, other.Identifiers[0].ID)).refused(http.StatusNotFound, "identifier_unknown")
		manager.got(manager.wire.RemoveUserIdentifier(context.Background(), p.ID, added.ID)).is(http.StatusNoContent)
		s.fired("user.identifier_removed")
		manager.got(manager.wire.RemoveUserIdentifier(context.Background(), p.ID, p.Identifiers[0].ID)).refused(http.StatusConflict, "identifier_last")
		s.fired()
	})
}

func TestUserWhoIsSuspended(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		manager, p := s.manager(), s.somebody()
		require.Equal(t, "suspended", read[wire.UserRecord](manager.act(p.ID, "suspend").is(http.StatusOK)).Status)
		s.fired("user.suspended")
		manager.act(p.ID, "suspend").is(http.StatusOK)
		s.fired()
		p.send(http.MethodGet, "/v1/session", "").refused(http.StatusUnauthorized, "session_invalid")
		require.Equal(t, "credentials_invalid", s.tries(p.name, p.password).Error.Code, "strangers are not told")
		require.Equal(t, "suspended", read[wire.UserRecord](manager.user(p.ID).is(http.StatusOK)).Status)
		require.Equal(t, "active", read[wire.UserRecord](manager.act(p.ID, "reactivate").is(http.StatusOK)).Status)
		s.fired("user.reactivated")
		require.Equal(t, p.ID, s.tries(p.name, p.password).Outcome.User.ID)
	})
}

func TestUserWhoIsDeleted(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		manager, p := s.manager(), s.somebody()
		manager.send(http.MethodDelete, "/admin/v1/users/"+p.ID+"?at_once=yes", "").invalid("request_invalid", "#query/at_once")
		manager.send(http.MethodDelete, "/admin/v1/users/"+p.ID+"?at_once=true&at_once=false", "").invalid("request_invalid", "#query/at_once")
		deletion := read[wire.UserDeletion](manager.deleteUser(p.ID, false).is(http.StatusOK))
		s.fired("user.deletion_scheduled", "session.ended")
		require.Equal(t, "deletion_scheduled", deletion.Status)
		require.Equal(t, s.Clock.Now().Add(30*24*time.Hour), deletion.DeleteAt)
		require.Equal(t, deletion, read[wire.UserDeletion](manager.deleteUser(p.ID, false).is(http.StatusOK)))
		s.fired()
		p.send(http.MethodGet, "/v1/session", "").refused(http.StatusUnauthorized, "session_invalid")
		record := read[wire.UserRecord](manager.act(p.ID, "restore").is(http.StatusOK))
		s.fired("user.deletion_cancelled")
		require.Equal(t, "active", record.Status)
		require.True(t, record.DeleteAt.IsNull())
		manager.act(p.ID, "restore").is(http.StatusOK)
		s.fired()
		require.Equal(t, p.ID, s.tries(p.name, p.password).Outcome.User.ID)

		// Suspended or not, what an operator deletes at once is gone for good.
		manager.act(p.ID, "suspend").is(http.StatusOK)
		manager.deleteUser(p.ID, false).is(http.StatusOK)
		require.Equal(t, "suspended", read[wire.UserRecord](manager.user(p.ID)).Status)
		s.forgetEvents()
		require.Equal(t, "deleted", read[wire.UserDeletion](manager.deleteUser(p.ID, true).is(http.StatusOK)).Status)
		s.fired("user.deletion_scheduled", "user.deleted")
		for _, gone := range []answer{
			manager.user(p.ID), manager.act(p.ID, "restore"), manager.act(p.ID, "suspend"), manager.act(p.ID, "reactivate"), manager.deleteUser(p.ID, true),
			manager.got(manager.wire.ListUserSessions(context.Background(), p.ID, nil)), manager.setPassword(p.ID, newPassword(), false),
		} {
			gone.refused(http.StatusNotFound, "user_unknown")
		}
		require.Equal(t, "credentials_invalid", s.tries(p.name, p.password).Error.Code)
	})
}

func (o *operator) setPassword(id, password string, keep bool) answer {
	o.t.Helper()
	return o.got(o.wire.SetUserPassword(context.Background(), id, &wire.SetUserPasswordParams{}, wire.UserPassword{Password: password, KeepSessions: &keep}))
}

func TestPasswordAndSessionsOfAUser(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		manager, p := s.manager(), s.somebody()
		second := p.again()
		s.forgetEvents()
		page := read[wire.SessionPage](manager.got(manager.wire.ListUserSessions(context.Background(), p.ID, nil)).is(http.StatusOK))
		require.Len(t, page.Items, 2)
		require.Equal(t, "default", page.Items[0].ClientID)
		require.False(t, page.Items[0].Current)
		one := read[wire.SessionPage](manager.got(manager.wire.ListUserSessions(context.Background(), p.ID, &wire.ListUserSessionsParams{Limit: new(int32(1))})).is(http.StatusOK))
		require.Len(t, one.Items, 1)
		require.False(t, one.NextCursor.IsNull())

		manager.got(manager.wire.EndUserSession(context.Background(), s.somebody().ID, second.session)).refused(http.StatusNotFound, "session_unknown")
		manager.got(manager.wire.EndUserSession(context.Background(), p.ID, second.session)).is(http.StatusNoContent)
		require.Equal(t, "operator", data(t, s.fired("session.ended")[0])["reason"])
		second.send(http.MethodGet, "/v1/session", "").refused(http.StatusUnauthorized, "session_invalid")
		p.send(http.MethodGet, "/v1/session", "").is(http.StatusOK)

		next := newPassword()
		manager.setPassword(p.ID, "password1", false).refused(http.StatusUnprocessableEntity, "password_rejected")
		s.fired()
		manager.setPassword(p.ID, next, true).is(http.StatusNoContent)
		s.fired("password.changed")
		p.send(http.MethodGet, "/v1/session", "").is(http.StatusOK)
		require.Equal(t, "credentials_invalid", s.tries(p.name, p.password).Error.Code)
		require.Equal(t, p.ID, s.tries(p.name, next).Outcome.User.ID)
		p.password = newPassword()
		manager.setPassword(p.ID, p.password, false).is(http.StatusNoContent)
		s.fired("password.changed", "session.ended", "session.ended")
		p.send(http.MethodGet, "/v1/session", "").refused(http.StatusUnauthorized, "session_invalid")

		last := p.again()
		s.forgetEvents()
		manager.got(manager.wire.EndUserSessions(context.Background(), p.ID)).is(http.StatusNoContent)
		s.fired("session.ended")
		last.send(http.MethodGet, "/v1/session", "").refused(http.StatusUnauthorized, "session_invalid")
	})
}
