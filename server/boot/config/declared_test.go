package config

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/tenant"
)

// What a server would refuse at its start is refused before, by the key that says it.
func TestDeclarationsThatNoServerStartsWith(t *testing.T) {
	acme := func(base string, hosts ...string) TenantDeclaration {
		return TenantDeclaration{Declaration: tenant.Declaration{Name: "acme", BaseURL: base, Hosts: hosts}}
	}
	beta := TenantDeclaration{Declaration: tenant.Declaration{Name: "beta", BaseURL: "https://id.beta.example", Hosts: []string{"login.beta.example"}}}
	for name, test := range map[string]struct {
		spoil func(c *Config)
		want  Problems
	}{
		"lifetime": {
			func(c *Config) {
				c.Applications = []application.Declaration{{ClientID: "a"}, {ClientID: "b", Tokens: application.Tokens{Lifetime: 2 * time.Hour}}}
			},
			Problems{"applications[1].token.lifetime: A token lives for whole seconds, from 30s to 1h."},
		},
		"origin": {
			func(c *Config) {
				c.Tenants = []TenantDeclaration{acme("https://id.acme.example")}
				c.Tenants[0].Applications = []application.Declaration{{ClientID: "a", Origins: []string{"https://a.example", "http://insecure.example"}}}
			},
			Problems{"tenants[0].applications[0].origins[1]: An origin is https://host[:port], or http:// on the loopback, in lower case, without a default port or a path."},
		},
		"no client id": {
			func(c *Config) { c.Applications = []application.Declaration{{}} },
			Problems{"applications[0].client_id: A client id is 1 to 256 printable ASCII characters without spaces."},
		},
		"claim": {
			func(c *Config) {
				c.ProfileSchema.Document = []byte(`{"type":"object","additionalProperties":false,"properties":{"a":{},"b":{"x-user-access":"read"}}}`)
				c.Applications = []application.Declaration{{ClientID: "a", ProfileClaims: []string{"a", "foo", "b"}}}
			},
			Problems{
				"applications[0].profile_claims[1]: The profile schema has no such claim.",
				"applications[0].profile_claims[2]: The profile schema has no such claim.",
			},
		},
		"journey": {
			func(c *Config) {
				c.Applications = []application.Declaration{{ClientID: "a", Journeys: []string{"login", "nix", "1x"}}}
			},
			Problems{
				"applications[0].journeys[1]: there is no such journey; there are login, registration, login_or_registration, guest, recovery, verification, step_up, enrolment",
				"applications[0].journeys[2]: A journey's name is up to 64 lower-case letters, digits and underscores, a letter first.",
			},
		},
		"plain http": {
			func(c *Config) { c.Tenants = []TenantDeclaration{acme("http://id.acme.example")} },
			Problems{"tenants[0].base_url: A base URL begins with https://; http:// serves only on the loopback in development."},
		},
		"all of a tenant": {
			func(c *Config) {
				c.Tenants = []TenantDeclaration{acme("https://id.acme.example/path", "a b")}
				c.Tenants[0].Name, c.Tenants[0].Settings = "Acme & Sons", tenant.Settings{Locale: "no language"}
			},
			Problems{
				"tenants[0].name: A name is small letters, digits and dashes.",
				"tenants[0].base_url: A base URL is scheme, host and port, and nothing more.",
				"tenants[0].hosts[0]: A host is a name or address with an optional port.",
				"tenants[0].locale: This is not a language tag.",
			},
		},
		"the host of the default tenant": {
			func(c *Config) { c.Hosts = []string{"a b"} },
			Problems{"hosts[0]: A host is a name or address with an optional port."},
		},
		"the base URL of the default tenant": {
			func(c *Config) { c.Tenants = []TenantDeclaration{acme("https://ID.example.com:443/")} },
			Problems{"tenants[0].base_url: another tenant has this host"},
		},
		"the base URL of another tenant": {
			func(c *Config) { c.Tenants = []TenantDeclaration{beta, acme("https://id.beta.example")} },
			Problems{"tenants[1].base_url: another tenant has this host"},
		},
		"the host of another tenant": {
			func(c *Config) {
				c.Tenants = []TenantDeclaration{beta, acme("https://id.acme.example", "acme.example", "login.beta.example")}
			},
			Problems{"tenants[1].hosts: another tenant answers for one of them"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			settings := productionConfig(t)
			test.spoil(&settings)
			var problems Problems
			require.ErrorAs(t, settings.Validate(), &problems)
			require.ElementsMatch(t, test.want, problems)
		})
	}
}

// In development a server adds the hosts of the loopback under its port.
func TestATenantOnTheLoopbackHasAnotherPort(t *testing.T) {
	settings := Default()
	settings.Tenants = []TenantDeclaration{{Declaration: tenant.Declaration{Name: "acme", BaseURL: "http://localhost:8080"}}}
	require.EqualError(t, settings.Validate(), "tenants[0].base_url: another tenant has this host")
	settings.Tenants[0].BaseURL = "http://acme.localhost:8080"
	require.NoError(t, settings.Validate())
	settings.Listen, settings.Tenants[0].BaseURL = "localhost:0", "http://localhost:8080"
	require.NoError(t, settings.Validate(), "which port it will be is not known")
}

// Without a declared schema the claims are those of the newest version, which a database
// may have; one that is empty has the built-in version.
func TestClaimsWithoutASchemaAreTheDatabasesToSay(t *testing.T) {
	settings, err := LoadValid(writeConfig(t, "applications: [{client_id: a, profile_claims: [given_name, foo]}]"), nil)
	require.NoError(t, err)
	require.EqualError(t, settings.OnEmptyDatabase(),
		"applications[0].profile_claims[1]: the profile schema has no such claim; name the one that has it with profile.schema")

	file := writeConfig(t, "profile: {schema: own.json}\napplications: [{client_id: a, profile_claims: [foo]}]")
	document := `{"type":"object","additionalProperties":false,"properties":{"foo":{}}}`
	require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(file), "own.json"), []byte(document), 0o600))
	settings, err = LoadValid(file, nil)
	require.NoError(t, err)
	require.NoError(t, settings.OnEmptyDatabase())
}
