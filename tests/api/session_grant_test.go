package api_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/lintel-id/lintel/server/flow/journey"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
	"github.com/lintel-id/lintel/tests/api/running"
)

// behind does what no operation of the API does yet, as another node would.
type behind struct {
	ctx          context.Context
	users        *user.Service
	applications *application.Service
}

func (s *scenario) behind(tenant id.Tenant) behind {
	events := event.New(event.Deps{Store: s.Events, Sealer: s.Server, Clock: s.Clock, Wake: func() {}})
	users, err := user.New(user.Deps{
		Store: storage.NewUsers(s.DB), Tx: s.DB, Events: events, Clock: s.Clock, Schemas: storetest.ProfileSchemas(s.t, s.DB, events, s.Clock),
	}, user.Default())
	require.NoError(s.t, err)
	applications, err := application.New(application.Deps{
		Store: storage.NewApplications(s.DB), Secrets: storage.NewApplicationSecrets(s.DB), Journeys: journey.Names, Tx: s.DB, Events: events, Clock: s.Clock,
		Claims: func(context.Context) ([]string, error) { return nil, nil },
	}, application.Default())
	require.NoError(s.t, err)
	return behind{ctx: reqctx.WithTenant(context.Background(), tenant), users: users, applications: applications}
}

// tenant finds the server's tenant through the event of a logout.
func (s *scenario) tenant() id.Tenant {
	s.somebody().logout().is(http.StatusNoContent)
	return s.fired("session.ended")[0].Tenant
}

// gone waits until a session that has been switched off elsewhere is refused here.
func (c *caller) gone() {
	c.t.Helper()
	require.Eventually(c.t, func() bool { return c.me().status == http.StatusUnauthorized }, patience, look)
	c.me().refused(http.StatusUnauthorized, "session_invalid")
}

// Who is suspended has no session and gets none, on any way, and is told nothing that
// a wrong password would not be.
func TestClass_SideGrant_ASuspendedUser(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		behind := s.behind(s.tenant())
		p := s.somebody()
		half := s.app().begin("login")
		half.accepted(half.identify(p.name))
		waiting := s.app()
		start := waiting.asking("login", waiting.prove(p.name, p.password))
		start.ClientID = optional("asking")
		proven := waiting.goOn(waiting.start(start))
		stepUp := p.begin("step_up")

		var who user.ID
		require.NoError(t, who.UnmarshalText([]byte(p.ID)))
		_, err := behind.users.Suspend(behind.ctx, who)
		require.NoError(t, err)
		s.fired("user.suspended")
		p.gone()
		p.refresh().refused(http.StatusUnauthorized, "session_invalid")

		c := s.app()
		right := c.start(c.asking("login", c.prove(p.name, p.password)))
		requireSameShape(t, right, c.start(c.asking("login", c.prove(p.name, newPassword()))))
		requireRefusal(c, read[wire.Flow](right), "credentials_invalid")
		half.refused("credentials_invalid", half.prove("", p.password))
		proven.refused("credentials_invalid", proven.agree("2030-01"))
		stepUp.refused("credentials_invalid", stepUp.prove("", p.password))
		for _, told := range s.news() {
			require.Equal(t, "flow.refused", told.Type)
		}

		_, err = behind.users.Reactivate(behind.ctx, who)
		require.NoError(t, err)
		c.completed(c.start(c.asking("login", c.prove(p.name, p.password))).is(http.StatusCreated))
		s.fired("user.reactivated", "session.created")
	})
}

// An application that is switched off takes its sessions and its flows with it.
func TestClass_SideGrant_ADisabledApplication(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		behind := s.behind(s.tenant())
		shop := application.Declaration{ClientID: newWord(), OwnershipProof: application.Deferred, Origins: []string{"https://" + newWord() + ".example"}}
		_, err := behind.applications.Ensure(behind.ctx, shop)
		require.NoError(t, err)
		s.fired("application.created")
		s.Clock.Advance(time.Minute) // what nodes remember of applications is seconds old at most

		c := s.app()
		start := c.asking("registration", c.choose(newName(), newPassword(), nil))
		start.ClientID = &shop.ClientID
		c.completed(c.start(start).is(http.StatusCreated))
		start = c.asking("login", nil)
		start.ClientID = &shop.ClientID
		other := c.with("")
		f := other.goOn(other.start(start))
		s.forgetEvents()

		shop.Disabled = true
		_, err = behind.applications.Ensure(behind.ctx, shop)
		require.NoError(t, err)
		s.fired("application.updated")
		c.gone()
		s.Clock.Advance(time.Minute)
		c = s.app()
		c.start(start).refused(http.StatusUnprocessableEntity, "client_unknown")
		c.configuration(shop.ClientID).refused(http.StatusUnprocessableEntity, "client_unknown")
		require.GreaterOrEqual(t, f.submit(f.identify(newName())).status, http.StatusBadRequest)
		c.preflight("/v1/flows", shop.Origins[0], http.MethodPost).refused(http.StatusForbidden, "origin_not_allowed")
		s.fired()
	})
}

// A wave of logins makes logins wait, is turned away above a bound, and slows nothing
// else down.
func TestClass_Exhaustion_HashingIsBounded(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
				withApplications(settings)
				settings.Hasher.Cost.Memory, settings.Hasher.Cost.Time = 64*1024, 4
				settings.Hasher.Workers, settings.Hasher.Queue = 1, 1
			})
			turnedAway := 0
			for _, a := range together(16, func() answer {
				c := s.app()
				return c.start(c.asking("login", c.prove(newName(), newPassword())))
			}) {
				if a.status == http.StatusCreated {
					continue
				}
				turnedAway++
				a.refused(http.StatusServiceUnavailable, "overloaded")
				require.Equal(t, "2", a.header.Get("Retry-After"))
			}
			require.Positive(t, turnedAway)
			require.Less(t, turnedAway, 16)
			for _, told := range s.news() {
				require.Equal(t, "flow.refused", told.Type)
			}
		})
	}
}
