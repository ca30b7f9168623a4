package config

import (
	"os"
	"path/filepath"
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
    audit_retention_days: 365
    code_length: 8
    code_lifetime_seconds: 300
    link_lifetime_seconds: 600
    code_resend_seconds: 60
    identifier_undo_seconds: 0
    unknown_address_notice: true
    message_countries: [GB, DE, GB]
    applications:
      - {client_id: shop, origins: [https://acme.example]}
  - {name: closed, base_url: https://id.closed.example, disabled: true}
`), nil)
	require.NoError(t, err)
	require.Equal(t, []TenantDeclaration{
		{
			Declaration: tenant.Declaration{
				Name: "acme", BaseURL: "https://id.acme.example", Hosts: []string{"login.acme.example"},
				Settings: tenant.Settings{
					Locale: "de", PasswordMinLength: 15, AuditRetentionDays: 365,
					CodeLength: 8, CodeLifetimeSeconds: 300, LinkLifetimeSeconds: 600, CodeResendSeconds: 60, IdentifierUndoSeconds: tenant.NoUndo, UnknownAddressNotice: true, MessageCountries: "DE,GB",
				},
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
  - {name: acme, password_min_length: many, colour: red, unknown_address_notice: perhaps, code_length: six}
  - {name: acme, base_url: "https://b.example", applications: [{client_id: x}, {client_id: x}]}
  - {base_url: "https://c.example", applications: {}}
`), nil)
	var problems Problems
	require.ErrorAs(t, err, &problems)
	require.ElementsMatch(t, Problems{
		"tenants[0].name: another tenant has it already",
		"tenants[1].password_min_length: must be a whole number",
		"tenants[1].unknown_address_notice: must be true or false",
		"tenants[1].code_length: must be a whole number",
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

// The files are named from where the configuration stands, and judged before anything
// is started.
func TestProfileSchemasAreReadFromTheirFiles(t *testing.T) {
	file := writeConfig(t, `profile: {schema: own.json}
tenants: [{name: acme, base_url: "http://acme.localhost", profile_schema: schemas/acme.json}, {name: bare, base_url: "http://bare.localhost"}]
`)
	folder := filepath.Dir(file)
	own, acme := `{"type":"object","additionalProperties":false,"properties":{"a":{}}}`, `{"type":"object","properties":{"a":{"if":{}}}}`
	require.NoError(t, os.WriteFile(filepath.Join(folder, "own.json"), []byte(own), 0o600))
	_, err := Load(file, nil)
	require.EqualError(t, err, "tenants[0].profile_schema: cannot be read: no such file or directory")
	require.NoError(t, os.Mkdir(filepath.Join(folder, "schemas"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "schemas", "acme.json"), []byte(acme), 0o600))
	settings, err := Load(file, nil)
	require.NoError(t, err)
	require.Equal(t, own, string(settings.ProfileSchema.Document))
	require.Equal(t, acme, string(settings.Tenants[0].Document))
	require.Nil(t, settings.Tenants[1].Document)
	var problems Problems
	require.ErrorAs(t, settings.Validate(), &problems)
	require.ElementsMatch(t, Problems{
		"tenants[0].profile_schema.additionalProperties: A profile schema says that there are no additional properties.",
		"tenants[0].profile_schema.properties.a.if: A profile schema has no such keyword here.",
	}, problems)

	absolute := writeConfig(t, "profile: {schema: "+filepath.Join(folder, "own.json")+"}\n")
	settings, err = Load(absolute, nil)
	require.NoError(t, err)
	require.Equal(t, own, string(settings.ProfileSchema.Document))
	_, err = Load(writeConfig(t, "profile: {schema: "+folder+"}\n"), nil)
	require.ErrorContains(t, err, "profile.schema: must be a regular file of at most 1 MiB")
}
