package application

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/lintel-id/lintel/server/application/target"
	"github.com/lintel-id/lintel/server/platform/jose"
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

// SubjectType is whom a person is to an application. Spec: OpenID Connect Core 1.0 §8.
type SubjectType string

// The types of subjects.
const (
	PublicSubject   SubjectType = "public"   // the same to every application
	PairwiseSubject SubjectType = "pairwise" // another one to each sector
)

// Subjects is how an application knows people.
type Subjects struct {
	Type      SubjectType
	SectorURI string // lists the redirect URIs of all that share a sector; empty: their host is it
}

// Logout is how an application hears that a session has ended.
// Spec: OpenID Connect Front-Channel Logout 1.0 §2, Back-Channel Logout 1.0 §2.2.
type Logout struct {
	FrontURI          string
	FrontNamesSession bool
	BackURI           string
	BackNamesSession  bool
}

// Signing is what is signed beside id tokens: the first two by the application, the
// others for it.
// Spec: OpenID Connect Dynamic Client Registration 1.0 §2, RFC 9101 §10.5, RFC 9701 §6.
type Signing struct {
	Proof              jose.Algorithm // its private_key_jwt; empty: whatever its keys fit
	Request            jose.Algorithm // its request objects; empty: whatever its keys fit
	SignedRequestsOnly bool
	Userinfo           jose.Algorithm // empty: JSON that is not signed
	Authorization      jose.Algorithm
	Introspection      jose.Algorithm
}

// Encrypted is how something is encrypted, and not at all without a Key.
type Encrypted struct {
	Key     jose.KeyAlgorithm
	Content jose.ContentAlgorithm
}

// Encryption is what only the application may read.
// Spec: OpenID Connect Dynamic Client Registration 1.0 §2, RFC 9701 §6.
type Encryption struct {
	IDToken       Encrypted
	Userinfo      Encrypted
	Authorization Encrypted
	Introspection Encrypted
}

// Software is what an application is an installation of. Spec: RFC 7591 §2.
type Software struct {
	ID      string
	Version string
}

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
	Scope              string // with a space between two; empty: those of OpenID Connect
	Subjects           Subjects
	InitiateLoginURI   string
	DefaultACRs        []string // the most wanted first
	AuthTimeRequired   bool
	Logout             Logout
	Signing            Signing
	Encryption         Encryption
	Software           Software
}

// Settled is the metadata with its defaults: public, and the authorization code where
// there is somewhere to be sent back to.
func (a Application) Settled() OAuth { return a.OAuth.settled(a.RedirectTargets, a.LinkURIs) }

func (o OAuth) settled(redirects, links []string) OAuth {
	if o.Kind == "" {
		o.Kind = Web
		if slices.ContainsFunc(slices.Concat(redirects, links), target.HasOwnScheme) {
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
	o.Subjects.Type = cmp.Or(o.Subjects.Type, PublicSubject)
	o.Signing.Authorization = cmp.Or(o.Signing.Authorization, jose.ES256)
	o.Signing.Introspection = cmp.Or(o.Signing.Introspection, jose.ES256)
	e := &o.Encryption
	for _, one := range []*Encrypted{&e.IDToken, &e.Userinfo, &e.Authorization, &e.Introspection} {
		if one.Key != "" {
			one.Content = cmp.Or(one.Content, jose.A128CBCHS256)
		}
	}
	return o
}

// own is a copy in one spelling, so that nothing and an empty list are one.
func (o OAuth) own() OAuth {
	o.PostLogoutTargets, o.Contacts, o.ResponseTypes = own(o.PostLogoutTargets), own(o.Contacts), own(o.ResponseTypes)
	o.DefaultACRs = own(o.DefaultACRs)
	o.Grants = append([]Grant{}, o.Grants...)
	o.JWKS = publicKeys(o.JWKS)
	if o.DefaultMaxAge != nil {
		age := *o.DefaultMaxAge
		o.DefaultMaxAge = &age
	}
	return o
}
