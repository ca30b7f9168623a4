package models_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"os"
	"testing"

	"github.com/go-webauthn/webauthn/metadata"
	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/passkey/models/modelstest"
)

// bytesOf are written as base64url.
type bytesOf []byte

func (b *bytesOf) UnmarshalText(text []byte) (err error) {
	*b, err = base64.RawURLEncoding.DecodeString(string(text))
	return err
}

type vectors struct {
	RPID    string  `json:"rpId"`
	Origin  string  `json:"origin"`
	Root    bytesOf `json:"root"`
	Vectors []struct {
		Name         string `json:"name"`
		Format       string `json:"format"`
		Alg          int64  `json:"alg"`
		CrossOrigin  bool   `json:"crossOrigin"`
		TopOrigin    string `json:"topOrigin"`
		ID           string `json:"credentialId"`
		PublicKey    bytesOf
		Registration struct{ Challenge, ClientDataJSON, AttestationObject string }
		Assertion    struct{ Challenge, ClientDataJSON, AuthenticatorData, Signature string }
	} `json:"vectors"`
}

func readVectors(t *testing.T) vectors {
	t.Helper()
	data, err := os.ReadFile("../testdata/vectors.json")
	require.NoError(t, err)
	var all vectors
	require.NoError(t, json.Unmarshal(data, &all))
	require.Len(t, all.Vectors, 14)
	return all
}

func response(t *testing.T, id string, members map[string]string) []byte {
	t.Helper()
	data, err := json.Marshal(map[string]any{"id": id, "rawId": id, "type": "public-key", "response": members})
	require.NoError(t, err)
	return data
}

// The vectors of the standard, as somebody else signed them: what shows a certificate is proven
// by the root of the standard, and by no other.
// Spec: WebAuthn L3 §16.
func TestTheStandardsAttestationsAreProvenByItsRoot(t *testing.T) {
	all := readVectors(t)
	root, err := x509.ParseCertificate(all.Root)
	require.NoError(t, err)
	other := modelstest.NewMaker(t, now, uuid.Nil).Root
	proven := 0
	for _, one := range all.Vectors {
		parsed, err := protocol.ParseCredentialCreationResponseBytes(response(t, one.ID, map[string]string{
			"clientDataJSON": one.Registration.ClientDataJSON, "attestationObject": one.Registration.AttestationObject,
		}))
		require.NoError(t, err, one.Name)
		require.Equal(t, one.Format, parsed.Response.AttestationObject.Format, one.Name)
		aaguid := uuid.UUID(parsed.Response.AttestationObject.AuthData.AttData.AAGUID)
		if one.Format != "packed" || parsed.Response.AttestationObject.AttStatement["x5c"] == nil {
			continue
		}
		proven++
		verified := func(entry modelstest.Entry, indulgent bool) bool {
			m := opened(t, newWorld(t, entry))
			mds := map[bool]metadata.Provider{false: m.Provider(), true: m.Indulgent()}[indulgent]
			_, err := parsed.Verify(one.Registration.Challenge, all.RPID, []string{all.Origin}, nil, nil, protocol.TopOriginExplicitVerificationMode, false, false, true, mds,
				[]protocol.CredentialParameter{{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.COSEAlgorithmIdentifier(one.Alg)}},
				protocol.AttestationPolicy{}, protocol.SignaturePolicy{})
			return err == nil
		}
		said := func(entry modelstest.Entry, root *x509.Certificate) modelstest.Entry {
			entry.Roots = []*x509.Certificate{root}
			return entry
		}
		require.True(t, verified(said(modelstest.Entry{AAGUID: aaguid}, root), false), one.Name)
		require.False(t, verified(said(modelstest.Entry{AAGUID: aaguid}, other), false), one.Name)
		require.False(t, verified(said(modelstest.Entry{AAGUID: aaguid}, other), true), one.Name)
		require.False(t, verified(said(modelstest.Entry{AAGUID: aaguid, Statuses: []string{"REVOKED"}}, root), true), one.Name)
		require.False(t, verified(said(modelstest.Entry{AAGUID: uuid.New()}, root), false), one.Name)
		require.True(t, verified(said(modelstest.Entry{AAGUID: uuid.New()}, root), true), one.Name)
	}
	require.Equal(t, 5, proven)
}

// The assertions of the standard are there for the service; that they verify shows that they
// were written down as they are.
func TestTheStandardsAssertionsAreWrittenDownRight(t *testing.T) {
	all := readVectors(t)
	for _, one := range all.Vectors {
		parsed, err := protocol.ParseCredentialRequestResponseBytes(response(t, one.ID, map[string]string{
			"clientDataJSON": one.Assertion.ClientDataJSON, "authenticatorData": one.Assertion.AuthenticatorData, "signature": one.Assertion.Signature,
		}))
		require.NoError(t, err, one.Name)
		require.NoError(t, parsed.Verify(one.Assertion.Challenge, all.RPID, "", []string{all.Origin}, nil, []string{one.TopOrigin},
			protocol.TopOriginExplicitVerificationMode, one.CrossOrigin, false, true, one.PublicKey, protocol.SignaturePolicy{}), one.Name)
	}
}
