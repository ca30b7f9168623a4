package api_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

// One round trip where one is enough: a registration that asks for no proof.
func TestPromise_OneResponseShape_RegistrationInOneRequest(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, name := s.app(), newName()
		flow := c.completed(c.start(c.asking("registration", c.choose(name, newPassword(), wire.Profile{"name": "Ada"}))).is(http.StatusCreated))
		require.Equal(t, "registration", flow.Journey)
		require.EqualValues(t, 1, flow.Revision)
		require.Nil(t, flow.Error)
		require.NotEmpty(t, c.bearer)

		user, session := flow.Outcome.User, flow.Outcome.Session
		require.Equal(t, wire.Profile{"name": "Ada"}, user.Profile)
		require.Len(t, user.Identifiers, 1)
		require.Equal(t, name, user.Identifiers[0].Value)
		require.Equal(t, "email", user.Identifiers[0].Type)
		require.True(t, user.Identifiers[0].Primary)
		require.True(t, user.Identifiers[0].VerifiedAt.IsNull(), "nothing has been proven yet")
		require.Equal(t, []string{"pwd"}, session.Amr)
		require.Equal(t, "aal1", session.Acr)
		require.Equal(t, "default", session.ClientID)
		require.Equal(t, s.source, session.Device.Address)

		told := s.fired("user.created", "password.set", "session.created")
		require.Equal(t, user.ID, told[0].Subject)
		require.Equal(t, user.ID, told[1].Subject)
		require.Equal(t, session.ID, told[2].Subject)
		require.Equal(t, user.ID, told[1].Actor.ID)
		require.NotContains(t, string(told[0].Data), name, "what is about a person is sealed")
		require.Equal(t, user.ID, c.me().session().UserID)
		s.fired()
	})
}

func TestPromise_OneResponseShape_LoginInOneRequest(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		c := s.app()
		flow := c.completed(c.start(c.asking("login", c.prove(p.name, p.password))).is(http.StatusCreated))
		require.Equal(t, p.ID, flow.Outcome.User.ID)
		require.NotEqual(t, p.session, flow.Outcome.Session.ID)
		require.NotEqual(t, p.bearer, c.bearer)
		told := s.fired("session.created")
		require.Equal(t, "token", data(t, told[0])["transport"])
	})
}

// A wrong answer is no other shape: the flow, why it was not taken, what may be tried.
func TestPromise_OneResponseShape_WrongThenRight(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		c := s.app()
		f := c.goOn(c.start(c.asking("login", c.prove(p.name, newPassword()))))
		requireRefusal(c, f.Flow, "credentials_invalid")
		require.Equal(t, []string{"identifier", "password", "code"}, f.offers())
		told := s.fired("flow.refused")
		require.Equal(t, f.ID, told[0].Subject)
		require.Equal(t, map[string]any{"journey": "login", "node": "start", "code": "credentials_invalid"}, data(t, told[0]))

		f.refused("credentials_invalid", c.prove(p.name, newPassword()))
		s.fired("flow.refused")

		done := c.completed(f.submit(c.prove(p.name, p.password)).is(http.StatusOK))
		require.Equal(t, p.ID, done.Outcome.User.ID)
		require.EqualValues(t, 3, done.Revision)
		s.fired("session.created")
	})
}

func TestIdentifierFirstAndBack(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		f := s.app().begin("login")
		first := f.Steps[0]
		f.accepted(f.identify(p.name))
		require.Equal(t, []string{"password", "code"}, f.offers())
		require.True(t, f.CanGoBack)
		offered, err := f.Steps[0].AsPasswordStep()
		require.NoError(t, err)
		require.Equal(t, p.name, *offered.Identifier)

		// Somebody else cannot be named any more.
		f.refused("request_invalid", f.prove(newName(), p.password), "/identifier")
		s.fired("flow.refused")

		f.Flow = read[wire.Flow](f.back().is(http.StatusOK))
		require.Equal(t, []string{"identifier", "password", "code"}, f.offers())
		require.False(t, f.CanGoBack)
		require.NotEqual(t, first, f.Steps[0], "an old offer is not a new one")
		f.back().refused(http.StatusConflict, "step_not_offered")
		s.fired()

		f.completed(f.submit(f.prove(p.name, p.password)).is(http.StatusOK))
		s.fired("session.created")
	})
}

func TestEveryStepOfARegistration(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		start := c.asking("registration", nil)
		start.ClientID = optional("asking")
		f := c.goOn(c.start(start))
		require.Equal(t, []string{"identifier", "new_password", "code"}, f.offers())
		f.accepted(c.identify(newName()))
		f.accepted(c.choose("", newPassword(), nil))
		require.Equal(t, []string{"profile"}, f.offers())
		asked, err := f.Steps[0].AsProfileStep()
		require.NoError(t, err)
		require.Equal(t, []string{"name", "locale"}, asked.Claims)

		f.refused("profile_invalid", c.tell(wire.Profile{"name": "Ada"}), "/profile/locale")
		s.fired("flow.refused")
		f.accepted(c.tell(wire.Profile{"name": "Ada", "locale": "en-GB"}))
		require.Equal(t, []string{"consent"}, f.offers())
		terms, err := f.Steps[0].AsConsentStep()
		require.NoError(t, err)
		require.Equal(t, []wire.Terms{{Subject: "terms", Version: "2030-01", URL: "https://example.com/terms"}}, terms.Terms)

		f.refused("consent_required", c.agree("2029-12"))
		s.fired("flow.refused")
		done := c.completed(f.submit(c.agree("2030-01")).is(http.StatusOK))
		require.Equal(t, wire.Profile{"name": "Ada", "locale": "en-GB"}, done.Outcome.User.Profile)
		require.Equal(t, "asking", done.Outcome.Session.ClientID)
		s.fired("user.created", "password.set", "consent.given", "session.created")
	})
}

// What was agreed to once is not asked again at the next login.
func TestPromise_ProofsCount_TermsAreAskedOnce(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		login := func() answer {
			c := s.app()
			start := c.asking("login", c.prove(p.name, p.password))
			start.ClientID = optional("asking")
			return c.start(start)
		}
		c := s.app()
		f := c.goOn(login())
		require.Equal(t, []string{"consent"}, f.offers())
		s.fired()
		c.completed(f.submit(c.agree("2030-01")).is(http.StatusOK))
		s.fired("consent.given", "session.created")

		c.completed(login().is(http.StatusCreated))
		s.fired("session.created")
	})
}

func TestLoginOrRegistration(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		f := s.app().begin("login_or_registration")
		f.accepted(f.identify(p.name))
		require.Equal(t, []string{"password", "code"}, f.offers())
		f.completed(f.submit(f.prove("", p.password)).is(http.StatusOK))
		s.fired("session.created")

		f = s.app().begin("login_or_registration")
		f.accepted(f.identify(newName()))
		require.Equal(t, []string{"new_password", "code"}, f.offers())
		f.completed(f.submit(f.choose("", newPassword(), nil)).is(http.StatusOK))
		s.fired("user.created", "password.set", "session.created")
	})
}

func TestAbandon(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		for _, answered := range []bool{false, true} {
			f := s.app().begin("login")
			if answered {
				f.accepted(f.identify(p.name))
			}
			require.Empty(t, f.abandon().is(http.StatusNoContent).body)
			f.Flow = read[wire.Flow](f.read().is(http.StatusOK))
			require.Equal(t, "expired", f.Status)
			require.Empty(t, f.Steps)
			f.submit(f.prove(p.name, p.password)).refused(http.StatusConflict, "step_not_offered")
			f.abandon().is(http.StatusNoContent)
		}
		s.fired()
	})
}

func TestFlowExpires(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		for _, answered := range []bool{false, true} {
			f := s.app().begin("login")
			require.Equal(t, s.Clock.Now().Add(30*time.Minute), f.ExpiresAt)
			if answered {
				f.accepted(f.identify(p.name))
			}
			s.Clock.Advance(30 * time.Minute)
			f.Flow = read[wire.Flow](f.read().is(http.StatusOK))
			require.Equal(t, "expired", f.Status)
			require.Empty(t, f.Steps)
			f.submit(f.prove(p.name, p.password)).refused(http.StatusConflict, "step_not_offered")
		}
		s.fired()
	})
}

// Who waits is told as soon as somebody else's answer has changed the flow.
func TestWaitForAChange(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		f := s.app().begin("login")
		wait := func(seen int64) chan answer {
			told := make(chan answer, 1)
			go func() {
				defer close(told)
				seconds := int32(20)
				told <- f.got(f.wire.GetFlow(context.Background(), f.ID, &wire.GetFlowParams{Wait: &seconds, Revision: &seen}))
			}()
			return told
		}
		told := wait(f.Revision)
		f.accepted(f.identify(p.name))
		changed := read[wire.Flow]((<-told).is(http.StatusOK))
		require.Equal(t, f.Revision, changed.Revision)
		require.Equal(t, f.Steps, changed.Steps)

		require.Equal(t, f.Revision, read[wire.Flow]((<-wait(f.Revision - 1)).is(http.StatusOK)).Revision, "what has changed already is told at once")

		told = wait(f.Revision)
		f.completed(f.submit(f.prove("", p.password)).is(http.StatusOK))
		changed = read[wire.Flow]((<-told).is(http.StatusOK))
		require.Equal(t, "completed", changed.Status)
		require.NotNil(t, changed.Outcome)
		require.Nil(t, changed.Outcome.SessionToken, "a secret is shown once")
		s.fired("session.created")
	})
}

// Who waits holds a connection, so only a few may wait for one flow.
func TestClass_Exhaustion_WaitsAreBounded(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		f := s.app().begin("login")
		const waiting = 8
		told := make(chan answer, waiting)
		for range waiting {
			go func() { told <- f.send(http.MethodGet, "/v1/flows/"+f.ID+"?wait=30", "") }()
		}
		for range waiting / 2 { // those who may wait say nothing yet
			refused := <-told
			refused.refused(http.StatusServiceUnavailable, "overloaded")
			require.NotEmpty(t, refused.header.Get("Retry-After"))
		}
		f.accepted(f.identify(p.name))
		for range waiting / 2 {
			require.EqualValues(t, 1, read[wire.Flow]((<-told).is(http.StatusOK)).Revision)
		}
		s.fired()
	})
}

func TestStepUp(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		s.Clock.Advance(10 * time.Minute)
		before := p.me().session()

		f := p.begin("step_up")
		require.Equal(t, []string{"password", "code"}, f.offers())
		f.refused("credentials_invalid", f.prove("", newPassword()))
		f.refused("request_invalid", f.prove(p.name, p.password), "/identifier")
		s.fired("flow.refused", "flow.refused")
		done := p.completed(f.submit(f.prove("", p.password)).is(http.StatusOK))
		require.Nil(t, done.Outcome.SessionToken, "the token stays what it is")
		require.Equal(t, p.session, done.Outcome.Session.ID)
		told := s.fired("session.raised")
		require.Equal(t, p.session, told[0].Subject)

		after := p.me().session()
		require.Equal(t, s.Clock.Now(), after.AuthTime)
		require.True(t, after.AuthTime.After(before.AuthTime))

		nobody := s.app()
		nobody.start(nobody.asking("step_up", nil)).refused(http.StatusUnauthorized, "session_invalid")
		p.with("ls_"+newPassword()).start(nobody.asking("step_up", nil)).refused(http.StatusUnauthorized, "session_invalid")
		s.fired()
	})
}

// Somebody else's password proves nothing about the session at hand.
func TestClass_ObjectLevel_StepUpIsAboutOneself(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p, other := s.somebody(), s.somebody()
		f := p.begin("step_up")
		f.refused("credentials_invalid", f.prove("", other.password))
		s.fired("flow.refused")

		// A session that has ended in the meantime cannot be raised.
		p.with(p.bearer).send(http.MethodDelete, "/v1/session", "").is(http.StatusNoContent)
		s.fired("session.ended")
		f.submit(f.prove("", p.password)).refused(http.StatusUnauthorized, "session_invalid")
		s.fired()
	})
}
