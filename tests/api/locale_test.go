package api_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/gen"
)

// spoken is every text of the contract by language, with what stands for the numbers.
type spoken map[string]*regexp.Regexp

func everythingSpoken(t *testing.T) spoken {
	t.Helper()
	var locales []struct {
		Tag   string
		Texts map[string]map[string]map[string]string
	}
	require.NoError(t, json.Unmarshal(gen.LocalesJSON, &locales))
	number := regexp.MustCompile(`\\\{[a-z_]+\\\}`)
	known := spoken{}
	for _, locale := range locales {
		var all []string
		for _, texts := range locale.Texts {
			for _, forms := range texts {
				for _, text := range forms {
					all = append(all, number.ReplaceAllLiteralString(regexp.QuoteMeta(text), `[0-9.]+`))
				}
			}
		}
		known[locale.Tag] = regexp.MustCompile(`^(?:` + strings.Join(all, "|") + `)$`)
	}
	return known
}

// requireSpoken holds what an answer says to people against the texts of its language.
func (s spoken) requireSpoken(t *testing.T, language string, node any) {
	t.Helper()
	switch node := node.(type) {
	case map[string]any:
		for name, value := range node {
			if text, isText := value.(string); isText && (name == "title" || name == "detail") {
				require.NotNil(t, s[language], "%q is said in no language", text)
				require.Regexp(t, s[language], text, "not a text of %s", language)
			}
			if name != "profile_schema" && name != "document" { // these are a tenant's own words
				s.requireSpoken(t, language, value)
			}
		}
	case []any:
		for _, value := range node {
			s.requireSpoken(t, language, value)
		}
	}
}

// A person is spoken to in the language that their app asks for, on every node, and in
// their own once they have said which that is.
func TestSpeakingGerman(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		c := s.app()
		start := c.asking("login", c.prove(p.name, "not the password"))
		locale := "de-AT"
		start.Locale = &locale
		f := c.goOn(c.start(start))
		require.Equal(t, []string{"de", "ltr"}, []string{f.Locale, f.TextDirection})
		require.Equal(t, "Die Anmeldedaten stimmen nicht.", f.Error.Detail)
		f.refused("identifier_invalid", c.identify("ada@"), "/identifier")
		require.Equal(t, "Das ist keine brauchbare E-Mail-Adresse, Telefonnummer und kein brauchbarer Benutzername.", f.Error.Detail)
		stale := f.submit(f.agree("2030-01")).refused(http.StatusConflict, "step_not_offered")
		require.Equal(t, "Schritt nicht angeboten", stale.Title)
		c.completed(f.submit(c.prove(p.name, p.password)).is(http.StatusOK))
		s.fired("flow.refused", "flow.refused", "session.created")

		me := c.with(p.bearer)
		me.send(http.MethodPatch, "/v1/me", `{"profile":{"locale":"de"}}`, "Content-Type", "application/merge-patch+json").is(http.StatusOK)
		unknown := me.send(http.MethodDelete, "/v1/me/sessions/ses_01h455vb4pex5vsknk084sn02q", "", "Accept-Language", "en").
			refused(http.StatusNotFound, "session_unknown")
		require.Equal(t, "Diese Sitzung gibt es nicht.", unknown.Detail)
		s.fired("user.updated")

		page := c.send(http.MethodGet, "/problems/session_unknown", "", "Accept-Language", "fr, de;q=0.5").is(http.StatusOK)
		require.Contains(t, string(page.body), `<html lang="de" dir="ltr">`)
		require.Contains(t, string(page.body), "Sitzung unbekannt")
		require.Equal(t, "de", page.header.Get("Content-Language"))
		require.Contains(t, page.header.Get("Vary"), "Accept-Language")
		other := c.send(http.MethodGet, "/problems/session_unknown", "", "If-None-Match", page.header.Get("ETag")).is(http.StatusOK)
		require.Contains(t, string(other.body), "Session unknown", "another language is another page")

		offered := read[wire.PublicConfiguration](c.send(http.MethodGet, "/v1/configuration", "", "Accept-Language", "de").is(http.StatusOK))
		require.Equal(t, []string{"de", "en"}, offered.Locales)
		require.Equal(t, "de", offered.Locale)
		require.Equal(t, wire.Language{Tag: "de", Name: "Deutsch", TextDirection: "ltr"}, offered.Languages[0])
	})
}
