package api_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

func (o *operator) expirePassword(id string, endSessions bool) answer {
	o.t.Helper()
	return o.got(o.wire.ExpireUserPassword(context.Background(), id, &wire.ExpireUserPasswordParams{}, wire.PasswordExpiry{EndSessions: &endSessions}))
}

func (o *operator) setTemporary(id, password string) answer {
	o.t.Helper()
	return o.got(o.wire.SetUserPassword(context.Background(), id, &wire.SetUserPasswordParams{}, wire.UserPassword{Password: password, Temporary: new(true)}))
}

// An expired password is right as far as choosing another one, and no further.
func TestPasswordThatHasExpired(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		manager, p := s.manager(), s.somebody()
		manager.expirePassword(p.ID, false).is(http.StatusNoContent)
		s.fired("password.expired")
		manager.expirePassword(p.ID, false).is(http.StatusNoContent)
		s.fired()
		p.me().session()

		c := s.app()
		f := c.goOn(c.start(c.asking("login", c.prove(p.name, p.password))))
		require.Equal(t, []string{"new_password"}, f.offers())
		require.Empty(t, c.bearer)
		s.fired()
		f.refused("request_invalid", c.choose(p.name, newPassword(), nil), "/identifier")
		f.refused("request_invalid", c.choose("", newPassword(), wire.Profile{"name": "Eve"}), "/profile")
		f.refused("password_rejected", c.choose("", p.password, nil), "/password")
		f.refused("password_rejected", c.choose("", "password1", nil), "/password")
		s.forgetEvents()
		before := p.password
		p.password = newPassword()
		done := c.completed(f.submit(c.choose("", p.password, nil)).is(http.StatusOK))
		told := s.fired("session.created", "password.changed", "session.ended")
		require.Equal(t, p.ID, told[1].Actor.ID)
		require.Equal(t, p.session, told[2].Subject, "whoever knew the old one is out")
		require.Equal(t, done.Outcome.Session.ID, c.me().session().ID)
		require.Equal(t, "credentials_invalid", s.tries(p.name, before).Error.Code)
		require.Equal(t, p.ID, s.tries(p.name, p.password).Outcome.User.ID)

		manager.expirePassword(p.ID, true).is(http.StatusNoContent)
		require.Equal(t, "password_expired", data(t, s.fired("password.expired", "session.ended", "session.ended")[1])["reason"])
		c.me().refused(http.StatusUnauthorized, "session_invalid")
		manager.expirePassword(madeUp().ids["user_id"], true).refused(http.StatusNotFound, "user_unknown")
		bare := read[wire.UserRecord](manager.createUser(wire.NewUser{Identifiers: []wire.NewUserIdentifier{{Value: newWord()}}}))
		manager.expirePassword(bare.ID, false).refused(http.StatusNotFound, "password_none")
	})
}

// With login_or_registration and after a wait for terms it is no other.
func TestPasswordThatIsTemporary(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		manager, p := s.manager(), s.somebody()
		p.password = newPassword()
		manager.setTemporary(p.ID, p.password).is(http.StatusNoContent)
		s.fired("password.changed", "password.expired", "session.ended")
		c := s.app()
		start := c.asking("login_or_registration", c.prove(p.name, p.password))
		start.ClientID = optional("asking")
		f := c.goOn(c.start(start))
		require.Equal(t, []string{"new_password"}, f.offers())
		p.password = newPassword()
		f.accepted(c.choose("", p.password, nil))
		require.Equal(t, []string{"consent"}, f.offers())
		c.completed(f.submit(c.agree("2030-01")).is(http.StatusOK))
		s.fired("consent.given", "session.created", "password.changed")
		require.Equal(t, p.ID, s.tries(p.name, p.password).Outcome.User.ID)
	})
}

// A step-up with an expired password asks for another one too.
func TestClass_SideDoor_AnExpiredPasswordRaisesNoSession(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		manager, p := s.manager(), s.somebody()
		manager.expirePassword(p.ID, false).is(http.StatusNoContent)
		s.forgetEvents()
		f := p.goOn(p.start(p.asking("step_up", p.prove("", p.password))))
		require.Equal(t, []string{"new_password"}, f.offers())
		s.fired()
		p.password = newPassword()
		p.completed(f.submit(p.choose("", p.password, nil)).is(http.StatusOK))
		s.fired("password.changed", "session.raised")
		p.proveAgain()
	})
}

// Who guesses wrong is told nothing of an expiry.
func TestPromise_NoEnumeration_AnExpiryIsNotTold(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		manager, p, other := s.manager(), s.somebody(), s.somebody()
		manager.expirePassword(p.ID, false).is(http.StatusNoContent)
		wrong := newPassword()
		expired, good := s.tries(p.name, wrong), s.tries(other.name, wrong)
		require.Equal(t, good.Error, expired.Error)
		require.Equal(t, good.Status, expired.Status)
		require.Len(t, expired.Steps, len(good.Steps))
	})
}

// A login that was begun while the password was good does not slip past its expiry.
func TestClass_SideDoor_AProofFromBeforeTheExpiry(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		manager, p, c := s.manager(), s.somebody(), s.app()
		start := c.asking("login", c.prove(p.name, p.password))
		start.ClientID = optional("asking")
		f := c.goOn(c.start(start))
		require.Equal(t, []string{"consent"}, f.offers())
		manager.expirePassword(p.ID, false).is(http.StatusNoContent)
		s.forgetEvents()
		requireRefusal(c, read[wire.Flow](f.submit(c.agree("2030-01")).is(http.StatusOK)), "credentials_invalid")
		s.fired("flow.refused")
	})
}

// An app that cannot ask for a password is told so, and lets nobody in.
func TestPromise_OldClientsSurvive_AnExpiredPassword(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		manager, p, c := s.manager(), s.somebody(), s.app()
		manager.expirePassword(p.ID, false).is(http.StatusNoContent)
		s.forgetEvents()
		start := c.asking("login", c.prove(p.name, p.password))
		start.Accepts = []string{"identifier", "password"}
		flow := read[wire.Flow](c.start(start).is(http.StatusCreated))
		require.Equal(t, "denied", flow.Status)
		require.Equal(t, "client_upgrade_required", flow.Error.Code)
		require.Nil(t, flow.Outcome)
		s.fired("flow.refused")
	})
}

func TestIdentifierThatAnOperatorChanges(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		manager, p := s.manager(), s.somebody()
		change := func(id, etag string, change wire.UserIdentifierUpdate) answer {
			return manager.got(manager.wire.UpdateUserIdentifierWithApplicationMergePatchPlusJSONBody(context.Background(), p.ID, id, &wire.UpdateUserIdentifierParams{IfMatch: etag}, change))
		}
		held, etag := p.Identifiers[0].ID, manager.user(p.ID).header.Get("ETag")
		proven := change(held, etag, wire.UserIdentifierUpdate{Verified: new(true)}).is(http.StatusOK)
		s.fired("user.identifier_verified")
		require.False(t, read[wire.Identifier](proven).VerifiedAt.IsNull())
		require.Equal(t, proven.header.Get("ETag"), manager.user(p.ID).header.Get("ETag"))
		change(held, etag, wire.UserIdentifierUpdate{Verified: new(false)}).refused(http.StatusPreconditionFailed, "version_stale")
		etag = proven.header.Get("ETag")
		require.Equal(t, etag, change(held, etag, wire.UserIdentifierUpdate{Verified: new(true), Primary: new(true)}).is(http.StatusOK).header.Get("ETag"))
		change(held, etag, wire.UserIdentifierUpdate{Primary: new(false)}).invalid("request_invalid", "/primary")
		change(s.somebody().Identifiers[0].ID, etag, wire.UserIdentifierUpdate{Verified: new(false)}).refused(http.StatusNotFound, "identifier_unknown")
		s.fired()
		unproven := read[wire.Identifier](change(held, etag, wire.UserIdentifierUpdate{Verified: new(false)}).is(http.StatusOK))
		require.True(t, unproven.VerifiedAt.IsNull())
		s.fired("user.identifier_unverified")
	})
}
