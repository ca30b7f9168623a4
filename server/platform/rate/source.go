package rate

import "net/netip"

// Source is the address as it is counted: an IPv6 host owns its whole /64.
func Source(address netip.Addr) string {
	address = address.Unmap()
	if address.Is6() {
		if prefix, err := address.WithZone("").Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return address.String()
}
