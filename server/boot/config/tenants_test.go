package config

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/tenant"
)

func TestTenantsAreReadWithTheirApplications(t *testing.T) {
	settings, err := Load(writeConfig(t, `
tenants:
  - name: acme
    base_url: https://id.acme.example
    hosts: [login.acme.example]
    locale: de
    password_min_length: 15
    applications:
      - {client_id: shop, origins: [https://acme.example]}
  - {name: closed, base_url: https://id.closed.example, disabled: true}
`), nil)
	require.NoError(t, err)
	require.Equal(t, []TenantDeclaration{
		{
			Declaration: tenant.Declaration{
				Name: "acme", BaseURL: "https://id.acme.example", Hosts: []string{"login.acme.example"},
				Settings: tenant.Settings{Locale: "de", PasswordMinLength: 15},
			},
			Applications: []application.Declaration{{ClientID: "shop", Origins: []string{"https://acme.example"}}},
		},
		{Declaration: tenant.Declaration{Name: "closed", BaseURL: "https://id.closed.example", Disabled: true}},
	}, settings.Tenants)
	require.NoError(t, settings.Validate())
}

func TestEveryMistakeInATenantIsNamed(t *testing.T) {
	_, err := LoadValid(writeConfig(t, `
tenants:
  - {name: default, base_url: "https://a.example"}
  - {name: acme, password_min_length: many, colour: red}
  - {name: acme, base_url: "https://b.example", applications: [{client_id: x}, {client_id: x}]}
  - {base_url: "https://c.example", applications: {}}
`), nil)
	var problems Problems
	require.ErrorAs(t, err, &problems)
	require.ElementsMatch(t, Problems{
		"tenants[0].name: another tenant has it already",
		"tenants[1].password_min_length: must be a whole number",
		"tenants[1].colour: is not a key of the configuration",
		"tenants[1].base_url: must be given",
		"tenants[2].name: another tenant has it already",
		"tenants[2].applications[1].client_id: another application has it already",
		"tenants[3].name: must be given",
		"tenants[3].applications: must be a list of applications",
	}, problems)
	_, err = Load(writeConfig(t, "tenants: all\n"), nil)
	require.ErrorContains(t, err, "tenants: must be a list of tenants")
}

func TestProductionLooksAtTheApplicationsOfEveryTenant(t *testing.T) {
	settings := productionConfig(t)
	settings.Tenants = []TenantDeclaration{{
		Declaration:  tenant.Declaration{Name: "acme", BaseURL: "https://id.acme.example"},
		Applications: []application.Declaration{{ClientID: "a", Default: true}},
	}}
	require.ErrorContains(t, settings.Validate(), "tenants[0].applications[0].default: must be off")
}
