// Package httpc calls addresses that strangers chose: webhooks, key sets, logout
// and metadata URLs, breached-password services.
//
// It owns the one rule about where the server may connect to. The rule is applied
// to the address that is being connected to, after name resolution and for every
// redirect, so neither a name that points inside nor one that changes its answer
// helps. Public unicast addresses pass, everything else is refused: loopback,
// link-local, private, shared, multicast, documentation and translated ranges.
// Operators allow exceptions by host name or by address range.
//
// It also owns the bounds: time for every phase, number of redirects, size of the
// response. There is no proxy, no cookie jar, and no credential in a URL.
//
// It does not own retries, caching or what a response means. Errors name the host
// and never the path or the query, which may hold secrets; still, a caller must not
// show them to whoever chose the URL, since "refused" and "unreachable" map a network.
package httpc
