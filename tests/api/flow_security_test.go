package api_test

import (
	"bytes"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

// The id of a flow opens nothing, and neither does the token of another.
func TestClass_Fixation_AFlowBelongsToWhoStartedIt(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		mine, other := s.app().begin("login"), s.app().begin("login")
		mine.accepted(mine.identify(p.name))
		for _, token := range []string{"", *other.FlowToken, *other.FlowToken + "A", "lf_AAAA", "nothing", p.bearer} {
			mine.flow = token
			for _, refused := range []answer{
				mine.read(), mine.submit(mine.prove("", p.password)), mine.back(), mine.abandon(),
			} {
				refused.refused(http.StatusUnauthorized, "flow_token_invalid")
				require.NotEmpty(t, refused.header.Get("WWW-Authenticate"))
			}
		}
		s.fired()
		other.send(http.MethodGet, "/v1/flows/flw_01h455vb4pex5vsknk084sn02q", "").refused(http.StatusUnauthorized, "flow_token_invalid")
		other.send(http.MethodGet, "/v1/flows/usr_01h455vb4pex5vsknk084sn02q", "").invalid("request_invalid", "#path/flow_id")
	})
}

// The same request with the same key acts once and gets the same answer, secrets included.
func TestPromise_RetrySafe_Start(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		once := key("start-" + newPassword())
		body := c.asking("registration", c.choose(newName(), newPassword(), nil))
		first := read[wire.Flow](c.start(body, once).is(http.StatusCreated))
		require.Equal(t, "completed", first.Status)
		s.fired("user.created", "password.set", "session.created")
		for range 3 {
			require.Equal(t, first, read[wire.Flow](c.start(body, once).is(http.StatusCreated)))
		}
		s.fired()

		// A start shows nothing of its own, so its key is worth nothing without its body,
		// and tells nobody that it was used.
		other := read[wire.Flow](c.start(c.asking("registration", c.choose(newName(), newPassword(), nil)), once).is(http.StatusCreated))
		require.Equal(t, "completed", other.Status)
		require.NotEqual(t, first.Outcome.User.ID, other.Outcome.User.ID)
		s.fired("user.created", "password.set", "session.created")
		c.start(body, key("short")).invalid("request_invalid", "#header/Idempotency-Key")
		s.fired()

		s.Clock.Advance(11 * time.Minute)
		again := read[wire.Flow](c.start(body, once).is(http.StatusCreated))
		require.Equal(t, "identifier_taken", again.Error.Code, "a key is remembered for ten minutes")
		s.fired("flow.refused")
	})
}

func TestPromise_RetrySafe_Step(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		f := s.app().begin("login")
		wrong, right := f.prove(p.name, newPassword()), f.prove(p.name, p.password)

		first := f.submit(wrong, key("wrong-answer")).is(http.StatusOK)
		require.JSONEq(t, string(first.body), string(f.submit(wrong, key("wrong-answer")).is(http.StatusOK).body))
		s.fired("flow.refused")

		done := f.submit(right, key("right-answer")).is(http.StatusOK)
		require.NotNil(t, read[wire.Flow](done).Outcome.SessionToken)
		require.JSONEq(t, string(done.body), string(f.submit(right, key("right-answer")).is(http.StatusOK).body))
		s.fired("session.created")

		f.submit(right, key("wrong-answer")).refused(http.StatusUnprocessableEntity, "idempotency_key_reused")
		f.submit(right).refused(http.StatusConflict, "step_not_offered")

		// Whoever has the key and not the flow gets nothing.
		other := s.app().begin("login")
		other.submit(right, key("right-answer")).is(http.StatusOK)
		s.fired("session.created")
	})
}

// A key is worth nothing to somebody else, even with the same body.
func TestClass_ObjectLevel_OneKeyTwoPeople(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p, other := s.somebody(), s.somebody()
		once, body := key(newPassword()), p.asking("step_up", p.prove("", p.password))
		raised := p.completed(p.start(body, once).is(http.StatusCreated))
		require.Equal(t, p.session, raised.Outcome.Session.ID)
		s.fired("session.raised")
		requireRefusal(p.caller, read[wire.Flow](other.start(body, once).is(http.StatusCreated)), "credentials_invalid")
		s.fired("flow.refused")
		require.Equal(t, raised, read[wire.Flow](p.start(body, once).is(http.StatusCreated)))
		s.fired()
	})
}

// Two people whose clients happen to choose one key, and say the same without a
// secret in it, do not end up in one flow.
func TestClass_Fixation_OneKeyTwoFlows(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p, once := s.somebody(), key("00000001")
		one, two := s.app(), s.app()
		mine := one.goOn(one.start(one.asking("login", one.identify(p.name)), once))
		theirs := two.goOn(two.start(two.asking("login", two.identify(p.name)), once))
		require.NotEqual(t, mine.ID, theirs.ID)
		require.NotEqual(t, *mine.FlowToken, *theirs.FlowToken)
		s.fired()
	})
}

// together runs the same request many times at once.
func together(times int, request func() answer) []answer {
	answers := make([]answer, times)
	var all sync.WaitGroup
	for i := range times {
		all.Go(func() { answers[i] = request() })
	}
	all.Wait()
	return answers
}

// A right answer is worth one session, however often it is sent at once. Most of the
// others are too many guesses at one time, which is as good.
func TestClass_SingleUse_OneAnswerOneSession(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		f := s.app().begin("login")
		completed := 0
		for _, a := range together(16, func() answer { return f.submit(f.prove(p.name, p.password)) }) {
			if a.status == http.StatusOK {
				completed++
				continue
			}
			if a.status != http.StatusTooManyRequests {
				a.refused(http.StatusConflict, "step_not_offered")
			}
		}
		require.Equal(t, 1, completed)
		s.fired("session.created")
	})
}

func TestClass_SingleUse_OneAnswerOneUser(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		f := s.app().begin("registration")
		f.accepted(f.identify(newName()))
		completed := 0
		for _, a := range together(16, func() answer { return f.submit(f.choose("", newPassword(), nil)) }) {
			if a.status == http.StatusOK {
				completed++
				continue
			}
			a.refused(http.StatusConflict, "step_not_offered")
		}
		require.Equal(t, 1, completed)
		s.fired("user.created", "password.set", "session.created")
	})
}

// The same with a key: all get the one session's token.
func TestClass_SingleUse_OneKeyOneUser(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		body := c.asking("registration", c.choose(newName(), newPassword(), nil))
		once := key("race-" + newPassword())
		tokens := map[string]int{}
		for _, a := range together(16, func() answer { return c.start(body, once) }) {
			flow := read[wire.Flow](a.is(http.StatusCreated))
			require.Equal(t, "completed", flow.Status)
			tokens[*flow.Outcome.SessionToken]++
		}
		require.Len(t, tokens, 1)
		s.fired("user.created", "password.set", "session.created")
	})
}

func TestClass_SingleUse_OneNameOneUser(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, name := s.app(), newName()
		completed := 0
		for _, a := range together(16, func() answer {
			return c.start(c.asking("registration", c.choose(name, newPassword(), nil)))
		}) {
			flow := read[wire.Flow](a.is(http.StatusCreated))
			if flow.Status == "completed" {
				completed++
				continue
			}
			requireRefusal(c, flow, "identifier_taken")
		}
		require.Equal(t, 1, completed)
		refused := 0
		for _, told := range s.news() {
			if told.Type == "flow.refused" {
				refused++
			}
		}
		require.Equal(t, 15, refused)
	})
}

// guess sends wrong passwords until it is told to slow down, and tells how many were
// looked at and how long to wait.
func (c *caller) guess(name string) (taken, wait int) {
	c.t.Helper()
	for taken = range 200 {
		a := c.start(c.asking("login", c.prove(name, newPassword())))
		if a.status == http.StatusTooManyRequests {
			a.refused(http.StatusTooManyRequests, "too_many_attempts")
			seconds, err := strconv.Atoi(a.header.Get("Retry-After"))
			require.NoError(c.t, err)
			require.Positive(c.t, seconds)
			return taken, seconds
		}
		requireRefusal(c, read[wire.Flow](a.is(http.StatusCreated)), "credentials_invalid")
	}
	require.Fail(c.t, "nobody slowed the guesses down")
	return taken, 0
}

// Guessing is slowed down, for known and unknown names alike, and the owner gets in
// from elsewhere all the same.
func TestPromise_LockoutIsNoWeapon(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		stranger := s.app()
		stranger.source = s.newSource()
		known, wait := stranger.guess(p.name)
		require.Less(t, known, 10)
		unknown, waitUnknown := stranger.guess(newName())
		require.Equal(t, known, unknown)
		require.Equal(t, wait, waitUnknown)
		s.forgetEvents()

		stranger.start(stranger.asking("login", stranger.prove(p.name, p.password))).
			refused(http.StatusTooManyRequests, "too_many_attempts")
		s.fired()
		owner := s.app()
		owner.completed(owner.start(owner.asking("login", owner.prove(p.name, p.password))).is(http.StatusCreated))
		s.fired("session.created")

		s.Clock.Advance(time.Duration(wait) * time.Second)
		stranger.completed(stranger.start(stranger.asking("login", stranger.prove(p.name, p.password))).is(http.StatusCreated))
		s.fired("session.created")
	})
}

// Strangers at many addresses together spend what an account has; where its owner has
// signed in before, they still get in.
func TestPromise_LockoutIsNoWeapon_ManyStrangers(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		home := p.again()
		fresh := 0
		for taken := 1; taken > 0; fresh++ {
			require.Less(t, fresh, 100, "nobody slowed the strangers down")
			stranger := s.app()
			stranger.source = s.newSource()
			taken, _ = stranger.guess(p.name)
		}
		require.Greater(t, fresh, 2)
		s.forgetEvents()
		away := s.app()
		away.source = s.newSource()
		away.start(away.asking("login", away.prove(p.name, p.password))).refused(http.StatusTooManyRequests, "too_many_attempts")
		home.again()
		home.proveAgain()
	})
}

// One address that tries many names is slowed down as well.
func TestClass_SideDoor_ManyNamesFromOneAddress(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		limited := false
		for range 100 {
			a := c.start(c.asking("login", c.prove(newName(), newPassword())))
			if limited = a.status == http.StatusTooManyRequests; limited {
				break
			}
		}
		require.True(t, limited)
		s.forgetEvents()
	})
}

// Answers cost a hash or a row, so one address gets only so many of them looked at,
// right or wrong; others go on.
func TestClass_Exhaustion_AnswersFromOneAddress(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		taken := 0
		for ; taken < 100; taken++ {
			a := c.start(c.asking("registration", c.identify(newName())))
			if a.status == http.StatusTooManyRequests {
				a.refused(http.StatusTooManyRequests, "too_many_attempts")
				require.NotEmpty(t, a.header.Get("Retry-After"))
				break
			}
			a.is(http.StatusCreated)
		}
		require.Equal(t, 60, taken)
		c.begin("registration") // to ask what is offered costs nothing
		other := s.app()
		other.source = s.newSource()
		other.somebody()
	})
}

// Neither does the step-up have a limit of its own to try passwords past.
func TestClass_SideDoor_StepUpIsLimited(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		limited := false
		for range 50 {
			a := p.start(p.asking("step_up", p.prove("", newPassword())))
			if limited = a.status == http.StatusTooManyRequests; limited {
				break
			}
		}
		require.True(t, limited)
		s.forgetEvents()
	})
}

// changing is what differs between any two answers.
var changing = regexp.MustCompile(`"(id|flow_token|trace_id)":"[^"]*"`)

// requireSameShape compares without the order that headers come in. How many requests
// are left to a source counts down with each, whatever it asks.
func requireSameShape(t *testing.T, a, b answer) {
	t.Helper()
	require.Equal(t, a.status, b.status)
	require.Equal(t, changing.ReplaceAllString(string(a.body), `"$1":"…"`), changing.ReplaceAllString(string(b.body), `"$1":"…"`))
	left, right := a.header.Clone(), b.header.Clone()
	for _, name := range []string{"Trace-Id", "Date", "Ratelimit"} {
		left.Del(name)
		right.Del(name)
	}
	require.Equal(t, left, right)
}

// Known and unknown names get the same answers, to the length and the headers, and
// leave the same events.
func TestPromise_NoEnumeration_Login(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p, unknown := s.somebody(), newName()
		wrong := func(name string) answer {
			c := s.app()
			return c.start(c.asking("login", c.prove(name, "a wrong password of one length")))
		}
		requireSameShape(t, wrong(p.name), wrong(unknown))
		told := s.fired("flow.refused", "flow.refused")
		require.Equal(t, data(t, told[0]), data(t, told[1]))

		for _, journey := range []string{"login"} {
			ask := func(name string) (answer, answer) {
				f := s.app().begin(journey)
				named := f.submit(f.identify(name)).is(http.StatusOK)
				return named, f.submit(f.prove("", "a wrong password of one length"))
			}
			first, second := ask(p.name)
			otherFirst, otherSecond := ask(unknown)
			hide := regexp.MustCompile(regexp.QuoteMeta(p.name) + "|" + regexp.QuoteMeta(unknown))
			first.body, otherFirst.body = hide.ReplaceAll(first.body, []byte("…")), hide.ReplaceAll(otherFirst.body, []byte("…"))
			second.body, otherSecond.body = hide.ReplaceAll(second.body, []byte("…")), hide.ReplaceAll(otherSecond.body, []byte("…"))
			requireSameShape(t, first, otherFirst)
			requireSameShape(t, second, otherSecond)
			told = s.fired("flow.refused", "flow.refused")
			require.Equal(t, data(t, told[0]), data(t, told[1]))
		}
	})
}

// Where addresses are proven first, a registration tells nothing about them either.
func TestPromise_NoEnumeration_RegistrationWithProofFirst(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p, unknown := s.somebody(), newName()
		for _, journey := range []string{"registration", "login_or_registration"} {
			ask := func(name string) answer {
				c := s.app()
				start := c.asking(journey, c.identify(name))
				start.ClientID = optional("careful")
				a := c.start(start).is(http.StatusCreated)
				a.body = regexp.MustCompile(regexp.QuoteMeta(name)).ReplaceAll(a.body, []byte("…"))
				return a
			}
			requireSameShape(t, ask(p.name), ask(unknown))
		}
		register := func(name string) answer {
			c := s.app()
			start := c.asking("registration", c.choose(name, newPassword(), nil))
			start.ClientID = optional("careful")
			a := c.start(start).is(http.StatusCreated)
			a.body = bytes.ReplaceAll(a.body, []byte(name), []byte("…"))
			return a
		}
		requireSameShape(t, register(p.name), register(unknown))
		require.Nil(t, read[wire.Flow](register(unknown)).Error)
		s.fired()
	})
}
