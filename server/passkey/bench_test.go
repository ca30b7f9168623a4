package passkey_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkVerify is one proof judged, with the look into the database.
func BenchmarkVerify(b *testing.B) {
	h := build(b)
	d := newDevice(b)
	h.enrol(b, h.person(b, "ada@example.com"), d, usual())
	c := toProve(usual())
	answer := d.get(c.Challenge)
	for b.Loop() {
		require.NoError(b, h.refused(c, nil, answer))
	}
}

// BenchmarkVerifyUnknown is one that nobody has, which should take as long.
func BenchmarkVerifyUnknown(b *testing.B) {
	h := build(b)
	d := newDevice(b)
	h.enrol(b, h.person(b, "ada@example.com"), d, usual())
	c := toProve(usual())
	answer := d.get(c.Challenge, func(s *said) { s.id = []byte("nobody's") })
	for b.Loop() {
		require.Error(b, h.refused(c, nil, answer))
	}
}

// BenchmarkCheck is one new passkey judged.
func BenchmarkCheck(b *testing.B) {
	h := build(b)
	d := newDevice(b)
	handle := h.handle(b, h.person(b, "ada@example.com"))
	c := toMake(usual())
	answer := d.create(c.Challenge, d.selfSigned)
	for b.Loop() {
		require.NoError(b, h.judged(c, answer, handle))
	}
}
