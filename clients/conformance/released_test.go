package conformance_test

import (
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/conformance"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/tests/api/running"
)

// A released client keeps the manners it was released with: it still passes its own
// cases, so that what it does with this server is not its own decay.
func TestPromise_ClientsWork_ReleasedOnesPassTheirCases(t *testing.T) {
	eachRelease(t, func(t *testing.T, folder string) {
		cases, err := conformance.Read(os.DirFS(filepath.Join(folder, "cases")))
		require.NoError(t, err)
		stub := httptest.NewServer(conformance.NewStub(cases, time.Now))
		t.Cleanup(stub.Close)
		said := node(t, folder, "conformance.test.mjs", "LINTEL_STUB="+stub.URL)
		require.Contains(t, said, fmt.Sprintf("conformance: %d of %d cases", len(cases), len(cases)))
	})
}

// Apps in the field are not updated with the server: what a released client could do
// with the server of its time it can do with this one, on every engine.
func TestPromise_OldClientsSurvive_ReleasedOnesUseThisServer(t *testing.T) {
	eachRelease(t, func(t *testing.T, folder string) {
		for _, engine := range running.Engines() {
			t.Run(string(engine), func(t *testing.T) {
				server := running.Start(t, running.NewPlace(t, engine), func(settings *config.Config) { settings.TestMode = true })
				said := node(t, folder, "flows.test.mjs", "LINTEL_SERVER="+server.URL)
				require.NotContains(t, said, "# tests 0")
				require.NotContains(t, server.Log.String(), `"level":"ERROR"`)
			})
		}
	})
}

func eachRelease(t *testing.T, play func(t *testing.T, folder string)) {
	t.Helper()
	clients, err := filepath.Glob("released/*/typescript")
	require.NoError(t, err)
	require.NotEmpty(t, clients)
	for _, client := range clients {
		folder := filepath.Dir(client)
		t.Run(filepath.Base(folder), func(t *testing.T) { play(t, folder) })
	}
}

// node runs one file of tests of a released TypeScript client and gives what it said.
func node(t *testing.T, folder, file string, environ ...string) string {
	t.Helper()
	program, err := exec.LookPath("node")
	if err != nil && os.Getenv("CI") != "true" {
		t.Skipf("a TypeScript client needs Node: %v", err)
	}
	require.NoError(t, err)
	command := exec.CommandContext(t.Context(), program, "--test", "--test-reporter=tap", filepath.Join("test", file))
	command.Dir = filepath.Join(folder, "typescript")
	command.Env = append(os.Environ(), environ...)
	said, err := command.CombinedOutput()
	require.NoError(t, err, "%s", said)
	require.True(t, strings.Contains(string(said), "# fail 0") && strings.Contains(string(said), "# skipped 0"), "%s", said)
	return string(said)
}
