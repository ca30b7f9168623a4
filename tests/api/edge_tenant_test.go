package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/storage"
)

// secondTenant puts another tenant with a default application of its own beside the
// one that the server made.
func (s *scenario) secondTenant() (host string) {
	t := s.t
	_, port, _ := strings.Cut(strings.TrimPrefix(s.URL, "http://"), ":")
	name := newWord()
	host = name + ".localhost:" + port
	keys, err := seal.ParseRootKeys(rootKey)
	require.NoError(t, err)
	root, err := seal.NewKeyring(keys)
	require.NoError(t, err)
	config := tenant.Default()
	config.Development = true
	tenants, err := tenant.New(tenant.Deps{
		Store: storage.NewTenants(s.DB), Revisions: storage.NewTenantSettings(s.DB), Tx: s.DB, Clock: s.Clock, Root: root,
		Events: event.New(event.Deps{Store: s.Events, Sealer: nil, Clock: s.Clock, Wake: func() {}}),
	}, config)
	require.NoError(t, err)
	second, err := tenants.Ensure(everywhere(), tenant.Declaration{Name: name, BaseURL: "http://" + host})
	require.NoError(t, err)
	s.fired("tenant.created")

	behind := s.behind(second.ID)
	_, err = behind.applications.Ensure(behind.ctx, application.Declaration{
		ClientID: "default", Default: true, OwnershipProof: application.Deferred,
	})
	require.NoError(t, err)
	s.fired("application.created")
	return host
}

// Two tenants share a process and nothing else: no token, flow, name, id or answer of
// one is worth anything at the other.
func TestClass_ObjectLevel_TenantsShareNothing(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		host := s.secondTenant()
		p := s.somebody()
		second := s.app()
		second.host, second.base = host, "http://"+host

		// The same name is another person there.
		second.start(second.asking("login", second.prove(p.name, p.password))).is(http.StatusCreated)
		told := s.fired("flow.refused")
		other := second.with("")
		once := key(newPassword())
		body := other.asking("registration", other.choose(p.name, p.password, nil))
		flow := other.completed(other.start(body, once).is(http.StatusCreated))
		require.NotEqual(t, p.ID, flow.Outcome.User.ID)
		for _, one := range s.fired("user.created", "password.set", "session.created") {
			require.Equal(t, told[0].Tenant, one.Tenant)
		}
		// The same key and body at the first tenant is a request of its own.
		require.Equal(t, "identifier_taken", read[wire.Flow](s.app().start(body, once).is(http.StatusCreated)).Error.Code)
		require.NotEqual(t, told[0].Tenant, s.fired("flow.refused")[0].Tenant)

		// Sessions.
		second.with(p.bearer).me().refused(http.StatusUnauthorized, "session_invalid")
		p.with(other.bearer).me().refused(http.StatusUnauthorized, "session_invalid")
		p.endOne(flow.Outcome.Session.ID).refused(http.StatusNotFound, "session_unknown")
		other.endOne(p.session).refused(http.StatusNotFound, "session_unknown")

		// Flows.
		f := s.app().begin("login")
		f.accepted(f.identify(p.name))
		f.host, f.base = host, "http://"+host
		f.read().refused(http.StatusUnauthorized, "flow_token_invalid")
		f.submit(f.prove("", p.password)).refused(http.StatusUnauthorized, "flow_token_invalid")

		// Applications and their origins.
		second.configuration("asking").refused(http.StatusUnprocessableEntity, "client_unknown")
		second.preflight("/v1/flows", "https://front.example", http.MethodPost).refused(http.StatusForbidden, "origin_not_allowed")
		s.fired()
		p.me().session()
		other.me().session()
	})
}
