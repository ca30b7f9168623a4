package config

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/lintel-id/lintel/server/mailbox"
	"github.com/lintel-id/lintel/server/platform/rate"
)

// sessionSettings say how long things live.
func sessionSettings() []setting {
	return []setting{
		{"session.cookie.idle", "How long a browser's session lives without use. Default 24h.",
			duration(time.Minute, year, func(c *Config) *time.Duration { return &c.Session.Cookie.Idle })},
		{"session.cookie.absolute", "How long a browser's session lives at most. Default 720h.",
			duration(time.Minute, year, func(c *Config) *time.Duration { return &c.Session.Cookie.Absolute })},
		{"session.token.idle", "How long an app's session lives without use. Default 720h.",
			duration(time.Minute, year, func(c *Config) *time.Duration { return &c.Session.Token.Idle })},
		{"session.token.absolute", "How long an app's session lives at most. Default 2160h.",
			duration(time.Minute, year, func(c *Config) *time.Duration { return &c.Session.Token.Absolute })},
		{"session.fresh_for", "How long ago a person may have proven who they are to change something sensitive. Default 5m.",
			duration(10*time.Second, 24*time.Hour, func(c *Config) *time.Duration { return &c.API.FreshFor })},
		{"session.cache_size", "Sessions kept in memory, about 1 KB each. Default 50000.",
			number(64, 10_000_000, func(c *Config) *int { return &c.Session.CacheSize })},
		{"session.seen_every", "How often last uses are written; at most a twentieth of the shortest idle limit. Default 10s.",
			duration(time.Second, time.Hour, func(c *Config) *time.Duration { return &c.Session.SeenEvery })},
		{"session.keep_ended", "How long ended sessions stay in the database. Default 168h.",
			duration(time.Hour, year, func(c *Config) *time.Duration { return &c.Session.KeepEnded })},
		{"flow.lifetime", "How long a flow may take. Default 30m.",
			duration(time.Minute, 24*time.Hour, func(c *Config) *time.Duration { return &c.Flow.Lifetime })},
		{"flow.replay_for", "How long the answer to a submission is kept for its Idempotency-Key. Default 10m.",
			duration(time.Second, 24*time.Hour, func(c *Config) *time.Duration { return &c.Flow.ReplayFor })},
		{"flow.max_wait", "How long a long poll waits at most. Default 30s.",
			duration(0, 5*time.Minute, func(c *Config) *time.Duration { return &c.Flow.MaxWait })},
		{"flow.max_waiting", "Long polls open at once. Default 4096.",
			number(1, 1_000_000, func(c *Config) *int { return &c.Flow.MaxWaiting })},
	}
}

// signingSettings set the pace at which keys follow each other.
func signingSettings() []setting {
	return []setting{
		{"jwks.rotate_every", "How long one signing key signs before the next one takes over; 0 leaves that to lintel keys rotate. Default 2160h.",
			duration(0, 10*year, func(c *Config) *time.Duration { return &c.Jwks.RotateEvery })},
		{"jwks.publish_ahead", "How long a signing key is published before it signs. Default 1h.",
			duration(time.Minute, year, func(c *Config) *time.Duration { return &c.Jwks.PublishAhead })},
		{"jwks.overlap", "How long a signing key is published after it has signed for the last time. Default 2h.",
			duration(time.Minute, year, func(c *Config) *time.Duration { return &c.Jwks.Overlap })},
	}
}

// passwordSettings are the policy and what hashing may take.
func passwordSettings() []setting {
	return []setting{
		{"password.min_length", "Characters of a new password at least. Default 8; 15 is advised where it is the only factor.",
			number(8, 64, func(c *Config) *int { return &c.Password.MinLength })},
		{"password.max_length", "Characters of a password at most. Default 128.",
			number(64, 512, func(c *Config) *int { return &c.Password.MaxLength })},
		{"password.min_score", "Strength of a new password at least, 0 to 4. Default 2.",
			number(0, 4, func(c *Config) *int { return &c.Password.MinScore })},
		{"password.breached_file", "File of breached passwords: SHA-1 in hex per line, sorted. Default: none.",
			text(func(c *Config) *string { return &c.Breached.File })},
		{"password.breached_api", "Whether to ask a range service, which learns five digits of a hash. Default false.",
			yesNo(func(c *Config) *bool { return &c.Breached.API })},
		{"password.breached_endpoint", "Address of the range service. Default: the public one.",
			text(func(c *Config) *string { return &c.Breached.Range.Endpoint })},
		{"password.breached_timeout", "How long the range service may take. Default 2s.",
			duration(100*time.Millisecond, time.Minute, func(c *Config) *time.Duration { return &c.Breached.Range.Timeout })},
		{"password.breached_fail_closed", "Whether new passwords are refused while the list cannot be asked. Default false.",
			yesNo(func(c *Config) *bool { return &c.Password.BreachedFailClosed })},
		{"password.breached_at_login", "Whether the list is asked at each login too. Default true.",
			yesNo(func(c *Config) *bool { return &c.Password.BreachedAtLogin })},
		{"password.workers", "Passwords hashed at the same time; 0 (the default) is one per core.",
			number(0, 1024, func(c *Config) *int { return &c.Hasher.Workers })},
		{"password.queue", "Callers that may wait for a hash before others are told to come back. Default 40 per core.",
			number(0, 100_000, func(c *Config) *int { return &c.Hasher.Queue })},
	}
}

// passkeySettings say by what authenticators are known.
func passkeySettings() []setting {
	return []setting{
		{"passkeys.metadata.file", "File of the FIDO Metadata Service, as https://mds.fidoalliance.org/ gives it, by which attestations are proven; replace it each month, the server reads it again. Default: none.",
			text(func(c *Config) *string { return &c.Models.File })},
		{"passkeys.metadata.root_file", "PEM file of the root certificates above who signs passkeys.metadata.file: those of GlobalSign that the FIDO Alliance names (Root R46, before it Root R3), which you download from GlobalSign. Default: none.",
			text(func(c *Config) *string { return &c.Models.RootFile })},
		{"passkeys.metadata.signer", "DNS name that the certificate of who signs passkeys.metadata.file has. Default mds.fidoalliance.org.",
			text(func(c *Config) *string { return &c.Models.Signer })},
	}
}

// limitSettings bound how much is asked and guessed, each as rate per period with a burst.
func limitSettings() []setting {
	all := []setting{
		{"user.max_identifiers", "Email addresses, phone numbers and usernames of one user at most. Default 20.",
			number(1, 1000, func(c *Config) *int { return &c.User.MaxIdentifiers })},
		{"user.email.tagged", "Whether new accounts may have addresses with a + before the domain: allow (the default) or refuse.",
			oneOf(func(c *Config) *mailbox.Rule { return &c.Mailbox.Tagged }, mailbox.Allow, mailbox.Refuse)},
		{"user.email.disposable_file", "File of domains of throw-away mailboxes, one per line, which new accounts cannot have. Default: none.",
			text(func(c *Config) *string { return &c.Mailbox.DisposableFile })},
		{"user.email.mail_server", "Whether the domain of a new address has to take mail, for which the DNS is asked. Default false.",
			yesNo(func(c *Config) *bool { return &c.Mailbox.MailServer })},
		{"user.email.timeout", "How long the DNS is waited for; what it does not tell in time is taken. Default 2s.",
			duration(100*time.Millisecond, 10*time.Second, func(c *Config) *time.Duration { return &c.Mailbox.Timeout })},
		{"user.deletion_grace", "How long a deleted account can be had back by signing in; 0s erases it at once. Default 720h.",
			duration(0, year, func(c *Config) *time.Duration { return &c.Erasure.Grace })},
		{"recovery.waiting", "How long everybody who reads an address of an account can object to its recovery. Default 72h.",
			duration(24*time.Hour, 30*24*time.Hour, func(c *Config) *time.Duration { return &c.Recovery.Waiting })},
		{"recovery.open_for", "How long an account that is recovered is open to its new address then. Default 168h.",
			duration(time.Hour, 30*24*time.Hour, func(c *Config) *time.Duration { return &c.Recovery.OpenFor })},
		{"user.impersonation", "Let API keys with the scope users:impersonate act in users' names, for an hour at most. Default false.",
			yesNo(func(c *Config) *bool { return &c.Provisioning.Impersonation })},
		{"risk.known_for", "How long an address that gave an account's right password is spared the limit that strangers spend. Default 720h.",
			duration(time.Minute, year, func(c *Config) *time.Duration { return &c.Risk.KnownFor })},
		{"rate.max_keys", "Addresses and accounts counted at a time, about 100 bytes each. Default 262144.",
			number(64, 1<<26, func(c *Config) *int { return &c.Rate.MaxKeys })},
	}
	return slices.Concat(all,
		limit("risk.submissions", "answers from one address, right or wrong,", 1, func(c *Config) *rate.Limit { return &c.Risk.Submissions }),
		limit("risk.source", "wrong answers from one address", 1, func(c *Config) *rate.Limit { return &c.Risk.Source }),
		limit("risk.account_from_source", "wrong answers for one account from one address", 1,
			func(c *Config) *rate.Limit { return &c.Risk.AccountFromSource }),
		limit("risk.account", "wrong answers for one account from everywhere", 1, func(c *Config) *rate.Limit { return &c.Risk.Account }),
		limit("rate.source", "requests without a session from one address (0: no limit)", 0, func(c *Config) *rate.Limit { return &c.API.Limits.Source }),
		limit("rate.account", "requests with a session of one user (0: no limit)", 0, func(c *Config) *rate.Limit { return &c.API.Limits.Account }),
		limit("rate.key", "requests with one API key (0: no limit)", 0, func(c *Config) *rate.Limit { return &c.API.Limits.Key }),
		limit("rate.application", "requests of one application (0: no limit)", 0, func(c *Config) *rate.Limit { return &c.API.Limits.Application }),
	)
}

// limit is the three settings of one limit.
func limit(key, about string, least int, at func(*Config) *rate.Limit) []setting {
	standard := Default()
	usual := *at(&standard)
	return []setting{
		{key + ".rate", fmt.Sprintf("How many %s per period are taken in the long run. Default %d.", about, usual.Rate),
			number(least, 1_000_000, func(c *Config) *int { return &at(c).Rate })},
		{key + ".period", fmt.Sprintf("The period of %s.rate. Default %s.", key, usual.Period),
			duration(time.Second, 24*time.Hour, func(c *Config) *time.Duration { return &at(c).Period })},
		{key + ".burst", fmt.Sprintf("How many %s are taken at once. Default %d.", about, usual.Burst),
			number(1, 1_000_000, func(c *Config) *int { return &at(c).Burst })},
	}
}

// outboundSettings say where the server itself may call.
func outboundSettings() []setting {
	return []setting{
		{"outbound.allow_http", "Whether plain http may be called; refused in production. Default false.",
			yesNo(func(c *Config) *bool { return &c.Outbound.AllowHTTP })},
		{"outbound.allowed_hosts", "Exact host names that may lead to any address. Default: none.",
			list(func(c *Config) *[]string { return &c.Outbound.AllowedHosts })},
		{"outbound.allowed_prefixes", "Address ranges that may be called although they are not public. Default: none.",
			prefixes(func(c *Config) *[]netip.Prefix { return &c.Outbound.AllowedPrefixes })},
		{"outbound.traceparent_hosts", "Exact host names that are told, by traceparent, which trace a call belongs to. Default: none.",
			list(func(c *Config) *[]string { return &c.Outbound.TraceparentHosts })},
		{"outbound.timeout", "How long a call may take in all. Default 10s.",
			duration(time.Second, time.Minute, func(c *Config) *time.Duration { return &c.Outbound.Timeout })},
	}
}
