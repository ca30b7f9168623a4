package api_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lintel-id/lintel/server/export"
	"github.com/lintel-id/lintel/server/flow/ending"
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/recovery"
	"github.com/lintel-id/lintel/server/user/own"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp/fasthttputil"

	"github.com/lintel-id/lintel/server/activity"
	"github.com/lintel-id/lintel/server/api"
	"github.com/lintel-id/lintel/server/api/contract"
	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/consent"
	"github.com/lintel-id/lintel/server/erasure"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/idempotency"
	"github.com/lintel-id/lintel/server/invitation"
	"github.com/lintel-id/lintel/server/job"
	"github.com/lintel-id/lintel/server/jwks"
	"github.com/lintel-id/lintel/server/mailbox"
	"github.com/lintel-id/lintel/server/merge"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/budget"
	"github.com/lintel-id/lintel/server/message/letter"
	"github.com/lintel-id/lintel/server/message/mail"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/i18n"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/trace"
	"github.com/lintel-id/lintel/server/provisioning"
	"github.com/lintel-id/lintel/server/reversal"
	"github.com/lintel-id/lintel/server/risk"
	"github.com/lintel-id/lintel/server/role"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/template"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

const (
	home   = "http://localhost:8080" // the tenant's base URL
	front  = "http://localhost:3000" // the application's origin
	secret = "a long walk to the blue harbour"
)

var noon = time.Date(2030, 1, 2, 12, 0, 0, 0, time.UTC)

// plain stands where the sealer of personal members does.
type plain struct{}

func (plain) SealPersonal(_ context.Context, _ string, plaintext, _ []byte) ([]byte, error) {
	return plaintext, nil
}

func (plain) OpenPersonal(_ context.Context, _ string, sealed, _ []byte) ([]byte, error) {
	return sealed, nil
}

// seen collects what was observed.
type seen struct {
	mu    sync.Mutex
	calls []string
}

func (s *seen) Observe(_ context.Context, operation string, status int, _ float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, operation+" "+http.StatusText(status))
}

func (s *seen) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.calls...)
}

// nothing observes nothing.
type nothing struct{}

func (nothing) Observe(context.Context, string, int, float64) {}

// locked is a log that many may write.
type locked struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (l *locked) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.Write(line)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.String()
}

// house is the whole server over one SQLite, without a socket.
type house struct {
	api      *api.API
	deps     api.Deps
	contract *contract.Contract
	clock    *clock.Fake
	log      *locked
	seen     *seen
	listener *fasthttputil.InmemoryListener
	client   *http.Client
	tenants  *tenant.Service
	leaked   atomic.Bool // whether every password is known from a breach
	ctx      context.Context
}

// Seen stands where the list of breached passwords does.
func (h *house) Seen(context.Context, [sha1.Size]byte) (bool, error) { return h.leaked.Load(), nil }

func build(t testing.TB, change func(*api.Config)) *house {
	t.Helper()
	h := &house{clock: clock.NewFake(noon), log: &locked{}, seen: &seen{}, listener: fasthttputil.NewInmemoryListener()}
	logger := slog.New(trace.Correlated(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	h.deps = services(t, h, logger)
	config := api.DefaultConfig()
	config.Development = true
	if change != nil {
		change(&config)
	}
	made, err := api.New(h.deps, config)
	require.NoError(t, err)
	h.api = made
	h.contract, err = contract.New(false)
	require.NoError(t, err)
	ended := make(chan error, 1)
	go func() { ended <- made.App().Listener(h.listener) }()
	t.Cleanup(func() {
		require.NoError(t, made.App().Shutdown())
		require.NoError(t, <-ended)
	})
	h.client = &http.Client{
		Transport: &http.Transport{
			DialContext:        func(context.Context, string, string) (net.Conn, error) { return h.listener.Dial() },
			DisableCompression: true, MaxIdleConnsPerHost: 64,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	t.Cleanup(h.client.CloseIdleConnections)
	return h
}

// services wires the rooms as boot does.
func services(t testing.TB, h *house, logger *slog.Logger) api.Deps {
	t.Helper()
	db := storetest.Migrated(t, storage.Config{DataDir: t.TempDir(), Clock: h.clock, Logger: logger})
	root := keyring(t)
	stored, policy := storage.NewEvents(db), password.DefaultConfig()
	events := event.New(event.Deps{Store: stored, Sealer: plain{}, Clock: h.clock, Wake: func() {}})

	tenants, err := tenant.New(tenant.Deps{Store: storage.NewTenants(db), Revisions: storage.NewTenantSettings(db), Tx: db, Events: events, Clock: h.clock, Root: root},
		tenant.Config{Development: true, CacheFor: time.Second, CacheSize: 64})
	require.NoError(t, err)
	h.tenants = tenants
	made, err := tenants.Ensure(t.Context(), tenant.Declaration{Name: tenant.DefaultName, BaseURL: home})
	require.NoError(t, err)
	h.ctx = reqctx.WithTenant(t.Context(), made.ID)

	users, err := user.New(user.Deps{Store: storage.NewUsers(db), Tx: db, Events: events, Clock: h.clock, Schemas: storetest.ProfileSchemas(t, db, events, h.clock)}, user.Default())
	require.NoError(t, err)
	applications, err := application.New(application.Deps{
		Store: storage.NewApplications(db), Secrets: storage.NewApplicationSecrets(db), Journeys: journey.Names, Tx: db, Events: events, Clock: h.clock,
		Claims: func(context.Context) ([]string, error) { return nil, nil },
	}, application.Default())
	require.NoError(t, err)
	_, err = applications.Ensure(h.ctx, application.Declaration{
		ClientID: "default", Name: "My application", Default: true, Origins: []string{front, home}, OwnershipProof: application.Deferred,
	})
	require.NoError(t, err)
	consents, err := consent.New(consent.Deps{Store: storage.NewConsents(db), Tx: db, Events: events, Clock: h.clock})
	require.NoError(t, err)
	sessions, err := session.New(session.Deps{Store: storage.NewSessions(db), Tx: db, Events: events, Clock: h.clock, Log: stored, Logger: logger}, session.DefaultConfig())
	require.NoError(t, err)
	followed(t, sessions)
	limiter, err := rate.NewMemory(rate.MemoryDeps{Clock: h.clock}, rate.DefaultMemoryConfig())
	require.NoError(t, err)
	hasher, err := password.NewHasher(password.DefaultHasherConfig())
	require.NoError(t, err)
	passwords, err := password.New(password.Deps{
		MinLength: func(context.Context) (int, error) { return 0, nil },
		Store:     storage.NewPasswords(db), Tx: db, Events: events, Clock: h.clock, Hasher: hasher, Breached: h, Logger: logger,
		MAC: func(ctx context.Context, parts ...[]byte) ([32]byte, error) {
			box, err := tenants.Box(ctx)
			if err != nil {
				return [32]byte{}, err
			}
			return box.MAC("password.scheme", parts...), nil
		},
	}, policy)
	require.NoError(t, err)
	guesses, err := risk.New(risk.Deps{Limiter: limiter, Clock: h.clock}, risk.DefaultConfig())
	require.NoError(t, err)
	mailboxes, err := mailbox.New(mailbox.Deps{DNS: net.DefaultResolver}, mailbox.Default())
	require.NoError(t, err)
	messages, codes := coded(t, h, posting(t, h, db, events, logger), guesses)
	roles := assigned(t, h, db, events, users)
	recoveries, opens := recovering(t, h, recovery.Deps{Users: users, Applications: applications, Operators: roles, Codes: codes, Guesses: guesses, Tx: db, Events: events}, messages, logger, db)
	invited := inviting(t, invitation.Deps{
		Store: storage.NewInvitations(db), Tenants: tenants, Applications: applications, Users: users, Messages: messages, Mailboxes: mailboxes, Limiter: limiter,
		Guesses: guesses, Tx: db, Events: events, Clock: h.clock, Logger: logger,
	})
	notices, passkeys, reversals := telling(t, h, db, events, messages, reversal.Deps{
		Users: users, Passwords: passwords, Sessions: sessions, Applications: applications, Guesses: guesses, Tenants: tenants, Recoveries: recoveries, Logger: logger,
	})
	ends, err := ending.New(ending.Deps{Users: users, Passwords: passwords, Sessions: sessions, Consents: consents, Notices: notices, Recoveries: recoveries, WaysBack: reversals, Invitations: invited, Passkeys: passkeys})
	require.NoError(t, err)
	parts := step.Deps{Users: users, Mailboxes: mailboxes, Passwords: passwords, Guesses: guesses, Codes: codes, Opens: opens, Passkeys: passkeys}
	flows, err := flow.New(flow.Deps{
		Store: storage.NewFlows(db), Tx: db, Events: events, Clock: h.clock, Tenants: tenants, Applications: applications,
		Users: users, Consents: consents, Ending: ends, Codes: codes, Messages: messages, Guesses: guesses, Logger: logger,
		Steps: step.NewTable(parts), Doorway: step.NewDoorway(parts), Invitations: invited, Passkeys: passkeys,
	}, flow.DefaultConfig())
	require.NoError(t, err)
	held := storage.NewUsers(db)
	erasures, err := erasure.New(erasure.Deps{
		Grace: func(context.Context) (time.Duration, error) { return 0, nil },
		Users: users, Sessions: sessions, Queue: held, Erasers: []erasure.Eraser{held}, Tx: db, Clock: h.clock, Logger: logger,
	}, erasure.Default())
	require.NoError(t, err)
	signing, err := jwks.New(jwks.Deps{
		Store: storage.NewSigningKeys(db), Tx: db, Events: events, Clock: h.clock, Tenants: tenants, Logger: logger,
	}, jwks.DefaultConfig())
	require.NoError(t, err)
	apiKeys, repeated := management(t, h, db, events, logger)
	provisioned, err := provisioning.New(provisioning.Deps{
		Operators: nobody{}, Applications: applications, Events: events, Holder: held, Users: users, Passwords: passwords, Sessions: sessions, Tx: db,
	}, provisioning.Config{})
	require.NoError(t, err)
	minter, err := session.NewMinter(session.MinterDeps{Applications: applications, Tenants: tenants, Roles: roles, Signer: signing, Clock: h.clock})
	require.NoError(t, err)
	operators, newTenants := operating(t, tenants, apiKeys, db)
	entries, jobs := records(t, h, db, events, logger)
	return api.Deps{
		APIKeys: apiKeys, Operators: operators, NewTenants: newTenants, Audit: entries, Jobs: jobs, Messages: posting(t, h, db, events, logger), Budgets: paying(t, h, db, events, logger), Templates: wording(t, h, db, events), Letters: letters(t), Invitations: invited, Roles: roles, Schemas: storetest.ProfileSchemas(t, db, events, h.clock),
		Flows: flows, Sessions: sessions, Minter: minter, Keys: signing, Users: users, PasswordPolicy: policy, Applications: applications, Tenants: tenants,
		Passwords:   password.NewChanger(password.ChangerDeps{Passwords: passwords, Users: users, Sessions: sessions, Guesses: guesses, Notices: notices, Tx: db}),
		Reversals:   reversals,
		Passkeys:    passkeys,
		Identifiers: own.New(own.Deps{Users: users, Tx: db, Limiter: guesses, Mailboxes: mailboxes, Notices: reversals}), Provisioning: provisioned,
		Idempotency: repeated, Recoveries: recoveries, Erasure: erasures, Merge: merging(t, h, db, users, roles, consents, sessions), Export: exporting(t, h, db, events, jobs), Activity: happening(t, stored), Limiter: limiter, Texts: texts(t), Clock: h.clock, TestClock: nil, Logger: logger, Metrics: h.seen, Tracer: nil,
	}
}

// inviting makes the room of invitations.
func inviting(t testing.TB, deps invitation.Deps) *invitation.Service {
	t.Helper()
	made, err := invitation.New(deps, invitation.Default())
	require.NoError(t, err)
	return made
}

// keyring has one root key.
func keyring(t testing.TB) *seal.Keyring {
	t.Helper()
	keys, err := seal.ParseRootKeys("test:" + base64.StdEncoding.EncodeToString(randomKey()))
	require.NoError(t, err)
	root, err := seal.NewKeyring(keys)
	require.NoError(t, err)
	return root
}

func exporting(t testing.TB, h *house, db *storage.DB, events event.Recorder, jobs *job.Service) *export.Service {
	t.Helper()
	made, err := export.New(export.Deps{Jobs: jobs, Finder: storage.NewJobs(db), Users: storage.NewUsers(db), Tx: db, Events: events, Clock: h.clock})
	require.NoError(t, err)
	return made
}

// merging makes the room that makes one user of two.
func merging(t testing.TB, h *house, db *storage.DB, users *user.Service, roles *role.Service, consents *consent.Service, sessions *session.Service) *merge.Service {
	t.Helper()
	held := storage.NewUsers(db)
	made, err := merge.New(merge.Deps{
		Users: users, Merger: user.NewMerger(user.MergerDeps{Users: users, Store: held}), Roles: roles, Consents: consents, Sessions: sessions,
		Holder: held, Passwords: storage.NewPasswords(db), Passkeys: storage.NewPasskeys(db), Counter: storage.NewSessions(db),
		Held: []merge.Held{{Eraser: held, Mover: merge.Planned{}}}, Tx: db, Clock: h.clock,
	})
	require.NoError(t, err)
	return made
}

// unread has nobody to any address.
type unread struct{}

func (unread) Holder(context.Context, message.Channel, string) (reader message.Reader, found bool, err error) {
	return message.Reader{}, false, nil
}

// posting makes the queue of messages, which nobody sends.
func posting(t testing.TB, h *house, db *storage.DB, events event.Recorder, logger *slog.Logger) *message.Service {
	t.Helper()
	made, err := message.New(message.Deps{
		Budgets: paying(t, h, db, events, logger),
		Store:   storage.NewMessages(db), Providers: map[message.Channel]message.Provider{message.Email: mail.Inbox{}}, Writer: letters(t),
		Gate: unread{}, TellsUnknown: func(context.Context) (bool, error) { return false, nil },
		Tenants: h.tenants, Tx: db, Events: events, Clock: h.clock, Logger: logger,
	}, message.Default())
	require.NoError(t, err)
	return made
}

// paying makes the budgets of messages.
func paying(t testing.TB, h *house, db *storage.DB, events event.Recorder, logger *slog.Logger) *budget.Service {
	t.Helper()
	limiter, err := rate.NewMemory(rate.MemoryDeps{Clock: h.clock}, rate.DefaultMemoryConfig())
	require.NoError(t, err)
	made, err := budget.New(budget.Deps{
		Store: storage.NewMessageBudgets(db), Tenants: h.tenants, Limiter: limiter, Tx: db, Events: events, Clock: h.clock, Logger: logger,
	}, budget.Default())
	require.NoError(t, err)
	return made
}

// letters writes them in the built-in words.
func letters(t testing.TB) *letter.Writer {
	t.Helper()
	writer, err := letter.New(letter.Deps{Texts: texts(t), Sender: func(context.Context) (string, error) { return "localhost", nil }, Fallback: "en"})
	require.NoError(t, err)
	return writer
}

// wording makes the room of tenants' own words.
func wording(t testing.TB, h *house, db *storage.DB, events event.Recorder) *template.Service {
	t.Helper()
	made, err := template.New(template.Deps{
		Store: storage.NewTemplates(db), Tx: db, Events: events, Clock: h.clock, Kinds: letter.Kinds(), Locales: api.Locales(),
		Application: func(context.Context, string) error { return nil },
	}, template.Default())
	require.NoError(t, err)
	return made
}

// happening makes the room of what happened.
func happening(t testing.TB, log activity.Log) *activity.Service {
	t.Helper()
	made, err := activity.New(activity.Deps{Log: log, Opener: plain{}})
	require.NoError(t, err)
	return made
}

// assigned makes the room of roles.
func assigned(t testing.TB, h *house, db *storage.DB, events event.Recorder, users *user.Service) *role.Service {
	t.Helper()
	held := storage.NewRoles(db)
	roles, err := role.New(role.Deps{Store: held, Assignments: held, Users: users, Tx: db, Events: events, Clock: h.clock, Scopes: []string{"all"}})
	require.NoError(t, err)
	return roles
}

// management makes the rooms that only management asks.
func management(t testing.TB, h *house, db *storage.DB, events event.Recorder, logger *slog.Logger) (*apikey.Service, *idempotency.Service) {
	t.Helper()
	keys, err := apikey.New(apikey.Deps{Store: storage.NewAPIKeys(db), Tx: db, Events: events, Clock: h.clock, Logger: logger})
	require.NoError(t, err)
	repeated, err := idempotency.New(idempotency.Deps{Store: storage.NewClaims(db), Tenants: h.tenants, Clock: h.clock, Logger: logger})
	require.NoError(t, err)
	return keys, repeated
}

// operating makes the rooms that only operators of the server ask.
func operating(t testing.TB, tenants *tenant.Service, keys *apikey.Service, db *storage.DB) (*apikey.Operators, *provisioning.Tenants) {
	t.Helper()
	operators, err := apikey.NewOperators(nil)
	require.NoError(t, err)
	made, err := provisioning.NewTenants(provisioning.TenantsDeps{Tenants: tenants, APIKeys: keys, Tx: db})
	require.NoError(t, err)
	return operators, made
}

// records makes the rooms that tell operators what happened.
func records(t testing.TB, h *house, db *storage.DB, events event.Recorder, logger *slog.Logger) (*audit.Reader, *job.Service) {
	t.Helper()
	chain, err := audit.New(audit.Deps{Store: storage.NewAudit(db), Log: storage.NewEvents(db), Clock: h.clock, Logger: logger}, audit.Default())
	require.NoError(t, err)
	types, err := api.EventTypes()
	require.NoError(t, err)
	entries, err := audit.NewReader(audit.ReaderDeps{Finder: storage.NewAudit(db), Heads: chain, Opener: plain{}, Types: types})
	require.NoError(t, err)
	jobs, err := job.New(job.Deps{
		Store: storage.NewJobs(db), Kinds: map[string]job.Kind{}, Tenants: h.tenants, Tx: db, Events: events, Clock: h.clock, Logger: logger,
	}, job.Default())
	require.NoError(t, err)
	return entries, jobs
}

func texts(t testing.TB) *i18n.Catalogue {
	t.Helper()
	made, err := api.Texts()
	require.NoError(t, err)
	return made
}

func randomKey() []byte {
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	return key
}

// answer is a response that has been held against the contract.
type answer struct {
	status int
	header http.Header
	text   string
	body   map[string]any
}

func (a answer) code() any { return a.body["code"] }

// call sends a request; headers come in pairs.
func (h *house) call(t testing.TB, method, path, body string, headers ...string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, home+path, strings.NewReader(body))
	require.NoError(t, err)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		switch headers[i] {
		case "Host":
			request.Host = headers[i+1]
		default:
			request.Header.Set(headers[i], headers[i+1])
		}
	}
	response, err := h.client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	a := answer{status: response.StatusCode, header: response.Header, text: string(text)}
	if strings.Contains(response.Header.Get("Content-Type"), "json") && len(text) > 0 {
		_ = json.Unmarshal(text, &a.body)
	}
	plain, _, _ := strings.Cut(path, "?")
	if strings.HasPrefix(path, "/v1/") {
		require.NoError(t, h.contract.CheckResponse(method, plain, a.status, a.header, text), a.text)
	}
	return a
}

// register makes a user with a session of the token transport and gives its token.
func (h *house) register(t testing.TB, identifier string) string {
	t.Helper()
	a := h.call(t, "POST", "/v1/flows", `{"journey":"registration","transport":"token","submit":{"type":"new_password","identifier":"`+identifier+`","password":"`+secret+`"}}`)
	require.Equal(t, 201, a.status, a.text)
	outcome, _ := a.body["outcome"].(map[string]any)
	require.NotNil(t, outcome, a.text)
	return outcome["session_token"].(string)
}

type nobody struct{}

func (nobody) IsOperator(context.Context, user.ID) (bool, error) { return false, nil }
