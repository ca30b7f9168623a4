package target

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

const maxURLBytes = 2048

// Allows tells whether somebody may be sent to the target: "authorization
// servers MUST utilize exact string matching except for port numbers in localhost
// redirection URIs of native apps". Nothing is decoded, resolved or cut short first.
// Spec: RFC 9700 §2.1, RFC 8252 §7.3.
func Allows(allowed []string, target string) bool {
	if target == "" || len(target) > maxURLBytes {
		return false
	}
	rest, loopback := afterLoopbackPort(target)
	for _, one := range allowed {
		if one == target {
			return true
		}
		// "The authorization server MUST allow any port to be specified at the time of
		// the request for loopback IP redirect URIs." Spec: RFC 8252 §7.3.
		if declared, ok := afterLoopbackPort(one); loopback && ok && declared == rest {
			return true
		}
	}
	return false
}

// afterLoopbackPort cuts the port out of an http URL whose host is literally a
// loopback address. What remains is compared whole, so nothing can hide behind the
// port. A name such as localhost is no such host, since a resolver may move it.
// Spec: RFC 8252 §8.3.
func afterLoopbackPort(text string) (rest string, ok bool) {
	for _, host := range []string{"http://127.0.0.1", "http://[::1]"} {
		rest, found := strings.CutPrefix(text, host)
		if !found {
			continue
		}
		if digits, ported := strings.CutPrefix(rest, ":"); ported {
			end := strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' })
			if end < 0 {
				end = len(digits)
			}
			if !isPort(digits[:end]) {
				return "", false
			}
			rest = digits[end:]
		}
		if rest != "" && rest[0] != '/' && rest[0] != '?' {
			return "", false
		}
		return host + rest, true
	}
	return "", false
}

// IsOrigin takes the one spelling of an https origin, or of an http one on the
// loopback. Spec: RFC 6454 §6.2.
func IsOrigin(text string) bool {
	parsed, ok := parse(text)
	if !ok || parsed.Host == "" || text != parsed.Scheme+"://"+parsed.Host {
		return false
	}
	switch parsed.Scheme {
	case "https":
		return parsed.Port() != "443"
	case "http":
		return parsed.Port() != "80" && IsLoopback(parsed.Hostname())
	default:
		return false
	}
}

// IsTarget takes what somebody may be sent to: https, http on the loopback, or a
// native app's own scheme, which is a domain name turned round and so holds a dot.
// Spec: RFC 6749 §3.1.2, RFC 8252 §7.
func IsTarget(text string) bool {
	parsed, ok := parse(text)
	if !ok || hasTricks(text) {
		return false
	}
	switch parsed.Scheme {
	case "https":
		return parsed.Host != ""
	case "http":
		return parsed.Host != "" && IsLoopback(parsed.Hostname())
	default:
		// "apps MUST use a URI scheme based on a domain name under their control".
		// Spec: RFC 8252 §7.1.
		return strings.Contains(parsed.Scheme, ".")
	}
}

// IsPage takes an https address that people are shown.
func IsPage(text string) bool {
	parsed, ok := parse(text)
	return ok && parsed.Scheme == "https" && parsed.Host != ""
}

// parse reads an absolute URL in the spelling that a browser would give it, without
// user information, fragment or anything outside printable ASCII.
func parse(text string) (*url.URL, bool) {
	if len(text) > maxURLBytes || strings.ContainsFunc(text, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune("\\\"<>^`{|}#*", r)
	}) {
		return nil, false
	}
	parsed, err := url.Parse(text)
	if err != nil || parsed.Scheme == "" || parsed.User != nil || !strings.HasPrefix(text, parsed.Scheme+":") {
		return nil, false
	}
	if parsed.Host != "" && !isHost(parsed) {
		return nil, false
	}
	return parsed, true
}

// isHost takes a lower-case domain name or an address, and a port that is a number.
func isHost(parsed *url.URL) bool {
	host, port := parsed.Hostname(), parsed.Port()
	if strings.HasSuffix(parsed.Host, ":") || port != "" && !isPort(port) {
		return false
	}
	if strings.HasPrefix(parsed.Host, "[") {
		address, err := netip.ParseAddr(host)
		return err == nil && address.Zone() == "" && address.String() == host
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' ||
			strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	return len(host) <= 253
}

// hasTricks finds what two parsers read in two ways: encoded separators, encoded
// dots, and segments that lead upwards with or without parameters behind them. A
// query is data and compared as it stands.
func hasTricks(text string) bool {
	path, _, _ := strings.Cut(strings.ToLower(text), "?")
	for _, encoded := range []string{"%2f", "%5c", "%2e", "%3b", "%25", "%00", "%0a", "%0d"} {
		if strings.Contains(path, encoded) {
			return true
		}
	}
	for segment := range strings.SplitSeq(path, "/") {
		name, _, _ := strings.Cut(segment, ";")
		if name == "." || name == ".." {
			return true
		}
	}
	return false
}

func isPort(text string) bool {
	port, err := strconv.ParseUint(text, 10, 16)
	return err == nil && port > 0 && strconv.FormatUint(port, 10) == text
}

// IsLoopback never asks a resolver. Spec: RFC 6761 §6.3, RFC 5735 §3.
func IsLoopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}

// HasOwnScheme tells an app's own scheme from those of the web.
func HasOwnScheme(target string) bool {
	return !strings.HasPrefix(target, "https:") && !strings.HasPrefix(target, "http:")
}

// IsEndpoint takes what is called at an address, and never an app's own scheme.
func IsEndpoint(text string) bool { return IsTarget(text) && !HasOwnScheme(text) }

// Host is the host of a redirect URI; empty where it has a scheme of its own.
func Host(text string) string {
	parsed, ok := parse(text)
	if !ok || HasOwnScheme(text) {
		return ""
	}
	return parsed.Hostname()
}

// Origin is scheme, host and port, with the usual port where none is told.
func Origin(text string) string {
	parsed, ok := parse(text)
	if !ok || parsed.Host == "" {
		return ""
	}
	return parsed.Scheme + "://" + parsed.Hostname() + ":" + portOf(parsed)
}

func portOf(parsed *url.URL) string {
	switch {
	case parsed.Port() != "":
		return parsed.Port()
	case parsed.Scheme == "https":
		return "443"
	default:
		return "80"
	}
}
