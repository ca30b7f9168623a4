package passkey_test

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application/relyingparty"
	"github.com/lintel-id/lintel/server/passkey"
)

// bytesOf are written as base64url.
type bytesOf []byte

func (b *bytesOf) UnmarshalText(text []byte) (err error) {
	*b, err = base64.RawURLEncoding.DecodeString(string(text))
	return err
}

type vector struct {
	Name         string  `json:"name"`
	Format       string  `json:"format"`
	Alg          int64   `json:"alg"`
	CrossOrigin  bool    `json:"crossOrigin"`
	ID           bytesOf `json:"credentialId"`
	PublicKey    bytesOf
	Registration struct {
		Challenge, ClientDataJSON bytesOf
		AttestationObject         bytesOf
	}
	Assertion struct {
		Challenge, ClientDataJSON    bytesOf
		AuthenticatorData, Signature bytesOf
	}
}

const vectorSite, vectorOrigin = "example.org", "https://example.org"

func readVectors(t testing.TB) []vector {
	t.Helper()
	data, err := os.ReadFile("testdata/vectors.json")
	require.NoError(t, err)
	var all struct {
		Vectors []vector `json:"vectors"`
	}
	require.NoError(t, json.Unmarshal(data, &all))
	require.Len(t, all.Vectors, 14)
	return all.Vectors
}

func (v vector) registration() []byte {
	return encoded(map[string]any{"id": b64(v.ID), "rawId": b64(v.ID), "type": "public-key", "response": map[string]any{
		"clientDataJSON": b64(v.Registration.ClientDataJSON), "attestationObject": b64(v.Registration.AttestationObject),
	}})
}

func (v vector) assertion(handle []byte) []byte {
	return encoded(map[string]any{"id": b64(v.ID), "rawId": b64(v.ID), "type": "public-key", "response": map[string]any{
		"clientDataJSON": b64(v.Assertion.ClientDataJSON), "authenticatorData": b64(v.Assertion.AuthenticatorData),
		"signature": b64(v.Assertion.Signature), "userHandle": b64(handle),
	}})
}

// ceremony asks with one of the standard's own challenges.
func (v vector) ceremony(challenge []byte) passkey.Ceremony {
	policy := relyingparty.Policy{
		ID: vectorSite, Verification: relyingparty.VerificationPreferred,
		Algorithms: []int64{-7, -8, -35, -36, -257},
	}
	return passkey.Ceremony{Policy: *policy.Settled(), Name: "Example", Origins: []string{vectorOrigin}, Challenge: challenge}
}

// The standard's own vectors. What is refused is so for a reason that is named here: a page in
// a frame may not ask; and three formats name or end in what belongs to makers, whom the
// library knows and nobody can sign for in a test: the vendor of a TPM, and the roots of
// Android and Apple. What they prove afterwards is verified all the same.
// Spec: WebAuthn L3 §16.
func TestPromise_PasskeyLifecycle_TheStandardsVectors(t *testing.T) {
	const inFrame, noRoot, noVendor = "Error validating cross origin flag", "Error validating x5c cert chain", "Invalid TPM manufacturer"
	refused := map[string]string{
		"none, cross origin": inFrame, "none, top origin": inFrame, "tpm": noVendor, "android-key": noRoot, "apple": noRoot,
	}
	h := build(t)
	owner := h.person(t, "ada@example.com")
	handle, err := h.HandleFor(h.ctx, owner, vectorSite, []byte("seed"), "run")
	require.NoError(t, err)
	for _, one := range readVectors(t) {
		t.Run(one.Name, func(t *testing.T) {
			m := one.ceremony(one.Registration.Challenge)
			fresh, err := h.Check(h.ctx, m, passkey.Made{Credential: one.registration(), Handle: handle})
			if why := refused[one.Name]; why != "" {
				require.ErrorIs(t, err, passkey.ErrInvalid)
				require.ErrorContains(t, err, why)
				fresh = one.fresh(t, handle)
			} else {
				require.NoError(t, err)
				require.Equal(t, []byte(one.ID), fresh.CredentialID)
				require.Equal(t, []byte(one.PublicKey), fresh.PublicKey)
				require.Equal(t, one.Format, fresh.Format)
				require.False(t, fresh.Attested)
				without := m
				without.Policy.Algorithms = slices.DeleteFunc(slices.Clone(m.Policy.Algorithms), func(alg int64) bool { return alg == one.Alg })
				_, err = h.Check(h.ctx, without, passkey.Made{Credential: one.registration(), Handle: handle})
				require.ErrorIs(t, err, passkey.ErrInvalid, "an algorithm that is not in the policy")
			}
			_, err = h.add(owner, fresh)
			require.NoError(t, err)
			p := one.ceremony(one.Assertion.Challenge)
			proof, err := h.Verify(h.ctx, p, nil, one.assertion(handle))
			if refused[one.Name] == inFrame {
				require.ErrorIs(t, err, passkey.ErrInvalid)
				return
			}
			require.NoError(t, err)
			require.Equal(t, []byte(one.ID), proof.Passkey.CredentialID)
			require.NoError(t, h.spend(proof.Use))
			p.Challenge = one.Registration.Challenge
			require.ErrorIs(t, h.refused(p, nil, one.assertion(handle)), passkey.ErrInvalid, "another challenge")
		})
	}
}

// fresh is the passkey of a vector whose attestation is not taken.
func (v vector) fresh(t *testing.T, handle []byte) passkey.Fresh {
	t.Helper()
	parsed, err := protocol.ParseCredentialCreationResponseBytes(v.registration())
	require.NoError(t, err)
	data := parsed.Response.AttestationObject.AuthData
	return passkey.Fresh{
		RelyingParty: vectorSite, Handle: handle, CredentialID: v.ID, PublicKey: v.PublicKey, AAGUID: uuid.UUID(data.AttData.AAGUID), Format: v.Format, Name: v.Name,
		Eligible: data.Flags.HasBackupEligible(), BackedUp: data.Flags.HasBackupState(), Verified: data.Flags.HasUserVerified(), SignCount: data.Counter,
	}
}
