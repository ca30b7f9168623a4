package httpc

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// Resolver turns a name into addresses; *net.Resolver is one.
type Resolver interface {
	// LookupNetIP gives the addresses of host; network is "ip".
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Config is what an operator decides about calls to the outside.
type Config struct {
	// AllowHTTP permits URLs without TLS, for development and tests.
	AllowHTTP bool
	// AllowedHosts are exact host names that may lead to any address.
	AllowedHosts []string
	// AllowedPrefixes are address ranges that may be called although they are not public.
	AllowedPrefixes []netip.Prefix
	// RootCAs are trusted instead of the system's where they are given.
	RootCAs *x509.CertPool
	// Resolver is the system's where none is given.
	Resolver Resolver

	// Observer measures calls; nil: nobody does.
	Observer Observer
	// TraceparentHosts are exact host names that are told which trace a call belongs to.
	TraceparentHosts []string

	// Timeout bounds the whole exchange, redirects and body included.
	Timeout time.Duration
	// DialTimeout bounds resolving and connecting.
	DialTimeout time.Duration
	// TLSTimeout bounds the handshake.
	TLSTimeout time.Duration
	// HeaderTimeout bounds the wait for the response's header.
	HeaderTimeout time.Duration
	// MaxRedirects is how many are followed; 0 follows none.
	MaxRedirects int
	// MaxResponseBytes bounds the body, after decompression.
	MaxResponseBytes int64
}

// Default calls public https addresses only, within ten seconds and one megabyte.
func Default() Config {
	return Config{
		AllowHTTP: false, AllowedHosts: nil, AllowedPrefixes: nil, RootCAs: nil, Resolver: nil,
		Observer: nil, TraceparentHosts: nil,
		Timeout: 10 * time.Second, DialTimeout: 3 * time.Second, TLSTimeout: 3 * time.Second, HeaderTimeout: 5 * time.Second,
		MaxRedirects: 3, MaxResponseBytes: 1 << 20,
	}
}

// Validate names the first bad field.
func (c Config) Validate() error {
	for name, value := range map[string]time.Duration{
		"timeout": c.Timeout, "dial_timeout": c.DialTimeout, "tls_timeout": c.TLSTimeout, "header_timeout": c.HeaderTimeout,
	} {
		if value <= 0 {
			return fmt.Errorf("%s: must be positive", name)
		}
	}
	if c.MaxRedirects < 0 || c.MaxRedirects > 10 {
		return errors.New("max_redirects: must be between 0 and 10")
	}
	if c.MaxResponseBytes < 1 || c.MaxResponseBytes > 1<<30 {
		return errors.New("max_response_bytes: must be between 1 and 1 GiB")
	}
	for i, host := range c.AllowedHosts {
		if host == "" || strings.ContainsAny(host, "*/:@ ") || endsInNumber(host) {
			return fmt.Errorf("allowed_hosts[%d]: must be an exact host name; addresses belong to allowed_prefixes", i)
		}
	}
	for i, host := range c.TraceparentHosts {
		if host == "" || strings.ContainsAny(host, "*/:@ ") {
			return fmt.Errorf("traceparent_hosts[%d]: must be an exact host name", i)
		}
	}
	for i, prefix := range c.AllowedPrefixes {
		if !prefix.IsValid() || prefix.Addr().Is4In6() {
			return fmt.Errorf("allowed_prefixes[%d]: must be an IPv4 or IPv6 range", i)
		}
	}
	return nil
}
