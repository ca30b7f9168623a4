package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/management"
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
			require.Equal(t, head, must(t, environ, "audit", "head"))
			require.Regexp(t, `^tnt_\S+ \d+:`, must(t, environ, "audit", "head", "--local"))
			code, out, errs := run(t.Context(), environ, "audit", "verify", "--server", address, "--expect", strings.TrimSpace(head))
			require.Equal(t, cli.Done, code, errs)
			require.Contains(t, out, `"holds":true`)
			code, out, _ = run(t.Context(), environ, "audit", "verify", "--server", address, "--expect", "1:"+strings.Repeat("0", 64))
			require.Equal(t, cli.Failed, code)
			require.Contains(t, out, `"fault":"rewritten"`)
			verifiesWhereItIsSaid(t, environ, address)
			exported := must(t, environ, "audit", "export", "--type", "apikey", "--format", "csv", "-q")
			require.Contains(t, exported, ","+id+",")
			jobLife(t, environ)
			writesWhatJobsMake(t, environ, exported)
			code, out, errs = run(t.Context(), environ, "user", "list", "--prefix", "x")
			require.Equal(t, cli.Failed, code)
			require.Empty(t, out, "no table where there is none")
			require.Contains(t, errs, "(filter_not_indexed)")
			code, _, errs = run(t.Context(), environ, "audit", "show", "999999")
			require.Equal(t, cli.Failed, code)
			require.Contains(t, errs, "(audit_entry_unknown)")
			code, _, errs = run(t.Context(), environ, "audit", "list", "--from", "yesterday")
			require.Equal(t, cli.Misused, code)
			require.Contains(t, errs, "--from")
		})
	}
}

// verifiesWhereItIsSaid has the server verify that is named for all commands, and the local
// database looked at where that is left out.
func verifiesWhereItIsSaid(t *testing.T, environ []string, address string) {
	t.Helper()
	require.Contains(t, must(t, environ, "audit", "verify"), `"holds":true`)
	require.Contains(t, must(t, environ, "audit", "verify", "--local"), " (default): holds; ")
	for want, args := range map[string][]string{
		"are for the local database": {"--tenant", "default"},
		"exclude each other":         {"--local", "--server", address},
	} {
		code, out, errs := run(t.Context(), environ, append([]string{"audit", "verify"}, args...)...)
		require.Equal(t, cli.Misused, code)
		require.Empty(t, out)
		require.Contains(t, errs, want)
	}
}

// writesWhatJobsMake has an export, and the result of a job again, written into files.
func writesWhatJobsMake(t *testing.T, environ []string, exported string) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "audit.csv")
	code, out, errs := run(t.Context(), environ, "audit", "export", "--type", "apikey", "--format", "csv", "--out", path)
	require.Equal(t, cli.Done, code, errs)
	require.Empty(t, out)
	require.Contains(t, errs, "completed ")
	require.Contains(t, errs, "written to "+path)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, exported, string(text))
	keptUnlessForced(t, environ, path, "audit", "export", "--type", "apikey", "--format", "csv")

	id, again := strings.Fields(must(t, environ, "job", "list", "-q"))[0], filepath.Join(dir, "again.csv")
	code, out, errs = run(t.Context(), environ, "job", "result", id, "--out", again)
	require.Equal(t, cli.Done, code, errs)
	require.Empty(t, out)
	require.Equal(t, "written to "+again+"\n", errs)
	text, err = os.ReadFile(again)
	require.NoError(t, err)
	require.Equal(t, exported, string(text))
	keptUnlessForced(t, environ, again, "job", "result", id)
	code, _, errs = run(t.Context(), environ, "job", "result", "job_01h455vb4pex5vsknk084sn02q", "--out", filepath.Join(dir, "none"))
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "(job_unknown)")
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 2, "nothing half-written stays")
}

// jobLife is of an export that has just been made.
func jobLife(t *testing.T, environ []string) {
	t.Helper()
	id := strings.Fields(must(t, environ, "job", "list", "-q"))[0]
	require.Regexp(t, `(?m)^`+id+` +audit_export +completed +\S+Z +\d+ of \d+$`, must(t, environ, "job", "list"))
	require.Equal(t, 4, strings.Count(must(t, environ, "job", "list", "--json"), "\n"))
	require.Regexp(t, `(?m)^RESULT +text/csv, \d+ bytes$`, must(t, environ, "job", "show", id))
	code, out, errs := run(t.Context(), environ, "job", "wait", id, "-q")
	require.Equal(t, cli.Done, code, errs)
	require.Equal(t, id+"\n", out)
	require.Contains(t, must(t, environ, "job", "result", id), "apikey.created")
	code, _, errs = run(t.Context(), environ, "job", "cancel", id)
	require.Equal(t, cli.Misused, code)
	require.Contains(t, errs, "say --yes")
	code, _, errs = run(t.Context(), environ, "job", "cancel", id, "--yes")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "(job_finished)")
}

// A job that nobody has begun is cancelled: of many there is one that still waits.
func TestJobThatIsCancelled(t *testing.T) {
	place, first := embeddedPlace(t, t.TempDir()), secret.NewToken(apikey.Prefix).Reveal()
	address, stop := serving(t, append([]string{"LINTEL_BOOTSTRAP_KEY=" + first}, place...))
	defer stop()
	environ := append([]string{"LINTEL_SERVER=" + address, "LINTEL_KEY=" + first}, place...)
	client, err := management.New(address, management.Options{Key: management.StaticKey(first)})
	require.NoError(t, err)
	for range 20 {
		var last *management.Job
		for range 10 {
			if last, err = client.CreateAuditExport(t.Context(), management.NewAuditExport{Format: "ndjson"}); err != nil {
				break // as many as there may be wait by now
			}
		}
		if last == nil {
			continue
		}
		code, out, errs := run(t.Context(), environ, "job", "cancel", last.ID, "--yes")
		if code == cli.Done {
			require.Regexp(t, `(?m)^STATUS +cancelled$`, out)
			return
		}
		require.Contains(t, errs, "(job_finished)")
	}
	require.Fail(t, "none of 200 jobs was cancelled")
}
