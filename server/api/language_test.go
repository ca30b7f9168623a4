package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/api"
	"github.com/lintel-id/lintel/server/platform/i18n"
)

// The pseudo languages are English between marks, one for each direction; a text that
// comes without them has not been through the catalogue.
const (
	accented = "en-XA"
	mirrored = "ar-XB"
	opening  = "⟦"
	closing  = "⟧"
)

func pseudo(t testing.TB) *i18n.Catalogue {
	t.Helper()
	type locale struct {
		Tag   string                                  `json:"tag"`
		Name  string                                  `json:"name"`
		Texts map[string]map[string]map[string]string `json:"texts"`
	}
	var locales []locale
	require.NoError(t, json.Unmarshal(gen.LocalesJSON, &locales))
	for _, one := range locales {
		if one.Tag != "en" {
			continue
		}
		marked := map[string]map[string]map[string]string{}
		for part, texts := range one.Texts {
			marked[part] = map[string]map[string]string{}
			for key, forms := range texts {
				marked[part][key] = map[string]string{}
				for form, text := range forms {
					marked[part][key][form] = opening + text + closing
				}
			}
		}
		locales = append(locales, locale{accented, "Accented", marked}, locale{mirrored, "Mirrored", marked})
	}
	text, err := json.Marshal(locales)
	require.NoError(t, err)
	catalogue, err := i18n.New(text)
	require.NoError(t, err)
	return catalogue
}

// reader asks in one language and looks at every text that comes back.
type reader struct {
	house *house
	app   *api.API
	tag   string
	seen  map[string]bool
}

func (h *house) reader(t *testing.T, tag string) *reader {
	t.Helper()
	deps := h.deps
	deps.Texts = pseudo(t)
	config := api.DefaultConfig()
	config.Development = true
	made, err := api.New(deps, config)
	require.NoError(t, err)
	return &reader{house: h, app: made, tag: tag, seen: map[string]bool{}}
}

func (r *reader) call(t *testing.T, method, path, body string, headers ...string) answer {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	request.Host = "localhost:8080"
	request.Header.Set("Accept-Language", r.tag)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			request.Host = headers[i+1]
		}
	}
	response, err := r.app.App().Test(request, -1)
	require.NoError(t, err)
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	a := answer{status: response.StatusCode, header: response.Header, text: string(text)}
	if strings.Contains(response.Header.Get("Content-Type"), "json") {
		require.NoError(t, json.Unmarshal(text, &a.body))
		require.Equal(t, r.tag, response.Header.Get("Content-Language"), "%s %s: %s", method, path, text)
		require.Equal(t, "Origin, Accept-Language", response.Header.Get("Vary"))
		r.look(t, a.body)
	}
	return a
}

// look finds the texts for people, wherever they stand.
func (r *reader) look(t *testing.T, node any) {
	t.Helper()
	switch node := node.(type) {
	case map[string]any:
		for name, value := range node {
			text, isText := value.(string)
			if isText && (name == "title" || name == "detail") {
				require.True(t, strings.HasPrefix(text, opening) && strings.HasSuffix(text, closing), "%q is not from the catalogue", text)
				code, _ := node["code"].(string)
				r.seen[code] = true
			}
			if name != "profile_schema" {
				r.look(t, value)
			}
		}
	case []any:
		for _, value := range node {
			r.look(t, value)
		}
	}
}

// tour makes the server say what it can.
func (r *reader) tour(t *testing.T) {
	t.Helper()
	h := r.house
	token := h.register(t, "ada."+r.tag+"@example.com")
	bearer := []string{"Authorization", "Bearer " + token}
	start := func(body string) answer { return r.call(t, "POST", "/v1/flows", body) }
	for _, body := range []string{
		`{`, `{} {}`, `{"a":1,"a":2}`, "{\"a\":\"\xff\"}", `{"a":"\u0000"}`, `{"a":"\ud800"}`, strings.Repeat("[", 200),
		`[]`, `{}`, `{"Journey":1,"transport":"pigeon"}`, `{"journey":"","transport":"token","client_id":"` + strings.Repeat("x", 300) + `"}`,
		`{"journey":"login","transport":"token","accepts":[` + strings.Repeat(`"a",`, 70) + `"a"]}`,
		`{"journey":"login","transport":"token","submit":{"type":7}}`, `{"journey":"login","transport":"token","submit":{"type":"magic"}}`,
		`{"journey":"login","transport":"token","locale":"d"}`, `{"journey":"login","transport":"token","locale":"../../x"}`,
		`{"journey":"made_up","transport":"token"}`, `{"journey":"login","transport":"token","client_id":"made_up"}`,
		`{"journey":"login","transport":"cookie"}`, `{"journey":"step_up","transport":"token"}`, `{"journey":"login","transport":"token","accepts":[]}`,
	} {
		start(body)
	}
	submit := func(journey, submission string) {
		start(`{"journey":"` + journey + `","transport":"token","submit":` + submission + `}`)
	}
	for _, identifier := range []string{
		"ada@", "ada@@example.com", "@example.com", "a..b@example.com", "a b@example.com", "ada@exa mple.com", "ada@localhost", " ", "ab",
		"_ada", "a!b!c", "ﬁnn", "+1", "+44 x", "+999999999999", "аdа", "١1١", "z̀́̂̃̄", strings.Repeat("a", 65) + "@example.com", strings.Repeat("a", 318),
	} {
		submit("registration", `{"type":"identifier","identifier":"`+identifier+`"}`)
	}
	for _, submission := range []string{
		`{"type":"password","identifier":"ada@example.com","password":"` + secret + `x"}`, `{"type":"password","password":"` + secret + `"}`,
	} {
		submit("login", submission)
	}
	for _, submission := range []string{
		`"password":"short"`, `"password":"` + strings.Repeat("long-7!", 30) + `"`, `"password":"password1"`, `"password":"grace.hopper1"`,
		`"password":"` + secret + `","profile":{"name":7,"nick":"x","nickname":"","birthdate":"now","locale":"` + strings.Repeat("x", 40) + `"}`,
	} {
		submit("registration", `{"type":"new_password","identifier":"grace.hopper@example.com",`+submission+`}`)
	}
	submit("registration", `{"type":"new_password","identifier":"ada.`+r.tag+`@example.com","password":"`+secret+`"}`)
	r.tourOfFlow(t)
	for _, path := range []string{"/v1/nowhere", "/v1/flows", "/v1/session", "/v1/me/sessions?limit=0", "/v1/configuration", "/v1/configuration?client_id=a&client_id=b"} {
		r.call(t, "GET", path, "")
	}
	for _, path := range []string{
		"/v1/me/sessions?limit=0", "/v1/me/sessions?limit=1000", "/v1/me/sessions?limit=x", "/v1/me/sessions?limit=9999999999", "/v1/me/sessions?cursor=!",
		"/v1/me/sessions?cursor=abc",
	} {
		require.Equal(t, 422, r.call(t, "GET", path, "", bearer...).status, path)
	}
	r.call(t, "GET", "/v1/session", "", "Host", "evil.example")
	r.call(t, "GET", "/v1/session", "", append(bearer, "Authorization", "Basic eDp5")...)
	r.call(t, "DELETE", "/v1/me/sessions/ses_01h455vb4pex5vsknk084sn02q", "", bearer...)
	r.call(t, "PATCH", "/v1/me", `{"profile":{}}`, append(bearer, "Content-Type", "application/merge-patch+json", "If-Match", `"9"`)...)
	r.call(t, "PATCH", "/v1/me", `{"profile":{}}`, bearer...)
	r.call(t, "POST", "/v1/flows", `{"journey":"login","transport":"cookie"}`, "Origin", "https://evil.example")
	r.call(t, "GET", "/v1/session", "{}", bearer...)
	h.clock.Advance(time.Hour)
	r.call(t, "PUT", "/v1/me/password", `{"password":"`+secret+`!"}`, bearer...)
}

// tourOfFlow goes through one flow, and meets a notice.
func (r *reader) tourOfFlow(t *testing.T) {
	t.Helper()
	flow := r.call(t, "POST", "/v1/flows", `{"journey":"login","transport":"token"}`)
	id, token := flow.body["id"].(string), flow.body["flow_token"].(string)
	require.Equal(t, r.tag, flow.body["locale"])
	step := func(body string, headers ...string) answer {
		return r.call(t, "POST", "/v1/flows/"+id+"/steps", body, append(headers, "Lintel-Flow", token)...)
	}
	r.call(t, "GET", "/v1/flows/"+id, "", "Lintel-Flow", "lf_made-up")
	r.call(t, "GET", "/v1/flows/"+id+"?wait=x", "", "Lintel-Flow", token)
	step(`{"type":"consent","agreed":[]}`)
	step(`{"type":"identifier","identifier":"ada.`+r.tag+`@example.com"}`, "Idempotency-Key", "the-same-key")
	step(`{"type":"identifier","identifier":"another@example.com"}`, "Idempotency-Key", "the-same-key")
	step(`{"type":"password","identifier":"ada@example.com","password":"x"}`)
	r.house.leaked.Store(true)
	noticed := step(`{"type":"password","password":"` + secret + `"}`)
	require.Contains(t, noticed.text, "password_at_risk")
	r.house.leaked.Store(false)
}

// Whatever the server says to people it says in their language: each title, detail and
// notice of every answer comes from the catalogue.
func TestEveryTextIsTranslated(t *testing.T) {
	h := build(t, nil)
	r := h.reader(t, accented)
	r.tour(t)
	for _, code := range []string{
		"request_malformed", "request_invalid", "not_found", "method_not_allowed", "content_type_unsupported", "session_invalid", "session_unknown",
		"flow_token_invalid", "journey_unknown", "client_unknown", "identifier_invalid", "identifier_taken", "password_rejected", "profile_invalid",
		"credentials_invalid", "step_not_offered", "idempotency_key_reused", "origin_not_allowed", "step_up_required", "tenant_unknown",
		"client_upgrade_required", "version_stale", "password_at_risk",
		"malformed", "type", "required", "unknown", "enum", "format", "min_length", "max_length", "max_items", "minimum", "maximum", "duplicate",
		"not_allowed", "characters", "length", "mixed_scripts", "too_short", "too_long", "too_weak", "like_identifier",
	} {
		require.True(t, r.seen[code], "nothing was said about %s", code)
	}
}

// A language that runs from right to left is told to be one, and a number in its texts
// stands by itself.
func TestRightToLeft(t *testing.T) {
	h := build(t, nil)
	r := h.reader(t, mirrored)
	r.tour(t)
	a := r.call(t, "GET", "/v1/me/sessions?limit=1000", "", "Authorization", "Bearer "+h.register(t, "grace@example.com"))
	require.Contains(t, a.text, opening+"This has to be \u2068100\u2069 or less."+closing)
	a = r.call(t, "POST", "/v1/flows", login)
	require.Equal(t, []any{mirrored, "rtl"}, []any{a.body["locale"], a.body["text_direction"]})
	a = r.call(t, "GET", "/v1/configuration", "")
	require.Equal(t, []any{mirrored, "rtl"}, []any{a.body["locale"], a.body["text_direction"]})
	require.Contains(t, a.body["languages"], map[string]any{"tag": mirrored, "name": "Mirrored", "text_direction": "rtl"})
	require.Contains(t, a.body["languages"], map[string]any{"tag": "de", "name": "Deutsch", "text_direction": "ltr"})
	a = r.call(t, "GET", "/problems/not_found", "")
	require.Contains(t, a.text, `<html lang="`+mirrored+`" dir="rtl">`)
	for _, path := range []string{"/problems", "/problems/not_found"} {
		require.Contains(t, r.call(t, "GET", path, "").text, opening+"Nothing is served at this path."+closing, path)
	}
}

// A language counts in its own forms: those of Arabic are six, that of Japanese is one.
func TestEachLanguageCounts(t *testing.T) {
	texts, err := api.Texts()
	require.NoError(t, err)
	const english = "This account will be deleted in {count} days. Going on keeps it and signs you in."
	for tag, said := range map[string]map[float64]string{
		"ar": {0: "خلال أقل من يوم.", 1: "خلال يوم واحد.", 2: "خلال يومين.", 7: "خلال \u20687\u2069 أيام.", 30: "خلال \u206830\u2069 يومًا.", 100: "خلال \u2068100\u2069 يوم."},
		"de": {1: "in 1 Tag gelöscht.", 2: "in 2 Tagen gelöscht."},
		"es": {1: "dentro de 1 día.", 0: "dentro de 0 días.", 1e6: "dentro de 1000000 de días."},
		"fr": {1: "dans 1 jour.", 0: "dans 0 jour.", 2: "dans 2 jours.", 1e6: "dans 1000000 de jours."},
		"ja": {1: "は 1 日後に", 30: "は 30 日後に"},
		"pt": {1: "em 1 dia.", 0: "em 0 dia.", 2: "em 2 dias.", 1e6: "em 1000000 de dias."},
	} {
		for count, want := range said {
			text := texts.Find(tag).Say(i18n.Notices, "account_deletion_scheduled", english, map[string]float64{"count": count})
			require.Contains(t, text, want, "%s %v", tag, count)
		}
	}
}

const german = "de-AT, de;q=0.9, en;q=0.1"

// The flow's language goes before the user's, the user's before the browser's, and that
// before the server's.
func TestWhoseLanguage(t *testing.T) {
	h := build(t, nil)
	token := h.register(t, "ada@example.com")
	bearer := []string{"Authorization", "Bearer " + token}
	said := func(a answer) []any { return []any{a.body["title"], a.header.Get("Content-Language")} }
	english, deutsch := []any{"Session unknown", "en"}, []any{"Sitzung unbekannt", "de"}
	const nobody = "/v1/me/sessions/ses_01h455vb4pex5vsknk084sn02q"
	require.Equal(t, english, said(h.call(t, "DELETE", nobody, "", bearer...)), "nobody says anything")
	require.Equal(t, deutsch, said(h.call(t, "DELETE", nobody, "", append(bearer, "Accept-Language", german)...)), "the browser")
	require.Equal(t, english, said(h.call(t, "DELETE", nobody, "", append(bearer, "Accept-Language", "ko, it")...)), "not spoken here")

	patched := h.call(t, "PATCH", "/v1/me", `{"profile":{"locale":"de-CH"}}`, append(bearer, "Content-Type", "application/merge-patch+json")...)
	require.Equal(t, 200, patched.status, patched.text)
	require.Equal(t, deutsch, said(h.call(t, "DELETE", nobody, "", append(bearer, "Accept-Language", "en")...)), "the user before the browser")
	require.Equal(t, "No valid session", h.call(t, "GET", "/v1/session", "").body["title"], "nobody is signed in")

	flow := h.call(t, "POST", "/v1/flows", `{"journey":"step_up","transport":"token"}`, append(bearer, "Accept-Language", "en")...)
	require.Equal(t, "de", flow.body["locale"], "a flow speaks the language of who is signed in")
	read := h.call(t, "GET", "/v1/flows/"+flow.body["id"].(string), "", "Lintel-Flow", flow.body["flow_token"].(string))
	require.Equal(t, "de", read.body["locale"], "and goes on to")
	flow = h.call(t, "POST", "/v1/flows", `{"journey":"step_up","transport":"token","locale":"tlh-x-none"}`, bearer...)
	require.Equal(t, "en", flow.body["locale"], "what is nearest to the one that was asked for")
	flow = h.call(t, "POST", "/v1/flows", `{"journey":"step_up","transport":"token","locale":"ko"}`, bearer...)
	require.Equal(t, "de", flow.body["locale"], "one that is not spoken here counts for nothing")

	flow = h.call(t, "POST", "/v1/flows", `{"journey":"step_up","transport":"token","locale":"en-GB"}`, append(bearer, "Accept-Language", german)...)
	require.Equal(t, []any{"en", "ltr"}, []any{flow.body["locale"], flow.body["text_direction"]}, "the flow before all")
	path, opens := "/v1/flows/"+flow.body["id"].(string), []string{"Lintel-Flow", flow.body["flow_token"].(string), "Accept-Language", german}
	require.Equal(t, "en", h.call(t, "GET", path, "", opens...).body["locale"])
	require.Equal(t, "The flow has moved on; this step is not offered.",
		h.call(t, "POST", path+"/steps", `{"type":"acknowledge"}`, opens...).body["detail"], "in problems too")
	refused := h.call(t, "POST", path+"/steps", `{"type":"password","password":"wrong"}`, opens...)
	require.Contains(t, refused.text, "The credentials are not right.")
	require.Contains(t, h.call(t, "GET", path, "", opens...).text, "The credentials are not right.", "and when it is read again")
}

func TestTheServersLanguage(t *testing.T) {
	h := build(t, func(config *api.Config) { config.Locale = "de" })
	require.Equal(t, "Keine gültige Sitzung", h.call(t, "GET", "/v1/session", "").body["title"])
	require.Equal(t, "No valid session", h.call(t, "GET", "/v1/session", "", "Accept-Language", "en").body["title"])
	config := api.DefaultConfig()
	config.Locale = "tlh"
	require.ErrorContains(t, config.Validate(), "api.locale: must be one of "+strings.Join(gen.Locales, ", "))
}

// What has no word for people in it says nothing of a language.
func TestNoLanguageWhereNothingIsSaid(t *testing.T) {
	h := build(t, nil)
	a := h.call(t, "GET", "/v1/session", "", "Authorization", "Bearer "+h.register(t, "ada@example.com"), "Accept-Language", german)
	require.Equal(t, 200, a.status)
	require.Empty(t, a.header.Get("Content-Language"))
	require.Equal(t, "Origin", a.header.Get("Vary"))
}

// Whatever is sent as a language, only a tag of ours comes back.
func TestClass_Injection_LanguagesAreNeverEchoed(t *testing.T) {
	h := build(t, nil)
	for _, sent := range []string{
		"<script>alert(1)</script>", "de\"><b>", "de;q=0.5;evil=1", "\u202ede", "en-x-evil", "de-evil", "qaa-Qaaa-QM-x-southern", strings.Repeat("de-", 60) + "evil",
		strings.Repeat("evil;q=0.1,", 400),
	} {
		for _, a := range []answer{
			h.call(t, "GET", "/v1/session", "", "Accept-Language", sent),
			h.call(t, "GET", "/problems/not_found", "", "Accept-Language", sent),
			h.call(t, "POST", "/v1/flows", `{"journey":"login","transport":"token","locale":`+string(quoted(t, sent))+`}`, "Accept-Language", sent),
		} {
			require.NotContains(t, a.text, "evil")
			require.NotContains(t, a.text, "alert")
			require.Contains(t, gen.Locales, a.header.Get("Content-Language"))
		}
	}
}

func quoted(t *testing.T, text string) []byte {
	t.Helper()
	written, err := json.Marshal(text)
	require.NoError(t, err)
	return written
}

// Who exists and who does not is told in the same words, in every language.
func TestClass_Enumeration_InEveryLanguage(t *testing.T) {
	h := build(t, nil)
	h.register(t, "ada@example.com")
	for _, sent := range []string{"en", german, "ar", "tlh", "*"} {
		try := func(identifier string) any {
			a := h.call(t, "POST", "/v1/flows", `{"journey":"login","transport":"token","submit":{"type":"password","identifier":"`+identifier+`","password":"wrong"}}`, "Accept-Language", sent)
			require.Equal(t, http.StatusCreated, a.status)
			return []any{a.body["error"], a.header.Get("Content-Language"), a.body["locale"]}
		}
		require.Equal(t, try("ada@example.com"), try("nobody@example.com"))
	}
}
