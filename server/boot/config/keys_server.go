package config

import (
	"net/netip"
	"time"

	"github.com/lintel-id/lintel/server/api"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// placeSettings say who the server is and where.
func placeSettings() []setting {
	return []setting{
		{"mode", "development (the default) makes up what it was not told; production makes up nothing and refuses what is unsafe.",
			oneOf(func(c *Config) *Mode { return &c.Mode }, Development, Production)},
		{"listen", "Public address, host:port; localhost is both loopback addresses, no host is every address. Default localhost:8080.",
			text(func(c *Config) *string { return &c.Listen })},
		{"base_url", "What the world calls this server, and its issuer: https://host[:port]. In development by default http://localhost with the port it listens on.",
			text(func(c *Config) *string { return &c.BaseURL })},
		{"hosts", "Further hosts that requests may name, beside that of base_url. In development the loopback's are added.",
			list(func(c *Config) *[]string { return &c.Hosts })},
		{"trusted_proxies", "Addresses or ranges of the proxies in front, whose word about a caller's address is taken. Default: none.",
			prefixes(func(c *Config) *[]netip.Prefix { return &c.TrustedProxies })},
		{"no_proxies", "In production, whether callers reach this server without a proxy in between, so that trusted_proxies may be empty. Default false.",
			yesNo(func(c *Config) *bool { return &c.NoProxies })},
		{"data_dir", "Folder of the embedded database and, in development, of the root key; made with mode 0700. Default lintel-data.",
			text(func(c *Config) *string { return &c.DataDir })},
		{"root_keys", "Secret. name:base64 of 32 random bytes, more of them after commas: the first seals, all open. Production does not start without; in development a key file is made.",
			hidden(func(c *Config) *secret.Text { return &c.RootKeys })},
		{"bootstrap_key", "Secret. The first API key of the default tenant, lk_ and 32 random bytes as base64url; it may do all, and is made only where there is no API key yet. Default: in development one is made up and printed once, in production there is none.",
			hidden(func(c *Config) *secret.Text { return &c.BootstrapKey })},
		{"operator_keys", "Secret. The keys of whoever runs the server, which manage its tenants: lo_ and 32 random bytes as base64url, more of them after commas, so that one can take the place of another. Default: none, and nobody can.",
			hidden(func(c *Config) *secret.Text { return &c.OperatorKeys })},
		{"locale", "Language of details and messages where nobody asks for one that there is, by its tag. Default en.",
			oneOf(func(c *Config) *string { return &c.API.Locale }, api.Locales()...)},
		{"http.request_timeout", "How long one request may work; a long poll has its wait on top. Default 15s.",
			duration(time.Second, 5*time.Minute, func(c *Config) *time.Duration { return &c.API.RequestTimeout })},
		{"http.read_timeout", "How long a request may take to arrive. Default 10s.",
			duration(time.Second, 5*time.Minute, func(c *Config) *time.Duration { return &c.API.ReadTimeout })},
		{"http.write_timeout", "How long an answer may take to be taken in. Default 20s.",
			duration(time.Second, 5*time.Minute, func(c *Config) *time.Duration { return &c.API.WriteTimeout })},
		{"http.idle_timeout", "How long a connection is kept for the next request. Default 1m.",
			duration(time.Second, time.Hour, func(c *Config) *time.Duration { return &c.API.IdleTimeout })},
		{"http.body_limit", "The largest request body, in bytes. Default 65536.",
			number(1<<10, 16<<20, func(c *Config) *int { return &c.API.BodyLimit })},
		{"http.max_connections", "Connections open at once. Default 65536.",
			number(1, 1<<20, func(c *Config) *int { return &c.API.MaxConnections })},
		{"test_mode", "Whether anybody may move the clock over the API, so that journeys can be tested; refused in production. Default false.",
			yesNo(func(c *Config) *bool { return &c.TestMode })},
		{"shutdown_timeout", "How long a stopping server finishes what it accepted. Default 20s.",
			duration(time.Second, 10*time.Minute, func(c *Config) *time.Duration { return &c.ShutdownTimeout })},
	}
}

// operationSettings are for whoever looks after the server.
func operationSettings() []setting {
	return []setting{
		{"operations.listen", "Address of /livez, /readyz and /metrics, as for listen. Default localhost:8081.",
			text(func(c *Config) *string { return &c.Operations.Listen })},
		{"operations.allow_remote", "In production, whether operations.listen may be an address that other machines reach. Default false.",
			yesNo(func(c *Config) *bool { return &c.Operations.AllowRemote })},
		{"log.level", "debug, info (the default), warn or error.",
			oneOf(func(c *Config) *string { return &c.Log.Level }, "debug", "info", "warn", "error")},
		{"log.format", "json, text, or auto (the default): text on a terminal in development, otherwise json.",
			oneOf(func(c *Config) *string { return &c.Log.Format }, "auto", "json", "text")},
		{"telemetry.traces.endpoint", "Collector that takes traces as OTLP over HTTP, such as http://localhost:4318; without a path /v1/traces is meant. Default: none, and nothing is traced.",
			text(func(c *Config) *string { return &c.Traces.Endpoint })},
		{"telemetry.traces.headers", "Secret. Headers for the collector: name=value, more of them after commas, values percent-encoded. Default: none.",
			hidden(func(c *Config) *secret.Text { return &c.Traces.Headers })},
		{"telemetry.traces.ratio", "How many of the requests are traced, from 0 to 1. Default 0.05.",
			fraction(func(c *Config) *float64 { return &c.Traces.Ratio })},
		{"telemetry.traces.service_name", "What the server is called in traces. Default lintel.",
			text(func(c *Config) *string { return &c.Traces.ServiceName })},
		{"telemetry.traces.follow_proxies", "Whether trusted_proxies decide which requests are traced, by the sampled flag of traceparent; such a proxy must not pass on what strangers sent. Default false.",
			yesNo(func(c *Config) *bool { return &c.Traces.FollowProxies })},
	}
}

// databaseSettings say where the rows live.
func databaseSettings() []setting {
	return []setting{
		{"database.url", "Secret. postgres:// address; without it the embedded SQLite in data_dir is used. Its tables are made by lintel migrate.",
			hidden(func(c *Config) *secret.Text { return &c.DatabaseURL })},
		{"database.max_open", "Connections to PostgreSQL at most. Default 20.",
			number(2, 10_000, func(c *Config) *int { return &c.Database.MaxOpen })},
		{"database.readers", "SQLite connections that read side by side. Default 4.",
			number(1, 64, func(c *Config) *int { return &c.Database.Readers })},
		{"database.statement_timeout", "When PostgreSQL gives up a statement. Default 15s.",
			duration(time.Second, time.Hour, func(c *Config) *time.Duration { return &c.Database.StatementTimeout })},
		{"database.wait", "How long a change waits for its turn or for a lock before the caller is told to come back. Default 10s.",
			duration(time.Second, time.Minute, func(c *Config) *time.Duration { return &c.Database.Wait })},
		{"database.synchronous", "SQLite: FULL (the default) keeps commits through a power cut, NORMAL only through a crash of the program, EXTRA also syncs the folder.",
			oneOf(func(c *Config) *string { return &c.Database.Synchronous }, "FULL", "NORMAL", "EXTRA")},
	}
}
