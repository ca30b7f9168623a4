package verify

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	exactjson "sigs.k8s.io/json"
)

// Claims are what a valid token says.
type Claims struct {
	UserID    string
	SessionID string
	// ClientID is the application that the session was started with.
	ClientID string
	// ACR is how strongly the user has been authenticated, AMR how, AuthTime when last.
	ACR      string
	AMR      []string
	AuthTime time.Time
	// Roles are the keys of the roles that the user had when the token was made. Permissions
	// are what those held; nil where there were too many to say.
	Roles       []string
	Permissions []string
	// Actor is who acts in the user's name; empty where it is the user. Spec: RFC 8693 §4.1.
	Actor string

	ID        string
	Issuer    string
	Audience  []string
	IssuedAt  time.Time
	ExpiresAt time.Time

	payload []byte
}

// Can tells whether the user had all of the permissions when the token was made; asked for
// none it says no, and so it does where the token does not say: Can of the management
// client knows. Permissions are compared as they are written; "lintel:all" is everything
// that begins with "lintel:".
func (c *Claims) Can(permissions ...string) bool {
	for _, wanted := range permissions {
		own := strings.HasPrefix(wanted, "lintel:")
		if !slices.Contains(c.Permissions, wanted) && (!own || !slices.Contains(c.Permissions, "lintel:all")) {
			return false
		}
	}
	return len(permissions) > 0
}

// Decode reads the claims into a struct of one's own, for those that are not named above.
// Names count as they are written.
func (c *Claims) Decode(into any) error {
	return exactjson.UnmarshalCaseSensitivePreserveInts(c.payload, into)
}

// payload is the same as it is written. Spec: RFC 7519 §4.1, OpenID Connect Core 1.0 §2.
type payload struct {
	Issuer    string      `json:"iss"`
	Subject   string      `json:"sub"`
	Audience  audience    `json:"aud"`
	Expires   numericDate `json:"exp"`
	NotBefore numericDate `json:"nbf"`
	IssuedAt  numericDate `json:"iat"`
	ID        string      `json:"jti"`
	SessionID string      `json:"sid"`
	ClientID  string      `json:"client_id"`
	ACR       string      `json:"acr"`
	AMR       []string    `json:"amr"`
	AuthTime  numericDate `json:"auth_time"`
	Roles     []string    `json:"roles"`

	Permissions []string `json:"permissions"`
	// Act is as it stands: one that cannot be read must not pass for none.
	Act json.RawMessage `json:"act"`
}

// actor is who acts; nobody only where nothing is said. Spec: RFC 8693 §4.1.
func (p payload) actor() (string, error) {
	if p.Act == nil {
		return "", nil
	}
	var act struct {
		Subject string `json:"sub"`
	}
	if exactjson.UnmarshalCaseSensitivePreserveInts(p.Act, &act) != nil || act.Subject == "" {
		return "", errActor
	}
	return act.Subject, nil
}

// audience is one text or a list of them.
type audience []string

// UnmarshalJSON reads either.
func (a *audience) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*a = audience{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(a))
}

// numericDate is in seconds, maybe with a fraction. 0 is none.
type numericDate float64

// lastDate is the end of the year 9999.
const lastDate = 253402300799

func (n numericDate) time() time.Time {
	if n <= 0 {
		return time.Time{}
	}
	return time.Unix(int64(min(n, lastDate)), 0).UTC()
}

var (
	errAbout   = errors.New("it names no user or no session")
	errActor   = errors.New("it does not name who acts in the user's name")
	errIssuer  = errors.New("somebody else issued it")
	errMeant   = errors.New("it is meant for somebody else")
	errExpired = errors.New("it has expired, or never does")
	errEarly   = errors.New("it is not valid yet")
)

// read checks what a token says whose signature is good. Spec: RFC 7519 §4.1.
func (v *Verifier) read(data []byte) (*Claims, error) {
	var said payload
	// The standard library would take a claim "Sub" for "sub".
	if err := exactjson.UnmarshalCaseSensitivePreserveInts(data, &said); err != nil {
		return nil, err
	}
	actor, err := said.actor()
	if err != nil {
		return nil, err
	}
	expires, now := said.Expires.time(), now()
	latest := now.Add(v.leeway)
	switch {
	case said.Issuer != v.issuer:
		return nil, errIssuer
	case !slices.Contains(said.Audience, v.audience):
		return nil, errMeant
	case said.Subject == "" || said.SessionID == "":
		return nil, errAbout
	// "The expiration time on or after which the JWT MUST NOT be accepted."
	case !now.Before(expires.Add(v.leeway)):
		return nil, errExpired
	case latest.Before(said.NotBefore.time()), latest.Before(said.IssuedAt.time()):
		return nil, errEarly
	}
	return &Claims{
		UserID: said.Subject, SessionID: said.SessionID, ClientID: said.ClientID,
		ACR: said.ACR, AMR: said.AMR, AuthTime: said.AuthTime.time(), Actor: actor,
		Roles: said.Roles, Permissions: said.Permissions,
		ID: said.ID, Issuer: said.Issuer, Audience: said.Audience, IssuedAt: said.IssuedAt.time(), ExpiresAt: expires,
		payload: data,
	}, nil
}
