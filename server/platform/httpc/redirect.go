package httpc

import (
	"net/http"
	"net/url"
)

// redirects decides about each hop; its URL and address are checked like the
// first one's, by guard and dialer.
func redirects(limit int) func(*http.Request, []*http.Request) error {
	return func(next *http.Request, via []*http.Request) error {
		first := via[0]
		if limit == 0 || (first.Method != http.MethodGet && first.Method != http.MethodHead) {
			return http.ErrUseLastResponse
		}
		if len(via) > limit {
			return ErrTooManyRedirects
		}
		if via[len(via)-1].URL.Scheme == "https" && next.URL.Scheme != "https" {
			return ErrForbiddenURL
		}
		next.Header.Del("Referer")
		// Once a chain has left its origin, no header of the caller follows it, not
		// even back: any of them may be a credential.
		for _, hop := range append(via[1:len(via):len(via)], next) {
			if origin(hop.URL) != origin(first.URL) {
				keepHarmless(next.Header)
				break
			}
		}
		return nil
	}
}

func origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return u.Scheme + "://" + canonical(u.Hostname()) + ":" + port
}

func keepHarmless(header http.Header) {
	for name := range header {
		switch name {
		case "Accept", "Accept-Language", "User-Agent":
		default:
			delete(header, name)
		}
	}
}
