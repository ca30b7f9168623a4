package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/cli"
	"github.com/lintel-id/lintel/server/platform/secret"
)

func appLife(t *testing.T, environ []string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "app.json")
	require.NoError(t, os.WriteFile(file, []byte(`{"token_endpoint_auth_method":"client_secret_basic","grant_types":["client_credentials"],"scope":"orders:read","software_id":"shop","passkeys":{"rp_id":"shop.example","timeout_seconds":60}}`), 0o600))
	created := must(t, environ, "app", "create", "Night shop", "--client-id", "night-shop", "--origin", "https://shop.example", "--link-uri", "https://shop.example/link", "--file", file)
	require.Regexp(t, `(?m)^CLIENT ID +night-shop$`, created)
	require.Regexp(t, `(?m)^PASSKEYS OF +shop.example$`, created)
	require.Regexp(t, `(?m)^GRANT TYPES +client_credentials$`, created)
	require.Regexp(t, `(?ms)^LINK URIS +https://shop.example/link$.^LINKS ELSEWHERE +code$.^GUESTS +no$.^INVITATIONS BY USERS +no$.^OWNERSHIP PROOF +deferred$`, created)
	require.Regexp(t, `(?m)^app_\S+ +night-shop +Night shop +yes +web +api `, must(t, environ, "app", "list"))
	require.Contains(t, must(t, environ, "app", "list"), " configuration ")
	id := ""
	for one := range strings.FieldsSeq(must(t, environ, "app", "list", "-q")) {
		if strings.Contains(must(t, environ, "app", "show", one), "night-shop") {
			id = one
		}
	}
	require.Regexp(t, `(?m)^ENABLED +no$`, must(t, environ, "app", "update", id, "--disable", "--name", "Day shop"))
	require.Regexp(t, `(?m)^REDIRECT URIS +https://shop.example/cb$`, must(t, environ, "app", "update", id, "--redirect-uri", "https://shop.example/cb", "--enable"))
	require.Regexp(t, `(?m)^LINK URIS +https://shop.example/a,https://shop.example/b$`, must(t, environ, "app", "update", id, "--link-uri", "https://shop.example/a,https://shop.example/b"))
	require.NoError(t, os.WriteFile(file, []byte(`{"scope":null,"backchannel_logout_uri":"https://shop.example/out","userinfo_signed_response_alg":"PS256","passkeys":{"second_factor":true}}`), 0o600))
	must(t, environ, "app", "update", id, "--file", file)
	var shown struct {
		Name, Scope  string
		SoftwareID   string `json:"software_id"`
		LogoutURI    string `json:"backchannel_logout_uri"`
		UserinfoSign string `json:"userinfo_signed_response_alg"`
		Passkeys     map[string]any
	}
	require.NoError(t, json.Unmarshal([]byte(must(t, environ, "app", "show", id, "--json")), &shown))
	require.Equal(t, []string{"Day shop", "", "shop", "https://shop.example/out", "PS256"}, []string{shown.Name, shown.Scope, shown.SoftwareID, shown.LogoutURI, shown.UserinfoSign})
	require.Equal(t, []any{"shop.example", 60.0, true}, []any{shown.Passkeys["rp_id"], shown.Passkeys["timeout_seconds"], shown.Passkeys["second_factor"]}, "a file changes what it names")

	code, out, errs := run(t.Context(), environ, "app", "secret", "create", id)
	require.Equal(t, cli.Done, code, errs)
	require.Regexp(t, `lcs_\S{43}\n$`, out)
	require.Contains(t, errs, "shown only now")
	second := must(t, environ, "app", "secret", "create", id, "--overlap", "1h", "--yes", "-q")
	require.Regexp(t, `^lcs_\S{43}\n$`, second)
	listed := must(t, environ, "app", "secret", "list", id)
	require.NotContains(t, listed, "lcs_")
	require.Equal(t, 1, strings.Count(listed, "never"))
	for one := range strings.FieldsSeq(must(t, environ, "app", "secret", "list", id, "-q")) {
		code, _, errs = run(t.Context(), environ, "app", "secret", "delete", one, "--app", id)
		require.Equal(t, cli.Misused, code)
		require.Contains(t, errs, "say --yes")
		require.Contains(t, must(t, environ, "app", "secret", "delete", one, "--app", id, "--yes"), "is deleted")
	}
	require.Contains(t, must(t, environ, "app", "delete", id, "--yes"), "is deleted")
	code, _, errs = run(t.Context(), environ, "app", "show", id)
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "(application_unknown)")

	declared := strings.Fields(must(t, environ, "app", "list", "-q"))[0]
	code, _, errs = run(t.Context(), environ, "app", "update", declared, "--disable")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "(declared_in_configuration)")
}

func TestAppOnTheLocalDatabaseAndAtAServer(t *testing.T) {
	for engine, environ := range places(t) {
		t.Run(engine, func(t *testing.T) {
			first := secret.NewToken(apikey.Prefix).Reveal()
			must(t, environ, "migrate")
			address, stop := serving(t, append([]string{"LINTEL_BOOTSTRAP_KEY=" + first}, environ...))
			appLife(t, append([]string{"LINTEL_SERVER=" + address, "LINTEL_KEY=" + first}, environ...))
			stop()
			appLife(t, environ)
		})
	}
}

// An application that is made without saying so proves addresses first in production.
func TestAppProvesAddressesWhenTheModeSaysSo(t *testing.T) {
	environ := embeddedPlace(t, t.TempDir(), "LINTEL_ROOT_KEYS="+rootKeyOf(t, "apps"))
	_, stop := serving(t, environ)
	stop()
	require.Regexp(t, `(?m)^OWNERSHIP PROOF +deferred$`, must(t, environ, "app", "create", "Try-out"))
	production := append([]string{"LINTEL_MODE=production", "LINTEL_BASE_URL=https://id.example.com", "LINTEL_NO_PROXIES=true"}, environ...)
	require.Regexp(t, `(?m)^OWNERSHIP PROOF +before_account$`, must(t, production, "app", "create", "In earnest"))
}

func TestAppMisuse(t *testing.T) {
	for want, args := range map[string][]string{
		"nothing is to be changed": {"update", "app_1"},
		"exclude each other":       {"update", "app_1", "--enable", "--disable"},
		"--app is missing":         {"secret", "delete", "acs_1"},
		"--file":                   {"create", "x", "--file", filepath.Join(t.TempDir(), "none")},
		"out of range":             {"secret", "create", "app_1", "--overlap", "-1s"},
	} {
		code, _, errs := run(t.Context(), []string{"LINTEL_KEY=lk_x", "LINTEL_SERVER=http://localhost:1"}, append([]string{"app"}, args...)...)
		require.Equal(t, cli.Misused, code, errs)
		require.Contains(t, errs, want)
	}
}
