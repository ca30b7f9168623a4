package template

import (
	"net/netip"
	"net/url"
	"strings"
	"unicode"
)

const (
	linkPlace = "{link}" // stands for an address to open
	maxLink   = 2048     // bytes of it
)

// Leads tells whether a message may lead somebody to an address: https, http on the
// loopback, or an app's own scheme, which has a dot in it. Such a one runs nothing where
// it is read. Spec: RFC 8252 §7.1.
func Leads(address string) bool {
	if len(address) > maxLink || strings.ContainsFunc(address, strange) {
		return false
	}
	parsed, err := url.Parse(address)
	if err != nil || parsed.User != nil {
		return false
	}
	switch parsed.Scheme {
	case "https":
		return parsed.Hostname() != ""
	case "http":
		at, err := netip.ParseAddr(parsed.Hostname())
		return parsed.Hostname() == "localhost" || err == nil && at.IsLoopback()
	}
	return strings.Contains(parsed.Scheme, ".")
}

// strange are characters that an address never has, or that end it for some.
func strange(r rune) bool {
	return r <= ' ' || r > unicode.MaxASCII || r == 0x7f || strings.ContainsRune("\"'<>\\^`{|}", r)
}
