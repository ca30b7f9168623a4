package api_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

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
					// What runs from right to left has each number by itself.
					all = append(all, number.ReplaceAllLiteralString(regexp.QuoteMeta(text), `\x{2068}?[0-9.]+\x{2069}?`))
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

		page := c.send(http.MethodGet, "/problems/session_unknown", "", "Accept-Language", "ko, de;q=0.5").is(http.StatusOK)
		require.Contains(t, string(page.body), `<html lang="de" dir="ltr">`)
		require.Contains(t, string(page.body), "Sitzung unbekannt")
		require.Equal(t, "de", page.header.Get("Content-Language"))
		require.Contains(t, page.header.Get("Vary"), "Accept-Language")
		other := c.send(http.MethodGet, "/problems/session_unknown", "", "If-None-Match", page.header.Get("ETag")).is(http.StatusOK)
		require.Contains(t, string(other.body), "Session unknown", "another language is another page")

		offered := read[wire.PublicConfiguration](c.send(http.MethodGet, "/v1/configuration", "", "Accept-Language", "de").is(http.StatusOK))
		require.Equal(t, "de", offered.Locale)
		require.Equal(t, []wire.Language{
			{Tag: "ar", Name: "العربية", TextDirection: "rtl"}, {Tag: "de", Name: "Deutsch", TextDirection: "ltr"},
			{Tag: "en", Name: "English", TextDirection: "ltr"}, {Tag: "es", Name: "Español", TextDirection: "ltr"},
			{Tag: "fr", Name: "Français", TextDirection: "ltr"}, {Tag: "ja", Name: "日本語", TextDirection: "ltr"},
			{Tag: "pt", Name: "Português", TextDirection: "ltr"},
		}, offered.Languages)
	})
}

// Each language answers in its own words: problems, what is wrong with one place with
// the form that the number has, and the flow.
func TestSpeakingEachLanguage(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		for _, one := range []struct{ tag, asked, title, detail, many, wrong, direction string }{
			{"ar", "ar-EG", "لا توجد جلسة صالحة", "لا توجد جلسة صالحة.", "يجب استخدام \u2068256\u2069 حرفًا على الأكثر.", "بيانات الدخول غير صحيحة.", "rtl"},
			{"de", "de-CH", "Keine gültige Sitzung", "Es gibt keine gültige Sitzung.", "Höchstens 256 Zeichen verwenden.", "Die Anmeldedaten stimmen nicht.", "ltr"},
			{"en", "en-AU", "No valid session", "There is no valid session.", "Use at most 256 characters.", "The credentials are not right.", "ltr"},
			{"es", "es-MX", "Sin sesión válida", "No hay una sesión válida.", "Utilice 256 caracteres como máximo.", "Las credenciales no son correctas.", "ltr"},
			{"fr", "fr-CA", "Aucune session valide", "Il n’y a pas de session valide.", "Utilisez au plus 256 caractères.", "Les identifiants de connexion sont incorrects.", "ltr"},
			{"ja", "ja-JP", "有効なセッションがありません", "有効なセッションがありません。", "最大 256 文字で入力してください。", "認証情報が正しくありません。", "ltr"},
			{"pt", "pt-BR", "Nenhuma sessão válida", "Não há uma sessão válida.", "Utilize 256 caracteres no máximo.", "As credenciais não estão corretas.", "ltr"},
		} {
			c := s.app()
			language := []string{"Accept-Language", one.asked}
			none := c.send(http.MethodGet, "/v1/session", "", language...)
			problem := none.refused(http.StatusUnauthorized, "session_invalid")
			require.Equal(t, []string{one.title, one.detail, one.tag}, []string{problem.Title, problem.Detail, none.header.Get("Content-Language")})
			body := `{"journey":"login","transport":"token","client_id":"` + strings.Repeat("x", 257) + `"}`
			place := c.send(http.MethodPost, "/v1/flows", body, language...).invalid("request_invalid", "/client_id").Errors[0]
			require.Equal(t, one.many, place.Detail)

			start := c.asking("login", c.prove("nobody."+one.tag+"@example.com", "not the password"))
			start.Locale = &one.asked
			f := c.goOn(c.start(start))
			require.Equal(t, []string{one.tag, one.direction, one.wrong}, []string{f.Locale, f.TextDirection, f.Error.Detail})
			s.fired("flow.refused")
		}
	})
}

// What a browser wishes is weighed, a region is spoken to as its language is, and who
// reads none of ours reads English.
func TestChoosingALanguage(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		for header, want := range map[string]string{
			"fr-CA": "fr", "pt-BR": "pt", "pt-PT, en;q=0.5": "pt", "es-419": "es", "zh": "en", "zh-TW, zh;q=0.9": "en", "zh-CN, ja;q=0.2": "ja",
			"fr-CA;q=0.3, pt-BR;q=0.8, es;q=0.9": "es", "ar;q=0, ja;q=0.1": "ja", "*": "en", "*, fr;q=0.1": "fr", "en-GB, fr": "en", "AR": "ar", "": "en",
		} {
			a := c.send(http.MethodGet, "/v1/session", "", "Accept-Language", header).is(http.StatusUnauthorized)
			require.Equal(t, want, a.header.Get("Content-Language"), header)
			require.Contains(t, a.header.Get("Vary"), "Accept-Language")
		}
	})
}

// Whose language it is: the flow's before the user's, theirs before the browser's.
func TestWhoseLanguageOfMany(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		me := s.app().with(p.bearer)
		spoken := func(want string, headers ...string) {
			t.Helper()
			a := me.send(http.MethodDelete, "/v1/me/sessions/ses_01h455vb4pex5vsknk084sn02q", "", headers...).is(http.StatusNotFound)
			require.Equal(t, want, a.header.Get("Content-Language"))
		}
		for _, one := range [][2]string{{"fr-CA", "fr"}, {"pt-BR", "pt"}, {"ar-EG", "ar"}, {"zh-CN", "ja"}} {
			me.send(http.MethodPatch, "/v1/me", `{"profile":{"locale":"`+one[0]+`"}}`, "Content-Type", "application/merge-patch+json").is(http.StatusOK)
			spoken(one[1], "Accept-Language", "ja")
			s.fired("user.updated")
		}
		me.send(http.MethodPatch, "/v1/me", `{"profile":{"locale":"ar"}}`, "Content-Type", "application/merge-patch+json").is(http.StatusOK)
		s.fired("user.updated")
		start := me.asking("step_up", nil)
		f := me.goOn(me.start(start))
		require.Equal(t, []string{"ar", "rtl"}, []string{f.Locale, f.TextDirection})
		locale := "es-AR"
		start.Locale = &locale
		require.Equal(t, "es", me.goOn(me.start(start)).Locale, "the flow before the user")
		s.fired()
	})
}

// A header that asks for more than anybody reads is read to its bound and no further.
func TestClass_Exhaustion_LanguagesAreBounded(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		for header, want := range map[string]string{
			"fr," + strings.Repeat("a", 10_000):                       "fr",
			strings.Repeat("a", 10_000) + ",fr":                       "en",
			strings.Repeat("ko,", 4_000) + "fr":                       "en",
			"ja," + strings.Repeat("a-b-c-d-e;q=0.1,", 800):           "ja",
			strings.Repeat(",", 10_000) + "fr":                        "en",
			strings.Repeat("fr;q=0.", 1_400):                          "en",
			"fr" + strings.Repeat("-x", 5_000):                        "en",
			"fr-u-co-" + strings.Repeat("a", 10_000) + ", es":         "en",
			"\xff\xfe\xfd, pt;q=0.5":                                  "pt",
			"fr_, -fr, fr-, f, ---, 1, es;q=, es;q=9, pt;q=0.5":       "pt",
			"<b>, \"fr\", ../fr, fr\u202e, {count}, %s, es;q=0.1":     "es",
			"de;q=0.1;q=1, en;q=1.0000, ja;q=+1, ar;q=NaN, es;q=0.01": "es",
		} {
			a := c.send(http.MethodGet, "/v1/session", "", "Accept-Language", header)
			a.refused(http.StatusUnauthorized, "session_invalid")
			require.Equal(t, want, a.header.Get("Content-Language"), "%.60q", header)
		}
		c.send(http.MethodGet, "/v1/session", "", "Accept-Language", strings.Repeat("fr,", 10_000)).
			refused(http.StatusRequestHeaderFieldsTooLarge, "headers_too_large")
	})
}

// Arabic arrives as it was written: UTF-8, letter by letter, in JSON and on pages.
func TestArabicArrives(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		const detail = "لا يوجد شيء هنا."
		a := c.send(http.MethodGet, "/v1/nowhere", "", "Accept-Language", "ar-SA, ar;q=0.9")
		require.Equal(t, detail, a.refused(http.StatusNotFound, "not_found").Detail)
		require.Equal(t, "ar", a.header.Get("Content-Language"))
		require.Contains(t, string(a.body), `"detail":"`+detail+`"`, "as bytes, not as escapes")
		require.True(t, utf8.Valid(a.body))
		require.NotContains(t, string(a.body), "\ufffd")

		page := c.send(http.MethodGet, "/problems/not_found", "", "Accept-Language", "ar").is(http.StatusOK)
		require.Equal(t, "text/html; charset=utf-8", page.header.Get("Content-Type"))
		require.Equal(t, "ar", page.header.Get("Content-Language"))
		require.Contains(t, string(page.body), `<html lang="ar" dir="rtl">`)
		require.Contains(t, string(page.body), "غير موجود")
		require.True(t, utf8.Valid(page.body))

		start := c.asking("registration", c.identify("ada@"))
		locale := "ar"
		start.Locale = &locale
		f := c.goOn(c.start(start))
		require.Equal(t, []string{"ar", "rtl"}, []string{f.Locale, f.TextDirection})
		require.Equal(t, "هذا ليس عنوان بريد إلكتروني صالحًا للاستخدام، ولا رقم هاتف، ولا اسم مستخدم.", f.Error.Detail)
		s.fired("flow.refused")
	})
}
