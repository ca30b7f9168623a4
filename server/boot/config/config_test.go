package config

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/passkey/models"
)

func writeConfig(t testing.TB, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "lintel.yaml")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func TestNothingConfiguredIsDevelopmentOnTheLoopback(t *testing.T) {
	config, err := Load("", []string{"PATH=/bin", "HOME=/root"})
	require.NoError(t, err)
	require.Equal(t, Default(), config)
	require.NoError(t, config.Validate())
	require.Equal(t, Development, config.Mode)
	require.True(t, OnLoopback(config.Listen))
	require.True(t, OnLoopback(config.Operations.Listen))
}

func TestTheEnvironmentGoesBeforeTheFileBeforeTheDefaults(t *testing.T) {
	path := writeConfig(t, `
listen: 127.0.0.1:9000
log: {level: warn}
session:
  cookie: {idle: 12h, absolute: 48h}
  token:
password: {min_length: 15, breached_at_login: false}
trusted_proxies: [10.0.0.0/8, "::1"]
hosts: login.example.com, id.example.com
applications:
  - client_id: web
    name: The web shop
    origins: [https://shop.example.com]
    redirect_targets: [https://shop.example.com/back]
    link_targets: [https://shop.example.com/link]
    journeys: [login]
    ownership_proof: deferred
    profile_claims: [name]
    terms: {version: "3", url: https://shop.example.com/terms}
    token: {audiences: [https://api.example.com], lifetime: 10m}
  - {client_id: app, disabled: true}
`)
	config, err := Load("", []string{
		"LINTEL_CONFIG=" + path, "LINTEL_LISTEN=127.0.0.1:9001", "LINTEL_SESSION_TOKEN_IDLE=1h",
		"LINTEL_ROOT_KEYS=a:b", "LINTEL_DATABASE_URL=postgres://u:p@h/d", "LINTEL_BASE_URL=",
	})
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:9001", config.Listen)
	require.Equal(t, "warn", config.Log.Level)
	require.Equal(t, 12*time.Hour, config.Session.Cookie.Idle)
	require.Equal(t, time.Hour, config.Session.Token.Idle)
	require.Equal(t, Default().Session.Token.Absolute, config.Session.Token.Absolute)
	require.Equal(t, 15, config.Password.MinLength)
	require.False(t, config.Password.BreachedAtLogin)
	require.Equal(t, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}, config.TrustedProxies)
	require.Equal(t, []string{"login.example.com", "id.example.com"}, config.Hosts)
	require.Equal(t, "a:b", config.RootKeys.Reveal())
	require.Equal(t, "postgres://u:p@h/d", config.DatabaseURL.Reveal())
	require.Empty(t, config.BaseURL)
	require.Equal(t, []application.Declaration{
		{
			ClientID: "web", Name: "The web shop", Origins: []string{"https://shop.example.com"},
			RedirectTargets: []string{"https://shop.example.com/back"}, LinkURIs: []string{"https://shop.example.com/link"},
			Journeys: []string{"login"}, OwnershipProof: application.Deferred, ProfileClaims: []string{"name"},
			Terms:  &application.Terms{Version: "3", URL: "https://shop.example.com/terms"},
			Tokens: application.Tokens{Audiences: []string{"https://api.example.com"}, Lifetime: 10 * time.Minute},
		},
		{ClientID: "app", Disabled: true},
	}, config.Applications)

	explicit, err := Load(writeConfig(t, "listen: 127.0.0.1:9002"), []string{"LINTEL_CONFIG=" + path})
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:9002", explicit.Listen, "the flag goes before the variable")
}

// Every problem begins with its key, and all are told at once.
func TestErrorsNameTheKey(t *testing.T) {
	for name, test := range map[string]struct {
		file    string
		environ []string
		want    []string
	}{
		"unknown key":         {file: "listne: x", want: []string{"listne: is not a key"}},
		"unknown nested key":  {file: "session: {cookie: {idel: 1h}}", want: []string{"session.cookie.idel: is not a key"}},
		"a value for section": {file: "session: 5", want: []string{"session: is not a key"}},
		"unknown variable":    {environ: []string{"LINTEL_LISTNE=x"}, want: []string{"LINTEL_LISTNE: is not a variable"}},
		"mode":                {environ: []string{"LINTEL_MODE=test"}, want: []string{"mode (LINTEL_MODE): must be one of [development production]"}},
		"duration":            {file: "flow: {lifetime: 30}", want: []string{"flow.lifetime: must be a duration"}},
		"duration range":      {file: "flow: {lifetime: 30s}", want: []string{"flow.lifetime: must be a duration such as 30s, 15m or 24h, from 1m0s to 24h0m0s"}},
		"number":              {file: "password: {min_length: 7.5}", want: []string{"password.min_length: must be a whole number from 8 to 64"}},
		"yes or no":           {file: "password: {breached_api: yes please}", want: []string{"password.breached_api: must be true or false"}},
		"prefix":              {environ: []string{"LINTEL_TRUSTED_PROXIES=10.0.0.1,proxy"}, want: []string{"trusted_proxies (LINTEL_TRUSTED_PROXIES): item 2 must be an address"}},
		"list":                {file: "hosts: {a: b}", want: []string{"hosts.a: is not a key"}},
		"text":                {file: "listen: [a]", want: []string{"listen: must be text"}},
		"address":             {file: "listen: lintel.example.com:80", want: []string{"listen: must be host:port"}},
		"operations address":  {environ: []string{"LINTEL_OPERATIONS_LISTEN=8081"}, want: []string{"operations.listen: must be host:port"}},
		"same address":        {file: "{listen: ':8080', operations: {listen: ':8080'}}", want: []string{"operations.listen: must not be the public address"}},
		"base url":            {file: "base_url: id.example.com", want: []string{"base_url: must be https://"}},
		"session limits":      {file: "session: {cookie: {idle: 24h, absolute: 1h}}", want: []string{"session.cookie: idle"}},
		"rotation":            {file: "jwks: {rotate_every: 1h}", want: []string{"jwks.rotate_every: must be 0 or no less"}},
		"overlap":             {file: "jwks: {overlap: 1h}", want: []string{"jwks.overlap: must be 1h10m0s or more"}},
		"two breached lists":  {file: "password: {breached_file: x, breached_api: true}", want: []string{"password.breached_api: must be off"}},
		"log":                 {file: "log: {level: loud, format: xml}", want: []string{"log.format: must be one of", "log.level: must be one of"}},
		"applications":        {file: "applications: {web: {}}", want: []string{"applications.web: is not a key"}},
		"application": {
			file: "applications: [{client_id: [], default: maybe, origins: {a: b}, terms: {edition: 1}, token: {lifetime: long, scope: x}, colour: red}, 7]",
			want: []string{
				"applications[0].client_id: must be text", "applications[0].default: must be true or false",
				"applications[0].origins: must be a list of texts", "applications[0].terms.edition: is not a key",
				"applications[0].token.lifetime: must be a duration such as", "applications[0].token.scope: is not a key",
				"applications[0].colour: is not a key", "applications[1]: must hold keys",
			},
		},
		"twice the same client": {
			file: "applications: [{client_id: a, default: true}, {client_id: a, default: true}]",
			want: []string{"applications[1].client_id: another application has it", "applications[1].default: another application is"},
		},
		"not yaml":     {file: "listen: [", want: []string{"is not YAML"}},
		"twice a key":  {file: "listen: a:1\nlisten: b:2\n", want: []string{"at line 2, or says a key twice"}},
		"outbound":     {file: "outbound: {allowed_hosts: [10.0.0.1]}", want: []string{"outbound.allowed_hosts[0]"}},
		"shutdown":     {file: "shutdown_timeout: 0s", want: []string{"shutdown_timeout: must be a duration"}},
		"risk":         {file: "risk: {account: {burst: 0}}", want: []string{"risk.account.burst: must be a whole number"}},
		"many at once": {file: "{a: 1, b: 2}", environ: []string{"LINTEL_C=3", "LINTEL_MODE=4"}, want: []string{"a: ", "b: ", "LINTEL_C: ", "mode (LINTEL_MODE): "}},
	} {
		t.Run(name, func(t *testing.T) {
			file := ""
			if test.file != "" {
				file = writeConfig(t, test.file)
			}
			config, err := Load(file, test.environ)
			if err == nil {
				err = config.Validate()
			}
			require.Error(t, err)
			var problems Problems
			require.ErrorAs(t, err, &problems)
			for _, want := range test.want {
				require.Contains(t, err.Error(), want)
			}
			for line := range strings.SplitSeq(err.Error(), "\n") {
				require.Contains(t, line, ": ", "each line begins with what it is about")
			}
		})
	}
}

func TestAMissingFileIsAnError(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "none.yaml"), nil)
	require.ErrorContains(t, err, "configuration file")
	_, err = Load(t.TempDir(), nil)
	require.ErrorContains(t, err, "regular file")
}

// Secrets: a value that ended up in the wrong place is not repeated by any error.
func TestClass_Secrets_ErrorsDoNotRepeatValues(t *testing.T) {
	const value = "hunter2hunter2"
	for _, s := range settings() {
		_, err := Load("", []string{s.variable() + "=" + value})
		if err != nil {
			require.ErrorContains(t, err, s.key)
			require.NotContains(t, err.Error(), value)
		}
	}
	for _, file := range []string{value, "root_keys: [" + value, "root_keys: {x: " + value + "}", "- " + value, "root_keys: !!int " + value} {
		_, err := Load(writeConfig(t, file), nil)
		require.Error(t, err)
		require.NotContains(t, err.Error(), value)
		require.NotContains(t, err.Error(), value[:7])
	}
	for _, bad := range []string{value, value + ":" + value, "a:" + value} {
		config, err := Load("", []string{"LINTEL_ROOT_KEYS=" + bad})
		require.NoError(t, err)
		_, err = config.Keyring()
		require.ErrorContains(t, err, "root_keys: ")
		require.NotContains(t, err.Error(), value)
	}
}

func TestEverySettingHasItsOwnVariableAndAnExplanation(t *testing.T) {
	seen := map[string]string{}
	for _, key := range Reference() {
		require.NotEmpty(t, key.About, key.Key)
		require.Equal(t, strings.TrimSpace(key.About), key.About, key.Key)
		require.True(t, strings.HasSuffix(key.About, "."), key.Key)
		if key.Variable != "" {
			require.Empty(t, seen[key.Variable], "%s and %s share %s", key.Key, seen[key.Variable], key.Variable)
			require.False(t, isForeign(key.Variable, ""), key.Variable)
			require.NotEqual(t, configVariable, key.Variable)
		}
		seen[key.Variable] = key.Key
	}
}

func TestVariablesOfOthersAreLeftAlone(t *testing.T) {
	_, err := Load("", []string{
		"LINTEL_SERVICE_HOST=10.0.0.1", "LINTEL_SERVICE_PORT=80", "LINTEL_SERVICE_PORT_HTTP=80", "LINTEL_PORT=tcp://10.0.0.1:80",
		"LINTEL_PORT_80_TCP=tcp://10.0.0.1:80", "LINTEL_PORT_80_TCP_PROTO=tcp", "LINTEL_PORT_80_TCP_PORT=80",
		"LINTEL_PORT_80_TCP_ADDR=10.0.0.1", "LINTEL_OPERATIONS_SERVICE_HOST=10.0.0.2", "LINTEL_TEST_POSTGRES_URL=postgres://",
	})
	require.NoError(t, err)
	_, err = Load("", []string{"LINTEL_PORT=80"})
	require.ErrorContains(t, err, "LINTEL_PORT: ")
}

// An operator must not start the server three times to learn three mistakes, and a
// root key that is mistyped is still one.
func TestWhatCannotBeReadAndWhatCannotBeUsedIsToldAtOnce(t *testing.T) {
	_, err := LoadValid("", []string{"LINTEL_LISTEN=foo", "LINTEL_FLOW_LIFETIME=1ms", "LINTEL_ROOT_KEYS=abc"})
	var problems Problems
	require.ErrorAs(t, err, &problems)
	require.Len(t, problems, 3)
	for i, want := range []string{"flow.lifetime (LINTEL_FLOW_LIFETIME): must be a duration", "listen: must be host:port", "root_keys: root key 1: "} {
		require.True(t, strings.HasPrefix(problems[i], want), problems[i])
	}
	for _, value := range []string{"foo", "1ms", "abc"} {
		require.NotContains(t, err.Error(), value)
	}

	_, err = LoadValid("", []string{"LINTEL_MODE=production", "LINTEL_BASE_URL=https://id.example.com", "LINTEL_TRUSTED_PROXIES=proxy"})
	require.ErrorAs(t, err, &problems)
	require.Len(t, problems, 2, "a key that cannot be read is not missing as well")
	require.Contains(t, problems[0], "trusted_proxies (LINTEL_TRUSTED_PROXIES): ")
	require.Contains(t, problems[1], "root_keys: must be given in production")

	_, err = LoadValid(writeConfig(t, "mode: ["), []string{"LINTEL_LISTNE=x"})
	require.ErrorAs(t, err, &problems)
	require.Len(t, problems, 2, "nothing is said about a file that nobody could read")

	config, err := LoadValid("", nil)
	require.NoError(t, err)
	require.Equal(t, Default(), config)
}

func FuzzLoad(f *testing.F) {
	f.Add("listen: a:1\napplications: [{client_id: x, terms: {version: 1}}]")
	f.Add("session: {cookie: {idle: 1h}}")
	f.Add("applications: [[{}]]\n? {a: b}\n: c")
	f.Fuzz(func(t *testing.T, content string) {
		config, err := Load(writeConfig(t, content), nil)
		if err == nil {
			_ = config.Validate()
		}
	})
}

func TestPasskeyMetadataComesWithItsRoot(t *testing.T) {
	config, err := LoadValid("", []string{"LINTEL_PASSKEYS_METADATA_FILE=/a/blob.jwt", "LINTEL_PASSKEYS_METADATA_ROOT_FILE=/a/root.pem"})
	require.NoError(t, err)
	require.Equal(t, models.Config{File: "/a/blob.jwt", RootFile: "/a/root.pem", Signer: "mds.fidoalliance.org"}, config.Models)
	_, err = LoadValid("", []string{"LINTEL_PASSKEYS_METADATA_FILE=/a/blob.jwt"})
	require.ErrorContains(t, err, "passkeys.metadata.root_file: must be given")
	_, err = LoadValid("", []string{"LINTEL_PASSKEYS_METADATA_ROOT_FILE=/a/root.pem"})
	require.ErrorContains(t, err, "passkeys.metadata.file: must be given")
}
