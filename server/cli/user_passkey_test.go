package cli_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/cli"
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
