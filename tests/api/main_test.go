package api_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/api/contract"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/application/relyingparty"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/tests/api/running"
)

// Scenarios share one server per engine and look at it one after the other, so that
// each sees exactly the events it caused.
var servers = map[storage.Engine]*shared{storage.SQLite: {}, storage.Postgres: {}}

// shared is a server with what is known about it.
type shared struct {
	*running.Server
	contract  *contract.Contract
	problems  map[string]problemEntry
	spoken    spoken
	described described
	secrets   secretList
	answered  answeredList
	told      eventLog // how far the events have been looked at
	sources   int      // addresses handed out
	private   bool     // whether one scenario has it for itself

	life lifetime
}

func TestMain(m *testing.M) {
	code := m.Run()
	for engine, s := range servers {
		if err := s.end(code == 0); err != nil {
			fmt.Fprintf(os.Stderr, "FAIL: %s: %v\n", engine, err)
			code = 1
		}
	}
	os.Exit(code)
}

// lifetime stands in for a test that lasts as long as the package's run: what is
// left to clean up waits for TestMain.
type lifetime struct {
	testing.TB
	mu       sync.Mutex
	cleanups []func()
	failed   []error
	dir      string
}

func (l *lifetime) Cleanup(f func()) { l.cleanups = append(l.cleanups, f) }

func (l *lifetime) TempDir() string {
	if l.dir == "" {
		dir, err := os.MkdirTemp("", "lintel-api-")
		require.NoError(l.TB, err)
		l.dir = dir
		l.Cleanup(func() {
			if err := os.RemoveAll(dir); err != nil {
				l.Errorf("%v", err)
			}
		})
	}
	return l.dir
}

func (l *lifetime) Errorf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failed = append(l.failed, fmt.Errorf(format, args...))
}

func (l *lifetime) end() error {
	for _, cleanup := range slices.Backward(l.cleanups) {
		cleanup()
	}
	return errors.Join(l.failed...)
}

// start starts the server for the first scenario that wants it.
func (s *shared) start(t *testing.T, engine storage.Engine) {
	if s.Server == nil {
		s.life.TB = t
		s.take(t, running.Start(&s.life, running.NewPlace(&s.life, engine), withApplications))
	}
}

func (s *shared) take(t *testing.T, server *running.Server) {
	var err error
	s.contract, err = contract.New(true)
	require.NoError(t, err)
	s.problems, s.described, s.spoken = listedProblems(t), describe(t), everythingSpoken(t)
	s.Server = server
}

// end stops the server and holds what all scenarios left behind against what must
// never be there and, where all have been played, what must.
func (s *shared) end(whole bool) error {
	if s.Server == nil {
		return nil
	}
	err := errors.Join(s.left(), s.life.end())
	if whole && flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.skip").Value.String() == "" {
		err = errors.Join(err, s.answered.lacks(s.contract))
	}
	return err
}

// left looks for secrets and mistakes in the log and in the events.
func (s *shared) left() error {
	told, err := s.told.all(s.Server)
	err = errors.Join(err, s.Stop())
	written := s.Log.String()
	return errors.Join(err, s.secrets.in("the log", written), s.secrets.in("an event", told), unexpected(written))
}

// unexpected finds the lines that tell of a mistake of ours.
func unexpected(written string) (err error) {
	for line := range strings.Lines(written) {
		if strings.Contains(line, `"level":"ERROR"`) || strings.Contains(line, "panic") {
			err = errors.Join(err, fmt.Errorf("the log tells of a mistake: %s", line))
		}
	}
	return err
}

// rootKey serves every server of these tests and nothing else.
const rootKey = "tests:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

// firstKey is the API key that every server of these tests begins with.
const firstKey = "lk_dGhlIGZpcnN0IGtleSBvZiB0aGVzZSB0ZXN0cywgMzI"

// operatorKey is the operator key that every server of these tests is configured with.
const operatorKey = "lo_dGhlIG9wZXJhdG9yIG9mIHRoZXNlIHRlc3RzLCAzMiA"

// The pages and the app of a shop with passkeys.
const (
	shopDomain  = "shop.example"
	shopOrigin  = "https://shop.example"
	relatedShop = "https://shop.example.net"
	denied      = "11111111-2222-3333-4444-555555555555"
)

func shopPasskeys() *relyingparty.Policy {
	return &relyingparty.Policy{
		ID: shopDomain, Origins: []string{relatedShop}, Verification: relyingparty.VerificationPreferred,
		AndroidApps:   []relyingparty.AndroidApp{{Package: "example.shop", Fingerprints: []string{certificate}}},
		DeniedAAGUIDs: []uuid.UUID{uuid.MustParse(denied)},
	}
}

// siblingOrigin is another application's page on the same site.
const siblingOrigin = "http://localhost:4999"

// withApplications declares one application for each way in which they differ, and
// believes the source that a scenario says it comes from.
func withApplications(settings *config.Config) {
	settings.TrustedProxies = loopback()
	settings.RootKeys = secret.NewText(rootKey)
	settings.BootstrapKey = secret.NewText(firstKey)
	settings.Provisioning.Impersonation = true
	settings.OperatorKeys = secret.NewText("lo_YW5vdGhlciBvcGVyYXRvciBvZiB0aGVzZSB0ZXN0cyE," + operatorKey)
	settings.Applications = []application.Declaration{
		{ClientID: "careful", OwnershipProof: application.BeforeAccount, LinkURIs: []string{"https://careful.example/link"}, UsersInvite: true},
		{
			ClientID: "approving", OwnershipProof: application.BeforeAccount,
			LinkURIs: []string{"https://careful.example/link"}, LinkElsewhere: application.Approve,
		},
		{
			ClientID: "asking", OwnershipProof: application.Deferred, Origins: []string{siblingOrigin}, ProfileClaims: []string{"name", "locale"},
			Terms: &application.Terms{Version: "2030-01", URL: "https://example.com/terms"},
		},
		{ClientID: "elsewhere", OwnershipProof: application.Deferred, Origins: []string{"https://front.example"}},
		{ClientID: "sibling", OwnershipProof: application.Deferred, Origins: []string{siblingOrigin}},
		{ClientID: "narrow", OwnershipProof: application.Deferred, Journeys: []string{"login"}},
		{
			ClientID: "minting", OwnershipProof: application.Deferred,
			Tokens: application.Tokens{Audiences: []string{"https://api.example.com", "orders"}, Lifetime: 30 * time.Second},
		},
		{ClientID: "closed", Disabled: true},
		{ClientID: "marina", OwnershipProof: application.Deferred, Origins: []string{shopOrigin}, Passkeys: shopPasskeys()},
		{ClientID: "careful-marina", OwnershipProof: application.BeforeAccount, Origins: []string{shopOrigin}, Passkeys: shopPasskeys()},
		{ClientID: "welcoming", OwnershipProof: application.Deferred, Origins: []string{siblingOrigin}, Guests: true},
		{ClientID: "receiving", OwnershipProof: application.BeforeAccount, LinkURIs: []string{"https://careful.example/link"}, Guests: true},
		{
			ClientID: "hosting", OwnershipProof: application.Deferred, ProfileClaims: []string{"name", "locale"}, Guests: true,
			Terms: &application.Terms{Version: "2030-01", URL: "https://example.com/terms"},
		},
	}
}
