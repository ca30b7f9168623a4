package config

import (
	"net"
	"net/netip"
	"slices"
	"strconv"
)

// The names of the loopback.
const (
	Localhost = "localhost" // both of the others
	Loopback4 = "127.0.0.1"
	Loopback6 = "::1"
)

// SplitAddress reads host:port; an empty host is every address of the machine.
func SplitAddress(address string) (host string, port uint16, err error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, errAddress
	}
	number, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return "", 0, errAddress
	}
	if _, err := netip.ParseAddr(host); err != nil && host != "" && host != Localhost {
		return "", 0, errAddress
	}
	return host, uint16(number), nil
}

// OnLoopback tells whether only programs of this machine reach the address.
func OnLoopback(address string) bool {
	host, _, err := SplitAddress(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == Localhost || err == nil && ip.IsLoopback()
}

// Addresses are the base URL and the hosts of the default tenant. In development
// the loopback always serves, under the port that was really taken.
func (c Config) Addresses(port uint16) (base string, hosts []string) {
	base, hosts = c.BaseURL, slices.Clone(c.Hosts)
	if c.Mode != Development {
		return base, hosts
	}
	number := strconv.Itoa(int(port))
	for _, host := range []string{Localhost, Loopback4, Loopback6} {
		hosts = append(hosts, net.JoinHostPort(host, number))
	}
	if base == "" {
		base = "http://" + net.JoinHostPort(Localhost, number)
	}
	return base, hosts
}
