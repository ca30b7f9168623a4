package application

import (
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/lintel-id/lintel/server/application/target"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/jose"
)

const (
	maxContacts        = 10
	maxContact         = 254
	maxAge             = 365 * 24 * 60 * 60
	maxScope           = 4096
	maxACRs            = 10
	maxSoftwareID      = 256
	maxSoftwareVersion = 64
)

// judge collects what is wrong with the metadata of an application.
type judge struct {
	OAuth     // as it is given
	settled   OAuth
	keys      clientKeys
	redirects []string
	fields    []fault.Field
}

// check judges the metadata beside the redirect URIs.
func (o OAuth) check(redirects, links []string) []fault.Field {
	j := &judge{OAuth: o, settled: o.settled(redirects, links), keys: o.keys(), redirects: redirects, fields: nil}
	for _, check := range []func(*judge){
		(*judge).values, (*judge).pages, (*judge).publishedKeys, (*judge).bounds,
		(*judge).grants, (*judge).proof, (*judge).kind, (*judge).scope, (*judge).subjects,
		(*judge).frontLogout, (*judge).backLogout, (*judge).signing, (*judge).encryption,
	} {
		check(j)
	}
	return j.fields
}

// want notes what is wrong unless it holds.
func (j *judge) want(holds bool, pointer, code, detail string) {
	if !holds {
		j.fields = append(j.fields, fault.Field{Pointer: pointer, Code: code, Detail: detail})
	}
}

// atMost notes what is too long.
func (j *judge) atMost(most, count int, pointer, code, detail string) {
	if count > most {
		j.fields = append(j.fields, fault.Field{
			Pointer: pointer, Code: code, Detail: detail, Numbers: map[string]float64{"count": float64(most)},
		})
	}
}

// values takes what the contract lists.
func (j *judge) values() {
	known := func(holds bool, pointer string) {
		j.want(holds, pointer, "enum", "This is not one of the known values.")
	}
	known(slices.Contains([]Kind{"", Web, Native}, j.Kind), "/application_type")
	known(slices.Contains([]AuthMethod{"", NoAuth, SecretBasic, SecretPost, PrivateKeyJWT}, j.AuthMethod), "/token_endpoint_auth_method")
	known(slices.Contains([]SubjectType{"", PublicSubject, PairwiseSubject}, j.Subjects.Type), "/subject_type")
	signs := func(alg jose.Algorithm, pointer string) {
		known(slices.Contains([]jose.Algorithm{"", jose.ES256, jose.EdDSA, jose.RS256, jose.PS256}, alg), pointer)
	}
	signs(j.IDTokenAlgorithm, "/id_token_signed_response_alg")
	signs(j.Signing.Proof, "/token_endpoint_auth_signing_alg")
	signs(j.Signing.Request, "/request_object_signing_alg")
	signs(j.Signing.Userinfo, "/userinfo_signed_response_alg")
	signs(j.Signing.Authorization, "/authorization_signed_response_alg")
	signs(j.Signing.Introspection, "/introspection_signed_response_alg")
	for _, one := range j.encrypted() {
		known(one.Key == "" || one.Key.Known(), one.pointer+"_alg")
		known(one.Content == "" || one.Content.Known(), one.pointer+"_enc")
	}
}

// pages takes what people and servers are shown by https.
func (j *judge) pages() {
	for _, one := range []struct{ pointer, address string }{
		{"/client_uri", j.ClientURI}, {"/logo_uri", j.LogoURI}, {"/policy_uri", j.PolicyURI}, {"/tos_uri", j.TermsURI},
		{"/jwks_uri", j.JWKSURI}, {"/sector_identifier_uri", j.Subjects.SectorURI}, {"/initiate_login_uri", j.InitiateLoginURI},
	} {
		j.want(one.address == "" || target.IsPage(one.address), one.pointer, "format", "This is read at an absolute https URL.")
	}
}

func (j *judge) publishedKeys() {
	j.want(j.JWKS == nil || isPublicKeySet(j.JWKS), "/jwks", "format", "This is not a set of public keys, each with an id of its own where there are several.")
	// "The "jwks_uri" and "jwks" parameters MUST NOT both be present". Spec: RFC 7591 §2.
	j.want(j.JWKS == nil || j.JWKSURI == "", "/jwks_uri", "not_allowed", "Give the keys or the place where they are, not both.")
}

func (j *judge) bounds() {
	j.want(len(j.Contacts) <= maxContacts, "/contacts", "max_items", "There are too many contacts.")
	j.want(j.DefaultMaxAge == nil || *j.DefaultMaxAge >= 0 && *j.DefaultMaxAge <= maxAge, "/default_max_age", "range", "An age is from nothing to a year.")
	j.atMost(maxACRs, len(j.DefaultACRs), "/default_acr_values", "max_items", "Give at most {count}.")
	for _, one := range []struct {
		pointer, text string
		most          int
	}{{"/software_id", j.Software.ID, maxSoftwareID}, {"/software_version", j.Software.Version, maxSoftwareVersion}} {
		count := utf8.RuneCountInString(one.text)
		j.atMost(one.most, count, one.pointer, "max_length", "Use at most {count} characters.")
		j.want(isVisible(one.text, count), one.pointer, "format", "This is one line of visible characters.")
	}
}

func (j *judge) grants() {
	holds := func(grant Grant) bool { return slices.Contains(j.settled.Grants, grant) }
	// "authorization_code" and "code" go together. Spec: RFC 7591 §2.1.
	j.want(holds(AuthorizationCode) == slices.Contains(j.settled.ResponseTypes, CodeResponse),
		"/response_types", "inconsistent", "The response type code and the grant type authorization_code need each other.")
	// "Clients using flows with redirection MUST register their redirection URI values".
	// Spec: RFC 7591 §2.
	j.want(!holds(AuthorizationCode) || len(j.redirects) > 0, "/redirect_uris", "required", "The grant type authorization_code needs a redirect URI.")
	j.want(!holds(RefreshToken) || holds(AuthorizationCode) || holds(DeviceCode),
		"/grant_types", "inconsistent", "There is nothing to refresh without authorization_code or device_code.")
	// "The client credentials grant type MUST only be used by confidential clients."
	// Spec: RFC 6749 §4.4.
	j.want(!holds(ClientCredentials) || j.settled.AuthMethod != NoAuth,
		"/token_endpoint_auth_method", "inconsistent", "The grant type client_credentials needs an application that proves itself.")
}

// proof judges how the application proves itself.
func (j *judge) proof() {
	j.want(j.settled.AuthMethod != PrivateKeyJWT || j.keys.sign(), "/jwks", "required", "The method private_key_jwt needs the public keys.")
	j.want(j.Signing.Proof == "" || j.settled.AuthMethod == PrivateKeyJWT,
		"/token_endpoint_auth_signing_alg", "inconsistent", "Only the method private_key_jwt signs anything.")
	// "Secrets that are statically included as part of an app distributed to multiple users
	// should not be treated as confidential secrets". Spec: RFC 8252 §8.5.
	j.want(j.settled.Kind != Native || j.settled.AuthMethod != SecretBasic && j.settled.AuthMethod != SecretPost,
		"/token_endpoint_auth_method", "inconsistent", "A native application cannot keep a secret.")
}

func (j *judge) kind() {
	j.want(j.settled.Kind != Web || !slices.ContainsFunc(j.redirects, target.HasOwnScheme),
		"/application_type", "inconsistent", "Only a native application has a scheme of its own.")
}

// scope takes tokens of any printable ASCII but quotes and backslashes.
// Spec: RFC 6749 §3.3.
func (j *judge) scope() {
	j.atMost(maxScope, len(j.Scope), "/scope", "max_length", "Use at most {count} characters.")
	fits := !strings.ContainsFunc(j.Scope, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' })
	for token := range strings.SplitSeq(j.Scope, " ") {
		fits = fits && (token != "" || j.Scope == "")
	}
	j.want(fits, "/scope", "format", "A scope is words of printable ASCII characters without quotes or backslashes, a space between two.")
}

// subjects wants one host that pairwise subjects are made for: "If there are multiple
// hostnames in the registered redirect_uris, the Client MUST register a
// sector_identifier_uri." Spec: OpenID Connect Core 1.0 §8.1.
func (j *judge) subjects() {
	hosts := map[string]bool{}
	for _, redirect := range j.redirects {
		hosts[target.Host(redirect)] = true
	}
	j.want(j.settled.Subjects.Type != PairwiseSubject || j.Subjects.SectorURI != "" || len(hosts) == 1 && !hosts[""],
		"/sector_identifier_uri", "required", "Pairwise subjects need this where the redirect URIs do not have one host.")
}

// frontLogout takes an address of a front end: "The domain, port, and scheme of this URL
// MUST be the same as that of a registered Redirection URI value."
// Spec: OpenID Connect Front-Channel Logout 1.0 §2.
func (j *judge) frontLogout() {
	at := j.Logout.FrontURI
	j.logout(at, j.Logout.FrontNamesSession, "/frontchannel_logout")
	same := func(redirect string) bool { return target.Origin(redirect) == target.Origin(at) }
	j.want(at == "" || !target.IsEndpoint(at) || slices.ContainsFunc(j.redirects, same),
		"/frontchannel_logout_uri", "inconsistent", "This has the scheme, host and port of a redirect URI.")
}

// backLogout takes an address of a back end. Spec: OpenID Connect Back-Channel Logout 1.0 §2.2.
func (j *judge) backLogout() {
	j.logout(j.Logout.BackURI, j.Logout.BackNamesSession, "/backchannel_logout")
}

func (j *judge) logout(at string, namesSession bool, pointer string) {
	j.want(at == "" || target.IsEndpoint(at), pointer+"_uri", "format",
		"This is an https URL, or an http one on the loopback; no fragment, user, * or dot segments, and the host in lower case.")
	j.want(at != "" || !namesSession, pointer+"_session_required", "inconsistent", "This needs the setting that it is about.")
}

// signing wants keys for what the application signs.
func (j *judge) signing() {
	j.want(j.Signing.Request == "" && !j.Signing.SignedRequestsOnly || j.keys.sign(), "/jwks", "required", "Signed requests need the public keys.")
	for _, one := range []struct {
		pointer string
		alg     jose.Algorithm
	}{{"/token_endpoint_auth_signing_alg", j.Signing.Proof}, {"/request_object_signing_alg", j.Signing.Request}} {
		j.want(!one.alg.Known() || !j.keys.sign() || j.keys.signWith(one.alg), one.pointer, "inconsistent", "None of the public keys fits this algorithm.")
	}
}

// encryption wants keys for what only the application may read. "When
// id_token_encrypted_response_enc is included, id_token_encrypted_response_alg MUST also
// be provided", and so for the others.
// Spec: OpenID Connect Dynamic Client Registration 1.0 §2, RFC 9701 §6.
func (j *judge) encryption() {
	readable := true
	for _, one := range j.encrypted() {
		j.want(one.Content == "" || one.Key != "", one.pointer+"_enc", "inconsistent", "This needs the setting that it is about.")
		readable = readable && (!one.Key.Known() || j.keys.decrypt(one.Key))
	}
	j.want(readable, "/jwks", "required", "Encryption needs a public key that fits and says that this is its use.")
}

type encryptedAt struct {
	Encrypted
	pointer string
}

func (j *judge) encrypted() []encryptedAt {
	e := j.Encryption
	return []encryptedAt{
		{e.IDToken, "/id_token_encrypted_response"}, {e.Userinfo, "/userinfo_encrypted_response"},
		{e.Authorization, "/authorization_encrypted_response"}, {e.Introspection, "/introspection_encrypted_response"},
	}
}

func isGrant(text string) bool {
	return slices.Contains([]Grant{AuthorizationCode, RefreshToken, ClientCredentials, DeviceCode}, Grant(text))
}

func isContact(text string) bool {
	address, err := mail.ParseAddress(text)
	return err == nil && len(text) <= maxContact && address.Address == text && address.Name == ""
}
