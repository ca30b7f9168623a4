package api_test

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

// asked is what somebody was answered who had something sent to an address, by which they are
// hidden: at first, with a wrong code, and when the flow is read.
func (s *scenario) asked(journey, name string, submission func(c *caller) *wire.StepSubmission, wrong func(c *caller) *wire.StepSubmission) (answers []answer) {
	s.t.Helper()
	c := s.app()
	start := c.asking(journey, submission(c))
	start.ClientID = optional("careful")
	started := c.start(start)
	begun := c.goOn(started)
	require.Nil(s.t, begun.Error)
	typed := begun.submit(wrong(c)).is(http.StatusOK)
	requireRefusal(c, read[wire.Flow](typed), "code_invalid")
	answers = []answer{started, typed, begun.read().is(http.StatusOK)}
	for i, one := range answers {
		answers[i].body = bytes.ReplaceAll(one.body, []byte(name), []byte("…"))
	}
	return answers
}

// trace is what an event tells to whoever may read the events, but for which it is.
type trace struct {
	kind, actor, person string
	data                map[string]any
	sealed              int // how much of it is
}

// traces are the events since the last look that an answer left. What becomes of a message is
// for operators: it is told after the answer.
func (s *scenario) traces() (left []trace) {
	s.t.Helper()
	for _, told := range s.news() {
		if told.Type != "message.sent" && told.Type != "message.withheld" {
			left = append(left, trace{told.Type, string(told.Actor.Kind), told.Person, data(s.t, told), len(told.Personal)})
		}
	}
	return left
}

// Promise: where addresses are proven first, nobody who cannot read a mailbox learns whether it
// has an account: neither by asking for a code or a link nor by typing a wrong code, from the
// whole body, the status, the headers or the events. Names of one length begin alike, so that
// they are masked alike, too.
func TestPromise_NoEnumeration_CodesTellNothing(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		_, known, _ := s.member()
		unknown := newName()
		require.Len(t, unknown, len(known))
		for _, journey := range []string{"login", "registration", "recovery", "login_or_registration"} {
			for _, link := range []bool{false, true} {
				var seen [2][]answer
				var left [2][]trace
				s.forgetEvents()
				for i, name := range []string{known, unknown} {
					seen[i] = s.asked(journey, name, func(c *caller) *wire.StepSubmission {
						if link {
							return c.link(wire.LinkSubmission{Identifier: &name})
						}
						return c.code(name, "")
					}, func(c *caller) *wire.StepSubmission {
						if link {
							return c.link(wire.LinkSubmission{OneTimeCode: optional("nothing")})
						}
						return c.code("", "nothing")
					})
					left[i] = s.traces()
				}
				for i := range seen[0] {
					requireSameShape(t, seen[0][i], seen[1][i])
				}
				require.Len(t, left[0], 2, "a message and a refusal")
				require.Equal(t, left[0], left[1], journey)
				s.Clock.Advance(time.Minute)
			}
		}
		s.forgetEvents()
	})
}
