package tenant

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/lintel-id/lintel/server/platform/fault"
)

const (
	maxHostBytes = 253 + len(":65535")
	maxHosts     = 100
	maxLabel     = 63
)

// normaliseBaseURL gives the one spelling of a base URL, scheme://host[:port], and
// its host as browsers send it. Plain http is for the loopback of a developer.
// Spec: OpenID Connect Discovery 1.0 §3 (issuer), RFC 3986 §6.2.
func normaliseBaseURL(text string, development bool) (base, host string, err error) {
	parsed, parseErr := url.Parse(text)
	if parseErr != nil || parsed.Opaque != "" || parsed.Host == "" {
		return "", "", refusedURL("This is not an absolute URL.")
	}
	if parsed.User != nil || strings.ContainsAny(text, "?#") || strings.Trim(parsed.EscapedPath(), "/") != "" {
		return "", "", refusedURL("A base URL is scheme, host and port, and nothing more.")
	}
	host, ok := normaliseHost(parsed.Host)
	if !ok {
		return "", "", refusedURL("The host is not a domain name in ASCII or an address.")
	}
	switch {
	case parsed.Scheme == "https":
		host = strings.TrimSuffix(host, ":443")
	case parsed.Scheme == "http" && development && isLoopback(host):
		host = strings.TrimSuffix(host, ":80")
	default:
		return "", "", refusedURL("A base URL begins with https://; http:// serves only on the loopback in development.")
	}
	return parsed.Scheme + "://" + host, host, nil
}

// normaliseHosts gives all hosts a tenant answers for, that of its base URL first.
func normaliseHosts(first string, more []string) ([]string, error) {
	hosts := []string{first}
	for i, text := range more {
		host, ok := normaliseHost(text)
		if !ok {
			return nil, ErrInvalid.At(fault.Field{
				Pointer: "/hosts/" + strconv.Itoa(i), Code: "format", Detail: "A host is a name or address with an optional port.",
			})
		}
		if !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	if len(hosts) > maxHosts {
		return nil, ErrInvalid.At(fault.Field{
			Pointer: "/hosts", Code: "max_items", Detail: "A tenant answers for at most {count} hosts.",
			Numbers: map[string]float64{"count": maxHosts},
		})
	}
	return hosts, nil
}

// withNeighbours adds the loopback hosts that were stored, which another server of
// the same developer may be using. The latest come first and the oldest fall out.
func withNeighbours(hosts, stored []string) []string {
	all := slices.Clone(hosts)
	for _, host := range stored {
		if len(all) >= keepHosts {
			break
		}
		if isLoopback(host) && !slices.Contains(all, host) {
			all = append(all, host)
		}
	}
	return all
}

// normaliseHost reads host[:port] as a Host header has it; case is all that may
// differ between two spellings of one host. Spec: RFC 9110 §7.2, RFC 3986 §3.2.
func normaliseHost(text string) (string, bool) {
	if text == "" || len(text) > maxHostBytes {
		return "", false
	}
	text = strings.ToLower(text)
	name, port := splitPort(text)
	if port != "" && (port[0] != ':' || !isPort(port[1:])) || !isHostName(name) {
		return "", false
	}
	return text, true
}

// splitPort cuts after the brackets of an IPv6 address, or before the first colon;
// a port keeps its colon.
func splitPort(host string) (name, port string) {
	end := strings.IndexByte(host, ':')
	if strings.HasPrefix(host, "[") {
		end = strings.IndexByte(host, ']') + 1
	}
	if end < 0 {
		return host, ""
	}
	return host[:end], host[end:]
}

func isPort(text string) bool {
	port, err := strconv.ParseUint(text, 10, 16)
	return err == nil && port > 0 && strconv.FormatUint(port, 10) == text
}

func isHostName(name string) bool {
	if inner, ok := strings.CutPrefix(name, "["); ok {
		inner, closed := strings.CutSuffix(inner, "]")
		address, err := netip.ParseAddr(inner)
		return err == nil && closed && address.Is6() && address.Zone() == ""
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > maxLabel || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		if strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	return true
}

// isLoopback never asks a resolver: localhost is the loopback by definition.
// Spec: RFC 6761 §6.3.
func isLoopback(host string) bool {
	name, _ := splitPort(host)
	name = strings.Trim(name, "[]")
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	address, err := netip.ParseAddr(name)
	return err == nil && address.IsLoopback()
}

func refusedURL(detail string) error {
	return ErrInvalid.At(fault.Field{Pointer: "/base_url", Code: "format", Detail: detail})
}
