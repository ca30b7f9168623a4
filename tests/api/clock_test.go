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

func (c *caller) advance(by time.Duration) wire.Clock {
	c.t.Helper()
	moved := c.got(c.wire.AdvanceClock(context.Background(), wire.ClockAdvance{Seconds: int64(by / time.Second)}))
	return read[wire.Clock](moved.is(http.StatusOK))
}

// A journey that takes a month is tested in a second: sessions and flows end by the
// clock that the test moves.
func TestPromise_LoginIsTestable_TheClockCanBeMoved(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
				withApplications(settings)
				settings.TestMode = true
			})
			c := s.app()
			before := read[wire.Clock](c.got(c.wire.GetClock(context.Background())).is(http.StatusOK))
			require.Zero(t, before.OffsetSeconds)
			require.True(t, s.Clock.Now().Equal(before.CurrentTime))

			p := s.somebody()
			f := s.app().begin("login")
			p.advance(31 * time.Minute)
			require.Equal(t, "expired", read[wire.Flow](f.read().is(http.StatusOK)).Status)
			p.me().session()
			require.EqualValues(t, 31*24*3600+31*60, p.advance(31*24*time.Hour).OffsetSeconds)
			p.me().refused(http.StatusUnauthorized, "session_invalid")
			p.advance(-31 * 24 * time.Hour)
			p.me().session()

			next := time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)
			set := c.got(c.wire.SetClock(context.Background(), wire.ClockSetting{CurrentTime: next}))
			require.True(t, next.Equal(read[wire.Clock](set.is(http.StatusOK)).CurrentTime))
			require.True(t, next.Equal(s.somebody().CreatedAt), "what happens then happened then")
			right := read[wire.Clock](c.got(c.wire.ResetClock(context.Background())).is(http.StatusOK))
			require.Zero(t, right.OffsetSeconds)
			require.True(t, s.Clock.Now().Equal(right.CurrentTime))

			// Nobody has used more of a limit because the time went back.
			p.me().session()
			p.advance(time.Hour)
			p.me().session()
			c.got(c.wire.ResetClock(context.Background())).is(http.StatusOK)
			for range 10 {
				p.me().session()
				c.configuration("").is(http.StatusOK)
			}

			c.send(http.MethodPut, "/test/v1/clock", `{"current_time":"2300-01-01T00:00:00Z"}`).invalid("request_invalid", "/current_time")
			c.send(http.MethodPut, "/test/v1/clock", `{"current_time":"tomorrow"}`).invalid("request_invalid", "/current_time")
			c.send(http.MethodPost, "/test/v1/clock", `{"seconds":315360001}`).invalid("request_invalid", "/seconds")
			for range 10 {
				c.send(http.MethodPost, "/test/v1/clock", `{"seconds":315360000}`)
			}
			c.send(http.MethodPost, "/test/v1/clock", `{"seconds":315360000}`).invalid("request_invalid", "/seconds")
			c.send(http.MethodPatch, "/test/v1/clock", `{}`).refused(http.StatusMethodNotAllowed, "method_not_allowed")
			c.got(c.wire.ResetClock(context.Background())).is(http.StatusOK)
		})
	}
}

// Outside of test mode there is no such thing, and production does not start with it.
func TestPromise_LoginIsTestable_NeverInProduction(t *testing.T) {
	forEachEngine(t, func(_ *testing.T, s *scenario) {
		for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodPost, http.MethodDelete, http.MethodPatch, http.MethodOptions} {
			s.app().send(method, "/test/v1/clock", "").refused(http.StatusNotFound, "not_found")
		}
		s.fired()
	})
	settings := config.Default()
	inProduction(&settings)
	require.NoError(t, settings.Validate())
	settings.TestMode = true
	require.ErrorContains(t, settings.Validate(), "test_mode: must be off in production")
}
