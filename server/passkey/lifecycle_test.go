package passkey_test

import (
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application/relyingparty"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/storage/storetest"
)

// virtual is a passkey of an authenticator that somebody else has written. It drops leading
// zeros of coordinates, which no verifier takes, so keys are made until none has any.
func virtual(kind virtualwebauthn.KeyType) (virtualwebauthn.Authenticator, virtualwebauthn.Credential) {
	const whole = 77 // bytes of a COSE_Key on P-256
	authenticator := virtualwebauthn.NewAuthenticator()
	for {
		made := virtualwebauthn.NewCredential(kind)
		if kind != virtualwebauthn.KeyTypeEC2 || len(made.Key.AttestationData()) == whole {
			return authenticator, made
		}
	}
}

var virtualSite = virtualwebauthn.RelyingParty{ID: site, Name: "Example", Origin: origin}

// Promise 16: a passkey is made, used, and counts what it should, with an authenticator that
// knows nothing of this house.
func TestPromise_PasskeyLifecycle_AStrangersAuthenticatorMakesAndProvesOne(t *testing.T) {
	for _, kind := range []virtualwebauthn.KeyType{virtualwebauthn.KeyTypeEC2, virtualwebauthn.KeyTypeRSA} {
		h := build(t)
		owner := h.person(t, "ada@example.com")
		authenticator, credential := virtual(kind)
		handle := h.handle(t, owner)
		authenticator.Options.UserHandle = handle
		c := toMake(usual())
		answer := virtualwebauthn.CreateAttestationResponse(virtualSite, authenticator, credential, virtualwebauthn.AttestationOptions{Challenge: c.Challenge})
		fresh, err := h.Check(h.ctx, c, passkey.Made{Credential: []byte(answer), Handle: handle, Name: " My  phone "})
		require.NoError(t, err)
		require.Empty(t, h.held(t, owner)[0], "a check stores nothing")
		require.False(t, fresh.Attested, "nothing is believed")
		added, err := h.add(owner, fresh)
		require.NoError(t, err)
		require.Equal(t, "My  phone", added.Name)
		require.Equal(t, []any{[]passkey.Passkey{added}, []passkey.Handle{{RelyingParty: site, Handle: handle}}}, h.held(t, owner))
		names, data := h.told.take()
		require.Equal(t, []string{"passkey.added"}, names)
		require.Equal(t, passkey.AddedData{UserID: owner.String(), RelyingParty: site, AAGUID: uuid.UUID(authenticator.Aaguid).String()}, data[0])

		h.clock.Advance(time.Hour)
		credential.Counter = 1
		p := toProve(usual())
		shown := virtualwebauthn.CreateAssertionResponse(virtualSite, authenticator, credential, virtualwebauthn.AssertionOptions{Challenge: p.Challenge})
		proof, err := h.Verify(h.ctx, p, nil, []byte(shown))
		require.NoError(t, err)
		require.True(t, proof.Verified)
		require.Equal(t, added, proof.Passkey)
		require.NoError(t, h.spend(proof.Use))
		used := h.held(t, owner)[0].([]passkey.Passkey)[0]
		require.Equal(t, uint32(1), used.SignCount)
		require.Equal(t, h.clock.Now(), *used.LastUsedAt)
		names, _ = h.told.take()
		require.Empty(t, names, "using one is no event of this room")
	}
}

// Promise 16: what an authenticator says of itself is kept as it said it, and only what a
// platform would know.
func TestPromise_PasskeyLifecycle_WhatIsKeptOfAPasskey(t *testing.T) {
	h := build(t)
	owner := h.person(t, "ada@example.com")
	d := newDevice(t)
	d.flags |= eligible | backedUp
	d.count = 7
	added := h.enrol(t, owner, d, usual())
	require.Equal(t, passkey.Passkey{
		ID: added.ID, UserID: owner, RelyingParty: site, Handle: d.handle, CredentialID: d.id, PublicKey: d.cose, AAGUID: d.aaguid,
		Format: "none", Name: "Passkey", Transports: []string{"internal", "hybrid"}, Attachment: "platform", Discoverable: true,
		Eligible: true, BackedUp: true, Verified: true, SignCount: 7, CreatedAt: storetest.Start(),
	}, added)
	d.count, d.flags = 8, d.flags&^backedUp
	p := toProve(usual())
	proof, err := h.Verify(h.ctx, p, nil, d.get(p.Challenge))
	require.NoError(t, err)
	require.NoError(t, h.spend(proof.Use))
	require.False(t, h.held(t, owner)[0].([]passkey.Passkey)[0].BackedUp, "where it is kept may change")
}

// Promise 16: the name of a make is used where nobody gave one.
func TestPromise_PasskeyLifecycle_APasskeyIsNamedAfterItsMake(t *testing.T) {
	h := build(t)
	d := newDevice(t)
	d.aaguid = uuid.MustParse("ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4")
	require.Equal(t, h.Describe(d.aaguid), h.enrol(t, h.person(t, "ada@example.com"), d, usual()).Name)
	require.NotEmpty(t, h.Describe(d.aaguid))
}

// The options say what the policy says, in what the platform reads.
func TestPromise_PasskeyLifecycle_OptionsFollowThePolicy(t *testing.T) {
	h := build(t)
	owner := h.person(t, "ada@example.com")
	kept := h.enrol(t, owner, newDevice(t), usual())
	policy := relyingparty.Policy{
		ID: site, Verification: relyingparty.VerificationPreferred, Attachment: relyingparty.Platform, Hints: []relyingparty.Hint{relyingparty.Hybrid},
		Algorithms: []int64{-8}, Timeout: time.Minute, Attestation: relyingparty.AttestationRequired,
	}
	c := toMake(policy)
	who, err := h.PersonFor(h.ctx, owner, site, []byte("seed"), "run")
	require.NoError(t, err)
	require.Equal(t, passkey.Person{Handle: kept.Handle, Name: "ada@example.com", DisplayName: "ada@example.com"}, who)
	named := []passkey.Descriptor{{ID: kept.CredentialID, Transports: kept.Transports}}
	require.Equal(t, passkey.CreationOptions{
		Challenge: c.Challenge, RelyingParty: site, RPName: "Example", Handle: who.Handle, Name: who.Name, DisplayName: who.DisplayName, Algorithms: []int64{-8},
		Timeout: time.Minute, Exclude: named, Attachment: relyingparty.Platform, Verification: relyingparty.VerificationPreferred,
		Hints: []relyingparty.Hint{relyingparty.Hybrid}, Attestation: "direct",
	}, c.Creation(who, []passkey.Passkey{kept}))
	require.Equal(t, passkey.RequestOptions{
		Challenge: c.Challenge, RelyingParty: site, Timeout: time.Minute, Allow: named, Verification: relyingparty.VerificationPreferred,
		Hints: []relyingparty.Hint{relyingparty.Hybrid},
	}, c.Request(named))
	require.Equal(t, "none", toMake(usual()).Creation(who, nil).Attestation)
}

// A service without one of its parts is none.
func TestNewWantsEveryPart(t *testing.T) {
	h := build(t)
	for _, drop := range []func(*passkey.Deps){
		func(d *passkey.Deps) { d.Store = nil }, func(d *passkey.Deps) { d.Tenants = nil }, func(d *passkey.Deps) { d.Users = nil },
		func(d *passkey.Deps) { d.Models = nil }, func(d *passkey.Deps) { d.Ways = nil }, func(d *passkey.Deps) { d.Holder = nil },
		func(d *passkey.Deps) { d.Notices = nil }, func(d *passkey.Deps) { d.Tx = nil }, func(d *passkey.Deps) { d.Events = nil },
		func(d *passkey.Deps) { d.Clock = nil },
	} {
		less := h.deps
		drop(&less)
		_, err := passkey.New(less)
		require.ErrorContains(t, err, "missing")
	}
}
