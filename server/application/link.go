package application

import "slices"

// AllowsOrigin tells whether a front end at the origin belongs to the application.
// Browsers write an origin in one way only, so the comparison is exact.
// Spec: RFC 6454 §6.2, §7.
func AllowsOrigin(app Application, origin string) bool {
	return origin != "" && slices.Contains(app.Origins, origin)
}

// LinkURI is the page that opens the links of a message: the one that was chosen, which
// has to be one of the application's to the letter, or without a choice its first. A
// request's host never is one. False: there is none.
func LinkURI(app Application, chosen string) (string, bool) {
	if chosen == "" {
		if len(app.LinkURIs) == 0 {
			return "", false
		}
		return app.LinkURIs[0], true
	}
	return chosen, slices.Contains(app.LinkURIs, chosen)
}

// FirstLinkURI is the page that opens the links of messages which nobody has chosen one for;
// ErrNoLinkURI.
func FirstLinkURI(app Application) (string, error) {
	page, ok := LinkURI(app, "")
	if !ok {
		return "", ErrNoLinkURI
	}
	return page, nil
}
