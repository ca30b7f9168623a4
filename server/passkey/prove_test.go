package passkey_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application/relyingparty"
	"github.com/lintel-id/lintel/server/passkey"
)

// Class webauthn: what is not exactly the answer to the question proves nothing, and changes
// nothing.
func TestClass_WebAuthn_NoOtherAnswerProvesAPasskey(t *testing.T) {
	h := build(t)
	owner, other := h.person(t, "ada@example.com"), h.person(t, "bob@example.com")
	d, theirs := newDevice(t), newDevice(t)
	d.count = 5
	h.enrol(t, owner, d, usual())
	h.enrol(t, other, theirs, usual())
	app := relyingparty.Policy{ID: site, Origins: []string{"https://related.example"}, AndroidApps: []relyingparty.AndroidApp{{
		Package: "com.example.app", Fingerprints: []string{strings.TrimSuffix(strings.Repeat("AB:", 32), ":")},
	}}}
	c := toProve(app)
	d.count = 6
	before := h.held(t, owner, other)
	listed := "android:apk-key-hash:" + base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{0xab}, 32))
	member := func(name string, value any) func(*said) { return func(s *said) { s.client[name] = value } }
	document := func(change func(answer, response map[string]any)) func(*said) {
		return func(s *said) { s.document = change }
	}
	set := func(name string, value any) func(*said) {
		return document(func(answer, _ map[string]any) { answer[name] = value })
	}
	inside := func(name string, value any) func(*said) {
		return document(func(_, response map[string]any) { response[name] = value })
	}
	for name, bend := range map[string]func(*said){
		"the challenge to make one":     member("challenge", b64(toMake(app).Challenge)),
		"another turn's challenge":      member("challenge", b64(asked(app, 3, passkey.ToProve).Challenge)),
		"another run's challenge":       member("challenge", b64(passkey.Challenge([]byte("a seed of thirty-two bytes, or so"), "other", 2, passkey.ToProve))),
		"another seed's challenge":      member("challenge", b64(passkey.Challenge([]byte("b"), "run", 2, passkey.ToProve))),
		"a padded challenge":            member("challenge", b64(c.Challenge)+"="),
		"no challenge":                  member("challenge", ""),
		"the other ceremony":            member("type", "webauthn.create"),
		"a payment":                     member("type", "payment.get"),
		"another origin":                from("https://evil.example"),
		"an origin of the application":  from("https://elsewhere.example"),
		"a sub-domain":                  from("https://login.example.com"),
		"a name that ends like it":      from("https://notexample.com"),
		"a name that begins like it":    from("https://example.com.evil.example"),
		"http":                          from("http://example.com"),
		"another port":                  from("https://example.com:8443"),
		"no origin":                     from(""),
		"null":                          from("null"),
		"an app that is not listed":     from("android:apk-key-hash:" + b64(bytes.Repeat([]byte{0xac}, 32))),
		"a listed app, in other words":  from(strings.ToUpper(listed)),
		"an iOS origin":                 from("ios:bundle-id:com.example.app"),
		"a frame":                       member("crossOrigin", true),
		"a frame of a known page":       func(s *said) { s.client["crossOrigin"], s.client["topOrigin"] = true, origin },
		"a page above without a frame":  member("topOrigin", origin),
		"another relying party":         func(s *said) { s.site = "evil.example" },
		"a relying party above":         func(s *said) { s.site = "com" },
		"nobody there":                  without(present),
		"backed up but not eligible":    with(backedUp),
		"eligible all at once":          with(eligible),
		"no handle":                     shown(nil),
		"an empty handle":               shown([]byte{}),
		"another's handle":              shown(theirs.handle),
		"half of the handle":            shown(d.handle[:16]),
		"another's id":                  func(s *said) { s.id = theirs.id },
		"another's id and handle":       func(s *said) { s.id, s.handle = theirs.id, theirs.handle },
		"an unknown id":                 func(s *said) { s.id = []byte("nobody's") },
		"another key":                   func(s *said) { s.signature = theirs.sign },
		"no signature":                  func(s *said) { s.signature = func([]byte) []byte { return nil } },
		"a signature of something else": func(s *said) { s.signature = func(signed []byte) []byte { return d.sign(signed[1:]) } },
		"bytes after the signature":     func(s *said) { s.signature = func(signed []byte) []byte { return append(d.sign(signed), 0) } },
		"bytes after the data":          func(s *said) { s.tail = []byte{0} },
		"extensions that are not there": with(extensions),
		"extensions nested too deeply": func(s *said) {
			s.flags, s.tail = s.flags|extensions, append(bytes.Repeat([]byte{0xa1, 0x61, 'a'}, 6), 0xa0)
		},
		"extensions without an end":    func(s *said) { s.flags, s.tail = s.flags|extensions, []byte{0xbf, 0xff} },
		"an extension twice":           func(s *said) { s.flags, s.tail = s.flags|extensions, []byte{0xa2, 0x61, 'a', 1, 0x61, 'a', 2} },
		"bytes after the extensions":   func(s *said) { s.flags, s.tail = s.flags|extensions, []byte{0xa0, 0} },
		"a key that is not there":      with(attested),
		"truncated data":               func(s *said) { s.object = func(data []byte) []byte { return data[:36] } },
		"no data":                      func(s *said) { s.object = func([]byte) []byte { return nil } },
		"client data that is no JSON":  func(s *said) { s.clientJSON = func([]byte) []byte { return []byte("{") } },
		"client data and more":         func(s *said) { s.clientJSON = func(text []byte) []byte { return append(text, " {}"...) } },
		"client data in a list":        func(s *said) { s.clientJSON = func(text []byte) []byte { return []byte("[" + string(text) + "]") } },
		"another id than rawId":        set("id", b64(theirs.id)),
		"no id":                        set("id", ""),
		"an id of line breaks":         set("id", "\n\r"),
		"an id in the other base64":    set("id", "+/+/"),
		"an id that is a number":       set("id", 7),
		"another type":                 set("type", "password"),
		"no type":                      set("type", nil),
		"no response":                  set("response", nil),
		"a response in a list":         set("response", []any{}),
		"a signature in wrong base64":  inside("signature", "!!!"),
		"a signature that is a number": inside("signature", 12345678),
		"a handle in wrong base64":     inside("userHandle", "*"),
	} {
		require.ErrorIs(t, h.refused(c, nil, d.get(c.Challenge, bend)), passkey.ErrInvalid, name)
	}
	right := d.get(c.Challenge)
	for name, text := range map[string][]byte{
		"nothing": nil, "null": []byte("null"), "a list": slices.Concat([]byte("["), right, []byte("]")), "text": []byte(`"x"`), "a number": []byte("1"),
		"trailing bytes": append(slices.Clone(right), "x"...), "two": append(slices.Clone(right), right...), "half": right[:len(right)/2],
		"48 KiB and one": append(slices.Clone(right), bytes.Repeat([]byte{' '}, 48<<10+1-len(right))...),
		"deep":           bytes.Repeat([]byte("["), 40<<10), "binary": {0, 0xff, 0xfe},
	} {
		require.ErrorIs(t, h.refused(c, nil, text), passkey.ErrInvalid, name)
	}
	require.ErrorIs(t, h.refused(c, [][]byte{theirs.id}, right), passkey.ErrInvalid, "one that was not asked for")
	require.ErrorIs(t, h.refused(c, [][]byte{d.id}, theirs.get(c.Challenge)), passkey.ErrInvalid, "another's where a list was given")
	require.ErrorIs(t, h.refused(c, [][]byte{d.id}, d.get(c.Challenge, shown(theirs.handle))), passkey.ErrInvalid)
	require.Equal(t, before, h.held(t, owner, other))
	names, _ := h.told.take()
	require.Empty(t, names)

	for name, answer := range map[string][]byte{
		"as it is": right, "a related origin": d.get(c.Challenge, from("https://related.example")), "a listed app": d.get(c.Challenge, from(listed)),
		"the default port": d.get(c.Challenge, from("https://example.com:443")), "unknown members": d.get(c.Challenge, member("other_keys_can_be_added_here", "do not compare")),
		"an extension that is not known": d.get(c.Challenge, func(s *said) { s.flags, s.tail = s.flags|extensions, []byte{0xa1, 0x61, 'a', 1} }),
		"48 KiB":                         append(slices.Clone(right), bytes.Repeat([]byte{' '}, 48<<10-len(right))...),
	} {
		_, err := h.Verify(h.ctx, c, nil, answer)
		require.NoError(t, err, name)
	}
	_, err := h.Verify(h.ctx, c, [][]byte{theirs.id, d.id}, d.get(c.Challenge, shown(nil)))
	require.NoError(t, err, "a list says whose it is")
}

// refused is why an answer proves nothing.
func (h *house) refused(c passkey.Ceremony, allow [][]byte, credential []byte) error {
	_, err := h.Verify(h.ctx, c, allow, credential)
	return err
}

// Class webauthn: iOS apps say the relying party's own origin, and no other policy lets them.
func TestClass_WebAuthn_AppleAppsSayTheRelyingPartysOrigin(t *testing.T) {
	h := build(t)
	d := newDevice(t)
	h.enrol(t, h.person(t, "ada@example.com"), d, usual())
	c := toProve(usual())
	c.Origins = []string{"https://login.example.com"}
	require.ErrorIs(t, h.refused(c, nil, d.get(c.Challenge)), passkey.ErrInvalid)
	c.Policy.AppleApps = []string{"ABCDE12345.com.example.app"}
	require.NoError(t, h.refused(c, nil, d.get(c.Challenge)))
}

// Class webauthn: what is required of the user is required, and what was not shown is not
// said to have been.
func TestClass_WebAuthn_VerificationIsWhatThePolicyWants(t *testing.T) {
	h := build(t)
	d := newDevice(t)
	h.enrol(t, h.person(t, "ada@example.com"), d, usual())
	for _, one := range []relyingparty.Verification{relyingparty.VerificationRequired, relyingparty.VerificationPreferred, relyingparty.VerificationDiscouraged} {
		c := toProve(relyingparty.Policy{ID: site, Verification: one})
		proof, err := h.Verify(h.ctx, c, nil, d.get(c.Challenge))
		require.NoError(t, err)
		require.True(t, proof.Verified)
		proof, err = h.Verify(h.ctx, c, nil, d.get(c.Challenge, without(verified)))
		if one == relyingparty.VerificationRequired {
			require.ErrorIs(t, err, passkey.ErrUnverified)
			continue
		}
		require.NoError(t, err)
		require.False(t, proof.Verified)
		require.ErrorIs(t, h.refused(c, nil, d.get(c.Challenge, without(present))), passkey.ErrInvalid)
	}
}

// Class webauthn: what may be backed up never becomes what may not, or the other way round.
func TestClass_WebAuthn_EligibilityForBackupsIsForLife(t *testing.T) {
	h := build(t)
	d := newDevice(t)
	d.flags |= eligible
	h.enrol(t, h.person(t, "ada@example.com"), d, usual())
	c := toProve(usual())
	require.NoError(t, h.refused(c, nil, d.get(c.Challenge, with(backedUp))))
	require.ErrorIs(t, h.refused(c, nil, d.get(c.Challenge, without(eligible))), passkey.ErrInvalid)
	require.ErrorIs(t, h.refused(c, nil, d.get(c.Challenge, without(eligible), with(backedUp))), passkey.ErrInvalid)
}

// Class object-level: another tenant's passkey proves nothing here, and its device is not told
// to forget it. One of this tenant that is gone is to be forgotten.
func TestClass_ObjectLevel_AnotherTenantsPasskeyIsNobodys(t *testing.T) {
	h := build(t)
	other := h.elsewhere(t)
	mine, theirs := newDevice(t), newDevice(t)
	owner := h.person(t, "ada@example.com")
	kept := h.enrol(t, owner, mine, usual())
	other.enrol(t, other.person(t, "ada@example.com"), theirs, usual())
	c := toProve(usual())
	require.NoError(t, other.refused(c, nil, theirs.get(c.Challenge)))
	refusal := &passkey.RefusedError{}
	err := h.refused(c, nil, theirs.get(c.Challenge))
	require.ErrorIs(t, err, passkey.ErrInvalid)
	require.NotErrorAs(t, err, &refusal)
	random := make([]byte, 32)
	_, _ = rand.Read(random)
	require.NotErrorAs(t, h.refused(c, nil, theirs.get(c.Challenge, shown(random))), &refusal)

	h.ways[owner] = true
	_, err = h.Remove(h.ctx, owner, kept.ID, passkey.Removal{Reason: passkey.ByUser})
	require.NoError(t, err)
	err = h.refused(c, nil, mine.get(c.Challenge))
	require.ErrorIs(t, err, passkey.ErrInvalid)
	require.EqualError(t, err, passkey.ErrInvalid.Error())
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, &passkey.Signals{Unknown: []passkey.UnknownCredential{{RelyingParty: site, CredentialID: mine.id}}}, refusal.Signals)
	require.NotErrorAs(t, other.refused(c, nil, mine.get(c.Challenge)), &refusal)
	require.NotErrorAs(t, h.refused(c, nil, mine.get(c.Challenge, shown(nil))), &refusal)
}

// Class enumeration: somebody who has a handle of their own is told the same of an id that
// somebody has and of one that nobody has, so that they cannot sift what was made up from
// what strangers are shown.
func TestClass_Enumeration_AnIDTellsNobodyWhetherItIsSomebodys(t *testing.T) {
	h := build(t)
	d, mine := newDevice(t), newDevice(t)
	owner := h.person(t, "ada@example.com")
	h.enrol(t, owner, d, usual())
	h.enrol(t, h.person(t, "eve@example.com"), mine, usual())
	named, err := h.Named(h.ctx, site, "email:ada@example.com", owner)
	require.NoError(t, err)
	list := [][]byte{}
	for _, one := range named {
		list = append(list, one.ID)
	}
	require.True(t, slices.ContainsFunc(list, func(id []byte) bool { return bytes.Equal(id, d.id) }))
	c := toProve(usual())
	for _, allow := range [][][]byte{nil, list, {mine.id}} {
		for _, handle := range [][]byte{nil, mine.handle, bytes.Repeat([]byte{1}, 32)} {
			answers := map[bool]bool{}
			for _, one := range list {
				err := h.refused(c, allow, mine.get(c.Challenge, shown(handle), func(s *said) { s.id = one }))
				require.ErrorIs(t, err, passkey.ErrInvalid)
				refusal := &passkey.RefusedError{}
				answers[errors.As(err, &refusal)] = true
			}
			require.Len(t, answers, 1, "%d, %x", len(allow), handle)
		}
	}
	// Whoever registers with an id that they were shown is told the same too.
	m := toMake(usual())
	for _, one := range list {
		_, err := h.Check(h.ctx, m, passkey.Made{Credential: mine.create(m.Challenge, func(s *said) { s.id = one }), Handle: mine.handle})
		require.ErrorIs(t, err, passkey.ErrTaken)
	}
}

// Class single-use: a challenge is of one run, turn and purpose, and nobody tells it beforehand.
func TestClass_SingleUse_AChallengeIsForOneQuestion(t *testing.T) {
	seen := map[string]bool{}
	for _, seed := range []string{"a", "b"} {
		for _, run := range []string{"", "1", "11", "run"} {
			for _, turn := range []int64{0, 1, 2, 256} {
				for _, purpose := range []passkey.Purpose{passkey.ToMake, passkey.ToProve} {
					made := passkey.Challenge([]byte(seed), run, turn, purpose)
					require.Len(t, made, sha256.Size)
					require.Equal(t, made, passkey.Challenge([]byte(seed), run, turn, purpose))
					seen[string(made)] = true
				}
			}
		}
	}
	require.Len(t, seen, 2*4*4*2)
}
