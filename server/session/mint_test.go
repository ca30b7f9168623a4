package session_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/lintel-id/lintel/server/flow/journey"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/assurance"
	"github.com/lintel-id/lintel/server/jwks"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

// noted is a signer that shows what it was given.
type noted struct {
	typ    string
	claims map[string]any
}

func (n *noted) Sign(_ context.Context, typ string, claims any) (string, error) {
	text, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	n.typ, n.claims = typ, nil
	return "signed", json.Unmarshal(text, &n.claims)
}

// mint is a minter with a tenant and an application around it.
type mint struct {
	*session.Minter
	embedded
	signer       *noted
	applications *application.Service
	tenants      *tenant.Service
	here         tenant.Tenant
	app          application.Application
}

func aMinter(t *testing.T, tokens application.Tokens) mint {
	t.Helper()
	m := mint{embedded: onSQLite(t), signer: &noted{}}
	events := event.New(event.Deps{Store: storage.NewEvents(m.db), Sealer: plain{}, Clock: m.clock, Wake: func() {}})
	text, err := seal.GenerateRootKey("test")
	require.NoError(t, err)
	keys, err := seal.ParseRootKeys(text)
	require.NoError(t, err)
	root, err := seal.NewKeyring(keys)
	require.NoError(t, err)
	m.tenants, err = tenant.New(tenant.Deps{Store: storage.NewTenants(m.db), Revisions: storage.NewTenantSettings(m.db), Tx: m.db, Events: events, Clock: m.clock, Root: root}, tenant.Default())
	require.NoError(t, err)
	m.here, err = m.tenants.Ensure(t.Context(), tenant.Declaration{Name: tenant.DefaultName, BaseURL: "https://id.example.com"})
	require.NoError(t, err)
	m.ctx = reqctx.WithTenant(t.Context(), m.here.ID)
	m.applications, err = application.New(application.Deps{
		Store: storage.NewApplications(m.db), Secrets: storage.NewApplicationSecrets(m.db), Journeys: journey.Names, Tx: m.db, Events: events, Clock: m.clock,
		Claims: func(context.Context) ([]string, error) { return nil, nil },
	}, application.Default())
	require.NoError(t, err)
	m.app, err = m.applications.Ensure(m.ctx, application.Declaration{ClientID: "web", Tokens: tokens})
	require.NoError(t, err)
	m.Minter, err = session.NewMinter(session.MinterDeps{Applications: m.applications, Tenants: m.tenants, Signer: m.signer, Clock: m.clock})
	require.NoError(t, err)
	return m
}

// resolved is a session that ends after the given time.
func (m mint) resolved(left time.Duration) session.Resolved {
	return session.Resolved{
		Session: session.Session{
			ID: fresh(session.ID{}), UserID: fresh(user.ID{}), ApplicationID: m.app.ID, Transport: session.Bearer,
			Facts:             []assurance.Fact{{Method: assurance.Password, At: noon.Add(-time.Minute)}},
			AbsoluteExpiresAt: m.clock.Now().Add(left),
		},
		ClientID: "web", UserStatus: user.Active, ApplicationStatus: application.Active,
	}
}

func TestMintKeepsToTheSession(t *testing.T) {
	m := aMinter(t, application.Tokens{Lifetime: 10 * time.Minute})
	m.clock.Advance(700 * time.Millisecond)
	for left, want := range map[time.Duration]time.Duration{
		time.Hour:              10 * time.Minute,
		10 * time.Minute:       10 * time.Minute,
		90 * time.Second:       90 * time.Second,
		300 * time.Millisecond: time.Second, // until noon and a second, when the session ends
	} {
		minted, err := m.Mint(m.ctx, m.resolved(left), "")
		require.NoError(t, err, left)
		require.Equal(t, noon, minted.IssuedAt)
		require.Equal(t, noon.Add(want), minted.ExpiresAt, left)
		require.InDelta(t, noon.Add(want).Unix(), m.signer.claims["exp"], 0)
		require.False(t, minted.ExpiresAt.After(m.clock.Now().Add(left)), "never beyond the session")
	}
	for _, left := range []time.Duration{299 * time.Millisecond, 0, -time.Hour} {
		_, err := m.Mint(m.ctx, m.resolved(left), "")
		require.ErrorIs(t, err, session.ErrNone, left)
	}
}

func TestMintChoosesAnAudienceThatIsListed(t *testing.T) {
	for _, test := range []struct {
		listed      []string
		asked, want string
	}{
		{nil, "", "https://id.example.com"},
		{nil, "https://id.example.com", "https://id.example.com"},
		{nil, "https://id.example.com/", ""},
		{nil, "orders", ""},
		{[]string{"orders", "billing"}, "", "orders"},
		{[]string{"orders", "billing"}, "billing", "billing"},
		{[]string{"orders", "billing"}, "https://id.example.com", ""},
		{[]string{"orders", "billing"}, "ORDERS", ""},
	} {
		m := aMinter(t, application.Tokens{Audiences: test.listed})
		minted, err := m.Mint(m.ctx, m.resolved(time.Hour), test.asked)
		if test.want == "" {
			require.ErrorIs(t, err, session.ErrAudience, "%v", test)
			require.Nil(t, m.signer.claims)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, test.want, minted.Audience)
		require.Equal(t, test.want, m.signer.claims["aud"])
		require.Equal(t, "JWT", m.signer.typ)
	}
}

// Protects: no window of a cache lets somebody mint whose application or tenant has
// been switched off.
func TestClass_SideGrant_NothingIsMintedForWhatIsSwitchedOff(t *testing.T) {
	m := aMinter(t, application.Tokens{})
	resolved := m.resolved(time.Hour)
	_, err := m.Mint(m.ctx, resolved, "")
	require.NoError(t, err)
	_, err = m.applications.Ensure(m.ctx, application.Declaration{ClientID: "web", Disabled: true})
	require.NoError(t, err)
	_, err = m.Mint(m.ctx, resolved, "")
	require.ErrorIs(t, err, session.ErrNone)

	_, err = m.applications.Ensure(m.ctx, application.Declaration{ClientID: "web"})
	require.NoError(t, err)
	_, err = m.Mint(m.ctx, resolved, "")
	require.NoError(t, err)
	m.here.Status = tenant.Suspended
	require.NoError(t, storage.NewTenants(m.db).UpdateTenant(m.ctx, m.here))
	m.clock.Advance(tenant.Default().CacheFor)
	_, err = m.Mint(m.ctx, resolved, "")
	require.ErrorIs(t, err, tenant.ErrUnknown)
	_, err = m.Mint(t.Context(), resolved, "")
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
}

// An application's tokens may live as long as retired keys stay published for, and no
// longer.
func TestNoTokenLivesLongerThanKeysArePublished(t *testing.T) {
	m := aMinter(t, application.Tokens{})
	_, err := m.applications.Ensure(m.ctx, application.Declaration{ClientID: "web", Tokens: application.Tokens{Lifetime: jwks.MaxLifetime}})
	require.NoError(t, err)
	_, err = m.applications.Ensure(m.ctx, application.Declaration{ClientID: "web", Tokens: application.Tokens{Lifetime: jwks.MaxLifetime + time.Second}})
	require.ErrorIs(t, err, application.ErrInvalid)
}

func TestNewMinterRefuses(t *testing.T) {
	m := aMinter(t, application.Tokens{})
	whole := session.MinterDeps{Applications: m.applications, Tenants: m.tenants, Signer: m.signer, Clock: m.clock}
	for _, without := range []func(*session.MinterDeps){
		func(d *session.MinterDeps) { d.Applications = nil },
		func(d *session.MinterDeps) { d.Tenants = nil },
		func(d *session.MinterDeps) { d.Signer = nil },
		func(d *session.MinterDeps) { d.Clock = nil },
	} {
		deps := whole
		without(&deps)
		_, err := session.NewMinter(deps)
		require.Error(t, err)
	}
}
