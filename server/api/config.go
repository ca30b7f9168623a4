package api

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/lintel-id/lintel/gen"
)

// Config sets what the public listener takes.
type Config struct {
	// Development serves unprefixed cookies to tenants on plain http, and sends the
	// bare address to the reference.
	Development bool
	// TrustedProxies are the networks whose X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix
	// BodyLimit is in bytes.
	BodyLimit int
	// HeaderLimit is in bytes, the request line included.
	HeaderLimit int
	// MaxHeaders is how many fields a header may have.
	MaxHeaders int
	// MaxConnections bounds the connections that stand open at once.
	MaxConnections int
	// ReadTimeout is for a request to arrive in, header and body.
	ReadTimeout time.Duration
	// WriteTimeout is for an answer to be taken in.
	WriteTimeout time.Duration
	// IdleTimeout is how long a connection is kept for the next request.
	IdleTimeout time.Duration
	// RequestTimeout is how long an operation may work; a long poll has what it asked
	// for on top.
	RequestTimeout time.Duration
	// Limits are how many requests are taken.
	Limits Limits
	// Locale is the language of texts where nobody asks for one; a tag of Locales.
	Locale string
	// FreshFor is how recent a proof has to be for what is sensitive.
	FreshFor time.Duration
}

// DefaultConfig suits a server behind nothing or behind a proxy that is named.
func DefaultConfig() Config {
	return Config{
		Development: false, TrustedProxies: nil, BodyLimit: 64 << 10, HeaderLimit: 16 << 10, MaxHeaders: 100,
		MaxConnections: 65_536, ReadTimeout: 10 * time.Second, WriteTimeout: 20 * time.Second, IdleTimeout: time.Minute,
		RequestTimeout: 15 * time.Second, FreshFor: 5 * time.Minute, Limits: DefaultLimits(), Locale: "en",
	}
}

// Validate names the field that is out of range.
func (c Config) Validate() error {
	for _, bound := range []struct {
		name             string
		value, low, high int
	}{
		{"body_limit", c.BodyLimit, 1 << 10, 16 << 20},
		{"header_limit", c.HeaderLimit, 4 << 10, 64 << 10},
		{"max_headers", c.MaxHeaders, 16, 1000},
		{"max_connections", c.MaxConnections, 1, 1 << 20},
	} {
		if bound.value < bound.low || bound.value > bound.high {
			return fmt.Errorf("api.%s: must be %d to %d, not %d", bound.name, bound.low, bound.high, bound.value)
		}
	}
	for _, bound := range []struct {
		name             string
		value, low, high time.Duration
	}{
		{"read_timeout", c.ReadTimeout, 100 * time.Millisecond, 5 * time.Minute},
		{"write_timeout", c.WriteTimeout, 100 * time.Millisecond, 5 * time.Minute},
		{"idle_timeout", c.IdleTimeout, 100 * time.Millisecond, time.Hour},
		{"request_timeout", c.RequestTimeout, 100 * time.Millisecond, 5 * time.Minute},
		{"fresh_for", c.FreshFor, time.Second, 24 * time.Hour},
	} {
		if bound.value < bound.low || bound.value > bound.high {
			return fmt.Errorf("api.%s: must be %s to %s, not %s", bound.name, bound.low, bound.high, bound.value)
		}
	}
	if !slices.Contains(gen.Locales, c.Locale) {
		return fmt.Errorf("api.locale: must be one of %s", strings.Join(gen.Locales, ", "))
	}
	for _, network := range c.TrustedProxies {
		if !network.IsValid() {
			return fmt.Errorf("api.trusted_proxies: %q is not a network", network)
		}
	}
	return c.Limits.validate()
}
