package httpc

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// policy answers where the server may connect to.
type policy struct {
	allowHTTP bool
	hosts     map[string]bool
	prefixes  []netip.Prefix
	refused   []netip.Prefix
	global6   netip.Prefix
}

func newPolicy(c Config) (*policy, error) {
	p := &policy{allowHTTP: c.AllowHTTP, hosts: map[string]bool{}, prefixes: slices.Clone(c.AllowedPrefixes)}
	for _, host := range c.AllowedHosts {
		p.hosts[canonical(host)] = true
	}
	for _, text := range refusedRanges() {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("httpc: range %s: %w", text, err)
		}
		p.refused = append(p.refused, prefix)
	}
	var err error
	p.global6, err = netip.ParsePrefix("2000::/3")
	return p, err
}

// refusedRanges are the special-purpose ranges. Of IPv6 only what lies inside
// 2000::/3 is listed, because nothing outside it is public.
// Spec: RFC 6890; the IANA IPv4 and IPv6 Special-Purpose Address Registries.
func refusedRanges() []string {
	return []string{
		"0.0.0.0/8",         // this network
		"10.0.0.0/8",        // private
		"100.64.0.0/10",     // shared behind carrier NAT
		"127.0.0.0/8",       // loopback
		"168.63.129.16/32",  // a cloud's host, public by number only
		"169.254.0.0/16",    // link-local, where clouds keep their metadata
		"172.16.0.0/12",     // private
		"192.0.0.0/24",      // protocol assignments
		"192.0.2.0/24",      // documentation
		"192.31.196.0/24",   // AS112
		"192.52.193.0/24",   // automatic multicast tunnelling
		"192.88.99.0/24",    // 6to4 relays
		"192.168.0.0/16",    // private
		"192.175.48.0/24",   // AS112
		"198.18.0.0/15",     // benchmarks
		"198.51.100.0/24",   // documentation
		"203.0.113.0/24",    // documentation
		"224.0.0.0/4",       // multicast
		"240.0.0.0/4",       // reserved, and broadcast
		"2001::/23",         // protocol assignments, Teredo among them
		"2001:db8::/32",     // documentation
		"2002::/16",         // 6to4, which carries any IPv4 address
		"2620:4f:8000::/48", // AS112
		"3fff::/20",         // documentation
	}
}

// address refuses what is not public unicast and not allowed by the operator.
func (p *policy) address(addr netip.Addr) error {
	if !addr.IsValid() || addr.Zone() != "" {
		return ErrForbiddenAddress
	}
	contains := func(prefix netip.Prefix) bool { return prefix.Contains(addr) }
	if slices.ContainsFunc(p.prefixes, contains) {
		return nil
	}
	// Mapped, compatible and translated IPv4 lie outside the global range.
	if addr.Is6() && !p.global6.Contains(addr) {
		return ErrForbiddenAddress
	}
	if slices.ContainsFunc(p.refused, contains) {
		return ErrForbiddenAddress
	}
	return nil
}

// url checks what can be told before resolving; it is asked for every hop.
func (p *policy) url(u *url.URL) error {
	if u == nil || u.User != nil || u.Opaque != "" {
		return ErrForbiddenURL
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !p.allowHTTP) {
		return ErrForbiddenURL
	}
	host := u.Hostname()
	if host == "" || strings.ContainsAny(host, "%\\@/ \t\r\n\x00") {
		return ErrForbiddenURL
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		return p.address(addr)
	}
	// "127.1", "0x7f000001", "017700000001" and "2130706433" are addresses to some
	// resolvers: a name that ends like a number is neither a name nor an address here.
	if endsInNumber(host) {
		return ErrForbiddenURL
	}
	return nil
}

// endsInNumber looks at the last label. Spec: WHATWG URL §3.5, "ends in a number".
func endsInNumber(host string) bool {
	last := strings.TrimSuffix(host, ".")
	last = strings.ToLower(last[strings.LastIndexByte(last, '.')+1:])
	if last == "" {
		return true
	}
	digits, hex := strings.CutPrefix(last, "0x")
	for _, c := range digits {
		if (c < '0' || c > '9') && (!hex || c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func canonical(host string) string { return strings.TrimSuffix(strings.ToLower(host), ".") }
