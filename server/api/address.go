package api

import (
	"net"
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// address is where a request came from: the socket's other end, or, behind proxies
// that are trusted, the last hop that none of them is. What a stranger writes into
// the header stands further left and is never reached.
func (e *edge) address(c *fiber.Ctx) netip.Addr {
	peer, ok := c.Context().RemoteAddr().(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	address := peer.AddrPort().Addr().Unmap()
	if len(e.config.TrustedProxies) == 0 || !e.trusts(address) {
		return address
	}
	var hops []string
	for _, line := range c.Request().Header.PeekAll(fiber.HeaderXForwardedFor) {
		hops = append(hops, strings.Split(string(line), ",")...)
	}
	return e.lastUntrusted(address, hops)
}

func (e *edge) lastUntrusted(address netip.Addr, hops []string) netip.Addr {
	for i := len(hops) - 1; i >= 0 && e.trusts(address); i-- {
		hop, ok := parseHop(strings.TrimSpace(hops[i]))
		if !ok {
			return address
		}
		address = hop
	}
	return address
}

func (e *edge) trusts(address netip.Addr) bool {
	for _, network := range e.config.TrustedProxies {
		if network.Contains(address) {
			return true
		}
	}
	return false
}

// parseHop takes an address with or without a port.
func parseHop(text string) (netip.Addr, bool) {
	if address, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return address.Unmap().WithZone(""), true
	}
	ported, err := netip.ParseAddrPort(text)
	return ported.Addr().Unmap().WithZone(""), err == nil
}
