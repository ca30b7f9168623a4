package application

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/lintel-id/lintel/server/application/relyingparty"
	"github.com/lintel-id/lintel/server/application/target"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/fault"
)

const (
	maxClientID = 256
	maxName     = 200
	maxItems    = 100
	maxLinkURIs = 10
	maxVersion  = 64
	maxAudience = 256

	usualLifetime    = 5 * time.Minute
	shortestLifetime = 30 * time.Second
	longestLifetime  = time.Hour
)

// Declaration is an application as an operator writes it down.
type Declaration struct {
	ClientID        string
	Name            string // empty: the client id
	Default         bool   // stands in where a request names no client id
	Disabled        bool
	Origins         []string
	RedirectTargets []string
	LinkURIs        []string
	LinkElsewhere   LinkElsewhere // empty: TypeBack
	Guests          bool
	UsersInvite     bool
	Journeys        []string
	OwnershipProof  OwnershipProof // empty: BeforeAccount, and in development Deferred
	ProfileClaims   []string
	Terms           *Terms
	Tokens          Tokens // without a lifetime: 5 minutes
	OAuth           OAuth
	Passkeys        *relyingparty.Policy // nil: it has none
}

// Validate names every place that cannot be used, as ErrInvalid; what may be asked for
// is the profile schema's to say. It needs no database, so that a configuration can be
// judged before a server starts.
func (d Declaration) Validate(isClaim func(name string) bool) error {
	var fields []fault.Field
	wrong := func(pointer, code, detail string) {
		fields = append(fields, fault.Field{Pointer: pointer, Code: code, Detail: detail})
	}
	if !isClientID(d.ClientID) {
		wrong("/client_id", "format", "A client id is 1 to 256 printable ASCII characters without spaces.")
	}
	if !isVisible(d.Name, maxName) {
		wrong("/name", "format", "A name is one line of at most 200 visible characters.")
	}
	if d.OwnershipProof != "" && d.OwnershipProof != BeforeAccount && d.OwnershipProof != Deferred {
		wrong("/ownership_proof", "unknown", "It is before_account or deferred.")
	}
	if !slices.Contains([]LinkElsewhere{"", TypeBack, Approve, RefuseElsewhere}, d.LinkElsewhere) {
		wrong("/link_elsewhere", "unknown", "It is code, approve or refuse.")
	}
	if d.Terms != nil && (d.Terms.Version == "" || !isVisible(d.Terms.Version, maxVersion)) {
		wrong("/terms/version", "format", "A version is one line of at most 64 visible characters.")
	}
	if d.Terms != nil && !target.IsPage(d.Terms.URL) {
		wrong("/terms/url", "format", "Terms are read at an absolute https URL.")
	}
	if d.Tokens.Lifetime != 0 && !isLifetime(d.Tokens.Lifetime) {
		wrong("/token/lifetime", "range", "A token lives for whole seconds, from 30s to 1h.")
	}
	for _, list := range d.lists(isClaim) {
		fields = append(fields, list.check()...)
	}
	fields = append(fields, d.OAuth.check(d.RedirectTargets, d.LinkURIs)...)
	fields = append(fields, d.Passkeys.Check(d.Origins)...)
	if len(fields) > 0 {
		return ErrInvalid.At(fields...)
	}
	return nil
}

type list struct {
	pointer string
	items   []string
	fits    func(item string) bool
	rule    string
}

func (d Declaration) lists(isClaim func(name string) bool) []list {
	const targetRule = "A target is https, http on the loopback, or an app's own scheme with a dot in it; no fragment, user, * or dot segments, and the host in lower case."
	return []list{
		{"/origins", d.Origins, target.IsOrigin, "An origin is https://host[:port], or http:// on the loopback, in lower case, without a default port or a path."},
		{"/redirect_uris", d.RedirectTargets, target.IsTarget, targetRule},
		{"/post_logout_redirect_uris", d.OAuth.PostLogoutTargets, target.IsTarget, targetRule},
		{"/grant_types", texts(d.OAuth.Grants), isGrant, "This is not one of the known values."},
		{"/response_types", d.OAuth.ResponseTypes, func(text string) bool { return text == CodeResponse }, "This is not one of the known values."},
		{"/contacts", d.OAuth.Contacts, isContact, "This is not an email address."},
		{"/default_acr_values", d.OAuth.DefaultACRs, isAudience, "A class of authentication is 1 to 256 printable ASCII characters without spaces."},
		{"/link_uris", d.LinkURIs, target.IsTarget, targetRule},
		{"/journeys", d.Journeys, isJourney, "A journey's name is up to 64 lower-case letters, digits and underscores, a letter first."},
		{"/profile_claims", d.ProfileClaims, isClaim, "The profile schema has no such claim."},
		{"/token/audiences", d.Tokens.Audiences, isAudience, "An audience is 1 to 256 printable ASCII characters without spaces."},
	}
}

func (l list) check() (fields []fault.Field) {
	if most := l.most(); len(l.items) > most {
		return []fault.Field{{
			Pointer: l.pointer, Code: "max_items", Detail: "Give at most {count}.", Numbers: map[string]float64{"count": float64(most)},
		}}
	}
	for i, item := range l.items {
		at := l.pointer + "/" + strconv.Itoa(i)
		switch {
		case !l.fits(item):
			fields = append(fields, fault.Field{Pointer: at, Code: "format", Detail: l.rule})
		case slices.Contains(l.items[:i], item):
			fields = append(fields, fault.Field{Pointer: at, Code: "duplicate", Detail: "This is there already."})
		}
	}
	return fields
}

func (l list) most() int {
	if l.pointer == "/link_uris" {
		return maxLinkURIs
	}
	return maxItems
}

// isClientID takes visible ASCII. Spec: RFC 6749 Appendix A.1.
func isClientID(text string) bool { return isVisibleASCII(text, maxClientID) }

// isAudience leaves the meaning to who reads it. Spec: RFC 7519 §4.1.3.
func isAudience(text string) bool { return isVisibleASCII(text, maxAudience) }

func isVisibleASCII(text string, most int) bool {
	return text != "" && len(text) <= most &&
		!strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r >= 0x7f })
}

func isLifetime(d time.Duration) bool {
	return d >= shortestLifetime && d <= longestLifetime && d%time.Second == 0
}

func isVisible(text string, most int) bool {
	return utf8.ValidString(text) && utf8.RuneCountInString(text) <= most &&
		!strings.ContainsFunc(text, func(r rune) bool { return r != ' ' && !unicode.IsGraphic(r) }) &&
		strings.TrimSpace(text) == text
}

func isJourney(text string) bool {
	return text != "" && len(text) <= 64 && text[0] >= 'a' && text[0] <= 'z' &&
		strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// onto writes the declaration over an application.
func (d Declaration) onto(app Application) Application {
	app.ClientID, app.Name, app.Default = d.ClientID, d.Name, d.Default
	if app.Name == "" {
		app.Name = d.ClientID
	}
	app.Status = Active
	if d.Disabled {
		app.Status = Disabled
	}
	app.Origins, app.RedirectTargets, app.LinkURIs = own(d.Origins), own(d.RedirectTargets), own(d.LinkURIs)
	app.Journeys, app.ProfileClaims = own(d.Journeys), own(d.ProfileClaims)
	app.LinkElsewhere, app.Guests, app.UsersInvite = cmp.Or(d.LinkElsewhere, TypeBack), d.Guests, d.UsersInvite
	app.OwnershipProof = d.OwnershipProof
	if app.OwnershipProof == "" {
		app.OwnershipProof = BeforeAccount
	}
	app.Terms = nil
	if d.Terms != nil {
		terms := *d.Terms
		app.Terms = &terms
	}
	app.OAuth, app.ManagedBy = d.OAuth.own(), cmp.Or(app.ManagedBy, ByConfiguration)
	app.Passkeys = d.Passkeys.Settled()
	app.Tokens = Tokens{Audiences: own(d.Tokens.Audiences), Lifetime: cmp.Or(d.Tokens.Lifetime, usualLifetime)}
	return app
}

// own is a copy that is never nil, so that nothing and an empty list are one.
func own(items []string) []string { return append([]string{}, items...) }

// differences are the settings in which two applications differ.
func differences(a, b Application) (changes event.Changes) {
	for _, one := range []struct {
		name string
		a, b any
	}{
		{"name", a.Name, b.Name}, {"status", a.Status, b.Status}, {"default", a.Default, b.Default},
		{"origins", own(a.Origins), own(b.Origins)},
		{"redirect_uris", own(a.RedirectTargets), own(b.RedirectTargets)},
		{"link_uris", own(a.LinkURIs), own(b.LinkURIs)},
		{"link_elsewhere", a.LinkElsewhere, b.LinkElsewhere},
		{"guests", a.Guests, b.Guests},
		{"invitations_by_users", a.UsersInvite, b.UsersInvite},
		{"journeys", own(a.Journeys), own(b.Journeys)},
		{"ownership_proof", a.OwnershipProof, b.OwnershipProof},
		{"profile_claims", own(a.ProfileClaims), own(b.ProfileClaims)},
		{"terms", a.Terms.told(), b.Terms.told()},
		{"token_audiences", own(a.Tokens.Audiences), own(b.Tokens.Audiences)},
		{"token_lifetime", a.Tokens.Lifetime.String(), b.Tokens.Lifetime.String()},
		{"passkeys", a.Passkeys.Told(), b.Passkeys.Told()},
		{"managed_by", a.ManagedBy, b.ManagedBy},
	} {
		changes.Add(one.name, reflect.DeepEqual(one.a, one.b), one.a, one.b)
	}
	a.OAuth.own().differences(b.OAuth.own(), &changes)
	return changes
}

// told is how the log shows terms; nil where there are none.
func (t *Terms) told() map[string]string {
	if t == nil {
		return nil
	}
	return map[string]string{"version": t.Version, "url": t.URL}
}

func texts(grants []Grant) []string {
	out := make([]string, len(grants))
	for i, grant := range grants {
		out[i] = string(grant)
	}
	return out
}
