package conformance_test

import (
	"context"
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
	"github.com/lintel-id/lintel/server/boot"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/tests/api/running"
)

// A released client keeps the manners it was released with: it still passes its own
// cases, so that what it does with this server is not its own decay.
func TestPromise_ClientsWork_ReleasedOnesPassTheirCases(t *testing.T) {
	eachRelease(t, "typescript", func(t *testing.T, folder string) {
		cases, err := conformance.Read(os.DirFS(filepath.Join(folder, "cases")))
		require.NoError(t, err)
		stub := httptest.NewServer(conformance.NewStub(cases, time.Now))
		t.Cleanup(stub.Close)
		said := node(t, folder, "conformance.test.mjs", "LINTEL_STUB="+stub.URL)
		require.Contains(t, said, fmt.Sprintf("conformance: %d of %d cases", len(cases), len(cases)))
	})
	eachRelease(t, "go", func(t *testing.T, folder string) {
		said := goTest(t, folder, "-run", "Conformance")
		require.NotContains(t, said, "no tests to run")
	})
}

// Apps in the field are not updated with the server: what a released client could do
// with the server of its time it can do with this one, on every engine.
func TestPromise_OldClientsSurvive_ReleasedOnesUseThisServer(t *testing.T) {
	eachRelease(t, "typescript", func(t *testing.T, folder string) {
		onEachEngine(t, func(t *testing.T, baseURL string) {
			require.NotContains(t, node(t, folder, "flows.test.mjs", "LINTEL_SERVER="+baseURL), "# tests 0")
		})
	})
	eachRelease(t, "go", func(t *testing.T, folder string) {
		onEachEngine(t, func(t *testing.T, baseURL string) {
			t.Setenv("LINTEL_SERVER", baseURL)
			require.NotContains(t, goTest(t, folder, "-skip", "Conformance|"+timely), "no tests to run")
		})
		t.Setenv("LINTEL_SERVER", byTheMachinesClock(t))
		require.NotContains(t, goTest(t, folder, "-run", timely), "no tests to run")
	})
}

// timely are the Go client's tests that need a clock which moves: for the order in which
// devices came, and because a token is checked by the machine's.
const timely = "^(TestDevices|TestAMintedTokenIsVerified)$"

// byTheMachinesClock has a server of this tree whose clock does not stand still.
func byTheMachinesClock(t *testing.T) (baseURL string) {
	t.Helper()
	settings := config.Default()
	settings.Listen, settings.Operations.Listen = "localhost:0", "localhost:0"
	settings.DataDir, settings.TestMode = t.TempDir(), true
	settings.Hasher.Cost = password.Cost{Memory: 64, Time: 1, Threads: 1}
	server, err := boot.New(t.Context(), settings, boot.Surroundings{})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
	})
	return server.BaseURL()
}

// onEachEngine has a server of this tree, which must have nothing to complain about.
func onEachEngine(t *testing.T, play func(t *testing.T, baseURL string)) {
	t.Helper()
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			server := running.Start(t, running.NewPlace(t, engine), func(settings *config.Config) { settings.TestMode = true })
			play(t, server.URL)
			require.NotContains(t, server.Log.String(), `"level":"ERROR"`)
		})
	}
}

func eachRelease(t *testing.T, language string, play func(t *testing.T, folder string)) {
	t.Helper()
	clients, err := filepath.Glob("released/*/" + language)
	require.NoError(t, err)
	require.NotEmpty(t, clients)
	for _, client := range clients {
		folder := filepath.Dir(client)
		t.Run(language+" "+filepath.Base(folder), func(t *testing.T) { play(t, folder) })
	}
}

// goTest runs tests of a released Go client, which is a module of its own and so has nothing
// of this tree.
func goTest(t *testing.T, folder string, arguments ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", append(append([]string{"test", "-count=1"}, arguments...), "./clients/go")...)
	command.Dir, command.Env = filepath.Join(folder, "go"), append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=readonly")
	said, err := command.CombinedOutput()
	require.NoError(t, err, "%s", said)
	return string(said)
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
