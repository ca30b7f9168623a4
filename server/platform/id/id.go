package id

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/google/uuid"
)

// Kind says which prefix the ids of one noun carry.
type Kind interface{ Prefix() string }

// Of is an id of one kind: comparable, 16 bytes, zero means none.
type Of[K Kind] struct{ raw [16]byte }

// ErrMalformed is returned for anything that is not exactly an id of the wanted kind.
var ErrMalformed = errors.New("id: malformed")

type tenantKind struct{}

func (tenantKind) Prefix() string { return "tnt" }

// Tenant is the one kind that every room needs, since every row belongs to a tenant.
type Tenant = Of[tenantKind]

// New makes an id whose order follows the given time to the microsecond: what the
// milliseconds leave over fills the first 12 random bits.
// Spec: RFC 9562 §5.7 and §6.2, method 3.
func New[K Kind](at time.Time) Of[K] {
	return Of[K]{raw: stamped(uuid.New(), at)}
}

// Derived makes the id of something that was stored without one: the same for the
// same time and parts, ever after. Whoever can guess the parts can confirm them, so
// they are none that a stranger must not confirm.
func Derived[K Kind](at time.Time, parts ...[]byte) Of[K] {
	sum := sha256.Sum256(bytes.Join(parts, nil))
	raw := [16]byte(sum[:16])
	raw[8] = 0x80 | raw[8]&0x3f
	return Of[K]{raw: stamped(raw, at)}
}

func stamped(raw [16]byte, at time.Time) [16]byte {
	ms := at.UnixMilli()
	for i := range 6 {
		raw[i] = byte(ms >> (40 - 8*i))
	}
	rest := at.UnixMicro() - ms*1000
	fraction := rest * 4096 / 1000
	raw[6], raw[7] = 0x70|byte(fraction>>8), byte(fraction)
	return raw
}

// FromBytes wraps 16 stored bytes.
func FromBytes[K Kind](raw [16]byte) Of[K] { return Of[K]{raw: raw} }

// Bytes is the id as engines store it.
func (i Of[K]) Bytes() [16]byte { return i.raw }

// IsZero tells whether there is no id.
func (i Of[K]) IsZero() bool { return i.raw == [16]byte{} }

// String is prefix, underscore and 26 characters of lower-case Crockford base32.
// Spec: TypeID 0.3.0.
func (i Of[K]) String() string {
	var k K
	return k.Prefix() + "_" + encode(i.raw)
}

// MarshalText writes the id into JSON.
func (i Of[K]) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText reads an id of this kind and refuses every other.
func (i *Of[K]) UnmarshalText(text []byte) error {
	parsed, err := Parse[K](string(text))
	if err != nil {
		return err
	}
	*i = parsed
	return nil
}

// Parse reads an id; there is exactly one spelling of each, so it is case-sensitive.
func Parse[K Kind](text string) (Of[K], error) {
	var k K
	prefix := k.Prefix()
	if len(text) != len(prefix)+1+encodedLen || text[:len(prefix)] != prefix || text[len(prefix)] != '_' {
		return Of[K]{}, ErrMalformed
	}
	raw, ok := decode(text[len(prefix)+1:])
	if !ok || raw[6]>>4 != 7 || raw[8]>>6 != 2 {
		return Of[K]{}, ErrMalformed
	}
	return Of[K]{raw: raw}, nil
}
