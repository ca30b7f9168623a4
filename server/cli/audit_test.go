package cli_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/lintel-id/lintel/server/cli"
	"github.com/lintel-id/lintel/tests/fixtures/postgres"
)

var heads = regexp.MustCompile(`^(tnt_[0-9a-z]{26}) (\d+:[0-9a-f]{64})\n$`)

// Audit records are proven beside a server that writes them, and a change of one row
// is told by name and exit code.
func TestAuditVerify(t *testing.T) {
	for engine, place := range map[string]func(t *testing.T) (environ []string, driver, url string){
		"sqlite": func(t *testing.T) ([]string, string, string) {
			dir := t.TempDir()
			return []string{"LINTEL_DATA_DIR=" + dir}, "sqlite", filepath.Join(dir, "lintel.db")
		},
		"postgres": func(t *testing.T) ([]string, string, string) {
			url := postgres.NewDatabase(t)
			return []string{"LINTEL_DATA_DIR=" + t.TempDir(), "LINTEL_DATABASE_URL=" + url}, "pgx", url
		},
	} {
		t.Run(engine, func(t *testing.T) {
			environ, driver, url := place(t)
			environ = append(environ, "LINTEL_LISTEN=localhost:0", "LINTEL_OPERATIONS_LISTEN=localhost:0", "LINTEL_LOG_LEVEL=error")
			code, _, errs := run(t.Context(), environ, "migrate")
			require.Equal(t, cli.Done, code, errs)
			var tenant, head string
			beside(t, environ, func() {
				require.Eventually(t, func() bool {
					_, out, _ := run(t.Context(), environ, "audit", "head")
					found := heads.FindStringSubmatch(out)
					if found != nil {
						tenant, head = found[1], found[2]
					}
					return found != nil && !strings.HasPrefix(head, "0:")
				}, 20*time.Second, 20*time.Millisecond)
				code, out, errs := run(t.Context(), environ, "audit", "verify")
				require.Equal(t, cli.Done, code, errs)
				require.Contains(t, out, tenant+" (default): holds; ")
				code, _, errs = run(t.Context(), environ, "audit", "verify", "--tenant", "localhost", "--expect", head)
				require.Equal(t, cli.Done, code, errs)
			})
			other := head[:len(head)-1] + "0"
			if other == head {
				other = head[:len(head)-1] + "1"
			}
			code, out, errs := run(t.Context(), environ, "audit", "verify", "--tenant", tenant, "--expect", other)
			require.Equal(t, cli.Failed, code)
			require.Contains(t, out, "rewritten")
			require.Equal(t, "lintel: the audit records do not hold\n", errs)

			removedByRetention(t, environ, driver, url, tenant)
			tamper(t, driver, url, "UPDATE audit_records SET data = '{}' WHERE number = 1")
			code, out, errs = run(t.Context(), environ, "audit", "verify")
			require.Equal(t, cli.Failed, code)
			require.Contains(t, out, tenant+" (default): broken at record 1, event number 1: changed; 0 records")
			require.Equal(t, "lintel: the audit records do not hold\n", errs)

			tamper(t, driver, url, "DELETE FROM audit_records", "DELETE FROM audit_heads", "DELETE FROM events")
			code, out, _ = run(t.Context(), environ, "audit", "verify")
			require.Equal(t, cli.Failed, code)
			require.Regexp(t, `^\d+ events were recorded, and there are 0 records of them\n$`, out)
		})
	}
}

func tamper(t *testing.T, driver, url string, statements ...string) {
	t.Helper()
	pool, err := sql.Open(driver, url)
	require.NoError(t, err)
	defer pool.Close()
	for _, statement := range statements {
		_, err = pool.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
}

// beside runs something while a server serves.
func beside(t *testing.T, environ []string, body func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var stdout, stderr output
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Run(ctx, cli.Process{Args: []string{"serve"}, Environ: environ, Out: &stdout, Err: &stderr})
	}()
	defer func() {
		cancel()
		require.Equal(t, cli.Done, <-ended, stderr.String())
	}()
	require.Eventually(t, func() bool { return strings.Contains(stdout.String(), "/docs") }, 20*time.Second, 5*time.Millisecond)
	body()
}

func TestAuditMisuse(t *testing.T) {
	environ := []string{"LINTEL_DATA_DIR=" + t.TempDir(), "LINTEL_LOG_LEVEL=error"}
	must(t, environ, "migrate")
	for want, args := range map[string][]string{
		"NUMBER:HASH":             {"--expect", "1"},
		"as lintel audit head":    {"--expect", "0:" + strings.Repeat("0", 64)},
		"name it with --tenant":   {"--expect", "1:" + strings.Repeat("0", 64)},
		"--tenant: no tenant has": {"--tenant", "usr_01h455vb4pex5vsknk084sn02q"},
	} {
		code, out, errs := run(t.Context(), environ, append([]string{"audit", "verify"}, args...)...)
		require.Equal(t, cli.Misused, code, want)
		require.Empty(t, out)
		require.Contains(t, errs, want)
	}
}

// removedByRetention has the row of a removal that no record tells of, which is not believed,
// and takes it away again: what is printed names where the chain would begin.
func removedByRetention(t *testing.T, environ []string, driver, url, tenant string) {
	t.Helper()
	at := "1893553445000000"
	if driver == "pgx" {
		at = "'2030-01-02T03:04:05Z'"
	}
	tamper(t, driver, url, "INSERT INTO audit_removals (tenant_id, number, hash, seq, removed_at) SELECT tenant_id, number, hash, seq, "+at+" FROM audit_records WHERE number = 1")
	code, out, errs := run(t.Context(), environ, "audit", "head")
	require.Equal(t, cli.Done, code, errs)
	require.Regexp(t, heads, out)
	require.Equal(t, tenant+" begins at record 2, retention removed those before, the last at 2030-01-02T03:04:05Z\n", errs)
	code, out, _ = run(t.Context(), environ, "audit", "verify")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, out, tenant+" (default): broken at record 1: missing; ")
	require.Contains(t, out, "; begins at record 2, retention removed those before")
	tamper(t, driver, url, "DELETE FROM audit_removals")
}
