package tenant

import (
	"fmt"
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
			Pointer: "/hosts", Code: "max_items", Detail: fmt.Sprintf("A tenant answers for at most %d hosts.", maxHosts),
		})
	}
	return hosts, nil
}

// normaliseHost reads host[:port] as a Host header has it; case is all that may
// differ between two spellings of one host. Spec: RFC 9110 §7.2, RFC 3986 §3.2.
func normaliseHost(text string) (string, bool) {
	if text == "" || len(text) > maxHostBytes {
		return "", false
	}
	text = strings.ToLower(text)
	name, port, ported := text, "", false
	if end := strings.LastIndexByte(text, ']'); strings.HasPrefix(text, "[") && end > 0 {
		name, port, ported = text[:end+1], strings.TrimPrefix(text[end+1:], ":"), text[end+1:] != ""
		if ported && text[end+1] != ':' {
			return "", false
		}
	} else {
		name, port, ported = strings.Cut(text, ":")
	}
	if ported && !isPort(port) || !isHostName(name) {
		return "", false
	}
	return text, true
}

func isPort(text string) bool {
	port, err := strconv.ParseUint(text, 10, 16)
	return err == nil && port > 0 && strconv.FormatUint(port, 10) == text
}

func isHostName(name string) bool {
	if inner, ok := strings.CutPrefix(name, "["); ok {
		address, err := netip.ParseAddr(strings.TrimSuffix(inner, "]"))
		return err == nil && address.Is6() && address.Zone() == ""
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
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
	name, _, _ := strings.Cut(host, ":")
	if strings.HasPrefix(host, "[") {
		name = strings.Trim(host[:strings.LastIndexByte(host, ']')+1], "[]")
	}
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	address, err := netip.ParseAddr(name)
	return err == nil && address.IsLoopback()
}

func refusedURL(detail string) error {
	return ErrInvalid.At(fault.Field{Pointer: "/base_url", Code: "format", Detail: detail})
}
