package fault_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/tests/fixtures/postgres"
	"github.com/lintel-id/lintel/tests/fixtures/process"
)

const (
	patience = time.Minute           // for what has to happen, and mostly has at once
	look     = 10 * time.Millisecond // how often it is looked for
)

// built is what all tests of this run share.
var built struct {
	dir      string
	program  sync.Once
	previous sync.Once
	cluster  sync.Once
	own      *postgres.Cluster
	failed   error
}

func TestMain(m *testing.M) {
	code := m.Run()
	var err error
	if built.own != nil {
		err = built.own.Stop()
	}
	if built.dir != "" {
		err = errors.Join(err, os.RemoveAll(built.dir))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "FAIL:", err)
		code = 1
	}
	os.Exit(code)
}

// program is the server, built once from the sources at hand.
func program(t *testing.T) string {
	t.Helper()
	built.program.Do(func() {
		dir, err := os.MkdirTemp("", "lintel-fault-") //nolint:usetesting // it serves all tests, and TestMain removes it
		require.NoError(t, err)
		built.dir = dir
		process.Build(t, process.Source(t), dir)
	})
	require.NotEmpty(t, built.dir, "the server was not built")
	return built.dir + "/lintel"
}

// cluster is a PostgreSQL of this package's own, which may be crashed. It flushes.
func cluster(t *testing.T) *postgres.Cluster {
	t.Helper()
	built.cluster.Do(func() { built.own, built.failed = postgres.Start(postgres.Config{}) })
	if errors.Is(built.failed, postgres.ErrUnavailable) && os.Getenv("CI") != "true" {
		t.Skipf("PostgreSQL: %v", built.failed)
	}
	require.NoError(t, built.failed)
	return built.own
}

// chance is a source of randomness whose seed is told, and can be given again.
func chance(t *testing.T) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	if given := os.Getenv("LINTEL_TEST_SEED"); given != "" {
		_, err := fmt.Sscan(given, &seed)
		require.NoError(t, err)
	}
	t.Logf("LINTEL_TEST_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

func forEachEngine(t *testing.T, test func(t *testing.T, here place)) {
	t.Helper()
	for _, engine := range []storage.Engine{storage.SQLite, storage.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			test(t, newPlace(t, engine))
		})
	}
}
