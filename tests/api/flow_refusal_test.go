package api_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

func TestIdentifiersOfEverySort(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		n := newWord()
		number := fmt.Sprintf("%03d", s.sources%1000)
		for _, one := range []struct{ kind, given, shown, again string }{
			{"email", "Grace." + n + "@EXAMPLE.com", "Grace." + n + "@example.com", "grace." + n + "@example.com"},
			{"email", "jürgen" + n + "@bücher.example", "jürgen" + n + "@bücher.example", "JÜRGEN" + n + "@xn--bcher-kva.example"},
			{"phone", "+44 20 7946 0" + number, "+442079460" + number, "+44 (20) 79460" + number},
			{"username", "Countess_" + n, "countess_" + n, "COUNTESS_" + strings.ToUpper(n)},
		} {
			c, password := s.app(), newPassword()
			flow := c.completed(c.start(c.asking("registration", c.choose(one.given, password, nil))).is(http.StatusCreated))
			require.Equal(t, one.kind, flow.Outcome.User.Identifiers[0].Type)
			require.Equal(t, one.shown, flow.Outcome.User.Identifiers[0].Value)
			s.fired("user.created", "password.set", "session.created")

			c.completed(c.start(c.asking("login", c.prove(one.again, password))).is(http.StatusCreated))
			s.fired("session.created")
		}
	})
}

func TestIdentifierTaken(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		c := s.app()
		f := c.goOn(c.start(c.asking("registration", c.choose(strings.ToUpper(p.name), newPassword(), nil))))
		requireRefusal(c, f.Flow, "identifier_taken")
		f.refused("identifier_taken", c.identify(p.name))
		s.fired("flow.refused", "flow.refused")

		// The flow goes on with another.
		c.completed(f.submit(c.choose(newName(), newPassword(), nil)).is(http.StatusOK))
		s.fired("user.created", "password.set", "session.created")
	})
}

// Two names that look the same are the same name, and one with something in it that
// nobody sees is none.
func TestClass_PreHijack_NamesThatLookAlike(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		register := func(name string) answer {
			return c.start(c.asking("registration", c.choose(name, newPassword(), nil)))
		}
		n := newWord()
		c.completed(register("coco_" + n).is(http.StatusCreated))
		s.forgetEvents()
		for name, code := range map[string]string{
			"COCO_" + n:                     "identifier_taken",
			"\u0441\u043e\u0441\u043e_" + n: "identifier_invalid", // mixes scripts
			"co\u200bco_" + n:               "identifier_invalid", // zero width
			"co\u00adco_" + n:               "identifier_invalid", // soft hyphen
			"\u202ecoco_" + n:               "identifier_invalid", // turns the direction
			"\uff43oco_" + n:                "identifier_invalid", // full width
			"ada\u200b@example.com":         "identifier_invalid",
			"\u0430da@example.com":          "identifier_invalid", // a Cyrillic a beside Latin letters
			"ada@ex\u0430mple.com":          "identifier_invalid",
			"ada@localhost":                 "identifier_invalid",
			"ada <ada@example.com>":         "identifier_invalid",
			"ada@example.com\nbcc":          "identifier_invalid",
			"+12":                           "identifier_invalid",
		} {
			flow := read[wire.Flow](register(name).is(http.StatusCreated))
			require.NotNil(t, flow.Error, "%q", name)
			require.Equal(t, code, flow.Error.Code, "%q", name)
			if code == "identifier_invalid" {
				require.Equal(t, []string{"/identifier"}, places(flow.Error.Errors), "%q", name)
			}
			told := s.fired("flow.refused")
			require.NotContains(t, string(told[0].Data), "example.com")
		}
	})
}

// A whole name in another alphabet that looks like a Latin one.
func TestClass_PreHijack_WholeNameInAnotherAlphabet(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		latin, cyrillic := []rune("aceijopsxy"), []rune("\u0430\u0441\u0435\u0456\u0458\u043e\u0440\u0455\u0445\u0443")
		var name, imitation string
		for range 16 {
			letter := rand.IntN(len(latin))
			name, imitation = name+string(latin[letter]), imitation+string(cyrillic[letter])
		}
		c.completed(c.start(c.asking("registration", c.choose(name, newPassword(), nil))).is(http.StatusCreated))
		s.forgetEvents()
		f := c.goOn(c.start(c.asking("registration", c.choose(imitation, newPassword(), nil))))
		requireRefusal(c, f.Flow, "identifier_taken")
		s.fired("flow.refused")
	})
}

func TestPasswordPolicy(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		f := c.begin("registration")
		mailbox := "grace." + newWord()
		backwards := []rune(mailbox)
		slices.Reverse(backwards)
		f.accepted(c.identify(mailbox + "@example.com"))
		for password, rule := range map[string]string{
			"otter-7":                     "too_short",
			strings.Repeat("otter7!", 30): "too_long",
			"password1":                   "too_weak",
			mailbox + "1":                 "like_identifier",
			string(backwards) + "1":       "like_identifier",
		} {
			f.refused("password_rejected", c.choose("", password, nil), "/password")
			require.Equal(t, rule, f.Error.Errors[0].Code, password)
			s.fired("flow.refused")
		}
		c.completed(f.submit(c.choose("", newPassword(), nil)).is(http.StatusOK))
		s.fired("user.created", "password.set", "session.created")
	})
}

func TestProfileOfARegistration(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		for pointer, profile := range map[string]wire.Profile{
			"/profile/birthdate": {"birthdate": "yesterday"},
			"/profile/name":      {"name": 7},
			"/profile/role":      {"role": "admin"},
		} {
			f := c.goOn(c.start(c.asking("registration", c.choose(newName(), newPassword(), profile))))
			requireRefusal(c, f.Flow, "profile_invalid", pointer)
			s.fired("flow.refused")
		}
	})
}

func TestStartThatCannotBe(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		start := c.asking("login", nil)
		for clientID, code := range map[string]string{"nobody": "client_unknown", "closed": "client_unknown"} {
			start.ClientID = &clientID
			c.start(start).refused(http.StatusUnprocessableEntity, code)
		}
		start.ClientID = optional("narrow")
		c.start(start).is(http.StatusCreated)
		start.Journey = "registration"
		c.start(start).refused(http.StatusUnprocessableEntity, "journey_unknown")
		c.start(c.asking("no_such_journey", nil)).refused(http.StatusUnprocessableEntity, "journey_unknown")
		c.start(c.asking("No Such", nil)).invalid("request_invalid", "/journey")
		start = c.asking("login", nil)
		start.Transport = "pigeon"
		c.start(start).invalid("request_invalid", "/transport")
		s.fired()
	})
}

// A client is offered only what it can show. One that cannot go on is told to
// upgrade, and does not crash on a step it has never heard of.
func TestPromise_OldClientsSurvive_Accepts(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		c := s.app()
		start := c.asking("login", nil)
		start.Accepts = []string{"password", "step_of_the_future"}
		f := c.goOn(c.start(start))
		require.Equal(t, []string{"password"}, f.offers())
		f.submit(c.identify(p.name)).refused(http.StatusConflict, "step_not_offered")

		start.Accepts = []string{"identifier"}
		f = c.goOn(c.start(start))
		flow := read[wire.Flow](f.submit(c.identify(p.name)).is(http.StatusOK))
		require.Equal(t, "denied", flow.Status)
		require.Equal(t, "client_upgrade_required", flow.Error.Code)
		require.Empty(t, flow.Steps)
		s.fired("flow.refused")

		start.Accepts = []string{}
		flow = read[wire.Flow](c.send(http.MethodPost, "/v1/flows", `{"journey":"login","transport":"token","accepts":[]}`).is(http.StatusCreated))
		require.Equal(t, "denied", flow.Status)
		require.Equal(t, "client_upgrade_required", flow.Error.Code)
		s.fired()
	})
}

func TestStaleAndForeignSteps(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		f := s.app().begin("login")
		first, err := f.Steps[0].AsIdentifierStep()
		require.NoError(t, err)
		f.accepted(f.identify(p.name))

		stale := sent(f.caller, func(submission *wire.StepSubmission) error {
			return submission.FromIdentifierSubmission(wire.IdentifierSubmission{
				ID: &first.ID, Identifier: newName(), Type: wire.IdentifierSubmissionTypeIdentifier,
			})
		})
		f.submit(stale).refused(http.StatusConflict, "step_not_offered")
		f.submit(f.choose("", newPassword(), nil)).refused(http.StatusConflict, "step_not_offered")
		f.submit(f.agree("2030-01")).refused(http.StatusConflict, "step_not_offered")

		path := "/v1/flows/" + f.ID + "/steps"
		f.send(http.MethodPost, path, `{"type":"retina"}`).invalid("request_invalid", "/type")
		f.send(http.MethodPost, path, `{"identifier":"ada"}`).invalid("request_invalid", "/type")
		f.send(http.MethodPost, path, `{"type":"password"}`).invalid("request_invalid", "/password")
		f.send(http.MethodPost, path, `{"type":"password","password":"long-enough-to-be-one","passwort":"x"}`).
			invalid("request_invalid", "/passwort")
		f.send(http.MethodPost, "/v1/flows", `{"journey":"login","transport":"token","submit":{"type":"retina"}}`).
			invalid("request_invalid", "/submit/type")
		s.fired()
		f.completed(f.submit(f.prove("", p.password)).is(http.StatusOK))
		s.fired("session.created")
	})
}
