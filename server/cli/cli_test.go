package cli_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/cli"
	"github.com/lintel-id/lintel/tests/fixtures/postgres"
)

// output is a writer that may be read while a command still writes.
type output struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buffer.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buffer.String()
}

func run(ctx context.Context, environ []string, args ...string) (code int, out, errs string) {
	var stdout, stderr output
	code = cli.Run(ctx, cli.Process{Args: args, Environ: environ, Out: &stdout, Err: &stderr})
	return code, stdout.String(), stderr.String()
}

func TestVersion(t *testing.T) {
	code, out, errs := run(t.Context(), nil, "version")
	require.Equal(t, cli.Done, code)
	require.Regexp(t, `^lintel \S+ \(go\S+ .+\)\n$`, out)
	require.Empty(t, errs)
}

func TestWithoutACommandThereIsHelp(t *testing.T) {
	code, out, _ := run(t.Context(), nil)
	require.Equal(t, cli.Done, code)
	for _, command := range []string{"serve", "migrate", "version"} {
		require.Contains(t, out, command)
	}
}

func TestMisuseIsToldInOneLine(t *testing.T) {
	for name, test := range map[string]struct {
		environ []string
		args    []string
		want    []string
	}{
		"unknown command": {args: []string{"srve"}, want: []string{`unknown command "srve"`}},
		"unknown flag":    {args: []string{"serve", "--port", "1"}, want: []string{"unknown flag: --port"}},
		"an argument":     {args: []string{"migrate", "now"}, want: []string{`unknown command "now"`}},
		"configuration": {
			environ: []string{"LINTEL_LISTNE=x", "LINTEL_MODE=staging"}, args: []string{"serve"},
			want: []string{"LINTEL_LISTNE: is not a variable of the configuration", "mode (LINTEL_MODE): must be one of [development production]"},
		},
		"production": {
			environ: []string{"LINTEL_MODE=production"}, args: []string{"serve"},
			want: []string{"root_keys: must be given", "base_url: must be given", "trusted_proxies: must name"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := run(t.Context(), test.environ, test.args...)
			require.Equal(t, cli.Misused, code)
			require.Empty(t, out)
			lines := strings.Split(strings.TrimSuffix(errs, "\n"), "\n")
			require.Len(t, lines, len(test.want), errs)
			for i, want := range test.want {
				require.True(t, strings.HasPrefix(lines[i], "lintel: "+want), lines[i])
			}
		})
	}
}

func TestAFailureIsNoMisuse(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	code, _, errs := run(t.Context(), []string{"LINTEL_DATA_DIR=" + filepath.Join(file, "data"), "LINTEL_LISTEN=localhost:0", "LINTEL_OPERATIONS_LISTEN=localhost:0"}, "serve")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "lintel: data_dir: ")
}

func TestMigrate(t *testing.T) {
	environ := []string{"LINTEL_DATA_DIR=" + t.TempDir(), "LINTEL_LOG_LEVEL=error"}
	for range 2 {
		code, out, errs := run(t.Context(), environ, "migrate")
		require.Equal(t, cli.Done, code, errs)
		require.Regexp(t, `^The tables are at version \d+\.\n$`, out)
	}
}

func TestMigrateThenServeOnPostgres(t *testing.T) {
	environ := []string{"LINTEL_DATABASE_URL=" + postgres.NewDatabase(t), "LINTEL_DATA_DIR=" + t.TempDir(), "LINTEL_LISTEN=localhost:0", "LINTEL_OPERATIONS_LISTEN=localhost:0", "LINTEL_LOG_LEVEL=error"}
	code, _, errs := run(t.Context(), environ, "serve")
	require.Equal(t, cli.Misused, code)
	require.Contains(t, errs, "run lintel migrate")
	code, _, errs = run(t.Context(), environ, "migrate")
	require.Equal(t, cli.Done, code, errs)
	serveUntilGreeted(t, environ)
}

func TestServe(t *testing.T) {
	serveUntilGreeted(t, []string{"LINTEL_DATA_DIR=" + t.TempDir(), "LINTEL_LISTEN=localhost:0", "LINTEL_OPERATIONS_LISTEN=localhost:0"})
}

func serveUntilGreeted(t *testing.T, environ []string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var stdout, stderr output
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Run(ctx, cli.Process{Args: []string{"serve"}, Environ: environ, Out: &stdout, Err: &stderr})
	}()
	require.Eventually(t, func() bool { return strings.Contains(stdout.String(), "/docs") }, 20*time.Second, 5*time.Millisecond)
	cancel()
	require.Equal(t, cli.Done, <-ended, stderr.String())
}
