package cli_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/cli"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// invitationLife goes through all verbs.
func invitationLife(t *testing.T, environ []string, to, phone string) {
	t.Helper()
	client := strings.TrimSuffix(to, "@example.com")
	must(t, environ, "app", "create", "Shop", "--client-id", client, "--link-uri", "https://shop.example.com/link")
	made := must(t, environ, "invitation", "create", to, "--client-id", client, "--locale", "de", "--profile", `{"name":"Ada"}`, "--expires", "24h")
	require.Regexp(t, `(?m)^STATUS +pending$`, made)
	require.Regexp(t, `(?m)^DELIVERY +message$`, made)
	require.Regexp(t, `(?m)^LOCALE +de$`, made)
	require.NotContains(t, made, "LINK")
	id := strings.TrimSpace(must(t, environ, "invitation", "list", "--to", strings.ToUpper(to), "-q"))
	require.Regexp(t, `^inv_\w{26}$`, id)
	require.Equal(t, made, must(t, environ, "invitation", "show", id))
	require.Regexp(t, `(?m)^`+id+` +pending +message +\S+Z +`+to+`$`, must(t, environ, "invitation", "list", "--status", "pending"))
	code, _, errs := run(t.Context(), environ, "invitation", "send", id)
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "(code_sent_recently)")

	shown := must(t, environ, "invitation", "create", phone, "--client-id", client, "--show")
	require.Regexp(t, `(?m)^TO +\`+phone+`$`, shown)
	require.Regexp(t, `(?m)^LINK +https://shop\.example\.com/link#invitation=li_\S+$`, shown)
	other := strings.TrimSpace(must(t, environ, "invitation", "list", "--to", phone, "-q"))
	again := must(t, environ, "invitation", "send", other)
	require.Regexp(t, `(?m)^LINK +https://shop\.example\.com/link#invitation=li_\S+$`, again)
	require.NotEqual(t, shown, again)
	require.Equal(t, id+" is worth nothing any more.\n", must(t, environ, "invitation", "revoke", id, "--yes"))
	require.Regexp(t, `(?m)^STATUS +revoked$`, must(t, environ, "invitation", "show", id))
	code, _, errs = run(t.Context(), environ, "invitation", "send", id)
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "(invitation_closed)")
	require.Regexp(t, `^https://shop\.example\.com/link#invitation=li_\S+\n$`, must(t, environ, "invitation", "create", to, "--client-id", client, "--show", "-q"))
	code, _, _ = run(t.Context(), environ, "invitation", "create", to, "--client-id", client, "--profile", "name")
	require.Equal(t, cli.Misused, code)
}

func TestInvitationOnTheLocalDatabaseAndAtAServer(t *testing.T) {
	for engine, environ := range places(t) {
		t.Run(engine, func(t *testing.T) {
			first := secret.NewToken(apikey.Prefix).Reveal()
			must(t, environ, "migrate")
			address, stop := serving(t, append([]string{"LINTEL_BOOTSTRAP_KEY=" + first}, environ...))
			invitationLife(t, append([]string{"LINTEL_SERVER=" + address, "LINTEL_KEY=" + first}, environ...), "ada@example.com", "+442079460000")
			stop()
			invitationLife(t, environ, "grace@example.com", "+442079460001")
		})
	}
}
