package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/cli"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// templateLife goes through all verbs.
func templateLife(t *testing.T, environ []string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "words.json")
	write := func(text string) { require.NoError(t, os.WriteFile(file, []byte(text), 0o600)) }
	require.Regexp(t, `(?m)^test/email/en +built_in +- +never$`, must(t, environ, "template", "list"))
	write(must(t, environ, "template", "show", "test/email/en"))
	require.Contains(t, must(t, environ, "template", "preview", "test/email/en", "--file", file, "--value", "sender=Harbour"), "A test message from Harbour\n\nIt has arrived")
	write(`{"subject":"Ahoy from {sender}","html":"<p>Ahoy</p>","text":"Ahoy"}`)
	require.Contains(t, must(t, environ, "template", "preview", "test/email/en", "--file", file, "--html"), "<p>Ahoy</p>")
	require.Contains(t, must(t, environ, "template", "set", "test/email/en", "--file", file), "tenant")
	require.Regexp(t, `(?m)^test/email/en +tenant +\d+ +\S+Z$`, must(t, environ, "template", "list"))
	require.Contains(t, must(t, environ, "template", "preview", "test/email/en", "--json"), `"text": "Ahoy"`)
	version := must(t, environ, "template", "versions", "test/email/en", "-q")
	require.Contains(t, must(t, environ, "template", "show", "test/email/en", "--version", version[:1]), "Ahoy")
	require.Regexp(t, `built-in words again`, must(t, environ, "template", "remove", "test/email/en", "--yes"))
	require.Regexp(t, `(?m)^\d+ +yes +\S+Z +\S+$`, must(t, environ, "template", "versions", "test/email/en"))
	require.Contains(t, must(t, environ, "template", "show", "test/email/en"), "It has arrived")

	write(`{"text":"{code} it is"}`)
	require.Regexp(t, `^482915 it is\n\n@id.example.com #482915`, must(t, environ, "template", "preview", "login_code/sms/en", "--file", file))
	app := strings.TrimSpace(must(t, environ, "app", "create", "Shop", "-q"))
	must(t, environ, "template", "set", "login_code/sms/en", "--file", file, "--application", app)
	require.Regexp(t, `(?m)^login_code/sms/en +application +\d+ +\S+Z$`, must(t, environ, "template", "list", "--application", app))
	require.Contains(t, must(t, environ, "template", "show", "login_code/sms/en", "--application", app), "it is")
	require.NotContains(t, must(t, environ, "template", "show", "login_code/sms/en"), "it is")
	require.NotEmpty(t, must(t, environ, "template", "versions", "login_code/sms/en", "--application", app, "-q"))
	must(t, environ, "template", "remove", "login_code/sms/en", "--yes", "--application", app)
	require.NotContains(t, must(t, environ, "template", "preview", "login_code/sms/en", "--application", app), "it is")

	write(`{"subject":"S","html":"<script>1</script>","text":"T"}`)
	code, _, errs := run(t.Context(), environ, "template", "set", "test/email/en", "--file", file)
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "(template_invalid)")
	for _, misuse := range [][]string{{"show", "test"}, {"set", "test/email/en"}, {"set", "test/email/en", "--file", file + "x"}} {
		code, _, _ := run(t.Context(), environ, append([]string{"template"}, misuse...)...)
		require.Equal(t, cli.Misused, code, misuse)
	}
}

func TestTemplateOnTheLocalDatabaseAndAtAServer(t *testing.T) {
	for engine, environ := range places(t) {
		t.Run(engine, func(t *testing.T) {
			first := secret.NewToken(apikey.Prefix).Reveal()
			must(t, environ, "migrate")
			address, stop := serving(t, append([]string{"LINTEL_BOOTSTRAP_KEY=" + first}, environ...))
			templateLife(t, append([]string{"LINTEL_SERVER=" + address, "LINTEL_KEY=" + first}, environ...))
			if engine == "sqlite" {
				stop()
			}
			templateLife(t, environ)
		})
	}
}
