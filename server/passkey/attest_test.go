package passkey_test

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application/relyingparty"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/passkey/models/modelstest"
	"github.com/lintel-id/lintel/storage/storetest"
)

// made has a device show that a maker made it.
func made(by modelstest.Maker, sign func(signed []byte) []byte) func(*said) {
	return func(s *said) {
		s.aaguid, s.format = by.AAGUID, "packed"
		s.statement = func(signed []byte) map[string]any {
			return map[string]any{"alg": -7, "sig": sign(signed), "x5c": []any{by.Certificate.Raw}}
		}
	}
}

func signs(key *ecdsa.PrivateKey) func(signed []byte) []byte {
	return func(signed []byte) []byte {
		digest := sha256.Sum256(signed)
		signature, err := ecdsa.SignASN1(rand.Reader, key, digest[:])
		must(err)
		return signature
	}
}

// factory is a house with metadata of makers.
type factory struct {
	*house
	good, withdrawn, forger, unlisted modelstest.Maker
}

func newFactory(t testing.TB) factory {
	t.Helper()
	now, model := storetest.Start(), uuid.UUID{0: 7}
	f := factory{
		good: modelstest.NewMaker(t, now, model), forger: modelstest.NewMaker(t, now, model),
		withdrawn: modelstest.NewMaker(t, now, uuid.UUID{0: 8}), unlisted: modelstest.NewMaker(t, now, uuid.UUID{0: 9}),
	}
	service := modelstest.NewService(t, now)
	config := service.Config(t)
	service.Publish(t, config, 1, now.Add(30*24*time.Hour), f.good.Entry("Good Key"), f.withdrawn.Entry("Bad Key", "REVOKED"))
	f.house = buildOn(t, sqlite(t), config)
	return f
}

// Class webauthn: where attestation is required only what is proven counts, where it is asked
// for nothing that is wrong is taken, and where it is neither nothing is believed.
func TestClass_WebAuthn_AttestationProvesWhatItProves(t *testing.T) {
	const refused, taken, proven = "refused", "taken", "proven"
	f := newFactory(t)
	d := newDevice(t)
	handle := f.handle(t, f.person(t, "ada@example.com"))
	claims := func(maker modelstest.Maker) func(*said) { return func(s *said) { s.aaguid = maker.AAGUID } }
	for name, one := range map[string]struct {
		bends                  []func(*said)
		none, direct, required string
	}{
		"the maker itself":       {[]func(*said){made(f.good, signs(f.good.Key))}, taken, proven, proven},
		"none":                   {[]func(*said){claims(f.good)}, taken, taken, refused},
		"itself, of that make":   {[]func(*said){d.selfSigned, claims(f.good)}, taken, refused, refused},
		"itself, of no make":     {[]func(*said){d.selfSigned}, taken, taken, refused},
		"another of that name":   {[]func(*said){made(f.forger, signs(f.forger.Key))}, taken, refused, refused},
		"one that is not listed": {[]func(*said){made(f.unlisted, signs(f.unlisted.Key))}, taken, taken, refused},
		"one that was withdrawn": {[]func(*said){made(f.withdrawn, signs(f.withdrawn.Key))}, taken, refused, refused},
		"withdrawn, and silent":  {[]func(*said){claims(f.withdrawn)}, taken, refused, refused},
		"a U2F key of the maker": {[]func(*said){u2f(f.good, d)}, taken, taken, refused},
		"two statements of U2F":  {[]func(*said){claims(f.good), compound(u2f(f.good, d))}, taken, taken, refused},
	} {
		for attestation, want := range map[relyingparty.Attestation]string{
			relyingparty.AttestationNone: one.none, relyingparty.AttestationDirect: one.direct, relyingparty.AttestationRequired: one.required,
		} {
			c := toMake(relyingparty.Policy{ID: site, Attestation: attestation})
			fresh, err := f.Check(f.ctx, c, passkey.Made{Credential: d.create(c.Challenge, one.bends...), Handle: handle})
			if want == refused {
				require.ErrorIs(t, err, passkey.ErrNotAllowed, "%s, %s", name, attestation)
				continue
			}
			require.NoError(t, err, "%s, %s", name, attestation)
			require.Equal(t, want == proven, fresh.Attested, "%s, %s", name, attestation)
		}
	}
	// What is wrong in itself is wrong under every policy.
	for _, attestation := range []relyingparty.Attestation{relyingparty.AttestationNone, relyingparty.AttestationDirect, relyingparty.AttestationRequired} {
		c := toMake(relyingparty.Policy{ID: site, Attestation: attestation})
		for name, bend := range map[string]func(*said){
			"the maker's certificate, another's signature": made(f.good, d.sign),
			"another AAGUID than the certificate's": func(s *said) {
				made(f.good, signs(f.good.Key))(s)
				s.aaguid = f.unlisted.AAGUID
			},
		} {
			require.ErrorIs(t, f.judged(c, d.create(c.Challenge, bend), handle), passkey.ErrInvalid, "%s, %s", name, attestation)
		}
	}
}

// u2f is what a U2F key of a maker signs, with an AAGUID that nobody signs.
// Spec: WebAuthn L3 §8.6.
func u2f(by modelstest.Maker, d *device) func(*said) {
	return func(s *said) {
		s.aaguid, s.format = by.AAGUID, "fido-u2f"
		s.statement = func(signed []byte) map[string]any {
			site, client, at := signed[:32], signed[len(signed)-32:], len(d.cose)
			x, y := d.cose[at-67:at-35], d.cose[at-32:]
			verified := slices.Concat([]byte{0}, site, client, d.id, []byte{4}, x, y)
			return map[string]any{"sig": signs(by.Key)(verified), "x5c": []any{by.Certificate.Raw}}
		}
	}
}

// compound puts a statement twice into one. Spec: WebAuthn L3 §8.9.
func compound(bend func(*said)) func(*said) {
	return func(s *said) {
		part := *s
		bend(&part)
		s.format = "compound"
		s.statements = func(signed []byte) any {
			one := map[string]any{"fmt": part.format, "attStmt": part.statement(signed)}
			return []any{one, one}
		}
	}
}

// Without metadata nothing is proven, so nothing passes where proof is required.
func TestClass_WebAuthn_WithoutMetadataNothingIsProven(t *testing.T) {
	h := build(t)
	d := newDevice(t)
	maker := modelstest.NewMaker(t, storetest.Start(), uuid.UUID{0: 7})
	handle := h.handle(t, h.person(t, "ada@example.com"))
	for attestation, taken := range map[relyingparty.Attestation]bool{
		relyingparty.AttestationNone: true, relyingparty.AttestationDirect: true, relyingparty.AttestationRequired: false,
	} {
		c := toMake(relyingparty.Policy{ID: site, Attestation: attestation})
		fresh, err := h.Check(h.ctx, c, passkey.Made{Credential: d.create(c.Challenge, made(maker, signs(maker.Key))), Handle: handle})
		require.False(t, fresh.Attested)
		if taken {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, passkey.ErrNotAllowed)
		}
	}
}

// Class webauthn: a list of makes holds when a passkey is made and whenever it is used, and is
// not passed by claiming a name.
func TestClass_WebAuthn_ListsOfMakesHoldFromBeginningToEnd(t *testing.T) {
	f := newFactory(t)
	owner := f.person(t, "ada@example.com")
	d, claimant := newDevice(t), newDevice(t)
	d.aaguid, claimant.aaguid = f.good.AAGUID, f.good.AAGUID
	proven := made(f.good, signs(f.good.Key))
	allowed := relyingparty.Policy{ID: site, Attestation: relyingparty.AttestationRequired, AllowedAAGUIDs: []uuid.UUID{f.good.AAGUID}}
	d.handle = f.handle(t, owner)
	claimant.handle = d.handle
	c := toMake(allowed)
	for name, one := range map[string]struct {
		policy relyingparty.Policy
		bends  []func(*said)
	}{
		"claimed only":        {allowed, nil},
		"claimed by itself":   {allowed, []func(*said){d.selfSigned}},
		"not in the list":     {relyingparty.Policy{ID: site, Attestation: relyingparty.AttestationRequired, AllowedAAGUIDs: []uuid.UUID{f.unlisted.AAGUID}}, []func(*said){proven}},
		"a list and no proof": {relyingparty.Policy{ID: site, AllowedAAGUIDs: []uuid.UUID{f.good.AAGUID}}, []func(*said){proven}},
		"denied":              {relyingparty.Policy{ID: site, DeniedAAGUIDs: []uuid.UUID{f.good.AAGUID}}, nil},
		"denied, proven":      {relyingparty.Policy{ID: site, Attestation: relyingparty.AttestationRequired, DeniedAAGUIDs: []uuid.UUID{f.good.AAGUID}}, []func(*said){proven}},
	} {
		c := toMake(one.policy)
		require.ErrorIs(t, f.judged(c, d.create(c.Challenge, one.bends...), d.handle), passkey.ErrNotAllowed, name)
	}
	fresh, err := f.Check(f.ctx, c, passkey.Made{Credential: d.create(c.Challenge, proven), Handle: d.handle})
	require.NoError(t, err)
	require.True(t, fresh.Attested)
	require.Equal(t, "Good Key", fresh.Name)
	_, err = f.add(owner, fresh)
	require.NoError(t, err)
	f.enrol(t, owner, claimant, usual())
	before := f.held(t, owner)
	for name, one := range map[string]struct {
		policy            relyingparty.Policy
		proven, claimsToo error
	}{
		"no list":             {usual(), nil, nil},
		"allowed":             {allowed, nil, passkey.ErrNotAllowed},
		"required":            {relyingparty.Policy{ID: site, Attestation: relyingparty.AttestationRequired}, nil, passkey.ErrNotAllowed},
		"denied later":        {relyingparty.Policy{ID: site, DeniedAAGUIDs: []uuid.UUID{f.good.AAGUID}}, passkey.ErrNotAllowed, passkey.ErrNotAllowed},
		"another one allowed": {relyingparty.Policy{ID: site, Attestation: relyingparty.AttestationRequired, AllowedAAGUIDs: []uuid.UUID{{0: 1}}}, passkey.ErrNotAllowed, passkey.ErrNotAllowed},
	} {
		c := toProve(one.policy)
		require.ErrorIs(t, f.refused(c, nil, d.get(c.Challenge)), one.proven, name)
		require.ErrorIs(t, f.refused(c, nil, claimant.get(c.Challenge)), one.claimsToo, name)
	}
	require.Equal(t, before, f.held(t, owner))
	names, _ := f.told.take()
	require.Equal(t, []string{}, append([]string{}, names...))
}
