package api_test

import (
	"encoding/json"
	"mime"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/gen"
)

// newcomer is all that somebody can answer who is asked.
type newcomer struct {
	name, password string
	codes          *int // that were sent to them
}

func newNewcomer() newcomer { return newcomer{newName(), newPassword(), new(int)} }

// code has one sent, or types the one that was.
func (n newcomer) code(f *ongoing) *wire.StepSubmission {
	step, err := f.Steps[0].AsCodeStep()
	require.NoError(f.t, err)
	if step.Sent != nil {
		return f.code("", f.mailed(n.name, *n.codes))
	}
	*n.codes++
	if f.Journey == "verification" { // it is about their own
		return f.code("", "")
	}
	return f.code(n.name, "")
}

// answer fits the first step that is offered, whatever it is.
func (n newcomer) answer(f *ongoing) *wire.StepSubmission {
	f.t.Helper()
	switch kind := f.offers()[0]; kind {
	case "identifier":
		return f.identify(n.name)
	case "password":
		return f.prove("", n.password)
	case "new_password":
		return f.choose("", n.password, nil)
	case "profile":
		return f.tell(wire.Profile{"name": "Ada", "locale": "en"})
	case "consent":
		return f.agree("2030-01")
	case "code":
		return n.code(f)
	default:
		require.Fail(f.t, "a step that nobody can answer", kind)
		return nil
	}
}

// drive goes through a journey with nothing but what each answer offers, and tells
// what it was asked.
func (n newcomer) drive(c *caller, journey string) (asked []string) {
	c.t.Helper()
	start := c.asking(journey, nil)
	start.ClientID = optional("asking")
	answered := c.start(start).is(http.StatusCreated)
	f := c.goOn(answered)
	for range 8 {
		asked = append(asked, strings.Join(f.offers(), "|"))
		answered = f.submit(n.answer(f)).is(http.StatusOK)
		inJSON(c.t, answered)
		if f.Flow = read[wire.Flow](answered); f.Status == "completed" {
			c.completed(answered)
			c.flow = ""
			return asked
		}
		require.Nil(c.t, f.Error, "%s", answered.body)
	}
	require.Fail(c.t, "a journey without an end", "%s: %v", journey, asked)
	return nil
}

// inJSON requires an answer that a program goes on from: no page, and nowhere to go.
func inJSON(t *testing.T, a answer) {
	t.Helper()
	kind, _, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	require.NoError(t, err)
	require.Equal(t, "application/json", kind)
	require.Empty(t, a.header.Values("Location"))
	require.Empty(t, a.header.Values("Refresh"))
}

// Every journey that is offered can be driven to its end, by an app that holds a token
// and by a page that holds a cookie, and both are asked the same.
func TestPromise_JourneysAreAPIs_AppsAndPagesAlike(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		journeys := read[wire.PublicConfiguration](s.app().configuration("asking").is(http.StatusOK)).Journeys
		require.Len(t, journeys, 6)
		var asked [2]map[string][]string
		for i, c := range []*caller{s.app(), s.browser(siblingOrigin)} {
			n := newNewcomer()
			asked[i] = map[string][]string{}
			// Whoever has registered can log in, and whoever is signed in can step up.
			for _, journey := range []string{"registration", "login", "step_up", "login_or_registration", "verification", "recovery"} {
				require.Contains(t, journeys, journey)
				asked[i][journey] = n.drive(c, journey)
				require.Equal(t, "asking", c.me().session().ClientID)
			}
			stranger := newNewcomer()
			asked[i]["by a stranger"] = stranger.drive(c, "login_or_registration")
		}
		require.Equal(t, map[string][]string{
			"registration": {"identifier|new_password|code", "new_password|code", "profile", "consent"},
			"login":        {"identifier|password|code", "password|code"}, "step_up": {"password|code"},
			"login_or_registration": {"identifier|password|code", "password|code"},
			"verification":          {"code", "code"}, "recovery": {"code", "code", "new_password"},
			"by a stranger": {"identifier|password|code", "new_password|code", "profile", "consent"},
		}, asked[0])
		require.Equal(t, asked[0], asked[1])
		s.forgetEvents()
	})
}

// No operation sends a program elsewhere, and none answers with a page.
func TestPromise_JourneysAreAPIs_NoOperationRedirects(t *testing.T) {
	type response struct {
		Ref     string         `json:"$ref"`
		Content map[string]any `json:"content"`
	}
	var document struct {
		Paths      map[string]map[string]json.RawMessage
		Components struct{ Responses map[string]response }
	}
	require.NoError(t, json.Unmarshal(gen.Spec30JSON, &document))
	seen := 0
	delete(document.Paths, "/.well-known/change-password") // which leads to a page of the front end, as its standard has it
	for path, item := range document.Paths {
		for method, described := range item {
			var operation struct{ Responses map[string]response }
			if method == "parameters" {
				continue
			}
			require.NoError(t, json.Unmarshal(described, &operation))
			require.NotEmpty(t, operation.Responses)
			for status, answer := range operation.Responses {
				require.False(t, strings.HasPrefix(status, "3"), "%s %s answers %s", method, path, status)
				if named, ok := strings.CutPrefix(answer.Ref, "#/components/responses/"); ok {
					answer = document.Components.Responses[named]
				}
				for kind := range answer.Content {
					seen++
					require.Contains(t, []string{"application/json", "application/problem+json"}, kind, "%s %s", method, path)
				}
			}
		}
	}
	require.Positive(t, seen)
}
