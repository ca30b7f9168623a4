package flow_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/session"
)

const (
	day  = 24 * time.Hour
	year = 365 * day
)

func jumps() map[string]time.Duration {
	return map[string]time.Duration{
		"a minute on": time.Minute, "a minute back": -time.Minute, "a day on": day, "a day back": -day,
		"ten years on": 10 * year, "ten years back": -10 * year,
	}
}

// soon starts a flow, if need be after what the limits ask for: each asks once, and for
// no longer than one answer takes to come back.
func soon(t *testing.T, h house, begin flow.Start) flow.Result {
	t.Helper()
	for range 4 { // submissions, source, account from source, account
		result, err := h.Start(h.ctx, begin)
		refused := fault.As(err)
		if refused == nil || refused.Code != "too_many_attempts" {
			require.NoError(t, err)
			return result
		}
		require.LessOrEqual(t, refused.RetryAfter, 30*time.Second)
		h.clock.Advance(refused.RetryAfter)
	}
	result, err := h.Start(h.ctx, begin)
	require.NoError(t, err)
	return result
}

func login() flow.Start {
	return flow.Start{Journey: "login", Transport: session.Bearer, Submission: withPassword("ada@example.com", good)}
}

// Whatever becomes of the clock, what was ended stays ended, and people can go on
// signing in: at the wrong time, and once it is right again.
func TestTheClockJumpsAndReturns(t *testing.T) {
	for name, jump := range jumps() {
		t.Run(name, func(t *testing.T) {
			h := build(t, nil)
			kept := h.register(t, "ada@example.com")
			ended := h.start(t, "login", withPassword("ada@example.com", good))
			over := ended.View.Outcome
			require.NoError(t, h.sessions.End(h.ctx, over.User.ID, over.Session.ID, session.Revoked))
			abandoned := h.start(t, "login", step.IdentifierSubmission{Identifier: "ada@example.com"})
			require.NoError(t, h.Abandon(h.ctx, access(abandoned)))
			begun := h.start(t, "login", step.IdentifierSubmission{Identifier: "ada@example.com"})
			done := h.start(t, "login", nil)
			_, err := h.Submit(h.ctx, access(done), withPassword("ada@example.com", good), flow.Retry{})
			require.NoError(t, err)

			dead := func() {
				_, err := h.sessions.Resolve(h.ctx, ended.SessionToken.Reveal())
				require.ErrorIs(t, err, session.ErrNone)
				for _, one := range []flow.Result{abandoned, done} {
					result, err := h.Submit(h.ctx, access(one), withPassword("ada@example.com", good), flow.Retry{})
					require.NotNil(t, fault.As(err), "%v", err)
					require.True(t, result.SessionToken.IsZero())
				}
			}
			h.clock.Advance(jump)
			dead()
			again, err := h.Start(h.ctx, login())
			require.NoError(t, err)
			require.Equal(t, flow.Completed, again.View.Status)
			_, err = h.sessions.Resolve(h.ctx, again.SessionToken.Reveal())
			require.NoError(t, err)
			result, err := h.Submit(h.ctx, access(begun), withPassword("", good), flow.Retry{})
			if jump > flow.DefaultConfig().Lifetime {
				require.NotNil(t, fault.As(err), "its time is over: %v", err)
				require.True(t, result.SessionToken.IsZero())
			}

			h.clock.Advance(-jump)
			dead()
			_, err = h.sessions.Resolve(h.ctx, kept.SessionToken.Reveal())
			require.NoError(t, err, "a session that nobody ended")
			again, err = h.Start(h.ctx, login())
			require.NoError(t, err)
			require.Equal(t, flow.Completed, again.View.Status)
		})
	}
}

// Somebody who is being slowed when the clock jumps is not slowed for ever.
func TestTheClockJumpsWhileSomebodyIsSlowed(t *testing.T) {
	for name, jump := range jumps() {
		t.Run(name, func(t *testing.T) {
			h := build(t, nil)
			h.register(t, "ada@example.com")
			for range 6 {
				h.start(t, "login", withPassword("ada@example.com", wrong))
			}
			_, err := h.Start(h.ctx, login())
			require.ErrorContains(t, err, "too_many_attempts")
			h.clock.Advance(jump)
			require.Equal(t, flow.Completed, soon(t, h, login()).View.Status)
		})
	}
}

// A key that was used before the clock jumped means its own answer or nothing, and
// never a second one.
func TestTheClockJumpsBetweenTwoTries(t *testing.T) {
	for name, jump := range jumps() {
		t.Run(name, func(t *testing.T) {
			h := build(t, nil)
			begin := flow.Start{
				Journey: "registration", Transport: session.Bearer, Submission: newPassword("ada@example.com", good),
				Retry: flow.Retry{Key: "b1946ac9-2492", Body: []byte("the body")},
			}
			first, err := h.Start(h.ctx, begin)
			require.NoError(t, err)
			h.told.take()
			h.clock.Advance(jump)
			second := soon(t, h, begin)
			if second.View.Refusal != nil {
				require.Equal(t, "identifier_taken", second.View.Refusal.Code)
				require.Positive(t, jump)
				return
			}
			require.Equal(t, first.SessionToken.Reveal(), second.SessionToken.Reveal())
			require.Empty(t, h.told.take(), "nobody is made twice")
		})
	}
}
