package api_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

// newPhone is a number that nobody has, in one of many ranges.
func newPhone() string { return fmt.Sprintf("+346%08d", rand.IntN(100_000_000)) }

// texted is the last of so many text messages to a number.
func (s *scenario) texted(to string, count int) string {
	s.t.Helper()
	texts := s.Texts(s.t, to, count)
	require.Len(s.t, texts, count)
	return texts[count-1]
}

var codeFirst = regexp.MustCompile(`^(\d{6}) `)

// textedCode is the code of the last of so many text messages to a number.
func (s *scenario) textedCode(to string, count int) string {
	s.t.Helper()
	text := s.texted(to, count)
	found := codeFirst.FindStringSubmatch(text)
	require.NotNil(s.t, found, "%s", text)
	return found[1]
}

// textedLink is what the link in a text message brings.
func (s *scenario) textedLink(text string) url.Values {
	s.t.Helper()
	_, fragment, ok := strings.Cut(text, "https://careful.example/link#")
	require.True(s.t, ok, "%s", text)
	values, err := url.ParseQuery(strings.Fields(fragment)[0])
	require.NoError(s.t, err)
	return values
}

// sentTo is where a step of a flow says that its code went.
func (f *ongoing) sentTo() (channel, destination string) {
	f.t.Helper()
	step, err := f.Steps[0].AsCodeStep()
	require.NoError(f.t, err)
	require.NotNil(f.t, step.Sent)
	return step.Sent.Channel, step.Sent.Destination
}

// reachable is a member who has proven an address and, after it, a phone.
func (s *scenario) reachable() (c *caller, name, phone string, made wire.User) {
	s.t.Helper()
	c, name, _ = s.member()
	phone = newPhone()
	flow := c.careful("verification", c.code(phone, "")).finished(c.code("", s.textedCode(phone, 1)))
	require.Contains(s.t, s.Mail(s.t, name, 2)[1], phone, "the address is told of the number")
	s.Clock.Advance(time.Minute)
	s.forgetEvents()
	return c, name, phone, flow.Outcome.User
}

// A number is all that somebody needs to register, and to come back; what they prove by it is
// told apart from what a mailbox proves.
func TestCodeByTextMessage(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, phone := s.app(), newPhone()
		begun := c.careful("login_or_registration", c.code(phone[:3]+" "+phone[3:6]+" "+phone[6:], ""))
		channel, destination := begun.sentTo()
		require.Equal(t, []string{"sms", phone[:3] + "•••" + phone[10:]}, []string{channel, destination})
		right := s.textedCode(phone, 1)
		require.Equal(t, right+" is your code to sign in at localhost. It is good for 10 minutes. Give it to nobody.",
			s.texted(phone, 1), "an app has no page that it could be bound to")
		begun.refused("code_invalid", c.code("", "nothing"))
		made := begun.finished(c.code("", right))
		require.Equal(t, []string{"sms"}, made.Outcome.Session.Amr)
		require.Equal(t, []string{"sms"}, c.me().session().Amr)
		held := made.Outcome.User.Identifiers
		require.Len(t, held, 1)
		require.Equal(t, []string{"phone", phone}, []string{held[0].Type, held[0].Value})
		require.False(t, held[0].VerifiedAt.IsNull())
		for _, told := range s.news() {
			if told.Type == "message.queued" {
				require.Equal(t, map[string]any{"kind": "login_code", "channel": "sms", "locale": "en"}, data(t, told))
			}
		}

		for i, journey := range []string{"login", "login_or_registration"} {
			s.Clock.Advance(time.Minute)
			back := s.app()
			again := back.careful(journey, back.code(phone, "")).finished(back.code("", s.textedCode(phone, 2+i)))
			require.Equal(t, made.Outcome.User.ID, again.Outcome.User.ID, journey)
			require.Equal(t, []string{"sms"}, again.Outcome.Session.Amr, journey)
		}
		other, number := s.app(), newPhone()
		registered := other.careful("registration", other.code(number, "")).finished(other.code("", s.textedCode(number, 1)))
		require.NotEqual(t, made.Outcome.User.ID, registered.Outcome.User.ID)
		require.Equal(t, []string{"sms"}, registered.Outcome.Session.Amr)
		s.forgetEvents()
	})
}

// Who has an address proves a number beside it, raises their session with that one, and opens
// their account with it when they have forgotten the password.
func TestVerificationStepUpAndRecoveryByTextMessage(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, name, phone, made := s.reachable()
		require.Len(t, made.Identifiers, 2)
		number := made.Identifiers[1]
		require.Equal(t, []string{"phone", phone}, []string{number.Type, number.Value})
		require.False(t, number.VerifiedAt.IsNull())
		require.Equal(t, []string{"otp"}, c.me().session().Amr, "to verify a number raises no session")

		s.Clock.Advance(time.Hour)
		chosen := sent(c, func(one *wire.StepSubmission) error {
			return one.FromCodeSubmission(wire.CodeSubmission{IdentifierID: &number.ID, Type: wire.CodeSubmissionTypeCode})
		})
		stepUp := c.careful("step_up", chosen)
		channel, _ := stepUp.sentTo()
		require.Equal(t, "sms", channel)
		require.Regexp(t, `^\d{6} is your code to confirm at localhost that it is you\.`, s.texted(phone, 2))
		raised := stepUp.finished(c.code("", s.textedCode(phone, 2)))
		require.Equal(t, []string{"otp", "sms"}, raised.Outcome.Session.Amr)
		require.Equal(t, s.Clock.Now(), c.me().session().AuthTime)

		s.Clock.Advance(time.Minute)
		lost := s.app()
		recovery := lost.careful("recovery", lost.code(phone, ""))
		require.Regexp(t, `^\d{6} is your code to recover your account at localhost\.`, s.texted(phone, 3))
		recovery.accepted(lost.code("", s.textedCode(phone, 3)))
		require.Equal(t, []string{"new_password"}, recovery.offers())
		password := newPassword()
		back := recovery.finished(lost.choose("", password, nil))
		require.Equal(t, made.ID, back.Outcome.User.ID)
		require.Equal(t, []string{"sms"}, back.Outcome.Session.Amr)
		c.me().refused(http.StatusUnauthorized, "session_invalid")
		c.bearer = ""
		c.completed(c.start(c.asking("login", c.prove(name, password))).is(http.StatusCreated))
		s.forgetEvents()
	})
}

// A link fits into a text message as well: it works where it was asked for, and shows a code
// elsewhere.
func TestLinkByTextMessage(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, phone := s.app(), newPhone()
		begun := c.careful("login_or_registration", c.link(wire.LinkSubmission{Identifier: &phone}))
		step, err := begun.Steps[0].AsLinkStep()
		require.NoError(t, err)
		require.Equal(t, "sms", step.Sent.Channel)
		text := s.texted(phone, 1)
		require.Regexp(t, `^Sign in at localhost with https://careful\.example/link#\S+ within 15 minutes\. Pass it on to nobody\.$`, text)
		brought := s.textedLink(text)
		require.Equal(t, begun.ID, brought.Get("flow"))
		made := begun.finished(c.link(wire.LinkSubmission{LinkToken: optional(brought.Get("link"))}))
		require.Equal(t, []string{"sms"}, made.Outcome.Session.Amr)
		require.Equal(t, phone, made.Outcome.User.Identifiers[0].Value)

		s.Clock.Advance(time.Minute)
		back, elsewhere := s.app(), s.app()
		again := back.careful("login", back.link(wire.LinkSubmission{Identifier: &phone}))
		opening := wire.LinkOpening{LinkToken: s.textedLink(s.texted(phone, 2)).Get("link")}
		opened := read[wire.OpenedLink](elsewhere.got(elsewhere.wire.OpenLink(context.Background(), again.ID, opening)).is(http.StatusOK))
		done := again.finished(back.link(wire.LinkSubmission{OneTimeCode: opened.OneTimeCode}))
		require.Equal(t, made.Outcome.User.ID, done.Outcome.User.ID)
		require.Equal(t, []string{"sms"}, done.Outcome.Session.Amr)
		s.forgetEvents()
	})
}

// A code that a page asks for says on its last line which page: a browser fills it in there and
// nowhere else. No other header than the origin has a say in it, and one that is not the
// application's gets none sent.
func TestClass_HostHeader_ACodeIsBoundToThePageThatAsks(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		lies := saying(map[string]string{
			"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Original-Host": "evil.example", "Referer": "https://evil.example/",
		})
		for _, page := range []struct {
			client, origin, host string
			transport            wire.FlowTransport
		}{
			{"sibling", siblingOrigin, "localhost", wire.FlowTransportCookie},
			{"elsewhere", "https://front.example", "front.example", wire.FlowTransportToken},
		} {
			c, phone := s.browser(page.origin), newPhone()
			start := c.asking("login_or_registration", c.code(phone, ""))
			start.ClientID, start.Transport = optional(page.client), page.transport
			begun := c.goOn(c.start(start, lies))
			bound := func(count int) string {
				right := s.textedCode(phone, count)
				require.Equal(t, right+" is your code to sign in at localhost. It is good for 10 minutes. Give it to nobody.\n\n@"+page.host+" #"+right, s.texted(phone, count))
				return right
			}
			bound(1)
			s.Clock.Advance(time.Minute)
			begun.accepted(c.code("", ""))
			made := begun.finished(c.code("", bound(2)))
			require.Equal(t, []string{"sms"}, made.Outcome.Session.Amr)
			require.Equal(t, page.transport == wire.FlowTransportCookie, made.Outcome.SessionToken == nil)

			s.Clock.Advance(time.Minute)
			back := s.browser(page.origin)
			start.Submit, start.Journey = nil, "login"
			later := back.goOn(back.start(start)) // what is sent later is bound to the page that began
			later.accepted(back.code(phone, ""))
			require.Equal(t, made.Outcome.User.ID, later.finished(back.code("", bound(3))).Outcome.User.ID)
		}
		c, phone := s.browser("https://evil.example"), newPhone()
		start := c.asking("login_or_registration", c.code(phone, ""))
		start.ClientID, start.Transport = optional("elsewhere"), wire.FlowTransportToken
		c.start(start).refused(http.StatusForbidden, "origin_not_allowed")
		require.Empty(t, s.first().messages(wire.ListMessagesParams{To: &phone}))
		s.forgetEvents()
	})
}

// What a user is told goes to every address that they have proven, on each channel, and not to
// one that they only say to have.
func TestNoticesReachEveryChannel(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, name, phone, made := s.reachable()
		unproven, o := newPhone(), s.manager()
		o.got(o.wire.AddUserIdentifier(context.Background(), made.ID, &wire.AddUserIdentifierParams{}, wire.NewUserIdentifier{Value: unproven})).is(http.StatusCreated)
		s.forgetEvents()

		c.setPassword(newPassword()).is(http.StatusNoContent)
		require.Contains(t, s.Mail(t, name, 3)[2], "password")
		require.Equal(t, "Your password at localhost was changed. If it was not you, recover your account at once.", s.texted(phone, 2))
		s.noticed("password_changed")

		o.recovers(made.ID, newName()).is(http.StatusCreated)
		mailed, text := s.objection(name, 4), s.texted(phone, 3)
		require.Regexp(t, `^Your account at localhost is being recovered\. Stop it with https://careful\.example/link#\S+ if it was not you\.$`, text)
		s.noticed("recovery_started")
		stop := wire.RecoveryLink{RecoveryToken: s.textedLink(text).Get("recovery")}
		require.Equal(t, mailed, stop)
		elsewhere := s.app()
		elsewhere.got(elsewhere.wire.StopRecovery(context.Background(), stop)).is(http.StatusNoContent)
		require.Equal(t, "stopped", o.recovery(made.ID).Status)
		require.Empty(t, s.first().messages(wire.ListMessagesParams{To: &unproven}))
		s.forgetEvents()
	})
}

// noticed requires that one notice of a kind was queued for each channel since the last look.
func (s *scenario) noticed(kind string) {
	s.t.Helper()
	channels := []any{}
	for _, told := range s.news() {
		if told.Type == "message.queued" {
			require.Equal(s.t, kind, data(s.t, told)["kind"])
			channels = append(channels, data(s.t, told)["channel"])
		}
	}
	require.ElementsMatch(s.t, []any{"email", "sms"}, channels)
}
