package httpc

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// maxAddresses bounds how many answers of one name are tried.
const maxAddresses = 8

// dialer resolves, filters and connects; the system never resolves again after it.
type dialer struct {
	policy   *policy
	resolver Resolver
	timeout  time.Duration
}

// DialContext connects to the first permitted address that answers.
func (d *dialer) DialContext(ctx context.Context, network, target string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	host, port, err := net.SplitHostPort(target)
	if err != nil {
		return nil, ErrForbiddenURL
	}
	anywhere := d.policy.hosts[canonical(host)]
	addrs, err := d.permitted(ctx, host, anywhere)
	if err != nil {
		return nil, err
	}
	// Each address has its share of the time, so a dead one does not hide a live one.
	connect := net.Dialer{Timeout: d.timeout / time.Duration(len(addrs)), ControlContext: d.control(anywhere)}
	var failures []error
	for _, addr := range addrs {
		conn, err := connect.DialContext(ctx, network, net.JoinHostPort(addr.String(), port))
		if err == nil {
			return conn, nil
		}
		failures = append(failures, err)
	}
	return nil, errors.Join(failures...)
}

// permitted gives the addresses of the host that may be called. Answers that may
// not are left out, so a split answer cannot widen what is reachable.
func (d *dialer) permitted(ctx context.Context, host string, anywhere bool) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr}, d.policy.address(addr)
	}
	addrs, err := d.resolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, fmt.Errorf("httpc: resolve: %w", err)
	}
	for i := range addrs {
		addrs[i] = addrs[i].Unmap() // resolvers spell IPv4 answers both ways
	}
	if !anywhere {
		addrs = slices.DeleteFunc(addrs, func(addr netip.Addr) bool { return d.policy.address(addr) != nil })
	}
	if len(addrs) == 0 {
		return nil, ErrForbiddenAddress
	}
	return addrs[:min(len(addrs), maxAddresses)], nil
}

// control looks at the address of the socket itself, just before it connects:
// whatever happened above, nothing else is ever reached.
func (d *dialer) control(anywhere bool) func(context.Context, string, string, syscall.RawConn) error {
	return func(_ context.Context, network, address string, _ syscall.RawConn) error {
		if network != "tcp4" && network != "tcp6" {
			return ErrForbiddenAddress
		}
		target, err := netip.ParseAddrPort(address)
		if err != nil {
			return ErrForbiddenAddress
		}
		if anywhere {
			return nil
		}
		return d.policy.address(target.Addr())
	}
}
