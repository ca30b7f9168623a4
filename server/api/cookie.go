package api

import (
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/lintel-id/lintel/server/platform/secret"
)

const (
	sessionCookie = "lintel_session"
	browserCookie = "lintel_browser"
	hostPrefix    = "__Host-"
)

// cookieNames are the names that cookies go by. With the prefix, browsers take them
// from this very host only and never over plain http. Without it they serve a
// developer's loopback. Spec: RFC 6265bis §4.1.3.2.
type cookieNames struct {
	session, browser string
	prefixed         bool
}

func cookiesFor(plain bool) cookieNames {
	if plain {
		return cookieNames{session: sessionCookie, browser: browserCookie, prefixed: false}
	}
	return cookieNames{session: hostPrefix + sessionCookie, browser: hostPrefix + browserCookie, prefixed: true}
}

// keepSession sends the session's token to the browser, for as long as the session
// can last.
func (r *request) keepSession(token secret.Text, lifetime time.Duration) {
	r.setCookie(r.cookies.session, token.Reveal(), lifetime)
}

// keepBrowser sends the token that binds flows to this browser.
func (r *request) keepBrowser(token secret.Text, lifetime time.Duration) {
	r.setCookie(r.cookies.browser, token.Reveal(), lifetime)
}

// dropSession takes the session's cookie back.
func (r *request) dropSession() { r.setCookie(r.cookies.session, "", 0) }

func (r *request) setCookie(name, value string, lifetime time.Duration) {
	if name == "" || !isCookieValue(value) {
		return
	}
	seconds := max(int64(lifetime/time.Second), 0)
	line := name + "=" + value + "; Max-Age=" + strconv.FormatInt(seconds, 10) + "; Path=/; HttpOnly; SameSite=Lax"
	if r.cookies.prefixed {
		line += "; Secure"
	}
	for i, other := range r.lines {
		if strings.HasPrefix(other, name+"=") {
			r.lines[i] = line // the last word counts
			return
		}
	}
	r.lines = append(r.lines, line)
}

// isCookieValue takes what our tokens are made of, and so nothing that could end a
// line or begin an attribute.
func isCookieValue(text string) bool {
	for i := range len(text) {
		b := text[i]
		if (b < 'a' || b > 'z') && (b < 'A' || b > 'Z') && (b < '0' || b > '9') && b != '_' && b != '-' {
			return false
		}
	}
	return true
}

// cookie reads a cookie; false when two of the name do not agree, since there is no
// telling which of them is ours.
func cookie(c *fiber.Ctx, name string) (string, bool) {
	header := &c.Request().Header
	if len(header.Peek(fiber.HeaderCookie)) == 0 {
		return "", true
	}
	found, agree, seen := "", true, false
	for key, value := range header.Cookies() {
		if string(key) != name {
			continue
		}
		if seen && found != string(value) {
			agree = false
		}
		found, seen = string(value), true
	}
	return found, agree
}
