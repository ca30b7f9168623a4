package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/tests/api/running"
)

const testTemplates = "/admin/v1/templates/test/email/"

func (o *operator) setTemplate(locale, etag, body string) answer {
	o.t.Helper()
	return o.send(http.MethodPut, testTemplates+locale, body, "Content-Type", "application/json", "If-Match", etag)
}

func (o *operator) template(locale string) wire.Template {
	o.t.Helper()
	return read[wire.Template](o.send(http.MethodGet, testTemplates+locale, "").is(http.StatusOK))
}

// templates are all that are listed, of an application or of the tenant.
func (o *operator) templates(query string) (all []wire.TemplateHead) {
	o.t.Helper()
	for path := "/admin/v1/templates?limit=100" + query; ; {
		page := read[wire.TemplatePage](o.send(http.MethodGet, path, "").is(http.StatusOK))
		all = append(all, page.Items...)
		next, err := page.NextCursor.Get()
		if err != nil {
			return all
		}
		path = "/admin/v1/templates?limit=100" + query + "&cursor=" + next
	}
}

func (o *operator) previewed(body string) answer {
	o.t.Helper()
	return o.send(http.MethodPost, "/admin/v1/templates/preview", body, "Content-Type", "application/json")
}

// templateScenario has a server of its own: what messages say is everybody's.
func templateScenario(t *testing.T, play func(t *testing.T, s *scenario, o *operator)) {
	t.Helper()
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
				withApplications(settings)
				settings.TestMode = true
			})
			o := s.operator(wire.ScopeTemplatesRead, wire.ScopeTemplatesWrite, wire.ScopeMessagesRead, wire.ScopeMessagesWrite)
			s.forgetEvents()
			play(t, s, o)
		})
	}
}

func TestTemplatesOverTheAPI(t *testing.T) {
	templateScenario(t, func(t *testing.T, s *scenario, o *operator) {
		got := o.send(http.MethodGet, testTemplates+"FR", "").is(http.StatusOK)
		require.Equal(t, `"0"`, got.header.Get("ETag"))
		first := read[wire.Template](got)
		require.Equal(t, "built_in", first.Source)
		require.Equal(t, "fr", first.Locale)
		require.Contains(t, first.Words.Subject, "{sender}")
		require.Equal(t, []wire.TemplatePlaceholder{{Name: "sender", Required: false}}, first.Placeholders)

		const words = `{"subject":"Ohé de {sender}","heading":"Titre","body":"Un.\n\nDeux.","footer":"Pied"}`
		set := o.setTemplate("fr", `"0"`, words).is(http.StatusOK)
		require.Equal(t, `"1"`, set.header.Get("ETag"))
		told := data(t, s.fired("template.updated")[0])
		written := map[string]any{"subject": "Ohé de {sender}", "heading": "Titre", "body": "Un.\n\nDeux.", "footer": "Pied"}
		require.Equal(t, map[string]any{"kind": "test", "channel": "email", "locale": "fr", "version": 1.0, "words": written}, told)
		require.Equal(t, "tenant", o.template("fr-CA").Source)
		require.Equal(t, "fr", o.template("fr-CA").WordsLocale)
		require.Zero(t, o.template("fr-CA").Version)
		o.setTemplate("fr", `"0"`, words).refused(http.StatusPreconditionFailed, "version_stale")
		o.setTemplate("fr", `"1"`, words).is(http.StatusOK)
		s.fired()

		o.setTemplate("fr", `"1"`, `{"subject":"S","html":"<p>{sender}</p>","text":"{sender}"}`).is(http.StatusOK)
		require.Equal(t, written, data(t, s.fired("template.updated")[0])["words_before"])
		all := o.templates("")
		require.Len(t, all, 7*2*len(message.Kinds()))
		tenants := 0
		for _, one := range all {
			if one.Source == "tenant" {
				tenants++
				require.EqualValues(t, 2, one.Version.MustGet())
			}
		}
		require.Equal(t, 1, tenants)
		o.send(http.MethodDelete, testTemplates+"fr", "", "If-Match", `"2"`).is(http.StatusNoContent)
		require.Equal(t, map[string]any{"subject": "S", "html": "<p>{sender}</p>", "text": "{sender}"}, data(t, s.fired("template.removed")[0])["words_before"])
		require.Equal(t, "built_in", o.template("fr").Source)
		o.send(http.MethodDelete, testTemplates+"fr", "", "If-Match", `"3"`).refused(http.StatusNotFound, "template_unknown")
		versions := read[wire.TemplateVersionPage](o.send(http.MethodGet, testTemplates+"fr/versions", "").is(http.StatusOK)).Items
		require.Len(t, versions, 3)
		require.True(t, versions[0].Removed)
		require.Equal(t, "api_key", versions[0].ChangedBy.Kind)
		old := read[wire.TemplateVersion](o.send(http.MethodGet, testTemplates+"fr/versions/1", "").is(http.StatusOK))
		require.Equal(t, "Titre", *old.Words.Heading)
		o.send(http.MethodGet, testTemplates+"fr/versions/9", "").refused(http.StatusNotFound, "template_version_unknown")
		o.send(http.MethodGet, "/admin/v1/templates/none/email/fr", "").refused(http.StatusNotFound, "template_unknown")
		o.send(http.MethodGet, "/admin/v1/templates?cursor=AAAA", "").refused(http.StatusUnprocessableEntity, "request_invalid")
		s.fired()
	})
}

// Bad words are refused when they are written, and say where they are bad.
func TestTemplateRefusals(t *testing.T) {
	templateScenario(t, func(t *testing.T, s *scenario, o *operator) {
		for body, want := range map[string][2]string{
			`{"subject":"A\r\nBcc: eve@example.com","heading":"H","body":"B","footer":"F"}`: {"/subject", "format"},
			`{"subject":"{name}","heading":"H","body":"B","footer":"F"}`:                    {"/subject", "placeholder"},
			`{"subject":"S","html":"<p onclick='x()'>a</p>","text":"T"}`:                    {"/html", "html"},
			`{"subject":"S","heading":"H","html":"<p>a</p>","text":"T"}`:                    {"", "inconsistent"},
		} {
			refused := o.setTemplate("de", `"0"`, body).refused(http.StatusUnprocessableEntity, "template_invalid")
			require.Equal(t, want, [2]string{refused.Errors[0].Pointer, refused.Errors[0].Code}, body)
			drafted := o.previewed(`{"kind":"test","channel":"email","locale":"de","words":`+body+`}`).refused(http.StatusUnprocessableEntity, "template_invalid")
			require.Equal(t, "/words"+want[0], drafted.Errors[0].Pointer)
		}
		unknown := o.previewed(`{"kind":"test","channel":"email","locale":"de","values":{"name":"x"}}`).refused(http.StatusUnprocessableEntity, "template_invalid")
		require.Equal(t, "/values", unknown.Errors[0].Pointer)
		o.previewed(`{"kind":"none","channel":"email","locale":"de"}`).refused(http.StatusNotFound, "template_unknown")
		s.fired()
	})
}

// What is previewed is what is sent.
func TestTemplateIsPreviewedAndSent(t *testing.T) {
	templateScenario(t, func(t *testing.T, s *scenario, o *operator) {
		const words = `{"subject":"Ohé de {sender}","html":"<p title='{sender}'>{sender}</p>","text":"De {sender}"}`
		shown := read[wire.TemplatePreview](o.previewed(`{"kind":"test","channel":"email","locale":"fr","words":` + words + `,"values":{"sender":"<b>\"\r\nX"}}`).is(http.StatusOK))
		require.Equal(t, `Ohé de <b>"  X`, shown.Subject)
		require.Equal(t, `<p title="&lt;b&gt;&#34;  X">&lt;b&gt;&#34;  X</p>`, shown.HTML)
		s.fired()
		o.setTemplate("fr", `"0"`, words).is(http.StatusOK)
		sent := o.settled(read[wire.Message](o.tryOut("ada@example.com").is(http.StatusCreated)).ID)
		require.Equal(t, "sent", sent.Status)
		inbox := read[wire.TestInbox](o.send(http.MethodGet, "/test/v1/messages", "").is(http.StatusOK)).Messages
		require.Equal(t, "Ohé de localhost", inbox[0].Subject)
		require.Equal(t, `<p title="localhost">localhost</p>`, inbox[0].HTML)
		require.Equal(t, "De localhost", inbox[0].Text)
		s.fired("template.updated", "message.queued", "message.sent")
	})
}
