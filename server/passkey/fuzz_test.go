package passkey_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"testing"

	"github.com/descope/virtualwebauthn"
	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/platform/fault"
)

// played is a question and the answer to it that is right.
type played struct {
	passkey.Ceremony
	answer []byte
}

// right are the answers of the standard and of a virtual authenticator, the same in every
// process, with the passkeys of them all in the house.
func right(f *testing.F, h *house) (makes, proves []played) {
	f.Helper()
	owner, handle, virtuals := h.person(f, "ada@example.com"), bytes.Repeat([]byte{9}, 32), bytes.Repeat([]byte{8}, 32)
	keep := func(c passkey.Ceremony, answer, handle []byte) {
		fresh, err := h.Check(h.ctx, c, passkey.Made{Credential: answer, Handle: handle})
		require.NoError(f, err)
		_, err = h.add(owner, fresh)
		require.NoError(f, err)
	}
	for _, one := range readVectors(f) {
		m, p := one.ceremony(one.Registration.Challenge), one.ceremony(one.Assertion.Challenge)
		if h.judged(m, one.registration(), handle) != nil {
			continue // which ones, and why, is in TestPromise_PasskeyLifecycle_TheStandardsVectors
		}
		keep(m, one.registration(), handle)
		makes, proves = append(makes, played{m, one.registration()}), append(proves, played{p, one.assertion(handle)})
	}
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), bytes.Repeat([]byte{1}, 32))
	require.NoError(f, err)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(f, err)
	credential := virtualwebauthn.NewCredentialWithImportedKey(virtualwebauthn.KeyTypeEC2, der)
	credential.ID = bytes.Repeat([]byte{7}, 16)
	authenticator := virtualwebauthn.Authenticator{Options: virtualwebauthn.AuthenticatorOptions{UserHandle: virtuals}}
	m, p := toMake(usual()), toProve(usual())
	made := virtualwebauthn.CreateAttestationResponse(virtualSite, authenticator, credential, virtualwebauthn.AttestationOptions{Challenge: m.Challenge})
	proven := virtualwebauthn.CreateAssertionResponse(virtualSite, authenticator, credential, virtualwebauthn.AssertionOptions{Challenge: p.Challenge})
	keep(m, []byte(made), virtuals)
	makes, proves = append(makes, played{m, []byte(made)}), append(proves, played{p, []byte(proven)})
	for _, one := range proves {
		require.NoError(f, h.refused(one.Ceremony, nil, one.answer))
	}
	return makes, proves
}

// Class webauthn: whatever is sent as a proof, nothing breaks, and what is taken is what an
// authenticator has signed, to the byte.
func FuzzVerify(f *testing.F) {
	h := build(f)
	_, proves := right(f, h)
	signed := map[string]bool{}
	say := func(text []byte) string {
		parsed, err := protocol.ParseCredentialRequestResponseBytes(text)
		must(err)
		response := parsed.Raw.AssertionResponse
		return string(response.AuthenticatorData) + string(response.ClientDataJSON)
	}
	for i, one := range proves {
		signed[say(one.answer)] = true
		f.Add(one.answer, byte(i))
	}
	f.Fuzz(func(t *testing.T, answer []byte, which byte) {
		proof, err := h.Verify(h.ctx, proves[int(which)%len(proves)].Ceremony, nil, answer)
		if err != nil {
			require.NotNil(t, fault.As(err), "%v", err)
			require.Zero(t, proof)
			return
		}
		require.True(t, signed[say(answer)])
	})
}

// Class webauthn: whatever is sent as a new passkey, nothing breaks, nothing is stored, and
// what is taken answers the question that was asked.
func FuzzCheck(f *testing.F) {
	h := build(f)
	makes, _ := right(f, h)
	owner := h.person(f, "bob@example.com")
	for i, one := range makes {
		f.Add(one.answer, byte(i))
		f.Add(bytes.Replace(one.answer, []byte(`"id":"`), []byte(`"id":"AA`), 1), byte(i))
	}
	d := newDevice(f)
	f.Add(d.create(makes[len(makes)-1].Challenge), byte(len(makes)-1))
	f.Fuzz(func(t *testing.T, answer []byte, which byte) {
		asked := makes[int(which)%len(makes)].Ceremony
		fresh, err := h.Check(h.ctx, asked, passkey.Made{Credential: answer, Handle: []byte{1}})
		if err != nil {
			require.NotNil(t, fault.As(err), "%v", err)
			require.Zero(t, fresh)
			return
		}
		parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
		require.NoError(t, err)
		var client struct{ Type, Challenge, Origin string }
		require.NoError(t, json.Unmarshal(parsed.Raw.AttestationResponse.ClientDataJSON, &client))
		require.Equal(t, "webauthn.create", client.Type)
		require.Equal(t, b64(asked.Challenge), client.Challenge)
		hash, data := sha256.Sum256([]byte(asked.Policy.ID)), parsed.Response.AttestationObject.AuthData
		require.Equal(t, hash[:], data.RPIDHash)
		require.True(t, data.Flags.HasUserPresent())
		require.False(t, fresh.Attested)
		require.False(t, fresh.BackedUp && !fresh.Eligible)
		require.NotEmpty(t, fresh.CredentialID)
		require.LessOrEqual(t, len(fresh.CredentialID), 1023)
		_, err = webauthncose.ParsePublicKey(fresh.PublicKey)
		require.NoError(t, err)
		require.Empty(t, h.held(t, owner)[0])
	})
}
