package boot

import (
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/boot/founding"
	"github.com/lintel-id/lintel/server/boot/socket"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/tests/fixtures/postgres"
)

func developmentConfig(t *testing.T) config.Config {
	t.Helper()
	settings := config.Default()
	settings.Listen, settings.Operations.Listen = "localhost:0", "localhost:0"
	settings.DataDir = filepath.Join(t.TempDir(), "data")
	return settings
}

func productionConfig(t *testing.T) config.Config {
	t.Helper()
	key, err := seal.GenerateRootKey("test")
	require.NoError(t, err)
	settings := developmentConfig(t)
	settings.Mode, settings.BaseURL, settings.NoProxies = config.Production, "https://id.example.com", true
	settings.RootKeys = secret.NewText(key)
	return settings
}

// running is a server that serves until stop.
type running struct {
	*Server
	stop func() error
}

func start(t *testing.T, settings config.Config) running {
	t.Helper()
	fake := clock.NewFake(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	server, err := New(t.Context(), settings, Surroundings{Clock: fake})
	require.NoError(t, err)
	return run(t, server)
}

func run(t *testing.T, server *Server) running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	stopped := false
	stop := func() error {
		stopped = true
		cancel()
		return <-ended
	}
	t.Cleanup(func() {
		if !stopped {
			require.NoError(t, stop())
		}
	})
	return running{Server: server, stop: stop}
}

func get(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	require.NoError(t, err)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := (&http.Client{Transport: transport}).Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(content)
}

func (r running) ready(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool {
		status, _ := get(t, http.MethodGet, "http://"+r.OperationsAddress()+"/readyz", "")
		return status == http.StatusOK
	}, 10*time.Second, 10*time.Millisecond)
}

// adaBody is what the shell makes of the greeting's proposal.
func adaBody() string { return strings.ReplaceAll(tryBody, "'$(date +%s)'", "1") }

func TestAServerStartsServesAndLeavesNothingBehind(t *testing.T) {
	leaks := goleak.IgnoreCurrent()
	settings := developmentConfig(t)
	server := start(t, settings)
	server.ready(t)

	require.True(t, strings.HasPrefix(server.BaseURL(), "http://localhost:"), server.BaseURL())
	require.True(t, strings.HasSuffix(server.PublicAddress(), strings.TrimPrefix(server.BaseURL(), "http://localhost")))
	for _, base := range []string{server.BaseURL(), "http://" + server.PublicAddress()} {
		status, _ := get(t, http.MethodGet, base+"/v1/configuration", "")
		require.Equal(t, http.StatusOK, status, base)
		status, _ = get(t, http.MethodGet, base+"/readyz", "")
		require.Equal(t, http.StatusNotFound, status, "operations are not on the public listener")
	}
	greeting := server.Greeting()
	require.Contains(t, greeting, server.BaseURL()+"/docs")
	require.Contains(t, greeting, "curl -s "+server.BaseURL()+"/v1/flows")

	status, metrics := get(t, http.MethodGet, "http://"+server.OperationsAddress()+"/metrics", "")
	require.Equal(t, http.StatusOK, status)
	for _, name := range []string{
		`lintel_request_duration_seconds_count{operation="getConfiguration",status="2xx"} 2`,
		"lintel_password_workers", "lintel_session_following 1", "lintel_database_commits_total",
		"lintel_sequencer_lag_seconds", "lintel_audit_lag_seconds", "go_goroutines", "process_resident_memory_bytes",
	} {
		require.Contains(t, metrics, name)
	}

	require.NoError(t, server.stop())
	require.ErrorIs(t, server.Run(t.Context()), errRan)
	// The HTTP library keeps one goroutine for the date, and one per socket that only
	// sleeps and goes by itself within ten seconds.
	goleak.VerifyNone(t, leaks,
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.updateServerDate.func1"),
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*workerPool).Start.func2"))
}

// What is pasted a second time, after a restart, registers somebody else.
func TestWhatTheGreetingProposesWorks(t *testing.T) {
	server := start(t, developmentConfig(t))
	greeting := server.Greeting()
	command := greeting[strings.Index(greeting, "curl "):strings.Index(greeting, "Ctrl-C")]
	script := `curl() { while [ $# -gt 1 ]; do shift; done; printf %s "$1"; }; date() { printf %s "$now"; }; ` + command
	for _, now := range []string{"1", "2"} {
		shell := exec.CommandContext(t.Context(), "sh", "-c", script)
		shell.Env = []string{"now=" + now}
		said, err := shell.Output()
		require.NoError(t, err)
		require.Contains(t, string(said), "ada-"+now+"@example.com")
		status, body := get(t, http.MethodPost, server.BaseURL()+"/v1/flows", string(said))
		require.Equal(t, http.StatusCreated, status, body)
		require.Contains(t, body, `"completed"`)
	}
}

// One developer's servers on one database do not take each other's hosts away.
func TestASecondDevelopmentServerLeavesTheFirstServing(t *testing.T) {
	settings := developmentConfig(t)
	settings.DatabaseURL = secret.NewText(postgres.NewDatabase(t))
	_, err := Migrate(t.Context(), settings, Surroundings{})
	require.NoError(t, err)
	fake := clock.NewFake(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	serve := func() running {
		server, err := New(t.Context(), settings, Surroundings{Clock: fake})
		require.NoError(t, err)
		return run(t, server)
	}
	first, second := serve(), serve()
	require.NotEqual(t, first.BaseURL(), second.BaseURL())
	for range 2 { // from memory, and again after it has to be read
		for _, server := range []running{first, second} {
			for _, base := range []string{server.BaseURL(), "http://" + server.PublicAddress()} {
				status, body := get(t, http.MethodGet, base+"/v1/configuration", "")
				require.Equal(t, http.StatusOK, status, body)
			}
		}
		fake.Advance(time.Hour)
	}
}

// Two servers would each remember what the other changes in the embedded database.
func TestOneServerServesFromADataDirectory(t *testing.T) {
	settings := developmentConfig(t)
	first := start(t, settings)
	_, err := New(t.Context(), settings, Surroundings{})
	require.ErrorIs(t, err, storage.ErrClaimed)
	require.ErrorContains(t, err, "data_dir: another lintel serves from this data directory")
	_, err = Migrate(t.Context(), settings, Surroundings{})
	require.NoError(t, err, "migrating goes on beside it")
	first.ready(t)
	status, _ := get(t, http.MethodGet, first.BaseURL()+"/v1/configuration", "")
	require.Equal(t, http.StatusOK, status)
	require.NoError(t, first.stop())

	other, err := seal.GenerateRootKey("other")
	require.NoError(t, err)
	settings.RootKeys = secret.NewText(other)
	_, err = New(t.Context(), settings, Surroundings{})
	require.ErrorContains(t, err, "root_keys: ")
	settings.RootKeys = secret.Text{}
	require.NoError(t, start(t, settings).stop(), "a start that failed holds nothing")
}

func TestASecondStartFindsTenantAndKeys(t *testing.T) {
	settings := developmentConfig(t)
	first := start(t, settings)
	status, _ := get(t, http.MethodPost, first.BaseURL()+"/v1/flows", adaBody())
	require.Equal(t, http.StatusCreated, status)
	require.NoError(t, first.stop())
	for path, mode := range map[string]os.FileMode{settings.DataDir: 0o700, settings.KeyFile(): 0o600} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, mode, info.Mode().Perm(), path)
	}

	second := start(t, settings)
	second.ready(t)
	login := strings.NewReplacer("registration", "login", "new_password", "password").Replace(adaBody())
	status, body := get(t, http.MethodPost, second.BaseURL()+"/v1/flows", login)
	require.Equal(t, http.StatusCreated, status)
	require.Contains(t, body, `"completed"`)
}

func TestWrongRootKeysAreExplained(t *testing.T) {
	settings := developmentConfig(t)
	var keys []string
	for _, name := range []string{"old", "new"} {
		key, err := seal.GenerateRootKey(name)
		require.NoError(t, err)
		keys = append(keys, key)
	}
	settings.RootKeys = secret.NewText(keys[0])
	require.NoError(t, start(t, settings).stop())
	require.NoFileExists(t, settings.KeyFile(), "a key was given, so none is made")

	settings.RootKeys = secret.NewText(keys[1])
	_, err := New(t.Context(), settings, Surroundings{})
	require.ErrorContains(t, err, "root_keys: the database was made with a key that is not among these")
	require.NotContains(t, err.Error(), keys[1])

	settings.RootKeys = secret.NewText(keys[1] + "," + keys[0])
	require.NoError(t, start(t, settings).stop())

	settings.RootKeys = secret.Text{}
	_, err = New(t.Context(), settings, Surroundings{})
	require.ErrorContains(t, err, "root_keys: the database was made with other keys than the one in "+settings.KeyFile())
}

func TestAnExposedKeyFileIsRefused(t *testing.T) {
	settings := developmentConfig(t)
	require.NoError(t, start(t, settings).stop())
	require.NoError(t, os.Chmod(settings.KeyFile(), 0o644))
	_, err := New(t.Context(), settings, Surroundings{})
	require.ErrorIs(t, err, seal.ErrKeyFileExposed)
	require.ErrorContains(t, err, settings.KeyFile())
}

func TestWhatCannotBeDeclaredIsToldByKey(t *testing.T) {
	settings := developmentConfig(t)
	settings.Applications = []application.Declaration{
		{ClientID: "good", Origins: []string{"https://shop.example.com"}},
		{ClientID: "bad client", Origins: []string{"https://shop.example.com", "https://shop.example.com/path"}},
	}
	_, err := New(t.Context(), settings, Surroundings{})
	require.ErrorContains(t, err, "applications[1].client_id: ")
	require.ErrorContains(t, err, "applications[1].origins[1]: ")

	settings = developmentConfig(t)
	settings.BaseURL = "http://id.example.com"
	_, err = New(t.Context(), settings, Surroundings{})
	require.ErrorContains(t, err, "base_url: ")

	settings = developmentConfig(t)
	settings.Hosts = []string{"id.example.com", "not a host"}
	_, err = New(t.Context(), settings, Surroundings{})
	require.ErrorContains(t, err, "hosts[1]: ")

	settings = developmentConfig(t)
	settings.Breached.File = filepath.Join(t.TempDir(), "none")
	_, err = New(t.Context(), settings, Surroundings{})
	require.ErrorContains(t, err, "password.breached_file: ")
}

// A database that moves from development to production takes its open door along
// unless somebody closes it.
func TestProductionClosesTheDevelopmentApplication(t *testing.T) {
	settings := productionConfig(t)
	development := settings
	development.Mode, development.BaseURL = config.Development, ""
	require.NoError(t, start(t, development).stop())

	server := start(t, settings)
	require.Empty(t, server.Greeting())
	tenants, err := server.services.tenants.ByHost(t.Context(), "id.example.com")
	require.NoError(t, err)
	ctx := reqctx.WithTenant(t.Context(), tenants.ID)
	_, err = server.services.applications.ByClientID(ctx, "")
	require.ErrorIs(t, err, application.ErrClientIDRequired)
	_, err = server.services.applications.ByClientID(ctx, founding.DevelopmentClient)
	require.ErrorIs(t, err, application.ErrUnknown)
}

func TestPostgresHasToBeMigratedFirst(t *testing.T) {
	settings := developmentConfig(t)
	settings.DatabaseURL = secret.NewText(postgres.NewDatabase(t))
	_, err := New(t.Context(), settings, Surroundings{})
	require.ErrorContains(t, err, "run lintel migrate")
	version, err := Migrate(t.Context(), settings, Surroundings{})
	require.NoError(t, err)
	require.Positive(t, version)
	server := start(t, settings)
	server.ready(t)
	status, body := get(t, http.MethodPost, server.BaseURL()+"/v1/flows", adaBody())
	require.Equal(t, http.StatusCreated, status, body)
}

// While a server stops it tells the platform so, and the request it is working on
// is answered.
func TestStoppingIsToldBeforeItIsDone(t *testing.T) {
	server, err := New(t.Context(), developmentConfig(t), Surroundings{})
	require.NoError(t, err)
	held := newSlow(t)
	require.NoError(t, socket.Close(held.server.listeners))
	held.server.listeners = server.public.listeners
	server.public = held.server
	r := run(t, server)
	answered := held.get()
	<-held.entered

	ended := make(chan error, 1)
	go func() { ended <- r.stop() }()
	require.Eventually(t, func() bool {
		_, body := get(t, http.MethodGet, "http://"+server.OperationsAddress()+"/readyz", "")
		return strings.Contains(body, "stopping")
	}, 10*time.Second, time.Millisecond)
	require.Empty(t, ended)
	close(held.release)
	require.Equal(t, "done", (<-answered).body)
	require.NoError(t, <-ended)
}
