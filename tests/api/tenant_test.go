package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/tests/api/running"
)

func withTenants(settings *config.Config) {
	withApplications(settings)
	settings.Tenants = []config.TenantDeclaration{
		{
			Declaration: tenant.Declaration{
				Name: "acme", BaseURL: "http://acme.localhost", Settings: tenant.Settings{Locale: "de", PasswordMinLength: 40},
			},
			Applications: []application.Declaration{{ClientID: "shop", OwnershipProof: application.Deferred}},
		},
		{Declaration: tenant.Declaration{Name: "closed", BaseURL: "http://closed.localhost", Disabled: true}},
	}
}

// at is the same caller at another tenant.
func (c *caller) at(host string) *caller {
	other := c.with("")
	other.host, other.base = host, "http://"+host
	return other
}

func TestDeclaredTenantsHaveTheirOwnApplicationsAndSettings(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			place := running.NewPlace(t, engine)
			s := privately(t, place, withTenants)
			c := s.app().at("acme.localhost")
			found := read[wire.PublicConfiguration](c.configuration("shop").is(http.StatusOK))
			require.EqualValues(t, 40, found.PasswordPolicy.MinLength)
			require.Equal(t, "de", found.Locale)
			c.send(http.MethodGet, "/v1/configuration?client_id=asking", "", "Accept-Language", "en").refused(http.StatusUnprocessableEntity, "client_unknown")
			c.send(http.MethodGet, "/v1/configuration", "", "Accept-Language", "en").refused(http.StatusUnprocessableEntity, "client_id_required")
			s.app().configuration("shop").refused(http.StatusUnprocessableEntity, "client_unknown")
			here := read[wire.PublicConfiguration](s.app().configuration("").is(http.StatusOK))
			require.EqualValues(t, 8, here.PasswordPolicy.MinLength)
			require.Equal(t, "en", here.Locale)

			name, short := newName(), newPassword()
			require.Less(t, len(short), 40)
			register := func(c *caller, client, password string) wire.Flow {
				body := c.asking("registration", c.choose(name, password, nil))
				body.ClientID = optional(client)
				return read[wire.Flow](c.start(body).is(http.StatusCreated))
			}
			refused := register(c, "shop", short)
			require.Equal(t, "password_rejected", refused.Error.Code)
			require.Equal(t, "completed", register(c, "shop", short+short).Status)
			require.Equal(t, "completed", register(s.app(), "", short).Status)
			s.app().at("closed.localhost").send(http.MethodGet, "/v1/configuration", "").refused(http.StatusMisdirectedRequest, "tenant_unknown")
			s.fired("flow.refused", "user.created", "password.set", "session.created", "user.created", "password.set", "session.created")
			require.NoError(t, s.Stop())

			// What leaves the list stays; what is said to be closed is.
			again := privately(t, place, func(settings *config.Config) {
				withTenants(settings)
				settings.Tenants = settings.Tenants[1:]
				settings.Tenants[0].Disabled = false
			})
			again.app().at("acme.localhost").configuration("shop").is(http.StatusOK)
			again.app().at("closed.localhost").configuration("").refused(http.StatusUnprocessableEntity, "client_id_required")
		})
	}
}
