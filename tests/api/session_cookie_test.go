package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

const (
	sessionCookie = "lintel_session"
	browserCookie = "lintel_browser"
)

// cookieOf finds what an answer sets.
func cookieOf(a answer, name string) *http.Cookie {
	response := http.Response{Header: a.header}
	for _, cookie := range response.Cookies() {
		if cookie.Name == name {
			return cookie
		}
	}
	return nil
}

func TestCookieTransport(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		b := s.browser(s.URL)
		began := b.start(b.asking("registration", b.choose(newName(), newPassword(), nil))).is(http.StatusCreated)
		flow := b.completed(began)
		require.Nil(t, flow.Outcome.SessionToken, "scripts never see it")
		require.Equal(t, "cookie", flow.Outcome.Session.Transport)
		require.Equal(t, s.Clock.Now().Add(day), flow.Outcome.Session.IdleExpiresAt)
		s.fired("user.created", "password.set", "session.created")

		cookie := cookieOf(began, sessionCookie)
		require.NotNil(t, cookie)
		require.True(t, cookie.HttpOnly)
		require.Equal(t, http.SameSiteLaxMode, cookie.SameSite)
		require.Equal(t, "/", cookie.Path)
		require.Empty(t, cookie.Domain)
		require.False(t, cookie.Secure, "plain http on the loopback")
		require.Equal(t, int(30*day/time.Second), cookie.MaxAge)

		b.origin = "" // a read by the page itself carries none
		require.Equal(t, flow.Outcome.Session.ID, b.me().session().ID)
		for _, origin := range []string{"", "https://evil.example", "null", "http://localhost", s.URL + ".evil.example"} {
			b.origin = origin
			for _, refused := range []answer{b.logout(), b.refresh(), b.endOthers()} {
				refused.refused(http.StatusForbidden, "origin_not_allowed")
			}
		}
		s.fired()
		b.origin = s.URL
		b.refresh().session()
		ended := b.logout().is(http.StatusNoContent)
		s.fired("session.ended")
		require.Negative(t, cookieOf(ended, sessionCookie).MaxAge, "Max-Age=0 takes it back")
		require.NotContains(t, b.cookies, sessionCookie)
		b.me().refused(http.StatusUnauthorized, "session_invalid")
	})
}

// An answer that got lost can be asked for again, with the cookies that came with it.
func TestPromise_RetrySafe_Cookies(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		b, once := s.browser(s.URL), key(newPassword())
		body := b.asking("registration", b.choose(newName(), newPassword(), nil))
		first := b.start(body, once).is(http.StatusCreated)
		s.fired("user.created", "password.set", "session.created")
		b.cookies = map[string]string{}
		again := b.start(body, once).is(http.StatusCreated)
		require.JSONEq(t, string(first.body), string(again.body))
		for _, name := range []string{sessionCookie, browserCookie} {
			require.Equal(t, cookieOf(first, name), cookieOf(again, name))
		}
		b.me().session()
		s.fired()
	})
}

// A cookie that is over does not stand in the way of signing in again, and is taken back.
func TestCookieThatIsOver(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		b := s.browser(s.URL)
		p := b.somebody()
		kept := b.cookies[sessionCookie]
		s.Clock.Advance(day)
		refused := b.me()
		refused.refused(http.StatusUnauthorized, "session_invalid")
		require.NotNil(t, cookieOf(refused, sessionCookie))
		require.NotContains(t, b.cookies, sessionCookie)

		b.cookies[sessionCookie] = kept
		flow := b.completed(b.start(b.asking("login", b.prove(p.name, p.password))).is(http.StatusCreated))
		require.Equal(t, p.ID, flow.Outcome.User.ID)
		require.NotEqual(t, kept, b.cookies[sessionCookie])
		s.fired("session.created")
		b.me().session()
	})
}

// A flow that one browser began cannot be carried on in another, and no page of
// strangers begins or answers one.
func TestClass_Fixation_AFlowBelongsToItsBrowser(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		b := s.browser(s.URL)
		began := b.start(b.asking("login", nil))
		f := b.goOn(began)
		cookie := cookieOf(began, browserCookie)
		require.NotNil(t, cookie)
		require.True(t, cookie.HttpOnly)
		require.Equal(t, http.SameSiteLaxMode, cookie.SameSite)

		victim := s.browser(s.URL)
		victim.begin("login") // has a browser cookie of its own
		theirs := &ongoing{caller: victim, Flow: f.Flow}
		victim.flow = *f.FlowToken
		theirs.read().refused(http.StatusUnauthorized, "flow_token_invalid")
		theirs.submit(victim.prove(p.name, p.password)).refused(http.StatusUnauthorized, "flow_token_invalid")
		victim.cookies = map[string]string{}
		theirs.submit(victim.prove(p.name, p.password)).refused(http.StatusUnauthorized, "flow_token_invalid")

		b.origin = "https://evil.example"
		f.submit(b.prove(p.name, p.password)).refused(http.StatusForbidden, "origin_not_allowed")
		b.start(b.asking("login", b.prove(p.name, p.password))).refused(http.StatusForbidden, "origin_not_allowed")
		b.origin = ""
		start := b.asking("login", b.prove(p.name, p.password))
		start.Transport = wire.FlowTransportCookie
		b.start(start).refused(http.StatusForbidden, "origin_not_allowed")
		s.fired()

		b.origin = s.URL
		b.completed(f.submit(b.prove(p.name, p.password)).is(http.StatusOK))
		s.fired("session.created")
		b.me().session()
	})
}

// A login gives a new cookie, whatever stood there before.
func TestClass_Fixation_ACookieIsNeverKept(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		attacker, victim := s.browser(s.URL), s.browser(s.URL)
		a, v := attacker.somebody(), s.somebody()
		planted := attacker.cookies[sessionCookie]
		victim.cookies[sessionCookie] = planted
		flow := victim.completed(victim.start(victim.asking("login", victim.prove(v.name, v.password))).is(http.StatusCreated))
		require.Equal(t, v.ID, flow.Outcome.User.ID)
		require.NotEqual(t, planted, victim.cookies[sessionCookie])
		require.Equal(t, v.ID, victim.me().session().UserID)
		require.Equal(t, a.ID, attacker.me().session().UserID)

		// Two cookies, or a cookie and a token, that do not agree are none.
		both := s.app()
		both.bearer = v.bearer
		both.cookies[sessionCookie] = planted
		both.me().refused(http.StatusUnauthorized, "session_invalid")
		both = s.app()
		both.send(http.MethodGet, "/v1/session", "", "Cookie", sessionCookie+"="+planted+"; "+sessionCookie+"="+victim.cookies[sessionCookie]).
			refused(http.StatusUnauthorized, "session_invalid")
	})
}

func TestCookieAcrossSites(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		b := s.browser("https://front.example")
		start := b.asking("login", nil)
		start.ClientID = optional("elsewhere")
		b.start(start).refused(http.StatusForbidden, "cookie_transport_cross_site")

		// The same page with the token transport is fine, and sees the answer.
		p := s.somebody()
		start.Transport, start.Submit = wire.FlowTransportToken, b.prove(p.name, p.password)
		a := b.start(start)
		b.completed(a.is(http.StatusCreated))
		require.Equal(t, "https://front.example", a.header.Get("Access-Control-Allow-Origin"))
		s.fired("session.created")

		// Another application's page is not this one's.
		start.ClientID = optional("narrow")
		b.start(start).refused(http.StatusForbidden, "origin_not_allowed")
		s.fired()
	})
}

// A step-up over the cookie keeps the cookie as it is.
func TestStepUpByCookie(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		b := s.browser(s.URL)
		p := b.somebody()
		kept := b.cookies[sessionCookie]
		s.Clock.Advance(6 * time.Minute)
		b.endOthers().refused(http.StatusForbidden, "step_up_required")
		raised := b.start(b.asking("step_up", b.prove("", p.password)))
		b.completed(raised.is(http.StatusCreated))
		require.Nil(t, cookieOf(raised, sessionCookie))
		require.Equal(t, kept, b.cookies[sessionCookie])
		s.fired("session.raised")
		b.endOthers().is(http.StatusNoContent)

		b.origin = "https://evil.example"
		b.start(b.asking("step_up", b.prove("", p.password))).refused(http.StatusForbidden, "origin_not_allowed")
		s.fired()
	})
}

// A cookie goes to every page of the site; another application's page there must not
// read or act in the session.
func TestClass_ObjectLevel_OneApplicationsPageInAnothersSession(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		b := s.browser(s.URL)
		b.completed(b.start(b.asking("registration", b.choose(newName(), newPassword(), nil))).is(http.StatusCreated))
		s.fired("user.created", "password.set", "session.created")
		b.origin = siblingOrigin
		for _, refused := range []answer{b.me(), b.record(), b.refresh(), b.setPassword(newPassword()), b.logout()} {
			refused.refused(http.StatusForbidden, "origin_not_allowed")
			require.Empty(t, refused.header.Get("Access-Control-Allow-Origin"), "nor read the refusal")
		}
		s.fired()
		b.origin = s.URL
		b.me().session()
	})
}
