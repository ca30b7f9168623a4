package jose

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const maxLeeway = 5 * time.Minute

// Expectations say which tokens are welcome. What is left empty is not ignored:
// it refuses, unless the matching exception says that the kind of token at hand
// has no such claim.
type Expectations struct {
	// Algorithms are those the caller accepts, whatever keys the set holds.
	Algorithms []Algorithm
	// Types are the accepted values of typ, without "application/"; "" accepts a
	// token that has none.
	Types []string
	// Issuer is the exact value of iss.
	Issuer string
	// Audiences are the names we go by; the token's aud must hold one of them.
	Audiences []string
	// Leeway is how far the clocks of two machines may differ, five minutes at most.
	Leeway time.Duration
	// MaxAge, where it is not zero, requires iat and bounds the age of the token.
	MaxAge time.Duration

	// AnyIssuer accepts tokens whose issuer says nothing, such as proofs of possession.
	AnyIssuer bool
	// AnyAudience accepts tokens that are meant for nobody in particular.
	AnyAudience bool
	// NoExpiry accepts tokens without exp; one that is present still counts.
	NoExpiry bool
}

// Verify checks a compact token at the given time and gives its claims only when
// every check holds. Anyone may send any token, so the cheap checks come first.
// Spec: RFC 7515 §5.2, RFC 7519 §7.2, RFC 8725 §3.
func Verify(token string, keys KeySet, want Expectations, now time.Time) (*Token, error) {
	if err := want.validate(now); err != nil {
		return nil, err
	}
	parts, err := parseCompact(token)
	if err != nil {
		return nil, err
	}
	// "Libraries MUST enable the caller to specify a supported set of algorithms and
	// MUST NOT use any other algorithms": RFC 8725 §3.1.
	if !slices.Contains(want.Algorithms, parts.header.alg) {
		return nil, ErrAlgorithm
	}
	if err := checkType(parts.header.typ, want.Types); err != nil {
		return nil, err
	}
	key, err := keys.find(parts.header)
	if err != nil {
		return nil, err
	}
	if err := verifySignature(parts.header.alg, key.raw, parts.input, parts.signature); err != nil {
		return nil, err
	}
	verified, err := readClaims(parts)
	if err != nil {
		return nil, err
	}
	for _, check := range []func(*Token, Expectations, time.Time) error{
		checkIssuer, checkAudience, checkExpiry, checkNotBefore, checkIssuedAt,
	} {
		if err := check(verified, want, now); err != nil {
			return nil, err
		}
	}
	return verified, nil
}

// validate refuses expectations that would let everything pass by accident. A zero
// time would make every token unexpired.
func (e Expectations) validate(now time.Time) error {
	var missing string
	switch {
	case now.IsZero():
		missing = "time"
	case len(e.Algorithms) == 0 || slices.ContainsFunc(e.Algorithms, func(a Algorithm) bool { return !a.Known() }):
		missing = "algorithms"
	case len(e.Types) == 0:
		missing = "types"
	case e.Issuer == "" && !e.AnyIssuer:
		missing = "issuer"
	case !e.AnyAudience && (len(e.Audiences) == 0 || slices.Contains(e.Audiences, "")):
		missing = "audiences"
	case e.Leeway < 0 || e.Leeway > maxLeeway:
		missing = "leeway"
	case e.MaxAge < 0:
		missing = "max age"
	default:
		return nil
	}
	return fmt.Errorf("%w: %s", ErrExpectations, missing)
}

// checkType compares media types: without regard to case, and "application/" may
// be left out. Spec: RFC 7515 §4.1.9, RFC 8725 §3.11.
func checkType(typ string, accepted []string) error {
	typ = strings.TrimPrefix(strings.ToLower(typ), "application/")
	for _, one := range accepted {
		if typ == strings.ToLower(one) {
			return nil
		}
	}
	return ErrType
}

// Spec: RFC 7519 §4.1.1, RFC 8725 §3.8.
func checkIssuer(t *Token, want Expectations, _ time.Time) error {
	if want.Issuer != "" && t.Issuer != want.Issuer {
		return ErrIssuer
	}
	return nil
}

// "Each principal intended to process the JWT MUST identify itself with a value in
// the audience claim." Spec: RFC 7519 §4.1.3, RFC 8725 §3.9.
func checkAudience(t *Token, want Expectations, _ time.Time) error {
	if len(want.Audiences) == 0 {
		return nil // AnyAudience, by validate
	}
	for _, name := range t.Audience {
		if slices.Contains(want.Audiences, name) {
			return nil
		}
	}
	return ErrAudience
}

// "The expiration time on or after which the JWT MUST NOT be accepted."
// Spec: RFC 7519 §4.1.4.
func checkExpiry(t *Token, want Expectations, now time.Time) error {
	if t.ExpiresAt.IsZero() {
		if want.NoExpiry {
			return nil
		}
		return ErrExpired
	}
	if !now.Before(t.ExpiresAt.Add(want.Leeway)) {
		return ErrExpired
	}
	return nil
}

// Spec: RFC 7519 §4.1.5.
func checkNotBefore(t *Token, want Expectations, now time.Time) error {
	if !t.NotBefore.IsZero() && now.Add(want.Leeway).Before(t.NotBefore) {
		return ErrNotYetValid
	}
	return nil
}

// Spec: RFC 7519 §4.1.6.
func checkIssuedAt(t *Token, want Expectations, now time.Time) error {
	if t.IssuedAt.IsZero() {
		if want.MaxAge > 0 {
			return ErrExpired
		}
		return nil
	}
	if now.Add(want.Leeway).Before(t.IssuedAt) {
		return ErrNotYetValid
	}
	if want.MaxAge > 0 && now.Sub(t.IssuedAt) > want.MaxAge+want.Leeway {
		return ErrExpired
	}
	return nil
}
