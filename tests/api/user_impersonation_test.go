package api_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/tests/api/running"
)

func (o *operator) impersonate(id string, wanted wire.NewImpersonation) answer {
	o.t.Helper()
	return o.got(o.wire.ImpersonateUser(context.Background(), id, &wire.ImpersonateUserParams{}, wanted))
}

var ticket = wire.NewImpersonation{Actor: "Grace, support", Reason: "Ticket 4711: the page is empty", ClientID: new("default")}

func TestClass_SideGrant_NobodyIsImpersonatedUnlessThatIsAllowed(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
				withApplications(settings)
				settings.Provisioning.Impersonation = config.Default().Provisioning.Impersonation
			})
			p := s.somebody()
			s.operator(wire.ScopeUsersImpersonate).impersonate(p.ID, ticket).refused(http.StatusForbidden, "impersonation_disabled")
			s.manager().impersonate(p.ID, ticket).refused(http.StatusForbidden, "scope_missing")
			s.fired()
		})
	}
}

// Somebody who acts in a user's name is seen by the user and in every event, and changes
// nothing of what proves or finds them.
func TestClass_StepUp_WhoActsInAUsersName(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), withApplications)
			p := s.somebody()
			p.jwks() // the first need of it makes the key
			s.forgetEvents()
			issued, secret := s.issue(wire.ScopeUsersImpersonate)
			support := &operator{s.app().with(secret)}
			s.Clock.Advance(time.Second)
			made := read[wire.Impersonation](support.impersonate(p.ID, ticket).is(http.StatusCreated))
			told := s.fired("session.created", "user.impersonated")
			require.Equal(t, issued.ID, told[1].Actor.ID)
			require.NotContains(t, string(told[1].Data), "Ticket")
			require.Equal(t, 15*time.Minute, made.Session.ExpiresAt.Sub(made.Session.CreatedAt))
			c := s.app().with(made.SessionToken)
			seen := c.me().session()
			require.Equal(t, "Grace, support", seen.Act.Sub)
			require.Equal(t, p.ID, seen.UserID)
			require.Equal(t, []string{}, seen.Amr)
			require.Equal(t, map[string]any{"sub": "Grace, support"}, c.mint("").claims(t)["act"])
			require.NotContains(t, p.mint("").claims(t), "act")
			for _, refused := range []answer{
				c.setPassword(newPassword()), c.addIdentifier(newWord()), c.leave(), c.refresh(), c.endOthers(),
				c.start(c.asking("step_up", c.prove("", p.password))),
			} {
				refused.refused(http.StatusForbidden, "impersonated")
			}
			s.fired()
			s.Clock.Advance(time.Second)
			c.patch(`{"profile":{"nickname":"Ada"}}`).is(http.StatusOK)
			changed := s.fired("user.updated")[0]
			require.Equal(t, p.ID, changed.Actor.ID)
			require.Equal(t, issued.ID, changed.Actor.By)
			s.recorded()
			require.Equal(t, issued.ID, s.first().audited(wire.ListAuditEntriesParams{UserID: &p.ID, ActorID: &p.ID})[0].Actor.By.MustGet())
			listed := read[wire.SessionPage](p.sessions(0, "").is(http.StatusOK)).Items
			require.Equal(t, "Grace, support", listed[0].Act.Sub)
			require.Nil(t, listed[1].Act)
			entries := p.activity(0, "").Items
			require.Equal(t, []string{"user.updated", "user.impersonated"}, happened(entries)[:2])
			require.True(t, *entries[0].Impersonated)
			require.Equal(t, made.Session.ID, *entries[1].SessionID)
			require.Nil(t, entries[3].Impersonated)

			p.endOne(made.Session.ID).is(http.StatusNoContent)
			s.fired("session.ended")
			c.me().refused(http.StatusUnauthorized, "session_invalid")
			made = read[wire.Impersonation](support.impersonate(p.ID, ticket).is(http.StatusCreated))
			s.Clock.Advance(15 * time.Minute)
			s.app().with(made.SessionToken).me().refused(http.StatusUnauthorized, "session_invalid")
			wrong := ticket
			wrong.DurationSeconds = new(int32(3601))
			support.impersonate(p.ID, wrong).invalid("request_invalid", "/duration_seconds")
			wrong = ticket
			wrong.Reason = " "
			support.impersonate(p.ID, wrong).invalid("request_invalid", "/reason")
			s.manager().act(p.ID, "suspend").is(http.StatusOK)
			support.impersonate(p.ID, ticket).refused(http.StatusForbidden, "user_suspended")
		})
	}
}

// Whoever holds an operator's role is nobody to act for, while they hold it.
func TestClass_SideGrant_NobodyActsInAnOperatorsName(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p, all := s.somebody(), s.first()
		roles := read[wire.RolePage](all.send(http.MethodGet, "/admin/v1/roles?key=lintel_auditor", "").is(http.StatusOK)).Items
		require.Len(t, roles, 1)
		all.assign(p.ID, roles[0].ID).is(http.StatusCreated)
		s.fired("role.assigned")
		all.impersonate(p.ID, ticket).refused(http.StatusForbidden, "impersonation_refused")
		s.fired()
		all.send(http.MethodDelete, "/admin/v1/users/"+p.ID+"/roles/"+roles[0].ID, "").is(http.StatusNoContent)
		s.fired("role.unassigned")
		all.impersonate(p.ID, ticket).is(http.StatusCreated)
		s.fired("session.created", "user.impersonated")
	})
}

// Who is made an operator while somebody acts in their name: the session is worth nothing
// as long as they are one, whichever way it came about.
func TestClass_SideGrant_NobodyGoesOnActingInAnOperatorsName(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		all := s.first()
		role := read[wire.Role](all.createRole(wire.NewRole{Key: newKey(), Name: "Shop", Permissions: []string{"orders:read"}}).is(http.StatusCreated))
		p := s.somebody()
		all.assign(p.ID, role.ID).is(http.StatusCreated)
		c := s.app().with(read[wire.Impersonation](all.impersonate(p.ID, ticket).is(http.StatusCreated)).SessionToken)
		require.Equal(t, []any{role.Key}, c.mint("").claims(t)["roles"])
		raises := map[string]func() (undo func()){
			"assigned": func() func() {
				owner := all.builtIn("lintel_owner")
				all.assign(p.ID, owner.ID).is(http.StatusCreated)
				return func() { all.unassign(p.ID, owner.ID).is(http.StatusNoContent) }
			},
			"edited": func() func() {
				tag := all.role(role.ID).header.Get("ETag")
				tag = all.updateRole(role.ID, tag, `{"permissions":["lintel:users:write"]}`).is(http.StatusOK).header.Get("ETag")
				return func() { all.updateRole(role.ID, tag, `{"permissions":["orders:read"]}`).is(http.StatusOK) }
			},
		}
		for way, raise := range raises {
			undo := raise()
			for _, refused := range []answer{c.me(), c.token(""), c.patch(`{"profile":{"nickname":"Boss"}}`), c.sessions(0, "")} {
				require.Equal(t, http.StatusUnauthorized, refused.status, "%s: %s", way, refused.body)
			}
			p.token("").is(http.StatusOK)
			undo()
			c.me().is(http.StatusOK)
		}
		s.forgetEvents()
	})
}
