package fault_test

import (
	"log/slog"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/tests/fixtures/process"
)

const (
	baseURL = "http://localhost:8080" // what every server here is called, wherever it listens
	rootKey = "tests:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
)

// place is where servers keep their rows.
type place struct {
	engine storage.Engine
	dir    string
	url    string
}

// newPlace makes an empty one. PostgreSQL's tables are made by the server at hand.
func newPlace(t *testing.T, engine storage.Engine) place {
	t.Helper()
	here := place{engine: engine, dir: t.TempDir(), url: ""}
	if engine == storage.Postgres {
		here.url = cluster(t).NewDatabase(t)
		here.migrate(t, program(t))
	}
	return here
}

func (p place) migrate(t *testing.T, program string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, "migrate")
	cmd.Env = process.Environment(p.environ()...)
	said, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", said)
}

func (p place) environ(more ...string) []string {
	return append([]string{
		"LINTEL_LISTEN=127.0.0.1:0", "LINTEL_OPERATIONS_LISTEN=127.0.0.1:0", "LINTEL_BASE_URL=" + baseURL,
		"LINTEL_DATA_DIR=" + p.dir, "LINTEL_DATABASE_URL=" + p.url, "LINTEL_ROOT_KEYS=" + rootKey,
		"LINTEL_TRUSTED_PROXIES=127.0.0.0/8", "LINTEL_LOG_FORMAT=json", "LINTEL_LOG_LEVEL=info",
	}, more...)
}

// serve starts the server at hand here.
func (p place) serve(t *testing.T, more ...string) *process.Process {
	t.Helper()
	return process.Start(t, program(t), []string{"serve"}, p.environ(more...))
}

// open gives a handle of the test's own on the same rows.
func (p place) open(t *testing.T) *storage.DB {
	t.Helper()
	db, err := storage.Open(t.Context(), storage.Config{
		URL: p.url, DataDir: p.dir, Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler), MaxOpen: 2, Readers: 1,
	})
	require.NoError(t, err)
	return db
}
