package passkey_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"maps"
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application/relyingparty"
	"github.com/lintel-id/lintel/server/passkey"
)

// judged is why a new passkey is not taken.
func (h *house) judged(c passkey.Ceremony, credential, handle []byte) error {
	_, err := h.Check(h.ctx, c, passkey.Made{Credential: credential, Handle: handle})
	return err
}

// Class webauthn: what is not exactly the answer to the question makes no passkey, and nothing
// is stored of it.
func TestClass_WebAuthn_NoOtherAnswerMakesAPasskey(t *testing.T) {
	h := build(t)
	owner := h.person(t, "ada@example.com")
	d, other := newDevice(t), newDevice(t)
	d.handle = h.handle(t, owner)
	c := toMake(usual())
	key := func(parts map[int]any) func(*said) {
		return func(s *said) {
			whole := map[int]any{1: 2, 3: -7, -1: 1, -2: bytes.Repeat([]byte{1}, 32), -3: bytes.Repeat([]byte{2}, 32)}
			maps.Copy(whole, parts)
			s.key = cose(t, whole)
		}
	}
	raw := func(parts ...[]byte) func(*said) {
		return func(s *said) { s.key = slices.Concat(parts...) }
	}
	object := func(change func(written []byte) []byte) func(*said) { return func(s *said) { s.object = change } }
	member := func(name string, value any) func(*said) { return func(s *said) { s.client[name] = value } }
	set := func(name string, value any) func(*said) {
		return func(s *said) { s.document = func(answer, _ map[string]any) { answer[name] = value } }
	}
	statement := func(format string, made map[string]any) func(*said) {
		return func(s *said) { s.format, s.statement = format, func([]byte) map[string]any { return made } }
	}
	for name, bend := range map[string]func(*said){
		"the challenge to prove one": member("challenge", b64(asked(usual(), 1, passkey.ToProve).Challenge)),
		"another turn's challenge":   member("challenge", b64(asked(usual(), 2, passkey.ToMake).Challenge)),
		"another run's challenge":    member("challenge", b64(passkey.Challenge([]byte("a seed of thirty-two bytes, or so"), "other", 1, passkey.ToMake))),
		"the other ceremony":         member("type", "webauthn.get"),
		"another origin":             from("https://evil.example"),
		"a sub-domain":               from("https://login.example.com"),
		"http":                       from("http://example.com"),
		"an app that is not listed":  from("android:apk-key-hash:" + b64(bytes.Repeat([]byte{0xab}, 32))),
		"a frame":                    member("crossOrigin", true),
		"a page above":               member("topOrigin", origin),
		"another relying party":      func(s *said) { s.site = "evil.example" },
		"nobody there":               without(present),
		"backed up but not eligible": with(backedUp),
		"no key":                     without(attested),
		"no key, said to be there":   func(s *said) { s.id, s.key = nil, nil },
		"an empty id":                func(s *said) { s.id = nil },
		"another id than the key's":  set("rawId", b64(other.id)),
		"another id around the key": func(s *said) {
			s.document = func(a, _ map[string]any) { a["id"], a["rawId"] = b64(other.id), b64(other.id) }
		},
		"an id of 1024 bytes":           func(s *said) { s.id = make([]byte, 1024) },
		"another type":                  set("type", "password"),
		"no response":                   set("response", nil),
		"an unknown algorithm":          key(map[int]any{3: -65000}),
		"an algorithm not asked for":    key(map[int]any{3: -35}),
		"SHA-1":                         raw(cose(t, map[int]any{1: 3, 3: -65535, -1: bytes.Repeat([]byte{0xab}, 256), -2: []byte{1, 0, 1}})),
		"another kind of key":           key(map[int]any{1: 3}),
		"a key of another kind":         raw(cose(t, map[int]any{1: 1, 3: -7, -1: 6, -2: make([]byte, 32)})),
		"no point":                      key(nil),
		"a point at nothing":            key(map[int]any{-2: make([]byte, 32), -3: make([]byte, 32)}),
		"half of a point":               key(map[int]any{-2: []byte{1}}),
		"another curve":                 key(map[int]any{-1: 2}),
		"a key without an algorithm":    raw(cose(t, map[int]any{1: 2, -1: 1})),
		"a key that is a list":          raw([]byte{0x82, 1, 2}),
		"a key without an end":          raw([]byte{0xbf, 1, 2, 0xff}),
		"a tagged key":                  raw([]byte{0xc1}, d.cose),
		"the algorithm twice":           raw([]byte{0xa6, 3, 0x26}, d.cose[1:]),
		"half of a key":                 raw(d.cose[:40]),
		"bytes after the key":           raw(d.cose, []byte{0}),
		"a key nested too deeply":       raw([]byte{0xa6, 0x18, 0x63}, bytes.Repeat([]byte{0x81}, 6), []byte{0}, d.cose[1:]),
		"a key of a length":             raw([]byte{0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}),
		"extensions that are not there": with(extensions),
		"no attestation object":         object(func([]byte) []byte { return nil }),
		"half of one":                   object(func(o []byte) []byte { return o[:len(o)/2] }),
		"bytes after it":                object(func(o []byte) []byte { return append(slices.Clone(o), 0) }),
		"two of them":                   object(func(o []byte) []byte { return append(slices.Clone(o), o...) }),
		"a list":                        object(func(o []byte) []byte { return append([]byte{0x81}, o...) }),
		"a tag":                         object(func(o []byte) []byte { return append([]byte{0xc0}, o...) }),
		"its format twice": object(func(o []byte) []byte {
			return slices.Concat([]byte{0xa4, 0x63}, []byte("fmt"), []byte{0x64}, []byte("none"), o[1:])
		}),
		"without an end":               object(func(o []byte) []byte { return slices.Concat([]byte{0xbf}, o[1:], []byte{0xff}) }),
		"nested too deeply":            object(func([]byte) []byte { return append(bytes.Repeat([]byte{0xa1, 0x61, 'a'}, 6), 0xa0) }),
		"very deep":                    object(func([]byte) []byte { return bytes.Repeat([]byte{0x81}, 30<<10) }),
		"very long":                    object(func([]byte) []byte { return []byte{0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff} }),
		"a statement of nothing":       statement("none", map[string]any{"alg": -7}),
		"a statement too deep":         statement("none", map[string]any{"a": []any{[]any{[]any{[]any{1}}}}}),
		"an unknown format":            statement("mine", map[string]any{}),
		"no format":                    statement("", map[string]any{}),
		"packed, and empty":            statement("packed", map[string]any{}),
		"packed, another algorithm":    statement("packed", map[string]any{"alg": -257, "sig": []byte{1}}),
		"packed, another's signature":  statement("packed", map[string]any{"alg": -7, "sig": other.sign([]byte("x"))}),
		"packed, by ECDAA":             statement("packed", map[string]any{"alg": -7, "sig": []byte{1}, "ecdaaKeyId": []byte{1}}),
		"packed, no certificate":       statement("packed", map[string]any{"alg": -7, "sig": []byte{1}, "x5c": []any{}}),
		"packed, certificates as text": statement("packed", map[string]any{"alg": -7, "sig": []byte{1}, "x5c": []any{"text"}}),
		"SafetyNet":                    statement("android-safetynet", map[string]any{"ver": "1", "response": []byte("a.b.c")}),
		"compound, as a map":           statement("compound", map[string]any{}),
	} {
		require.ErrorIs(t, h.judged(c, d.create(c.Challenge, bend), d.handle), passkey.ErrInvalid, name)
	}
	right := d.create(c.Challenge)
	for name, text := range map[string][]byte{
		"nothing": nil, "null": []byte("null"), "a list": slices.Concat([]byte("["), right, []byte("]")), "text": []byte(`"x"`),
		"trailing bytes": append(slices.Clone(right), "x"...), "half": right[:len(right)/2], "the other answer": d.get(c.Challenge),
		"48 KiB and one": append(slices.Clone(right), bytes.Repeat([]byte{' '}, 48<<10+1-len(right))...),
	} {
		require.ErrorIs(t, h.judged(c, text, d.handle), passkey.ErrInvalid, name)
	}
	require.Equal(t, []any{[]passkey.Passkey{}, []passkey.Handle{}}, h.held(t, owner))
	names, _ := h.told.take()
	require.Empty(t, names)

	for name, answer := range map[string][]byte{
		"as it is": right, "48 KiB": append(slices.Clone(right), bytes.Repeat([]byte{' '}, 48<<10-len(right))...),
		"attested by itself": d.create(c.Challenge, d.selfSigned), "an id of 1023 bytes": d.create(c.Challenge, func(s *said) { s.id = bytes.Repeat([]byte{1}, 1023) }),
		"extensions": d.create(c.Challenge, func(s *said) { s.flags, s.tail = s.flags|extensions, []byte{0xa1, 0x61, 'a', 1} }),
	} {
		require.NoError(t, h.judged(c, answer, d.handle), name)
	}
}

// Class exhaustion: no key is so long that it takes seconds to verify anything by it.
func TestClass_Exhaustion_LongKeysAreRefusedUnverified(t *testing.T) {
	h := build(t)
	owner := h.person(t, "ada@example.com")
	d := newDevice(t)
	c := toMake(usual())
	handle := h.handle(t, owner)
	long := func(bytesOf int) *rsa.PublicKey {
		modulus := bytes.Repeat([]byte{0xab}, bytesOf)
		return &rsa.PublicKey{N: new(big.Int).SetBytes(modulus), E: 1<<31 - 1}
	}
	written := func(key *rsa.PublicKey) []byte {
		return cose(t, map[int]any{1: 3, 3: -257, -1: key.N.Bytes(), -2: []byte{0x7f, 0xff, 0xff, 0xff}})
	}
	for length, taken := range map[int]bool{256: true, 512: true, 513: false, 30 << 10: false} {
		err := h.judged(c, d.create(c.Challenge, func(s *said) { s.key = written(long(length)) }), handle)
		if taken {
			require.NoError(t, err, length)
		} else {
			require.ErrorIs(t, err, passkey.ErrInvalid, length)
		}
	}
	certificate := func(key *rsa.PublicKey) []byte {
		made, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(1)}, &x509.Certificate{}, key, d.key)
		require.NoError(t, err)
		return made
	}
	small, big := certificate(long(256)), certificate(long(20<<10))
	for name, chain := range map[string][]any{"long": {big}, "long above": {small, big}, "many": slices.Repeat([]any{small}, 9)} {
		for _, format := range []string{"packed", "tpm", "apple", "android-key", "fido-u2f"} {
			require.ErrorIs(t, h.judged(c, d.create(c.Challenge, func(s *said) {
				s.format, s.statement = format, func([]byte) map[string]any {
					return map[string]any{"alg": -257, "ver": "2.0", "sig": make([]byte, 20<<10), "certInfo": []byte{}, "pubArea": []byte{}, "x5c": chain}
				}
			}), handle), passkey.ErrInvalid, "%s %s", name, format)
		}
	}
}

// Class webauthn: a passkey that is somebody's, whoever's, is nobody's to register again.
func TestClass_ObjectLevel_AnothersPasskeyIsTaken(t *testing.T) {
	h := build(t)
	owner, other := h.person(t, "ada@example.com"), h.person(t, "bob@example.com")
	d, theirs := newDevice(t), newDevice(t)
	h.enrol(t, owner, d, usual())
	c := toMake(usual())
	handle := h.handle(t, other)
	theirs.id = d.id
	early, err := h.Check(h.elsewhere(t).ctx, c, passkey.Made{Credential: theirs.create(c.Challenge), Handle: handle})
	require.NoError(t, err, "another tenant has nothing of it")
	before := h.held(t, owner, other)
	for _, one := range []*device{d, theirs} {
		require.ErrorIs(t, h.judged(c, one.create(c.Challenge), handle), passkey.ErrTaken)
	}
	_, err = h.add(other, early)
	require.ErrorIs(t, err, passkey.ErrTaken)
	require.Equal(t, before, h.held(t, owner, other), "no handle is kept of what was refused")
	names, _ := h.told.take()
	require.Empty(t, names)
}

// Class webauthn: what the policy wants of the user it wants of a new passkey; one that is made
// without asking has nobody to ask.
func TestClass_WebAuthn_ANewPasskeyIsVerifiedToo(t *testing.T) {
	h := build(t)
	d := newDevice(t)
	handle := h.handle(t, h.person(t, "ada@example.com"))
	for _, one := range []relyingparty.Verification{relyingparty.VerificationRequired, relyingparty.VerificationPreferred, relyingparty.VerificationDiscouraged} {
		c := toMake(relyingparty.Policy{ID: site, Verification: one})
		fresh, err := h.Check(h.ctx, c, passkey.Made{Credential: d.create(c.Challenge, without(verified)), Handle: handle})
		if one == relyingparty.VerificationRequired {
			require.ErrorIs(t, err, passkey.ErrUnverified)
			require.Zero(t, fresh)
		} else {
			require.NoError(t, err)
			require.False(t, fresh.Verified)
		}
		fresh, err = h.Check(h.ctx, c, passkey.Made{Credential: d.create(c.Challenge, without(present|verified)), Handle: handle, Conditional: true})
		require.NoError(t, err)
		require.False(t, fresh.Verified)
		fresh, err = h.Check(h.ctx, c, passkey.Made{Credential: d.create(c.Challenge), Handle: handle})
		require.NoError(t, err)
		require.True(t, fresh.Verified)
	}
}

// A user who got another handle meanwhile keeps it: of two passkeys with two names for one
// user, one could be signed in with and never be told of.
func TestClass_ObjectLevel_AUserHasOneHandle(t *testing.T) {
	h := build(t)
	owner := h.person(t, "ada@example.com")
	c := toMake(usual())
	first, second := newDevice(t), newDevice(t)
	made := []passkey.Fresh{}
	for i, d := range []*device{first, second} {
		handle, err := h.NewHandle(h.ctx, []byte("seed"), string(rune('a'+i)))
		require.NoError(t, err)
		fresh, err := h.Check(h.ctx, c, passkey.Made{Credential: d.create(c.Challenge), Handle: handle})
		require.NoError(t, err)
		made = append(made, fresh)
	}
	_, err := h.add(owner, made[0])
	require.NoError(t, err)
	before := h.held(t, owner)
	_, err = h.add(owner, made[1])
	require.ErrorIs(t, err, passkey.ErrMoved)
	require.Equal(t, before, h.held(t, owner))
}
