package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

func (c *caller) setPassword(password string) answer {
	c.t.Helper()
	return c.got(c.wire.SetPassword(context.Background(), wire.NewPassword{Password: password}))
}

// Whoever knew the old password is out with the change, on every device.
func TestChangeThePassword(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		second, third := p.again(), p.again()
		second.me().session()
		third.me().session()
		s.Clock.Advance(time.Minute)
		chosen := newPassword()
		require.Empty(t, p.setPassword(chosen).is(http.StatusNoContent).body)

		told := s.fired("password.changed", "session.ended", "session.ended")
		require.Equal(t, p.ID, told[0].Subject)
		require.Equal(t, p.ID, told[0].Actor.ID)
		require.ElementsMatch(t, []string{second.session, third.session}, []string{told[1].Subject, told[2].Subject})
		require.Equal(t, map[string]any{"user_id": p.ID, "reason": "password_changed"}, data(t, told[1]))
		second.me().refused(http.StatusUnauthorized, "session_invalid")
		third.me().refused(http.StatusUnauthorized, "session_invalid")
		p.me().session()

		c := s.app()
		f := c.goOn(c.start(c.asking("login", c.prove(p.name, p.password))))
		requireRefusal(c, f.Flow, "credentials_invalid")
		c.completed(f.submit(c.prove(p.name, chosen)).is(http.StatusOK))
		s.fired("flow.refused", "session.created")
	})
}

// A flow that has proven the old password leads to no session once there is a new one.
func TestClass_SideDoor_AProofIsOverWithItsPassword(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		c := s.app()
		start := c.asking("login", c.prove(p.name, p.password))
		start.ClientID = optional("asking")
		f := c.goOn(c.start(start))
		require.Equal(t, []string{"consent"}, f.offers())
		p.setPassword(newPassword()).is(http.StatusNoContent)
		s.fired("password.changed")

		flow := read[wire.Flow](f.submit(c.agree("2030-01")).is(http.StatusOK))
		requireRefusal(c, flow, "credentials_invalid")
		s.fired("flow.refused")
		page := read[wire.SessionPage](p.sessions(0, "").is(http.StatusOK))
		require.Equal(t, []string{p.session}, ids(page.Items))
	})
}

func TestClass_StepUp_ChangeThePassword(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		s.Clock.Advance(5*time.Minute + time.Second)
		problem := p.setPassword(newPassword()).refused(http.StatusForbidden, "step_up_required")
		require.Equal(t, "step_up", problem.StepUp.Journey)
		s.fired()
		p.refresh().session() // being there is no proof
		p.setPassword(newPassword()).refused(http.StatusForbidden, "step_up_required")

		p.proveAgain()
		p.setPassword(newPassword()).is(http.StatusNoContent)
		s.fired("password.changed")
	})
}

func TestPasswordThatIsRefused(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		mailbox, _, _ := strings.Cut(p.name, "@")
		for password, rule := range map[string]string{
			"otter-7": "too_short", strings.Repeat("otter7!", 30): "too_long", "password1": "too_weak", mailbox: "like_identifier",
		} {
			problem := p.setPassword(password).invalid("password_rejected", "/password")
			require.Equal(t, rule, problem.Errors[0].Code)
		}
		p.setPassword("").invalid("request_invalid", "/password")
		p.setPassword(strings.Repeat("x", 1025)).invalid("request_invalid", "/password")
		p.send(http.MethodPut, "/v1/me/password", `{"password":"`+newPassword()+`","old":"x"}`).invalid("request_invalid", "/old")
		s.app().setPassword(newPassword()).refused(http.StatusUnauthorized, "session_invalid")
		s.fired()
		s.app().completed(p.start(p.asking("login", p.prove(p.name, p.password))).is(http.StatusCreated))
		s.fired("session.created")
	})
}

// What is typed in another normal form of Unicode is the same password.
func TestPasswordInAnotherForm(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, name, word := s.app(), newName(), newPassword()
		c.completed(c.start(c.asking("registration", c.choose(name, "caf\u00e9-"+word, nil))).is(http.StatusCreated))
		c.completed(s.app().start(c.asking("login", c.prove(name, "cafe\u0301-"+word))).is(http.StatusCreated))
		s.fired("user.created", "password.set", "session.created", "session.created")
	})
}

// Of many changes at once each is whole: one password holds in the end.
func TestChangesAtOnce(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		chosen := newPassword()
		changed := 0
		for _, a := range together(8, func() answer { return p.setPassword(chosen) }) {
			if a.status == http.StatusNoContent {
				changed++
				continue
			}
			a.refused(http.StatusPreconditionFailed, "version_stale")
		}
		require.Positive(t, changed)
		require.Len(t, s.news(), changed)
		s.app().completed(p.start(p.asking("login", p.prove(p.name, chosen))).is(http.StatusCreated))
	})
}
