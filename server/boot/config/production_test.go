package config

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/secret"
)

func productionConfig(t *testing.T) Config {
	t.Helper()
	key, err := seal.GenerateRootKey("test")
	require.NoError(t, err)
	config := Default()
	config.Mode, config.BaseURL, config.DataDir = Production, "https://id.example.com", t.TempDir()
	config.RootKeys = secret.NewText(key)
	config.Listen, config.Operations.Listen = "localhost:0", "localhost:0"
	config.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	return config
}

func TestProductionTakesASafeConfiguration(t *testing.T) {
	require.NoError(t, productionConfig(t).Validate())
}

func TestProductionRefusesUnsafeCombinations(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(c *Config)
		want  string
	}{
		"no root keys":      {func(c *Config) { c.RootKeys = secret.Text{} }, "root_keys: must be given in production"},
		"no base url":       {func(c *Config) { c.BaseURL = "" }, "base_url: must be given in production"},
		"plain http":        {func(c *Config) { c.BaseURL = "http://localhost:8080" }, "base_url: must begin with https://"},
		"remote operations": {func(c *Config) { c.Operations.Listen = ":8081" }, "operations.listen: is reachable from other machines"},
		"everybody's proxy": {func(c *Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("::/0")} }, "trusted_proxies[0]: must not be that wide"},
		"half of everybody": {func(c *Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("0.0.0.0/1")} }, "trusted_proxies[0]: must not be that wide"},
		"no proxy":          {func(c *Config) { c.TrustedProxies = nil }, "trusted_proxies: must name the proxy"},
		"test mode":         {func(c *Config) { c.TestMode = true }, "test_mode: must be off"},
		"outbound http":     {func(c *Config) { c.Outbound.AllowHTTP = true }, "outbound.allow_http: must be off"},
		"default application": {
			func(c *Config) {
				c.Applications = []application.Declaration{{ClientID: "a"}, {ClientID: "b", Default: true}}
			},
			"applications[1].default: must be off",
		},
	} {
		t.Run(name, func(t *testing.T) {
			config := productionConfig(t)
			test.spoil(&config)
			require.ErrorContains(t, config.Validate(), test.want)
			config.Mode = Development
			require.NoError(t, config.Validate(), "development takes it")
		})
	}
	remote := productionConfig(t)
	remote.Operations.Listen, remote.Operations.AllowRemote = ":8081", true
	require.NoError(t, remote.Validate())
	direct := productionConfig(t)
	direct.TrustedProxies, direct.NoProxies = nil, true
	require.NoError(t, direct.Validate())
}

func TestProductionListsAllThatIsUnsafeAtOnce(t *testing.T) {
	config := Default()
	config.Mode, config.Operations.Listen = Production, ":8081"
	config.Outbound.AllowHTTP = true
	var problems Problems
	require.ErrorAs(t, config.Validate(), &problems)
	require.Len(t, problems, 5)
}

// A production server never makes or reads a key file, even when one lies there.
func TestProductionUsesNoKeyFile(t *testing.T) {
	config := productionConfig(t)
	config.Mode, config.RootKeys = Development, secret.Text{}
	_, err := config.Keyring()
	require.NoError(t, err)
	require.FileExists(t, config.KeyFile())
	config.Mode = Production
	_, err = config.Keyring()
	require.ErrorContains(t, err, "root_keys: ")
}
