package cli_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/cli"
	"github.com/lintel-id/lintel/server/platform/secret"
)

func TestAuditListShowAndHead(t *testing.T) {
	for engine, environ := range places(t) {
		t.Run(engine, func(t *testing.T) {
			first := secret.NewToken(apikey.Prefix).Reveal()
			must(t, environ, "migrate")
			address, _ := serving(t, append([]string{"LINTEL_BOOTSTRAP_KEY=" + first}, environ...))
			environ := append([]string{"LINTEL_KEY=" + first, "LINTEL_SERVER=" + address}, environ...)
			id := ""
			for line := range strings.Lines(must(t, environ, "key", "list", "-q")) {
				id = strings.TrimSpace(line)
			}
			require.Eventually(t, func() bool {
				return strings.Contains(must(t, environ, "audit", "list", "--type", "apikey"), id)
			}, 20*time.Second, 20*time.Millisecond)
			require.Regexp(t, `(?m)^NUMBER +TIME +TYPE +SUBJECT +BY\n\d+ +\S+Z +apikey\.created +`+id+` +system$`, must(t, environ, "audit", "list", "--subject", id))
			number := strings.TrimSpace(must(t, environ, "audit", "list", "--subject", id, "-q"))
			shown := must(t, environ, "audit", "show", number)
			require.Regexp(t, `(?m)^SUBJECT +`+id+`$`, shown)
			require.Contains(t, shown, `"bootstrap"`)
			require.Contains(t, must(t, environ, "audit", "show", number, "--json"), `"event_id": "evt_`)
			require.Equal(t, 1, strings.Count(must(t, environ, "audit", "list", "--json", "-n", "1"), "\n"))
			all := strings.Fields(must(t, environ, "audit", "list", "--oldest", "-q"))
			require.Equal(t, "1", all[0])
			head := must(t, environ, "audit", "head", "--server", address)
			require.Regexp(t, `^`+all[len(all)-1]+`:[0-9a-f]{64}\n$`, head)
			code, _, errs := run(t.Context(), environ, "audit", "show", "999999")
			require.Equal(t, cli.Failed, code)
			require.Contains(t, errs, "(audit_entry_unknown)")
			code, _, errs = run(t.Context(), environ, "audit", "list", "--from", "yesterday")
			require.Equal(t, cli.Misused, code)
			require.Contains(t, errs, "--from")
		})
	}
}
