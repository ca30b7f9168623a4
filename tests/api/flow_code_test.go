package api_test

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

// code is the answer that types a code, or has one sent.
func (c *caller) code(identifier, typed string) *wire.StepSubmission {
	return sent(c, func(s *wire.StepSubmission) error {
		return s.FromCodeSubmission(wire.CodeSubmission{Identifier: optional(identifier), OneTimeCode: optional(typed), Type: wire.CodeSubmissionTypeCode})
	})
}

// link is the answer that brings a link, or has one sent.
func (c *caller) link(answer wire.LinkSubmission) *wire.StepSubmission {
	answer.Type = wire.LinkSubmissionTypeLink
	return sent(c, func(s *wire.StepSubmission) error { return s.FromLinkSubmission(answer) })
}

// careful starts a journey of the application that has addresses proven first.
func (c *caller) careful(journey string, submission *wire.StepSubmission) *ongoing {
	c.t.Helper()
	start := c.asking(journey, submission)
	start.ClientID = optional("careful")
	return c.goOn(c.start(start))
}

var sixDigits = regexp.MustCompile(`(?m)^\s*(\d{6})\s*$`)

// mailed is the last code of so many messages to an address.
func (s *scenario) mailed(to string, count int) string {
	s.t.Helper()
	texts := s.Mail(s.t, to, count)
	found := sixDigits.FindStringSubmatch(texts[len(texts)-1])
	require.NotNil(s.t, found, "%s", texts[len(texts)-1])
	return found[1]
}

// linked is what the last link of so many messages to an address brings.
func (s *scenario) linked(to string, count int) url.Values {
	s.t.Helper()
	texts := s.Mail(s.t, to, count)
	_, fragment, ok := strings.Cut(texts[len(texts)-1], "https://careful.example/link#")
	require.True(s.t, ok, "%s", texts[len(texts)-1])
	values, err := url.ParseQuery(strings.Fields(fragment)[0])
	require.NoError(s.t, err)
	return values
}

func (f *ongoing) finished(submission *wire.StepSubmission) wire.Flow {
	f.t.Helper()
	flow := f.completed(f.submit(submission).is(http.StatusOK))
	f.flow = ""
	return flow
}

// member is somebody who has proven an address and has no password.
func (s *scenario) member() (*caller, string, wire.Flow) {
	s.t.Helper()
	c, name := s.app(), newName()
	flow := c.careful("registration", c.code(name, "")).finished(c.code("", s.mailed(name, 1)))
	s.Clock.Advance(time.Minute)
	return c, name, flow
}

// Registering and signing in with nothing but an address, and what is told of it.
func TestFlowCode(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, name := s.app(), newName()
		begun := c.careful("registration", c.code(name, ""))
		require.Equal(t, []string{"code"}, begun.offers())
		step, err := begun.Steps[0].AsCodeStep()
		require.NoError(t, err)
		require.Equal(t, "email", step.Sent.Channel)
		require.Equal(t, "p•••@example.com", step.Sent.Destination)
		require.EqualValues(t, 6, step.Sent.CodeLength)
		require.EqualValues(t, 30, *step.Sent.ResendAfterSeconds)
		require.Equal(t, s.Clock.Now().Add(10*time.Minute), step.Sent.ExpiresAt)
		begun.refused("code_invalid", c.code("", "nothing"))
		begun.refused("code_sent_recently", c.code("", ""))
		flow := begun.finished(c.code("", s.mailed(name, 1)))
		require.Equal(t, []string{"otp"}, flow.Outcome.Session.Amr)
		require.False(t, flow.Outcome.User.Identifiers[0].VerifiedAt.IsNull())
		s.happened("message.queued", "message.sent", "flow.refused", "flow.refused", "user.created", "session.created")

		s.Clock.Advance(time.Minute)
		back := s.app()
		again := back.careful("login", back.code(name, "")).finished(back.code("", s.mailed(name, 2)))
		require.Equal(t, flow.Outcome.User.ID, again.Outcome.User.ID)
		s.forgetEvents()
	})
}

// A link works where it was asked for, shows a code elsewhere, and opening it spends nothing.
func TestPromise_ScannersAreHarmless_ALinkOverTheAPI(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		_, name, made := s.member()
		c, elsewhere := s.app(), s.app()
		begun := c.careful("login", c.link(wire.LinkSubmission{Identifier: &name}))
		brought := s.linked(name, 2)
		require.Equal(t, begun.ID, brought.Get("flow"))
		opening := wire.LinkOpening{LinkToken: brought.Get("link")}
		var opened wire.OpenedLink
		for range 3 {
			opened = read[wire.OpenedLink](elsewhere.got(elsewhere.wire.OpenLink(context.Background(), begun.ID, opening)).is(http.StatusOK))
		}
		require.Equal(t, "code", opened.Elsewhere)
		require.Equal(t, s.source, opened.Address)
		elsewhere.got(elsewhere.wire.ApproveLink(context.Background(), begun.ID, opening)).refused(http.StatusForbidden, "link_not_approvable")
		for _, id := range []string{madeUp().ids["flow_id"], "flw_" + strings.Repeat("0", 26)} {
			elsewhere.got(elsewhere.wire.OpenLink(context.Background(), id, opening)).refused(http.StatusUnprocessableEntity, "link_invalid")
		}
		done := begun.finished(c.link(wire.LinkSubmission{OneTimeCode: opened.OneTimeCode}))
		require.Equal(t, made.Outcome.User.ID, done.Outcome.User.ID)
		elsewhere.got(elsewhere.wire.OpenLink(context.Background(), begun.ID, opening)).refused(http.StatusUnprocessableEntity, "link_invalid")

		s.Clock.Advance(time.Minute)
		here := s.app()
		waiting := here.careful("login", here.link(wire.LinkSubmission{Identifier: &name}))
		require.Equal(t, made.Outcome.User.ID, waiting.finished(here.link(wire.LinkSubmission{LinkToken: optional(s.linked(name, 3).Get("link"))})).Outcome.User.ID)
		s.forgetEvents()
	})
}

// A link that is approved elsewhere lets the flow that waits go on.
func TestLinkIsApprovedElsewhere(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		_, name, _ := s.member()
		c, elsewhere := s.app(), s.app()
		start := c.asking("login", c.link(wire.LinkSubmission{Identifier: &name}))
		start.ClientID = optional("approving")
		begun := c.goOn(c.start(start))
		opening := wire.LinkOpening{LinkToken: s.linked(name, 2).Get("link")}
		require.Equal(t, "approve", read[wire.OpenedLink](elsewhere.got(elsewhere.wire.OpenLink(context.Background(), begun.ID, opening)).is(http.StatusOK)).Elsewhere)
		waited := make(chan answer, 1)
		go func() {
			seen, wait := begun.Revision, int32(20)
			response, err := c.wire.GetFlow(context.Background(), begun.ID, &wire.GetFlowParams{Wait: &wait, Revision: &seen})
			waited <- c.got(response, err)
		}()
		elsewhere.got(elsewhere.wire.ApproveLink(context.Background(), begun.ID, opening)).is(http.StatusNoContent)
		now := read[wire.Flow]((<-waited).is(http.StatusOK))
		step, err := now.Steps[0].AsLinkStep()
		require.NoError(t, err)
		require.True(t, step.Approved)
		begun.finished(c.link(wire.LinkSubmission{}))
		s.forgetEvents()
	})
}

// Somebody signed in verifies an address of theirs, adds another one, and steps up without a
// password.
func TestVerificationAndStepUpByCode(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, name, _ := s.member()
		added := newName()
		s.Clock.Advance(time.Hour)
		start := c.asking("verification", c.code(added, ""))
		start.ClientID = optional("careful")
		c.start(start).refused(http.StatusForbidden, "step_up_required")

		stepUp := c.careful("step_up", c.code("", ""))
		stepUp.finished(c.code("", s.mailed(name, 2)))
		s.forgetEvents()
		verified := c.careful("verification", c.code(added, "")).finished(c.code("", s.mailed(added, 1)))
		require.Len(t, verified.Outcome.User.Identifiers, 2)
		require.False(t, verified.Outcome.User.Identifiers[1].VerifiedAt.IsNull())
		require.Nil(t, verified.Outcome.SessionToken)

		other := s.app()
		require.Equal(t, verified.Outcome.User.ID, other.careful("login", other.code(added, "")).finished(other.code("", s.mailed(added, 2))).Outcome.User.ID)
		s.forgetEvents()
	})
}

// Who has forgotten their password chooses another one, and every session ends.
func TestRecoveryByCode(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody() // nobody has proven this address
		c := s.app()
		lost := c.careful("recovery", c.code(p.name, ""))
		lost.accepted(c.code("", s.mailed(p.name, 1)))
		require.Equal(t, []string{"new_password"}, lost.offers())
		chosen := newPassword()
		flow := lost.finished(c.choose("", chosen, nil))
		require.Equal(t, p.ID, flow.Outcome.User.ID)
		p.me().refused(http.StatusUnauthorized, "session_invalid")
		c.bearer = ""
		requireRefusal(c, read[wire.Flow](c.start(c.asking("login", c.prove(p.name, p.password))).is(http.StatusCreated)), "credentials_invalid")
		c.completed(c.start(c.asking("login", c.prove(p.name, chosen))).is(http.StatusCreated))
		s.forgetEvents()
	})
}

func headerNames(a answer) []string { return slices.Sorted(maps.Keys(a.header)) }
