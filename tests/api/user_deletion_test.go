package api_test

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

func (c *caller) leave() answer {
	c.t.Helper()
	return c.got(c.wire.DeleteMe(context.Background()))
}

func (c *caller) acknowledge() *wire.StepSubmission {
	return sent(c, func(s *wire.StepSubmission) error {
		return s.FromAcknowledgeSubmission(wire.AcknowledgeSubmission{Type: wire.AcknowledgeSubmissionTypeAcknowledge})
	})
}

// noticed requires that a flow shows when the account is to be deleted, and that only.
func noticed(f *ongoing, at time.Time) {
	f.t.Helper()
	require.Nil(f.t, f.Error)
	require.Equal(f.t, []string{"acknowledge"}, f.offers())
	offered, err := f.Steps[0].AsAcknowledgeStep()
	require.NoError(f.t, err)
	require.Equal(f.t, "account_deletion_scheduled", offered.Notice.Code)
	days := math.Ceil(at.Sub(f.Clock.Now()).Hours() / 24)
	require.Contains(f.t, offered.Notice.Detail, fmt.Sprintf(" in %v day", days))
}

func TestLeaveAndComeBack(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		other := p.again()
		deletion := read[wire.UserDeletion](p.leave().is(http.StatusOK))
		require.Equal(t, "deletion_scheduled", deletion.Status)
		require.Equal(t, s.Clock.Now().Add(30*day), deletion.DeleteAt)
		told := s.fired("user.deletion_scheduled", "session.ended", "session.ended")
		require.Equal(t, p.ID, told[0].Subject)
		require.Equal(t, p.ID, told[0].Actor.ID)
		require.ElementsMatch(t, []string{p.session, other.session}, []string{told[1].Subject, told[2].Subject})
		require.Equal(t, "user_deletion", data(t, told[1])["reason"])
		p.me().refused(http.StatusUnauthorized, "session_invalid")
		other.me().refused(http.StatusUnauthorized, "session_invalid")
		p.leave().refused(http.StatusUnauthorized, "session_invalid")

		// The identifier stays taken, and to be shown the notice brings nobody back.
		c := s.app()
		requireRefusal(c, read[wire.Flow](c.start(c.asking("registration", c.choose(p.name, newPassword(), nil)))), "identifier_taken")
		s.fired("flow.refused")
		s.Clock.Advance(30*day - time.Second)
		f := c.goOn(c.start(c.asking("login", c.prove(p.name, p.password))))
		noticed(f, deletion.DeleteAt)
		f.abandon().is(http.StatusNoContent)
		f = c.goOn(c.start(c.asking("login_or_registration", c.prove(p.name, p.password))))
		noticed(f, deletion.DeleteAt)
		s.fired()

		done := c.completed(f.submit(f.acknowledge()).is(http.StatusOK))
		require.Equal(t, p.ID, done.Outcome.User.ID)
		told = s.fired("user.deletion_cancelled", "session.created")
		require.Equal(t, p.ID, told[0].Actor.ID)
		require.Equal(t, p.Identifiers, c.record().user().Identifiers)
		p.me().refused(http.StatusUnauthorized, "session_invalid")
		again := s.app()
		again.completed(again.start(again.asking("login", again.prove(p.name, p.password))).is(http.StatusCreated))
		s.fired("session.created")
	})
}

func TestLeaveInABrowser(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		b := s.browser(s.URL).somebody()
		b.origin = "https://evil.example"
		b.leave().refused(http.StatusForbidden, "origin_not_allowed")
		b.origin = s.URL
		left := b.leave().is(http.StatusOK)
		require.Negative(t, cookieOf(left, sessionCookie).MaxAge, "the cookie is taken back")
		require.NotContains(t, b.cookies, sessionCookie)
		s.fired("user.deletion_scheduled", "session.ended")
	})
}

func TestClass_StepUp_DeleteTheAccount(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		s.Clock.Advance(5*time.Minute + time.Second)
		problem := p.leave().refused(http.StatusForbidden, "step_up_required")
		require.Equal(t, "step_up", problem.StepUp.Journey)
		p.me().session()
		s.fired()
		p.proveAgain()
		p.leave().is(http.StatusOK)
		s.fired("user.deletion_scheduled", "session.ended")
	})
}

// Who is leaving has no session and gets none, on any way but the one that brings them
// back.
func TestClass_SideGrant_ALeavingUser(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		waiting := s.app()
		start := waiting.asking("login", waiting.prove(p.name, p.password))
		start.ClientID = optional("asking")
		proven := waiting.goOn(waiting.start(start))
		require.Equal(t, []string{"consent"}, proven.offers())
		half := s.app().begin("login")
		half.accepted(half.identify(p.name))
		other := p.again()
		stepUp := other.begin("step_up")
		p.leave().is(http.StatusOK)
		s.fired("user.deletion_scheduled", "session.ended", "session.ended")

		for _, gone := range []*person{p, other} {
			for _, refused := range []answer{gone.me(), gone.refresh(), gone.record(), gone.sessions(0, ""), gone.setPassword(newPassword()), gone.addIdentifier(newName())} {
				refused.refused(http.StatusUnauthorized, "session_invalid")
			}
		}
		other.start(other.asking("step_up", nil)).refused(http.StatusUnauthorized, "session_invalid")
		stepUp.refused("credentials_invalid", stepUp.prove("", p.password))
		proven.refused("credentials_invalid", proven.agree("2030-01"))
		s.fired("flow.refused", "flow.refused")
		half.Flow = read[wire.Flow](half.submit(half.prove("", p.password)).is(http.StatusOK))
		noticed(half, s.Clock.Now().Add(30*day))
		require.Nil(t, half.Outcome)

		s.Clock.Advance(30 * day)
		c := s.app()
		requireRefusal(c, read[wire.Flow](c.start(c.asking("login", c.prove(p.name, p.password)))), "credentials_invalid")
		s.fired("flow.refused")
	})
}

// A stranger, who has no right password, sees no difference between who is leaving,
// who stays and nobody.
func TestPromise_NoEnumeration_LeavingUsers(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		leaving, staying := s.somebody(), s.somebody()
		leaving.leave().is(http.StatusOK)
		s.forgetEvents()
		guess := func(journey, name string) answer {
			c := s.app()
			return c.start(c.asking(journey, c.prove(name, newPassword()))).is(http.StatusCreated)
		}
		for _, journey := range []string{"login", "login_or_registration"} {
			left := guess(journey, leaving.name)
			requireSameShape(t, left, guess(journey, staying.name))
			requireSameShape(t, left, guess(journey, newName()))
			s.fired("flow.refused", "flow.refused", "flow.refused")
		}
	})
}

// Signing in twice at the same time takes one deletion back once.
func TestClass_SingleUse_OneReturn(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		p.leave().is(http.StatusOK)
		s.forgetEvents()
		c := s.app()
		f := c.goOn(c.start(c.asking("login", c.prove(p.name, p.password))))
		back := 0
		for _, a := range together(16, func() answer { return f.submit(f.acknowledge()) }) {
			if a.status == http.StatusOK {
				back++
				continue
			}
			a.refused(http.StatusConflict, "step_not_offered")
		}
		require.Equal(t, 1, back)
		s.fired("user.deletion_cancelled", "session.created")
	})
}
