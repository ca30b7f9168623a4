package api_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

const day = 24 * time.Hour

func (c *caller) refresh() answer {
	c.t.Helper()
	return c.got(c.wire.RefreshSession(context.Background()))
}

func (c *caller) logout() answer {
	c.t.Helper()
	return c.got(c.wire.EndSession(context.Background()))
}

func (c *caller) sessions(limit int32, cursor string) answer {
	c.t.Helper()
	params := &wire.ListMySessionsParams{Cursor: optional(cursor)}
	if limit > 0 {
		params.Limit = &limit
	}
	return c.got(c.wire.ListMySessions(context.Background(), params))
}

func (c *caller) endOne(id string) answer {
	c.t.Helper()
	return c.got(c.wire.EndMySession(context.Background(), id))
}

func (c *caller) endOthers() answer {
	c.t.Helper()
	return c.got(c.wire.EndOtherSessions(context.Background()))
}

func TestReadAndRefresh(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		began := s.Clock.Now()
		first := p.me().session()
		require.Equal(t, p.session, first.ID)
		require.True(t, first.Current)
		require.Equal(t, "token", first.Transport)
		require.Equal(t, began, first.AuthTime)
		require.Equal(t, began.Add(30*day), first.IdleExpiresAt)
		require.Equal(t, began.Add(90*day), first.ExpiresAt)

		s.Clock.Advance(10 * day)
		later := p.refresh().session()
		require.Equal(t, s.Clock.Now().Add(30*day), later.IdleExpiresAt)
		require.Equal(t, first.ExpiresAt, later.ExpiresAt)
		require.Equal(t, first.AuthTime, later.AuthTime, "being there proves nothing new")
		require.Equal(t, later, p.me().session(), "the token stays the same")

		// The absolute limit is never passed.
		for range 3 {
			s.Clock.Advance(25 * day)
			later = p.refresh().session()
		}
		require.Equal(t, first.ExpiresAt, later.IdleExpiresAt)
		s.fired()
	})
}

func TestLogout(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		p.me().session()
		require.Empty(t, p.logout().is(http.StatusNoContent).body)
		told := s.fired("session.ended")
		require.Equal(t, p.session, told[0].Subject)
		require.Equal(t, map[string]any{"user_id": p.ID, "reason": "logout"}, data(t, told[0]))
		for _, refused := range []answer{p.me(), p.logout(), p.refresh(), p.sessions(0, ""), p.got(p.wire.GetMe(context.Background()))} {
			refused.refused(http.StatusUnauthorized, "session_invalid")
			require.Contains(t, refused.header.Get("WWW-Authenticate"), "Bearer")
		}
		s.fired()
	})
}

func TestCredentialsThatAreNone(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		c := s.app()
		c.me().refused(http.StatusUnauthorized, "session_invalid")
		for _, authorization := range []string{
			"Bearer", "Bearer ", "Bearer x", "Basic dTpw", p.bearer, "Bearer " + p.bearer + "x", "Bearer " + p.bearer[:40], "Token " + p.bearer,
		} {
			c.send(http.MethodGet, "/v1/session", "", "Authorization", authorization).refused(http.StatusUnauthorized, "session_invalid")
		}
		// A token travels the way it was made for.
		c.cookies["lintel_session"] = p.bearer
		c.me().refused(http.StatusUnauthorized, "session_invalid")
		c.send(http.MethodGet, "/v1/session", "", "Authorization", "bearer "+p.bearer).is(http.StatusOK)
		s.fired()
	})
}

func TestSessionExpires(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		s.Clock.Advance(30*day - time.Second)
		p.me().session()
		s.Clock.Advance(30*day - time.Second)
		p.me().session()
		s.Clock.Advance(30 * day)
		p.me().refused(http.StatusUnauthorized, "session_invalid")

		// Used all the time, it still ends.
		p = s.somebody()
		for range 9 {
			p.refresh().session()
			s.Clock.Advance(10*day - time.Second)
		}
		p.me().session()
		s.Clock.Advance(9 * time.Second)
		p.me().refused(http.StatusUnauthorized, "session_invalid")
		s.fired()
	})
}

func TestListSessions(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		s.somebody() // who has nothing to do with it
		made := []string{p.session}
		for range 4 {
			s.Clock.Advance(time.Minute)
			made = append([]string{p.again().session}, made...)
		}
		whole := read[wire.SessionPage](p.sessions(0, "").is(http.StatusOK))
		require.Equal(t, made, ids(whole.Items), "newest first, and nobody else's")
		require.True(t, whole.NextCursor.IsNull())
		for _, one := range whole.Items {
			require.Equal(t, one.ID == p.session, one.Current)
			require.Equal(t, p.ID, one.UserID)
		}

		var paged []string
		for cursor := ""; ; {
			page := read[wire.SessionPage](p.sessions(2, cursor).is(http.StatusOK))
			require.LessOrEqual(t, len(page.Items), 2)
			paged = append(paged, ids(page.Items)...)
			if page.NextCursor.IsNull() {
				break
			}
			cursor = page.NextCursor.MustGet()
		}
		require.Equal(t, made, paged)
		p.sessions(101, "").invalid("request_invalid", "#query/limit")
		p.sessions(-1, "").is(http.StatusOK)
		p.send(http.MethodGet, "/v1/me/sessions?limit=0", "").invalid("request_invalid", "#query/limit")
		p.send(http.MethodGet, "/v1/me/sessions?limit=2&limit=3", "").invalid("request_invalid", "#query/limit")
		p.send(http.MethodGet, "/v1/me/sessions?cursor=bm90aGluZw", "").invalid("request_invalid", "#query/cursor")
		s.fired()
	})
}

func ids(sessions []wire.Session) []string {
	found := []string{}
	for _, one := range sessions {
		found = append(found, one.ID)
	}
	return found
}

func TestEndOne(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		second, third := p.again(), p.again()
		second.me().session()
		p.endOne(second.session).is(http.StatusNoContent)
		told := s.fired("session.ended")
		require.Equal(t, second.session, told[0].Subject)
		require.Equal(t, "revoked", data(t, told[0])["reason"])
		require.Equal(t, p.ID, told[0].Actor.ID)
		second.me().refused(http.StatusUnauthorized, "session_invalid")
		third.me().session()
		p.endOne(second.session).refused(http.StatusNotFound, "session_unknown")
		s.fired()

		// One's own needs no fresh proof; it is a logout.
		s.Clock.Advance(time.Hour)
		p.endOne(p.session).is(http.StatusNoContent)
		told = s.fired("session.ended")
		require.Equal(t, "logout", data(t, told[0])["reason"])
		p.me().refused(http.StatusUnauthorized, "session_invalid")
	})
}

// Another person's session is none, by any operation.
func TestClass_ObjectLevel_SessionsOfOthers(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p, other := s.somebody(), s.somebody()
		p.endOne(other.session).refused(http.StatusNotFound, "session_unknown")
		p.endOne("ses_01h455vb4pex5vsknk084sn02q").refused(http.StatusNotFound, "session_unknown")
		p.send(http.MethodDelete, "/v1/me/sessions/"+other.ID, "").invalid("request_invalid", "#path/session_id")
		p.endOthers().is(http.StatusNoContent)
		s.fired()
		other.me().session()

		// A cursor made of another's session shows nothing of theirs.
		newest := other.again()
		page := read[wire.SessionPage](other.sessions(1, "").is(http.StatusOK))
		require.Len(t, page.Items, 1)
		seen := read[wire.SessionPage](p.sessions(5, page.NextCursor.MustGet()).is(http.StatusOK))
		require.NotContains(t, ids(seen.Items), newest.session)
		require.NotContains(t, ids(seen.Items), other.session)
		s.fired()
	})
}

func TestEndOthers(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		second, third := p.again(), p.again()
		second.me().session()
		third.me().session()
		third.endOthers().is(http.StatusNoContent)
		told := s.fired("session.ended", "session.ended")
		require.ElementsMatch(t, []string{p.session, second.session}, []string{told[0].Subject, told[1].Subject})
		p.me().refused(http.StatusUnauthorized, "session_invalid")
		second.me().refused(http.StatusUnauthorized, "session_invalid")
		third.me().session()
		third.endOthers().is(http.StatusNoContent)
		s.fired()
	})
}

// What is sensitive needs a proof that is minutes old, and says how to give one.
func TestClass_StepUp_SessionsOfOneself(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		second := p.again()
		s.Clock.Advance(5*time.Minute + time.Second)
		for _, refused := range []answer{p.endOne(second.session), p.endOthers()} {
			problem := refused.refused(http.StatusForbidden, "step_up_required")
			require.Equal(t, &wire.StepUp{Journey: "step_up", MaxAgeSeconds: 300, Methods: []string{"password"}}, problem.StepUp)
		}
		s.fired()
		second.me().session()
		p.proveAgain()
		p.endOthers().is(http.StatusNoContent)
		s.fired("session.ended")

		// The proof was for one session and no other.
		third := p.again()
		s.Clock.Advance(5*time.Minute + time.Second)
		p.proveAgain()
		third.endOthers().refused(http.StatusForbidden, "step_up_required")
	})
}
