package flow_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/mailbox"
	"github.com/lintel-id/lintel/server/message"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/consent"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/invitation"
	"github.com/lintel-id/lintel/server/notice"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/risk"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

var noon = time.Date(2030, 1, 2, 12, 0, 0, 0, time.UTC)

const (
	origin = "http://localhost:8080"
	good   = "seventeen brown kettles"
	wrong  = "ninety yellow tractors!"
)

// house is the flow room with every room below it, on a real database.
type house struct {
	*flow.Service
	db        *storage.DB
	ctx       context.Context
	clock     *clock.Fake
	users     *user.Service
	passwords *password.Service
	sessions  *session.Service
	consents  *consent.Service
	apps      *application.Service
	messages  *message.Service
	invited   *invitation.Service
	notices   *notice.Service
	passkeys  *passkey.Service
	told      *told
}

// told notes the events that are recorded, besides recording them.
type told struct {
	event.Recorder
	mu    sync.Mutex
	names []string
}

func (t *told) Record(ctx context.Context, draft event.Draft) error {
	if err := t.Recorder.Record(ctx, draft); err != nil {
		return err
	}
	tx.AfterCommit(ctx, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.names = append(t.names, draft.Type.Name)
	})
	return nil
}

// take gives the events since the last time.
func (t *told) take() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	names := t.names
	t.names = nil
	return names
}

type sealer struct {
	tenants func() *tenant.Service
	keys    *seal.UserKeys
}

func (s sealer) SealPersonal(ctx context.Context, person string, plaintext, associated []byte) ([]byte, error) {
	box, err := s.tenants().Box(ctx)
	if err != nil {
		return nil, err
	}
	own, err := s.keys.Box(ctx, box, person)
	if err != nil {
		return nil, err
	}
	return own.Seal("event.personal", plaintext, associated)
}

func keyring(t testing.TB) *seal.Keyring {
	t.Helper()
	text, err := seal.GenerateRootKey("test")
	require.NoError(t, err)
	keys, err := seal.ParseRootKeys(text)
	require.NoError(t, err)
	ring, err := seal.NewKeyring(keys)
	require.NoError(t, err)
	return ring
}

func build(t testing.TB, declare func(*application.Declaration)) house {
	t.Helper()
	return buildOn(t, storage.Config{DataDir: t.TempDir()}, declare)
}

func buildOn(t testing.TB, place storage.Config, declare func(*application.Declaration)) house {
	t.Helper()
	now := clock.NewFake(noon)
	logger := slog.New(slog.NewTextHandler(io.Discard, nil))
	place.Clock, place.Logger = now, logger
	db := storetest.Migrated(t, place)
	ring := keyring(t)
	keys, err := seal.NewUserKeys(seal.UserKeysDeps{Store: storage.NewUserKeys(db), Clock: now, AfterCommit: tx.AfterCommit}, seal.DefaultUserKeysConfig())
	require.NoError(t, err)
	var tenants *tenant.Service
	log := event.New(event.Deps{Store: storage.NewEvents(db), Sealer: sealer{tenants: func() *tenant.Service { return tenants }, keys: keys}, Clock: now, Wake: func() {}})
	events := &told{Recorder: log}

	tenantConfig := tenant.Default()
	tenantConfig.Development = true
	tenants, err = tenant.New(tenant.Deps{Store: storage.NewTenants(db), Revisions: storage.NewTenantSettings(db), Tx: db, Events: events, Clock: now, Root: ring}, tenantConfig)
	require.NoError(t, err)
	made, err := tenants.Ensure(t.Context(), tenant.Declaration{Name: tenant.DefaultName, BaseURL: origin})
	require.NoError(t, err)
	ctx := reqctx.WithTenant(t.Context(), made.ID)
	ctx = reqctx.WithClient(ctx, reqctx.Client{Address: netip.MustParseAddr("203.0.113.7"), UserAgent: "test"})

	h := house{db: db, ctx: ctx, clock: now, told: events}
	h.users, err = user.New(user.Deps{Store: storage.NewUsers(db), Tx: db, Events: events, Clock: now, Schemas: storetest.ProfileSchemas(t, db, events, now)}, user.Default())
	require.NoError(t, err)
	h.apps, err = application.New(application.Deps{
		Store: storage.NewApplications(db), Secrets: storage.NewApplicationSecrets(db), Journeys: journey.Names, Tx: db, Events: events, Clock: now,
		Claims: func(context.Context) ([]string, error) { return []string{"name", "locale", "nickname"}, nil },
	}, application.Default())
	require.NoError(t, err)
	declaration := application.Declaration{ClientID: "web", Default: true, Origins: []string{origin, "https://elsewhere.example"}, OwnershipProof: application.Deferred}
	if declare != nil {
		declare(&declaration)
	}
	_, err = h.apps.Ensure(ctx, declaration)
	require.NoError(t, err)

	cheap := password.DefaultHasherConfig()
	cheap.Cost = password.Cost{Memory: 64, Time: 1, Threads: 1}
	hasher, err := password.NewHasher(cheap)
	require.NoError(t, err)
	h.passwords, err = password.New(password.Deps{
		MinLength: func(context.Context) (int, error) { return 0, nil },
		Store:     storage.NewPasswords(db), Tx: db, Events: events, Clock: now, Hasher: hasher, Breached: password.NoBreached{}, Logger: logger,
		MAC: func(ctx context.Context, parts ...[]byte) ([32]byte, error) {
			box, err := tenants.Box(ctx)
			if err != nil {
				return [32]byte{}, err
			}
			return box.MAC("password.scheme", parts...), nil
		},
	}, password.DefaultConfig())
	require.NoError(t, err)
	h.sessions, err = session.New(session.Deps{Store: storage.NewSessions(db), Tx: db, Events: events, Clock: now, Log: storage.NewEvents(db), Logger: logger}, session.DefaultConfig())
	require.NoError(t, err)
	h.consents, err = consent.New(consent.Deps{Store: storage.NewConsents(db), Tx: db, Events: events, Clock: now})
	require.NoError(t, err)
	limiter, err := rate.NewMemory(rate.MemoryDeps{Clock: now}, rate.DefaultMemoryConfig())
	require.NoError(t, err)
	guesses, err := risk.New(risk.Deps{Limiter: limiter, Clock: now}, risk.DefaultConfig())
	require.NoError(t, err)
	mailboxes, err := mailbox.New(mailbox.Deps{DNS: net.DefaultResolver}, mailbox.Default())
	require.NoError(t, err)
	codes := h.coded(t, tenants, guesses, h.letterbox(t, tenants, events, limiter, logger))
	h.invites(t, invitation.Deps{
		Store: storage.NewInvitations(db), Tenants: tenants, Applications: h.apps, Users: h.users, Messages: h.messages, Guesses: guesses,
		Mailboxes: mailboxes, Limiter: limiter, Tx: db, Events: events, Clock: now, Logger: logger,
	})
	h.keeps(t, tenants, events, logger)
	parts := step.Deps{Passkeys: h.passkeys, Users: h.users, Mailboxes: mailboxes, Passwords: h.passwords, Guesses: guesses, Codes: codes, Opens: h.opens(t, tenants)}
	h.Service, err = flow.New(flow.Deps{
		Store: storage.NewFlows(db), Tx: db, Events: events, Clock: now, Tenants: tenants, Applications: h.apps, Users: h.users,
		Consents: h.consents, Ending: h.ends(t, tenants, guesses, codes, events), Guesses: guesses, Logger: logger,
		Codes: codes, Messages: h.messages,
		Steps: step.NewTable(parts), Doorway: step.NewDoorway(parts), Invitations: h.invited, Passkeys: h.passkeys,
	}, flow.DefaultConfig())
	require.NoError(t, err)
	events.take()
	return h
}

// invites makes the room of invitations.
func (h *house) invites(t testing.TB, deps invitation.Deps) {
	t.Helper()
	var err error
	h.invited, err = invitation.New(deps, invitation.Default())
	require.NoError(t, err)
}

func (h house) setPassword(t testing.TB, owner user.ID, text string) {
	t.Helper()
	prepared, err := h.passwords.Prepare(h.ctx, secret.NewText(text), nil)
	require.NoError(t, err)
	require.NoError(t, h.passwords.Set(h.ctx, owner, prepared))
}

func newPassword(identifier, text string) step.Submission {
	return step.NewPasswordSubmission{Identifier: identifier, Password: secret.NewText(text)}
}

func withPassword(identifier, text string) step.Submission {
	return step.PasswordSubmission{Identifier: identifier, Password: secret.NewText(text)}
}

func (h house) start(t testing.TB, journey string, submission step.Submission) flow.Result {
	t.Helper()
	result, err := h.Start(h.ctx, flow.Start{Journey: journey, Transport: session.Bearer, Submission: submission})
	require.NoError(t, err)
	return result
}

// register makes a user in one request.
func (h house) register(t testing.TB, identifier string) flow.Result {
	t.Helper()
	result := h.start(t, "registration", newPassword(identifier, good))
	require.Equal(t, flow.Completed, result.View.Status, result.View.Refusal)
	return result
}

func access(result flow.Result) flow.Access {
	return flow.Access{ID: result.View.ID, Token: result.FlowToken.Reveal(), Browser: result.Browser.Reveal()}
}

func kinds(view flow.View) []string {
	list := []string{}
	for _, offer := range view.Offers {
		list = append(list, string(offer.Step()))
	}
	return list
}

func someone(identifier string) user.NewUser {
	return user.NewUser{Identifiers: []user.IdentifierInput{{Type: user.Email, Value: identifier}}}
}
