package config

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/lintel-id/lintel/server/message/mail"
)

// refuseUnsafe finds what a production server does not start with. Each is
// something that works in a try-out and hurts in earnest:
//
//   - keys that a machine made up for itself are lost with the machine;
//   - an address that was not written down would be taken from whoever asks;
//   - plain http gives passwords and tokens to everybody on the way;
//   - an application that stands in for requests without a client id lets any
//     front end act as it;
//   - operations tell strangers how busy the server is, and are not throttled;
//   - messages in a folder can be read by whoever reads the folder, and reach nobody;
//   - a gateway over plain http shows codes and addresses to everybody on the way;
//   - mail from localhost is thrown away by whoever gets it;
//   - in test mode anybody moves the clock, past every limit;
//   - trusting every proxy lets every caller choose the address it is counted by;
//   - trusting none behind one counts all callers together, and locks them out together.
//
// ownership_proof that is left out is before_account here, the safe one.
func (c Config) refuseUnsafe(problems *Problems) {
	if c.RootKeys.IsZero() {
		problems.Add("root_keys", "must be given in production (name:base64 of 32 random bytes); a key file serves in development only")
	}
	switch {
	case c.BaseURL == "":
		problems.Add("base_url", "must be given in production")
	case !strings.HasPrefix(strings.ToLower(c.BaseURL), "https://"):
		problems.Add("base_url", "must begin with https:// in production")
	}
	if !OnLoopback(c.Operations.Listen) && !c.Operations.AllowRemote {
		problems.Add("operations.listen", "is reachable from other machines; set operations.allow_remote to true if that is meant")
	}
	for i, prefix := range c.TrustedProxies {
		if prefix.Bits() < widest(prefix) {
			problems.Add("trusted_proxies["+strconv.Itoa(i)+"]", "must not be that wide in production")
		}
	}
	if len(c.TrustedProxies) == 0 && !c.NoProxies {
		problems.Add("trusted_proxies", "must name the proxy that terminates TLS, or all callers count as one; say no_proxies if there is none")
	}
	if c.TestMode {
		problems.Add("test_mode", "must be off in production")
	}
	switch c.MailProvider() {
	case mail.File:
		problems.Add("mail.provider", "must be smtp, http or none in production")
	case mail.SMTP:
		c.refuseMailFromHere(problems)
		if c.Mail.SMTP.Security == mail.Plain && !loopbackHost(c.Mail.SMTP.Host) {
			problems.Add("mail.smtp.security", "must be starttls or tls in production, where the server is on another machine")
		}
	case mail.HTTP:
		c.refuseMailFromHere(problems)
		if !strings.HasPrefix(strings.ToLower(c.Mail.HTTP.URL), "https://") {
			problems.Add("mail.http.url", "must begin with https:// in production")
		}
	case mail.None:
	}
	c.refuseUnsafeSMS(problems)
	if c.Outbound.AllowHTTP {
		problems.Add("outbound.allow_http", "must be off in production")
	}
	for _, one := range c.declared() {
		for i, app := range one.Applications {
			if app.Default {
				problems.Add(one.applicationAt(i)+".default", "must be off in production; front ends name their client_id")
			}
		}
	}
}

// widest is the shortest prefix that can still be somebody's own network.
func widest(prefix netip.Prefix) int {
	if prefix.Addr().Is4() {
		return 8
	}
	return 16
}

// loopbackHost tells whether a host can only be this machine.
func loopbackHost(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == Localhost || err == nil && address.IsLoopback()
}
