package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/api"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/tests/api/running"
)

// tight is a server that takes few requests.
func tight(t *testing.T, limits api.Limits) *scenario {
	t.Helper()
	return privately(t, running.NewPlace(t, running.Engines()[0]), func(settings *config.Config) {
		withApplications(settings)
		settings.API.Limits = limits
	})
}

func few(burst int) rate.Limit { return rate.Limit{Rate: 1, Period: time.Second, Burst: burst} }

// told requires what an answer says about limits.
func (a answer) told(policy, left string) answer {
	a.t.Helper()
	require.Equal(a.t, policy, a.header.Get("RateLimit-Policy"), "%s", a.body)
	require.Equal(a.t, left, a.header.Get("RateLimit"))
	return a
}

func (a answer) limited() {
	a.t.Helper()
	a.refused(http.StatusTooManyRequests, "rate_limited")
	require.Equal(a.t, "1", a.header.Get("Retry-After"))
}

func TestClass_Exhaustion_ASourceIsCounted(t *testing.T) {
	s := tight(t, api.Limits{Source: few(3), Account: few(100)})
	p := s.somebody()
	s.Clock.Advance(time.Hour)
	const policy = `"source";q=3;w=3`
	c := s.app()
	c.configuration("").is(http.StatusOK).told(policy, `"source";r=2;t=1`)
	c.send(http.MethodPost, "/v1/flows", "{").refused(http.StatusBadRequest, "request_malformed")
	c.with("ls_nothing").me().refused(http.StatusUnauthorized, "session_invalid")
	for _, ask := range []func() answer{
		func() answer { return c.configuration("") },
		func() answer { return c.with("ls_nothing").me() },
		func() answer { return c.start(c.asking("login", nil)) },
	} {
		refused := ask()
		refused.told(policy, `"source";r=0;t=3`).limited()
	}
	require.Equal(t, http.StatusOK, p.me().status, "whose session holds is counted by itself")
	elsewhere := s.app()
	elsewhere.source = s.newSource()
	elsewhere.configuration("").is(http.StatusOK)
	s.Clock.Advance(time.Second)
	c.configuration("").is(http.StatusOK)
	c.configuration("").limited()
	s.fired()
}

func TestClass_Exhaustion_AUserIsCountedWhereverTheyAre(t *testing.T) {
	s := tight(t, api.Limits{Source: few(100), Account: few(2)})
	p, other := s.somebody(), s.somebody()
	elsewhere := p.with(p.bearer)
	elsewhere.source = s.newSource()
	p.me().told(`"account";q=2;w=2`, `"account";r=1;t=1`).session()
	elsewhere.send(http.MethodPost, "/v1/session/refresh", "").is(http.StatusOK)
	p.me().limited()
	elsewhere.me().limited()
	other.me().session()
	s.fired()
}

func TestClass_Exhaustion_AnApplicationIsCounted(t *testing.T) {
	s := tight(t, api.Limits{Application: few(3)})
	c := s.app()
	c.configuration("sibling").is(http.StatusOK).told(`"application";q=3;w=3`, `"application";r=2;t=1`)
	c.configuration("sibling").is(http.StatusOK)
	start := func(client string) answer {
		body := c.asking("login", nil)
		body.ClientID = optional(client)
		return c.start(body)
	}
	read[wire.Flow](start("sibling").is(http.StatusCreated))
	start("sibling").limited()
	c.configuration("sibling").limited()
	c.configuration("asking").is(http.StatusOK)
	s.fired()
}

// Who would be told apart by a limit would be told apart.
func TestClass_Enumeration_LimitsAreTheSameForKnownAndUnknown(t *testing.T) {
	s := tight(t, api.Limits{Source: few(50), Account: few(50)})
	p := s.somebody()
	told := func(name string) (seen []string) {
		c := s.app()
		c.source = s.newSource()
		for range 3 {
			a := c.start(c.asking("login", c.prove(name, newPassword()))).is(http.StatusCreated)
			seen = append(seen, a.header.Get("RateLimit"), a.header.Get("RateLimit-Policy"), a.header.Get("Retry-After"))
		}
		s.forgetEvents()
		return seen
	}
	require.Equal(t, told(p.name), told(newName()))
}
