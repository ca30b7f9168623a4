package application

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/mail"
	"slices"
	"strings"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/jose"
)

const (
	maxContacts = 10
	maxContact  = 254
	maxAge      = 365 * 24 * 60 * 60
)

// Kind is where an application runs. Spec: OpenID Connect Dynamic Client Registration 1.0 §2.
type Kind string

// The kinds of applications.
const (
	Web    Kind = "web"    // at an address of its own
	Native Kind = "native" // installed on a device
)

// Grant is a way to a token. Spec: RFC 7591 §2.
type Grant string

// The grants that an application can be allowed. There is no implicit one and none with a
// password. Spec: RFC 9700 §2.1.2, §2.4.
const (
	AuthorizationCode Grant = "authorization_code"
	RefreshToken      Grant = "refresh_token"
	ClientCredentials Grant = "client_credentials"
	DeviceCode        Grant = "urn:ietf:params:oauth:grant-type:device_code"
)

// CodeResponse is the one thing that an authorization endpoint answers.
const CodeResponse = "code"

// AuthMethod is how an application proves itself at the token endpoint. Spec: RFC 7591 §2.
type AuthMethod string

// The ways of proving itself.
const (
	NoAuth        AuthMethod = "none"
	SecretBasic   AuthMethod = "client_secret_basic"
	SecretPost    AuthMethod = "client_secret_post"
	PrivateKeyJWT AuthMethod = "private_key_jwt"
)

// OAuth is what OAuth and OpenID Connect know of an application. What is left out has
// its default, which Settled fills in.
type OAuth struct {
	Kind               Kind
	PostLogoutTargets  []string
	Grants             []Grant
	ResponseTypes      []string
	AuthMethod         AuthMethod
	JWKS               json.RawMessage // public keys only; nil: none
	JWKSURI            string
	Contacts           []string
	ClientURI          string
	LogoURI            string
	PolicyURI          string
	TermsURI           string
	DefaultMaxAge      *int32 // seconds; nil: a sign-in never gets too old
	PushedRequestsOnly bool
	DPoPBoundTokens    bool
	IDTokenAlgorithm   jose.Algorithm
}

// Settled is the metadata with its defaults: public, and the authorization code where
// there is somewhere to be sent back to.
func (a Application) Settled() OAuth { return a.OAuth.settled(a.RedirectTargets, a.LinkTargets) }

func (o OAuth) settled(redirects, links []string) OAuth {
	if o.Kind == "" {
		o.Kind = Web
		if slices.ContainsFunc(slices.Concat(redirects, links), hasOwnScheme) {
			o.Kind = Native
		}
	}
	if len(o.Grants) == 0 && len(redirects) > 0 {
		o.Grants = []Grant{AuthorizationCode}
	}
	if len(o.ResponseTypes) == 0 && slices.Contains(o.Grants, AuthorizationCode) {
		o.ResponseTypes = []string{CodeResponse}
	}
	o.AuthMethod = cmp.Or(o.AuthMethod, NoAuth)
	o.IDTokenAlgorithm = cmp.Or(o.IDTokenAlgorithm, jose.ES256)
	return o
}

func hasOwnScheme(target string) bool {
	return !strings.HasPrefix(target, "https:") && !strings.HasPrefix(target, "http:")
}

// check judges the metadata beside the redirect URIs.
func (o OAuth) check(redirects, links []string) (fields []fault.Field) {
	wrong := func(unless bool, pointer, code, detail string) {
		if !unless {
			fields = append(fields, fault.Field{Pointer: pointer, Code: code, Detail: detail})
		}
	}
	const page = "This is read at an absolute https URL."
	wrong(slices.Contains([]Kind{"", Web, Native}, o.Kind), "/application_type", "enum", "This is not one of the known values.")
	wrong(slices.Contains([]AuthMethod{"", NoAuth, SecretBasic, SecretPost, PrivateKeyJWT}, o.AuthMethod),
		"/token_endpoint_auth_method", "enum", "This is not one of the known values.")
	wrong(slices.Contains([]jose.Algorithm{"", jose.ES256, jose.EdDSA, jose.RS256, jose.PS256}, o.IDTokenAlgorithm),
		"/id_token_signed_response_alg", "enum", "This is not one of the known values.")
	wrong(o.ClientURI == "" || isPage(o.ClientURI), "/client_uri", "format", page)
	wrong(o.LogoURI == "" || isPage(o.LogoURI), "/logo_uri", "format", page)
	wrong(o.PolicyURI == "" || isPage(o.PolicyURI), "/policy_uri", "format", page)
	wrong(o.TermsURI == "" || isPage(o.TermsURI), "/tos_uri", "format", page)
	wrong(o.JWKSURI == "" || isPage(o.JWKSURI), "/jwks_uri", "format", page)
	wrong(o.JWKS == nil || isPublicKeySet(o.JWKS), "/jwks", "format", "This is not a set of public keys, each with an id of its own where there are several.")
	// "The "jwks_uri" and "jwks" parameters MUST NOT both be present". Spec: RFC 7591 §2.
	wrong(o.JWKS == nil || o.JWKSURI == "", "/jwks_uri", "not_allowed", "Give the keys or the place where they are, not both.")
	wrong(len(o.Contacts) <= maxContacts, "/contacts", "max_items", "There are too many contacts.")
	wrong(o.DefaultMaxAge == nil || *o.DefaultMaxAge >= 0 && *o.DefaultMaxAge <= maxAge, "/default_max_age", "range", "An age is from nothing to a year.")
	return append(fields, o.checkTogether(redirects, links)...)
}

// checkTogether judges what depends on each other.
func (o OAuth) checkTogether(redirects, links []string) (fields []fault.Field) {
	wrong := func(unless bool, pointer, code, detail string) {
		if !unless {
			fields = append(fields, fault.Field{Pointer: pointer, Code: code, Detail: detail})
		}
	}
	settled := o.settled(redirects, links)
	holds := func(grant Grant) bool { return slices.Contains(settled.Grants, grant) }
	// "authorization_code" and "code" go together. Spec: RFC 7591 §2.1.
	wrong(holds(AuthorizationCode) == slices.Contains(settled.ResponseTypes, CodeResponse),
		"/response_types", "inconsistent", "The response type code and the grant type authorization_code need each other.")
	// "Clients using flows with redirection MUST register their redirection URI values".
	// Spec: RFC 7591 §2.
	wrong(!holds(AuthorizationCode) || len(redirects) > 0, "/redirect_uris", "required", "The grant type authorization_code needs a redirect URI.")
	wrong(!holds(RefreshToken) || holds(AuthorizationCode) || holds(DeviceCode),
		"/grant_types", "inconsistent", "There is nothing to refresh without authorization_code or device_code.")
	// "The client credentials grant type MUST only be used by confidential clients."
	// Spec: RFC 6749 §4.4.
	wrong(!holds(ClientCredentials) || settled.AuthMethod != NoAuth,
		"/token_endpoint_auth_method", "inconsistent", "The grant type client_credentials needs an application that proves itself.")
	wrong(settled.AuthMethod != PrivateKeyJWT || o.JWKS != nil || o.JWKSURI != "",
		"/jwks", "required", "The method private_key_jwt needs the public keys.")
	// "Secrets that are statically included as part of an app distributed to multiple users
	// should not be treated as confidential secrets". Spec: RFC 8252 §8.5.
	wrong(settled.Kind != Native || settled.AuthMethod != SecretBasic && settled.AuthMethod != SecretPost,
		"/token_endpoint_auth_method", "inconsistent", "A native application cannot keep a secret.")
	wrong(settled.Kind != Web || !slices.ContainsFunc(redirects, hasOwnScheme),
		"/application_type", "inconsistent", "Only a native application has a scheme of its own.")
	return fields
}

// isPublicKeySet takes a set in which every key can verify a signature and none is
// private or symmetric, so that nothing has to be left out of it.
func isPublicKeySet(document json.RawMessage) bool {
	set, err := jose.ParseKeySet(document)
	if err != nil {
		return false
	}
	var listed struct {
		Keys []map[string]json.RawMessage `json:"keys"`
	}
	if json.Unmarshal(document, &listed) != nil || len(listed.Keys) != set.Len() {
		return false
	}
	seen := map[string]bool{}
	for _, key := range listed.Keys {
		for _, private := range []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"} {
			if _, there := key[private]; there {
				return false
			}
		}
		id := string(key["kid"])
		if len(listed.Keys) > 1 && (id == "" || seen[id]) {
			return false
		}
		seen[id] = true
	}
	return true
}

// publicKeys is the set as it is kept: the members that make the keys, and nothing else
// that somebody has put beside them.
func publicKeys(document json.RawMessage) json.RawMessage {
	if document == nil {
		return nil
	}
	set, err := jose.ParseKeySet(document)
	if err != nil {
		return nil // it has been judged before
	}
	text, err := json.Marshal(set)
	if err != nil {
		return nil
	}
	return text
}

func isGrant(text string) bool {
	return slices.Contains([]Grant{AuthorizationCode, RefreshToken, ClientCredentials, DeviceCode}, Grant(text))
}

func isContact(text string) bool {
	address, err := mail.ParseAddress(text)
	return err == nil && len(text) <= maxContact && address.Address == text && address.Name == ""
}

// own is a copy in one spelling, so that nothing and an empty list are one.
func (o OAuth) own() OAuth {
	o.PostLogoutTargets, o.Contacts, o.ResponseTypes = own(o.PostLogoutTargets), own(o.Contacts), own(o.ResponseTypes)
	o.Grants = append([]Grant{}, o.Grants...)
	o.JWKS = publicKeys(o.JWKS)
	if o.DefaultMaxAge != nil {
		age := *o.DefaultMaxAge
		o.DefaultMaxAge = &age
	}
	return o
}

// differences adds the metadata in which two applications differ.
func (o OAuth) differences(other OAuth, changes *event.Changes) {
	for _, one := range []struct {
		name string
		same bool
		a, b any
	}{
		{"application_type", o.Kind == other.Kind, o.Kind, other.Kind},
		{"post_logout_redirect_uris", slices.Equal(o.PostLogoutTargets, other.PostLogoutTargets), o.PostLogoutTargets, other.PostLogoutTargets},
		{"grant_types", slices.Equal(o.Grants, other.Grants), o.Grants, other.Grants},
		{"response_types", slices.Equal(o.ResponseTypes, other.ResponseTypes), o.ResponseTypes, other.ResponseTypes},
		{"token_endpoint_auth_method", o.AuthMethod == other.AuthMethod, o.AuthMethod, other.AuthMethod},
		{"jwks", bytes.Equal(o.JWKS, other.JWKS), o.JWKS, other.JWKS},
		{"jwks_uri", o.JWKSURI == other.JWKSURI, o.JWKSURI, other.JWKSURI},
		{"contacts", slices.Equal(o.Contacts, other.Contacts), nil, nil}, // they are people
		{"client_uri", o.ClientURI == other.ClientURI, o.ClientURI, other.ClientURI},
		{"logo_uri", o.LogoURI == other.LogoURI, o.LogoURI, other.LogoURI},
		{"policy_uri", o.PolicyURI == other.PolicyURI, o.PolicyURI, other.PolicyURI},
		{"tos_uri", o.TermsURI == other.TermsURI, o.TermsURI, other.TermsURI},
		{"default_max_age", equal(o.DefaultMaxAge, other.DefaultMaxAge), o.DefaultMaxAge, other.DefaultMaxAge},
		{"require_pushed_authorization_requests", o.PushedRequestsOnly == other.PushedRequestsOnly, o.PushedRequestsOnly, other.PushedRequestsOnly},
		{"dpop_bound_access_tokens", o.DPoPBoundTokens == other.DPoPBoundTokens, o.DPoPBoundTokens, other.DPoPBoundTokens},
		{"id_token_signed_response_alg", o.IDTokenAlgorithm == other.IDTokenAlgorithm, o.IDTokenAlgorithm, other.IDTokenAlgorithm},
	} {
		changes.Add(one.name, one.same, one.a, one.b)
	}
}

func equal(a, b *int32) bool { return a == b || a != nil && b != nil && *a == *b }
