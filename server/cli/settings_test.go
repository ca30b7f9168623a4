package cli_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/cli"
	"github.com/lintel-id/lintel/server/platform/secret"
)

func TestSettingsOnTheLocalDatabaseAndAtAServer(t *testing.T) {
	local := embeddedPlace(t, t.TempDir())
	first := secret.NewToken(apikey.Prefix).Reveal()
	address, stop := serving(t, append([]string{"LINTEL_BOOTSTRAP_KEY=" + first}, local...))
	remote := append([]string{"LINTEL_SERVER=" + address, "LINTEL_KEY=" + first}, local...)
	require.Regexp(t, `(?m)^LOCALE +as the server$`, must(t, remote, "settings", "show"))
	require.Empty(t, must(t, remote, "settings", "show", "-q"), "it has nothing of its own")
	changed := must(t, remote, "settings", "set", "locale=de", "password_min_length=12")
	require.Regexp(t, `(?m)^LOCALE +de$`, changed)
	require.Regexp(t, `(?m)^PASSWORD MIN LENGTH +12$`, changed)
	require.Regexp(t, `(?m)^AUDIT RETENTION DAYS +for ever$`, changed)
	own := must(t, remote, "settings", "show", "-q")
	require.Equal(t, "locale=de\npassword_min_length=12\n", own)
	require.Equal(t, "locale=en\npassword_min_length=12\n", must(t, remote, "settings", "set", "locale=en", "-q"))
	require.Equal(t, "2\n1\n", must(t, remote, "settings", "history", "-q"))
	require.Contains(t, must(t, remote, "settings", "history", "1"), `"locale": "de"`)
	require.Regexp(t, `(?m)^LOCALE +de$`, must(t, remote, "settings", "restore", "1", "--yes"))
	stop()

	require.Regexp(t, `(?m)^LOCALE +as the server$`, must(t, local, "settings", "set", "locale="))
	require.Regexp(t, `(?m)^4 +\S+Z +system +as the server +12 `, must(t, local, "settings", "history"))
	require.Equal(t, "4\n3\n2\n1\n", must(t, local, "settings", "history", "-q"))
	require.Contains(t, must(t, local, "settings", "history", "1"), `"locale": "de"`)
	code, _, errs := run(t.Context(), local, "settings", "restore", "1")
	require.Equal(t, cli.Misused, code)
	require.Contains(t, errs, "say --yes")
	require.Regexp(t, `(?m)^LOCALE +de$`, must(t, local, "settings", "restore", "1", "--yes"))
	code, _, errs = run(t.Context(), local, "settings", "set", "password_min_length=3")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "/password_min_length: This has to be 8 or more.", "the tenant is German, and the commands are not")
	require.Regexp(t, `(?m)^AUDIT RETENTION DAYS +365$`, must(t, local, "settings", "set", "audit_retention_days=365"))
	require.Equal(t, own+"audit_retention_days=365\n", must(t, local, "settings", "show", "--quiet"))
	taken := append([]string{"settings", "set", "-q"}, strings.Fields(own)...)
	require.Equal(t, own+"audit_retention_days=365\n", must(t, local, taken...), "it takes what was shown")
	codes := must(t, local, "settings", "set", "code_length=8", "code_lifetime_seconds=60", "link_lifetime_seconds=61", "code_resend_seconds=10", "identifier_undo_seconds=0", "unknown_address_notice=true", "message_countries=GB,DE")
	require.Regexp(t, `(?ms)^CODE LENGTH +8$.^CODE LIFETIME SECONDS +60$.^LINK LIFETIME SECONDS +61$.^CODE RESEND SECONDS +10$.^IDENTIFIER UNDO SECONDS +0$.^UNKNOWN ADDRESS NOTICE +yes$.^MESSAGE COUNTRIES +DE,GB$`, codes)
	require.Equal(t, own+"audit_retention_days=365\ncode_length=8\ncode_lifetime_seconds=60\nlink_lifetime_seconds=61\ncode_resend_seconds=10\nidentifier_undo_seconds=0\nunknown_address_notice=true\nmessage_countries=DE,GB\n",
		must(t, local, "settings", "show", "-q"))
	require.Regexp(t, ` 8 +60 +61 +10 +0 +yes +DE,GB\n`, must(t, local, "settings", "history"))
	require.Regexp(t, `(?m)^UNKNOWN ADDRESS NOTICE +no$`, must(t, local, "settings", "set", "unknown_address_notice=false"))
	require.Regexp(t, `(?m)^MESSAGE COUNTRIES +GB$`, must(t, local, "settings", "set", "message_countries=GB"))
	require.Regexp(t, `(?m)^MESSAGE COUNTRIES +as the server$`, must(t, local, "settings", "set", "message_countries="))
	code, _, errs = run(t.Context(), local, "settings", "set", "code_length=9")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "/code_length")
	code, _, errs = run(t.Context(), local, "settings", "set", "audit_retention_days=29")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "/audit_retention_days")
}

func TestSettingsMisuse(t *testing.T) {
	for want, args := range map[string][]string{
		"nothing is to be changed": {"set"},
		"is not NAME=VALUE":        {"set", "locale"},
		"no such setting":          {"set", "colour=red"},
		"from 1 on":                {"restore", "x"},
	} {
		code, _, errs := run(t.Context(), []string{"LINTEL_KEY=lk_x", "LINTEL_SERVER=http://localhost:1"}, append([]string{"settings"}, args...)...)
		require.Equal(t, cli.Misused, code, errs)
		require.Contains(t, errs, want)
	}
	require.Contains(t, must(t, nil, "__complete", "settings", "set", ""), "locale=\n")
}
