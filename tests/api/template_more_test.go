package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

// A short message has words of its own, and the line that browsers read is not theirs.
func TestTemplatesOfShortMessages(t *testing.T) {
	templateScenario(t, func(t *testing.T, s *scenario, o *operator) {
		const place = "/admin/v1/templates/login_code/sms/de"
		first := read[wire.Template](o.send(http.MethodGet, place, "").is(http.StatusOK))
		require.Equal(t, "built_in", first.Source)
		require.Empty(t, first.Words.Subject)
		require.Contains(t, *first.Words.Text, "{code}")
		set := o.send(http.MethodPut, place, `{"subject":"","text":"{code} für {sender}"}`, "Content-Type", "application/json", "If-Match", `"0"`).is(http.StatusOK)
		require.Equal(t, "tenant", read[wire.Template](set).Source)
		told := data(t, s.fired("template.updated")[0])
		require.Equal(t, map[string]any{"subject": "", "text": "{code} für {sender}"}, told["words"])
		shown := read[wire.TemplatePreview](o.previewed(`{"kind":"login_code","channel":"sms","locale":"de","values":{"code":"123456","host":"app.example.com"}}`).is(http.StatusOK))
		require.Equal(t, wire.TemplatePreview{Locale: "de", Text: "123456 für localhost\n\n@app.example.com #123456"}, shown)
		for body, want := range map[string][2]string{
			`{"subject":"S","text":"{code}"}`:          {"", "inconsistent"},
			`{"text":"<b>{code}</b>"}`:                 {"/text", "html"},
			`{"text":"{code}\n@evil.example #{code}"}`: {"/text", "format"},
		} {
			refused := o.send(http.MethodPut, place, body, "Content-Type", "application/json", "If-Match", `"1"`).refused(http.StatusUnprocessableEntity, "template_invalid")
			require.Equal(t, want, [2]string{refused.Errors[0].Pointer, refused.Errors[0].Code}, body)
		}
		bad := o.previewed(`{"kind":"login_link","channel":"email","locale":"de","values":{"link":"javascript:alert(1)"}}`).refused(http.StatusUnprocessableEntity, "template_invalid")
		require.Equal(t, "/values/link", bad.Errors[0].Pointer)
		s.fired()
	})
}

// An application says things its own way, and the tenant where it has nothing to say.
func TestTemplatesOfAnApplication(t *testing.T) {
	templateScenario(t, func(t *testing.T, s *scenario, o *operator) {
		mighty := s.operator(wire.ScopeApplicationsWrite)
		app := read[wire.Application](mighty.createApplication(`{"name":"Shop"}`).is(http.StatusCreated)).ID
		s.forgetEvents()
		at := testTemplates + "fr?application_id=" + app
		require.Equal(t, "built_in", read[wire.Template](o.send(http.MethodGet, at, "").is(http.StatusOK)).Source)
		o.setTemplate("fr", `"0"`, `{"subject":"De tous","heading":"T","body":"B","footer":"F"}`).is(http.StatusOK)
		s.fired("template.updated")
		require.Equal(t, "tenant", read[wire.Template](o.send(http.MethodGet, at, "").is(http.StatusOK)).Source)
		set := o.setTemplate("fr?application_id="+app, `"0"`, `{"subject":"De la boutique","heading":"T","body":"B","footer":"F"}`).is(http.StatusOK)
		made := read[wire.Template](set)
		require.Equal(t, "application", made.Source)
		require.Equal(t, app, made.ApplicationID.MustGet())
		require.Equal(t, app, data(t, s.fired("template.updated")[0])["application_id"])
		require.Equal(t, "De tous", o.template("fr").Words.Subject)
		listed := o.templates("&application_id=" + app)
		require.Len(t, listed, 1)
		require.Equal(t, "application", listed[0].Source)
		shown := read[wire.TemplatePreview](o.previewed(`{"kind":"test","channel":"email","locale":"fr-CA","application_id":"` + app + `"}`).is(http.StatusOK))
		require.Equal(t, "De la boutique", shown.Subject)
		require.Len(t, read[wire.TemplateVersionPage](o.send(http.MethodGet, testTemplates+"fr/versions?application_id="+app, "").is(http.StatusOK)).Items, 1)
		require.Equal(t, "De la boutique", read[wire.TemplateVersion](o.send(http.MethodGet, testTemplates+"fr/versions/1?application_id="+app, "").is(http.StatusOK)).Words.Subject)
		o.send(http.MethodDelete, at, "", "If-Match", `"1"`).is(http.StatusNoContent)
		require.Equal(t, app, data(t, s.fired("template.removed")[0])["application_id"])

		const none = "app_01h455vb4pex5vsknk084sn02q"
		o.send(http.MethodGet, testTemplates+"fr?application_id="+none, "").refused(http.StatusNotFound, "application_unknown")
		o.setTemplate("fr?application_id="+none, `"0"`, `{"subject":"S","heading":"T","body":"B","footer":"F"}`).refused(http.StatusNotFound, "application_unknown")
		o.send(http.MethodGet, "/admin/v1/templates?application_id="+none, "").refused(http.StatusNotFound, "application_unknown")
		o.previewed(`{"kind":"test","channel":"email","locale":"fr","application_id":"`+none+`"}`).refused(http.StatusNotFound, "application_unknown")
		s.fired()
	})
}
