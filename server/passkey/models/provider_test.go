package models_test

import (
	"crypto/ecdsa"
	"crypto/sha1"
	"crypto/x509"
	"encoding/hex"
	"testing"

	"github.com/go-webauthn/webauthn/metadata"
	"github.com/go-webauthn/webauthn/protocol"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/passkey/models/modelstest"
)

// What a model is said to be is believed only of who shows a certificate of its maker.
func TestClass_WebAuthn_OnlyTheMakerProvesAModel(t *testing.T) {
	maker := modelstest.NewMaker(t, now, uuid.MustParse(keys))
	impostor := modelstest.NewMaker(t, now, uuid.MustParse(keys))
	stranger := modelstest.NewMaker(t, now, uuid.MustParse(googles))
	revoked := modelstest.NewMaker(t, now, uuid.New())
	rootless := modelstest.NewMaker(t, now, uuid.New())
	none := rootless.Entry("")
	none.Roots = nil
	m := opened(t, newWorld(t, maker.Entry(""), revoked.Entry("", "REVOKED"), none))
	for name, test := range map[string]struct {
		maker             modelstest.Maker
		kind              string
		proven, indulgent bool
	}{
		"the maker":       {maker, "basic_full", true, true},
		"an impostor":     {impostor, "basic_full", false, false},
		"for itself":      {modelstest.Maker{AAGUID: maker.AAGUID}, "basic_surrogate", false, false},
		"not known":       {stranger, "basic_full", false, true},
		"no name":         {modelstest.Maker{}, "basic_surrogate", false, true},
		"withdrawn":       {revoked, "basic_full", false, false},
		"without a root":  {rootless, "basic_full", false, false},
		"another's proof": {modelstest.Maker{AAGUID: stranger.AAGUID, Certificate: maker.Certificate}, "basic_full", false, true},
	} {
		var chain []any
		if test.maker.Certificate != nil {
			chain = []any{test.maker.Certificate.Raw}
		}
		validated := func(provider metadata.Provider) bool {
			return protocol.ValidateMetadata(t.Context(), provider, test.maker.AAGUID, test.kind, "packed", chain) == nil
		}
		require.Equal(t, test.proven, validated(m.Provider()), name)
		require.Equal(t, test.indulgent, validated(m.Indulgent()), name)
	}
}

// A U2F key has no AAGUID, and is found by what its certificate is called.
func TestAKeyWithoutAnAAGUIDIsFoundByItsCertificate(t *testing.T) {
	maker := modelstest.NewMaker(t, now, uuid.Nil)
	called := func(root modelstest.Maker, statuses ...string) modelstest.Entry {
		entry := root.Entry("A U2F Key", statuses...)
		entry.Keys = []string{hex.EncodeToString(keyIdentifier(t, maker.Certificate))}
		return entry
	}
	validated := func(entry modelstest.Entry) bool {
		m := opened(t, newWorld(t, entry))
		return protocol.ValidateMetadata(t.Context(), m.Provider(), uuid.Nil, "basic_full", "fido-u2f", []any{maker.Certificate.Raw}) == nil
	}
	require.True(t, validated(called(maker)))
	require.False(t, validated(called(maker, "USER_KEY_REMOTE_COMPROMISE")))
	require.False(t, validated(called(modelstest.NewMaker(t, now, uuid.Nil))))
	require.False(t, validated(modelstest.Entry{Keys: []string{"00"}}))
}

// keyIdentifier is the SHA-1 of the key. Spec: RFC 5280 §4.2.1.2.
func keyIdentifier(t *testing.T, certificate *x509.Certificate) []byte {
	t.Helper()
	public, err := certificate.PublicKey.(*ecdsa.PublicKey).Bytes()
	require.NoError(t, err)
	sum := sha1.Sum(public)
	return sum[:]
}
