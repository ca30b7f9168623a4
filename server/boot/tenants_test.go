package boot

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/tenant"
)

func TestATenantGoesByItsIDNameBaseURLOrHost(t *testing.T) {
	var first id.Tenant
	require.NoError(t, first.UnmarshalText([]byte("tnt_01h455vb4pex5vsknk084sn02q")))
	all := Tenants{
		{ID: first, Name: "default", BaseURL: "http://localhost:8080", Hosts: []string{"localhost:8080", "[::1]:8080"}},
		{Name: "acme", BaseURL: "https://id.acme.example", Hosts: []string{"id.acme.example", "shared.example:1"}},
		{Name: "shared", BaseURL: "https://shared.example:2", Hosts: []string{"shared.example:2"}},
	}
	for which, want := range map[string]string{
		first.String(): "default", "default": "default", "http://localhost:8080": "default", "http://localhost:8080/": "default",
		"localhost:8080": "default", "localhost": "default", "[::1]": "default", "[::1]:8080": "default",
		"acme": "acme", "ID.acme.example": "acme", "shared.example:1": "acme", "shared.example:2": "shared", "shared": "shared",
	} {
		found, err := all.Find(which)
		require.NoError(t, err, which)
		require.Equal(t, want, found.Name, which)
	}
	for _, which := range []string{"nobody", "localhost:9090", "https://localhost:8080", "example", "[::1", ""} {
		_, err := all.Find(which)
		require.EqualError(t, err, "--tenant: no tenant has this id, name, base URL or host", which)
	}
	_, err := all.Find("shared.example")
	require.ErrorContains(t, err, "several tenants have this host")
	require.Equal(t, "default", all.Name(first))
	require.Empty(t, Tenants{tenant.Tenant{Name: "other"}}.Name(first))
}

// A tenant that leaves the configuration is left to the API with all that was declared
// in it, and one that comes back is taken over.
func TestATenantThatLeavesTheConfiguration(t *testing.T) {
	settings := developmentConfig(t)
	without := settings
	settings.Tenants = []config.TenantDeclaration{{
		Declaration:  tenant.Declaration{Name: "acme", BaseURL: "http://localhost:9"},
		Applications: []application.Declaration{{ClientID: "shop", Name: "Shop", OwnershipProof: application.Deferred}},
	}}
	managed := func(settings config.Config) (tenant.Manager, application.ManagedBy) {
		server := start(t, settings)
		defer func() { require.NoError(t, server.stop()) }()
		page, err := server.services.tenants.List(t.Context(), id.Tenant{}, 10)
		require.NoError(t, err)
		require.Len(t, page.Items, 2)
		acme, err := Tenants(page.Items).Find("acme")
		require.NoError(t, err)
		first, err := Tenants(page.Items).Find(tenant.DefaultName)
		require.NoError(t, err)
		require.Equal(t, tenant.ByConfiguration, first.ManagedBy, "it is always declared")
		apps, err := server.services.applications.List(reqctx.WithTenant(t.Context(), acme.ID), application.ID{}, 10)
		require.NoError(t, err)
		require.Len(t, apps.Items, 1)
		return acme.ManagedBy, apps.Items[0].ManagedBy
	}
	for _, one := range []struct {
		settings config.Config
		tenant   tenant.Manager
		app      application.ManagedBy
	}{
		{settings, tenant.ByConfiguration, application.ByConfiguration},
		{without, tenant.ByAPI, application.ByAPI},
		{settings, tenant.ByConfiguration, application.ByConfiguration},
	} {
		of, its := managed(one.settings)
		require.Equal(t, one.tenant, of)
		require.Equal(t, one.app, its)
	}
}
