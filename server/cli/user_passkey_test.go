package cli_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/descope/virtualwebauthn"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/cli"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// What a person calls a passkey is theirs to choose, and a terminal obeys none of it.
func TestUserPasskeys(t *testing.T) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.Path)
		if r.Method == http.MethodDelete {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"next_cursor":null,"items":[
			{"id":"psk_1","name":"The phone","aaguid":"ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4","authenticator":"Google Password Manager","attested":false,"rp_id":"example.com","transports":["internal"],"backup_eligible":true,"backed_up":true,"user_verified":true,"created_at":"2030-01-02T03:04:05Z","last_used_at":null},
			{"id":"psk_2","name":"Key\u001b[2J","aaguid":"2fc0579f-8113-47ea-b116-bb5a8db9202a","attested":true,"rp_id":"example.com","transports":["usb"],"backup_eligible":false,"backed_up":false,"user_verified":true,"created_at":"2030-01-02T03:04:05Z","last_used_at":"2030-01-03T03:04:05Z"}]}`))
	}))
	defer server.Close()
	environ := []string{"LINTEL_KEY=lk_x", "LINTEL_SERVER=" + server.URL}
	listed := must(t, environ, "user", "passkey", "list", "usr_1")
	require.Regexp(t, `(?m)^psk_1 +2030-01-02T03:04:05Z +never +example.com +copied +Google Password Manager \(not proven\) +The phone$`, listed)
	require.Regexp(t, `(?m)^psk_2 +2030-01-02T03:04:05Z +2030-01-03T03:04:05Z +example.com +one device +2fc0579f-8113-47ea-b116-bb5a8db9202a +Key\\u001b\[2J$`, listed)
	require.NotContains(t, listed, "\x1b")
	require.Equal(t, "psk_1\npsk_2\n", must(t, environ, "user", "passkey", "list", "usr_1", "-q"))

	asked = nil
	code, out, errs := run(t.Context(), environ, "user", "passkey", "remove", "usr_1", "psk_1")
	require.Equal(t, cli.Misused, code)
	require.Empty(t, out)
	require.Contains(t, errs, "say --yes")
	require.Empty(t, asked)
	require.Equal(t, "psk_1 is removed.\n", must(t, environ, "user", "passkey", "remove", "usr_1", "psk_1", "--yes"))
	require.Equal(t, []string{"DELETE /admin/v1/users/usr_1/passkeys/psk_1"}, asked)
}

// A passkey that somebody made is listed and removed at a server.
func TestUserPasskeyAtAServer(t *testing.T) {
	place, first := embeddedPlace(t, t.TempDir()), secret.NewToken(apikey.Prefix).Reveal()
	address, stop := serving(t, append([]string{"LINTEL_BOOTSTRAP_KEY=" + first}, place...))
	defer stop()
	environ := append([]string{"LINTEL_SERVER=" + address, "LINTEL_KEY=" + first}, place...)
	file := filepath.Join(t.TempDir(), "app.json")
	require.NoError(t, os.WriteFile(file, []byte(`{"origins":["http://localhost:3000"],"passkeys":{"rp_id":"localhost"}}`), 0o600))
	must(t, environ, "app", "create", "Shop", "--client-id", "shop", "--file", file)
	owner := joins(t, address)
	listed := strings.Fields(must(t, environ, "user", "passkey", "list", owner, "-q"))
	require.Len(t, listed, 1)
	require.Equal(t, listed[0]+" is removed.\n", must(t, environ, "user", "passkey", "remove", owner, listed[0], "--yes"))
	require.Empty(t, must(t, environ, "user", "passkey", "list", owner, "-q"))
}

// joins registers somebody with a passkey, as an app does, and gives their id.
func joins(t *testing.T, address string) string {
	t.Helper()
	var begun struct {
		ID        string
		FlowToken string `json:"flow_token"`
		Steps     []struct{ Options json.RawMessage }
	}
	posted(t, address+"/v1/flows", "", `{"journey":"registration","transport":"token","client_id":"shop","accepts":["new_passkey"]}`, &begun)
	require.Len(t, begun.Steps, 1)
	options, err := virtualwebauthn.ParseAttestationOptions(string(begun.Steps[0].Options))
	require.NoError(t, err)
	key := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	for len(key.Key.AttestationData()) != 77 { // the library writes coordinates without their leading zeros
		key = virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	}
	made := virtualwebauthn.CreateAttestationResponse(
		virtualwebauthn.RelyingParty{ID: "localhost", Name: "Shop", Origin: "http://localhost:3000"}, virtualwebauthn.NewAuthenticator(), key, *options)
	var done struct {
		Outcome struct{ User struct{ ID string } }
	}
	posted(t, address+"/v1/flows/"+begun.ID+"/steps", begun.FlowToken, `{"type":"new_passkey","identifier":"grace","credential":`+made+`}`, &done)
	require.NotEmpty(t, done.Outcome.User.ID)
	return done.Outcome.User.ID
}

func posted(t *testing.T, url, flow, body string, into any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	if flow != "" {
		request.Header.Set("Lintel-Flow", flow)
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, into), "%s", text)
}
