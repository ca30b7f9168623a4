package api_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/tests/api/running"
)

// tries is how many answers a code takes. Each is counted before it is looked at, so that more of
// them side by side may spend it before one has gone on.
const tries = 5

// won counts the answers that completed a flow; of the others none says more than that it came
// too late, or too often.
func (c *caller) won(answers []answer) (completed int) {
	c.t.Helper()
	for _, a := range answers {
		switch a.status {
		case http.StatusOK:
			flow := read[wire.Flow](a)
			require.Equal(c.t, "completed", flow.Status)
			c.secrets.add(*flow.Outcome.SessionToken)
			completed++
		case http.StatusTooManyRequests:
		default:
			a.refused(http.StatusConflict, "step_not_offered")
		}
	}
	return completed
}

// A code is worth one session, however often and wherever it is typed: at once, again, in
// another flow, for something else, and in the place of a link.
func TestClass_SingleUse_ACodeOverTheAPI(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		_, name, _ := s.member()
		c, lost, other := s.app(), s.app(), s.app()
		begun := c.careful("login", c.code(name, ""))
		right := s.mailed(name, 2)
		recovery, login := lost.careful("recovery", lost.code(name, "")), other.careful("login", other.link(wire.LinkSubmission{Identifier: &name}))
		require.Equal(t, 1, c.won(together(tries, func() answer { return begun.submit(c.code("", right)) })))
		begun.submit(c.code("", right)).refused(http.StatusConflict, "step_not_offered")
		s.Clock.Advance(time.Minute)
		recovery.refused("code_invalid", lost.code("", right))
		login.refused("code_invalid", other.link(wire.LinkSubmission{OneTimeCode: &right}))
		login.submit(other.code("", right)).refused(http.StatusConflict, "step_not_offered")

		s.Clock.Advance(10 * time.Minute)
		late := s.app()
		expired := late.careful("login", late.code(name, ""))
		mine := s.mailed(name, 5)
		s.Clock.Advance(10 * time.Minute)
		expired.refused("code_expired", late.code("", mine))
		s.forgetEvents()
	})
}

// A link is worth one session as well, and none in another flow.
func TestClass_SingleUse_ALinkOverTheAPI(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		_, name, _ := s.member()
		c, lost := s.app(), s.app()
		begun := c.careful("login", c.link(wire.LinkSubmission{Identifier: &name}))
		brought := optional(s.linked(name, 2).Get("link"))
		recovery := lost.careful("recovery", lost.link(wire.LinkSubmission{Identifier: &name}))
		recovery.refused("link_invalid", lost.link(wire.LinkSubmission{LinkToken: brought}))
		require.Equal(t, 1, c.won(together(16, func() answer { return begun.submit(c.link(wire.LinkSubmission{LinkToken: brought})) })))
		begun.submit(c.link(wire.LinkSubmission{LinkToken: brought})).refused(http.StatusConflict, "step_not_offered")
		s.Clock.Advance(time.Minute)
		recovery.refused("link_invalid", lost.link(wire.LinkSubmission{LinkToken: brought}))

		foreign := optional(s.linked(name, 3).Get("link"))
		s.Clock.Advance(15 * time.Minute)
		recovery.refused("link_invalid", lost.link(wire.LinkSubmission{LinkToken: foreign}))
		s.forgetEvents()
	})
}

// What was sent before a stop works once after it, and what was used before it not at all.
func TestClass_SingleUse_ACodeAcrossARestart(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			place := running.NewPlace(t, engine)
			s := privately(t, place, withApplications)
			_, name, _ := s.member()
			used, open := s.app(), s.app()
			spent := used.careful("login", used.code(name, ""))
			first, token := s.mailed(name, 2), used.flow
			spent.finished(used.code("", first))
			s.Clock.Advance(time.Minute) // letters of one moment come in any order
			waiting := open.careful("login", open.code(name, ""))
			second := s.mailed(name, 3)
			s.forgetEvents()
			require.NoError(t, s.Stop())

			after := privately(t, place, withApplications)
			c := after.app()
			c.flow = token
			(&ongoing{caller: c, Flow: spent.Flow}).submit(c.code("", first)).refused(http.StatusConflict, "step_not_offered")
			c.flow = open.flow
			on := &ongoing{caller: c, Flow: waiting.Flow}
			require.Equal(t, 1, c.won(together(tries, func() answer { return on.submit(c.code("", second)) })))
			after.forgetEvents()
		})
	}
}

// Fifteen wrong codes are all that a flow takes, whether they are typed for one code or for
// the next, for a code or for a link, before or after a step back.
func TestClass_SideDoor_WrongCodesCountWhicheverWay(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		_, name, _ := s.member()
		c := s.app()
		begun := c.careful("login", c.code(name, ""))
		for sent := range 3 {
			for range 4 {
				begun.refused("code_invalid", c.code("", "nothing"))
				s.Clock.Advance(time.Minute)
			}
			begun.refused("code_spent", c.code("", "nothing"))
			begun.refused("code_spent", c.code("", s.mailed(name, 2+sent)))
			s.Clock.Advance(time.Minute)
			if sent < 2 {
				begun.accepted(c.code("", ""))
			}
		}
		begun.refused("code_limit", c.code("", ""))
		begun.Flow = read[wire.Flow](begun.back().is(http.StatusOK))
		begun.refused("code_limit", c.link(wire.LinkSubmission{Identifier: &name}))
		begun.refused("code_limit", c.code(newName(), ""))
		s.forgetEvents()
	})
}

// A code that was sent before opens no account that is closed since.
func TestClass_SideDoor_ACodeOpensNoSuspendedAccount(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		_, name, made := s.member()
		manager := s.operator(wire.ScopeUsersRead, wire.ScopeUsersWrite)
		c, linked := s.app(), s.app()
		begun := c.careful("login", c.code(name, ""))
		right := s.mailed(name, 2)
		following := linked.careful("login", linked.link(wire.LinkSubmission{Identifier: &name}))
		token := optional(s.linked(name, 3).Get("link"))
		manager.act(made.Outcome.User.ID, "suspend").is(http.StatusOK)
		begun.refused("credentials_invalid", c.code("", right))
		following.refused("credentials_invalid", linked.link(wire.LinkSubmission{LinkToken: token}))
		s.forgetEvents()
	})
}

// How often something is sent to an address shows nothing of whether somebody is known by it.
func TestClass_Enumeration_CodesAreLimitedAlike(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		_, known, _ := s.member()
		s.Clock.Advance(2 * time.Hour) // the message of the registration counts no longer
		var seen [2][]string
		for i, name := range []string{known, newName()} {
			for range 12 {
				c := s.app()
				c.source = s.newSource()
				start := c.asking("login", c.code(name, ""))
				start.ClientID = optional("careful")
				a := c.start(start)
				seen[i] = append(seen[i], fmt.Sprint(a.status, " ", len(a.body), " ", headerNames(a), " ", a.header.Get("Retry-After")))
				if a.status != http.StatusCreated {
					a.refused(http.StatusTooManyRequests, "message_budget_spent")
				}
			}
		}
		require.Equal(t, seen[0], seen[1])
		require.Contains(t, seen[0][9], "201 ")
		require.Contains(t, seen[0][10], "429 ")
		s.forgetEvents()
	})
}

// saying adds headers to a request.
func saying(headers map[string]string) wire.RequestEditorFn {
	return func(_ context.Context, request *http.Request) error {
		for name, value := range headers {
			request.Header.Set(name, value)
		}
		return nil
	}
}

// A link leads to the page that the application declared, whatever a request says about hosts.
func TestClass_HostHeader_LinksOverTheAPI(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		_, name, _ := s.member()
		c := s.app()
		start := c.asking("login", c.link(wire.LinkSubmission{Identifier: &name}))
		start.ClientID = optional("careful")
		c.start(start, saying(map[string]string{
			"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example;proto=http", "X-Forwarded-Proto": "http",
			"X-Original-Host": "evil.example", "X-Host": "evil.example", "Referer": "https://evil.example/",
		})).is(http.StatusCreated)
		texts := s.Mail(t, name, 2)
		require.NotContains(t, texts[1], "evil")
		require.Contains(t, texts[1], "https://careful.example/link#flow=")

		stranger := s.app()
		stranger.host = "evil.example"
		stranger.start(start).refused(http.StatusMisdirectedRequest, "tenant_unknown")
		start.Submit = c.link(wire.LinkSubmission{Identifier: &name, LinkURI: optional("https://evil.example/link")})
		requireRefusal(c, read[wire.Flow](c.start(start).is(http.StatusCreated)), "request_invalid", "/link_uri")
		require.Len(t, s.Mail(t, name, 2), 2, "nothing more was sent")
		s.forgetEvents()
	})
}

// Whoever sends neither breaks out of a header, nor writes markup into a letter.
func TestClass_Injection_WhatGoesIntoALetter(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		for _, name := range []string{
			"ada@example.com\r\nBcc: eve@example.com", "ada@example.com\nSubject: hello", "\"ada\r\nBcc: eve@example.com\"@example.com",
			"ada@example.com,eve@example.com", "Ada <ada@example.com>", "ada@example.com\u2028eve@example.com",
		} {
			c := s.app()
			start := c.asking("login", c.code(name, ""))
			start.ClientID = optional("careful")
			flow := read[wire.Flow](c.start(start).is(http.StatusCreated))
			require.NotNil(t, flow.Error, "%q", name)
			require.Contains(t, []string{"identifier_invalid", "address_required", "request_invalid"}, flow.Error.Code, "%q", name)
		}
		for _, told := range s.news() {
			require.Equal(t, "flow.refused", told.Type)
		}
		_, name, _ := s.member()
		c := s.app()
		start := c.asking("login", c.code(name, ""))
		start.ClientID = optional("careful")
		c.start(start, saying(map[string]string{
			"User-Agent": `Mozilla/5.0 (<script>alert(1)</script>{{.Code}}{code}) Firefox/140.0`, "Accept-Language": "en, <script>",
		})).is(http.StatusCreated)
		letter := s.Letters(t, name, 2)[1]
		require.Contains(t, letter.Text, "Firefox")
		whole := fmt.Sprint(letter)
		for _, bad := range []string{"<script", "{{", "{code}", "Bcc:", "eve@example.com"} {
			require.NotContains(t, whole, bad)
		}
		s.forgetEvents()
	})
}

// An operator's slip in a template lets nothing through either: no header, no script, and no
// letter with a hole in it.
func TestClass_Injection_TemplatesOverTheAPI(t *testing.T) {
	templateScenario(t, func(t *testing.T, s *scenario, o *operator) {
		for words, pointer := range map[string]string{
			`{"subject":"S\r\nBcc: eve@example.com","heading":"T","body":"B","footer":"F"}`:   "/subject",
			`{"subject":"S\u2028Bcc: eve@example.com","heading":"T","body":"B","footer":"F"}`: "/subject",
			`{"subject":"S","heading":"T","body":"Hello {nobody}","footer":"F"}`:              "/body",
			`{"subject":"S","text":"T","html":"<p>T</p><script>alert(1)</script>"}`:           "/html",
			`{"subject":"S","text":"T","html":"<a href=\"javascript:alert(1)\">T</a>"}`:       "/html",
			`{"subject":"S","text":"T","html":"<p onclick=\"alert(1)\">{nobody}</p>"}`:        "/html",
		} {
			refused := o.setTemplate("fr", `"0"`, words)
			require.Equal(t, http.StatusUnprocessableEntity, refused.status, "%s: %s", words, refused.body)
			require.Contains(t, places(read[wire.Problem](refused).Errors), pointer, words)
		}
		require.Equal(t, "built_in", o.template("fr").Source)
		code := o.send(http.MethodPut, "/admin/v1/templates/login_code/email/fr",
			`{"subject":"S","heading":"T","body":"Bonjour","footer":"F"}`, "Content-Type", "application/json", "If-Match", `"0"`)
		code.refused(http.StatusUnprocessableEntity, "template_invalid")
		s.fired()
		o.setTemplate("fr", `"0"`, `{"subject":"S","heading":"<img src=x onerror=alert(1)>","body":"<script>alert(1)</script>","footer":"F"}`).is(http.StatusOK)
		shown := read[wire.TemplatePreview](o.previewed(`{"kind":"test","channel":"email","locale":"fr"}`).is(http.StatusOK))
		require.Contains(t, shown.HTML, "&lt;script&gt;alert(1)", "it is what its reader sees, and no more")
		require.NotContains(t, shown.HTML, "<script")
		require.NotContains(t, shown.HTML, "<img src=x")
		s.fired("template.updated")
	})
}
