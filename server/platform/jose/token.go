package jose

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"time"
)

// Token is a verified token: the registered claims by name, the others on request.
// Spec: RFC 7519 §4.1.
type Token struct {
	KeyID     string
	Algorithm Algorithm
	Type      string

	Issuer    string
	Subject   string
	Audience  []string
	ID        string
	ExpiresAt time.Time // zero where absent, as the two below
	NotBefore time.Time
	IssuedAt  time.Time

	claims map[string]json.RawMessage
}

// Has tells whether a claim is present.
func (t *Token) Has(name string) bool {
	_, ok := t.claims[name]
	return ok
}

// Claim decodes one claim, found by its exact name; ErrNoClaim when it is absent.
// Numbers decoded into an any stay exact.
func (t *Token) Claim(name string, into any) error {
	raw, ok := t.claims[name]
	if !ok {
		return ErrNoClaim
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("%w: claim %q", ErrMalformed, name) // the cause could quote the value
	}
	return nil
}

func readClaims(parts compact) (*Token, error) {
	claims, err := readObject(parts.payload)
	if err != nil {
		return nil, err
	}
	t := &Token{
		KeyID: parts.header.keyID, Algorithm: parts.header.alg, Type: parts.header.typ,
		claims: claims,
	}
	for name, into := range map[string]*string{"iss": &t.Issuer, "sub": &t.Subject, "jti": &t.ID} {
		if *into, err = stringMember(claims, name); err != nil {
			return nil, err
		}
	}
	for name, into := range map[string]*time.Time{"exp": &t.ExpiresAt, "nbf": &t.NotBefore, "iat": &t.IssuedAt} {
		if *into, err = dateMember(claims, name); err != nil {
			return nil, err
		}
	}
	t.Audience, err = audienceMember(claims)
	if err != nil {
		return nil, err
	}
	return t, nil
}

// audienceMember reads aud, a string or a list of strings. Spec: RFC 7519 §4.1.3.
func audienceMember(claims map[string]json.RawMessage) ([]string, error) {
	raw, ok := claims["aud"]
	if !ok {
		return nil, nil
	}
	if one, err := stringMember(claims, "aud"); err == nil {
		return []string{one}, nil
	}
	var list []*string
	if err := json.Unmarshal(raw, &list); err != nil || list == nil {
		return nil, ErrMalformed
	}
	names := make([]string, len(list))
	for i, name := range list {
		if name == nil {
			return nil, ErrMalformed
		}
		names[i] = *name
	}
	return names, nil
}

// dateMember reads a NumericDate: seconds since 1970, possibly with a fraction. One
// outside the years 1970 to 9999 is refused before it can overflow a comparison.
// Spec: RFC 7519 §2.
func dateMember(claims map[string]json.RawMessage, name string) (time.Time, error) {
	raw, ok := claims[name]
	if !ok {
		return time.Time{}, nil
	}
	var seconds *float64
	if err := json.Unmarshal(raw, &seconds); err != nil || seconds == nil {
		return time.Time{}, ErrMalformed
	}
	const year9999 = 253402300799
	if *seconds < 0 || *seconds > year9999 {
		return time.Time{}, ErrMalformed
	}
	whole, fraction := math.Modf(*seconds)
	return time.Unix(int64(whole), int64(fraction*1e9)).UTC(), nil
}
