package jose_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/jose"
)

const (
	p256Key   = `{"use":"enc","kty":"EC","crv":"P-256","kid":"p","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}`
	x25519Key = `{"use":"enc","kty":"OKP","crv":"X25519","kid":"x","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}`
)

func rsaEncryptionKey() string {
	return strings.NewReplacer(`{`, `{"use":"enc",`, `"alg":"RS256",`, ``).Replace(rfc7638Key)
}

func TestEncryptionKeys(t *testing.T) {
	agreement := []jose.KeyAlgorithm{jose.ECDHES, jose.ECDHESA128KW, jose.ECDHESA256KW}
	for document, fit := range map[string][]jose.KeyAlgorithm{
		rsaEncryptionKey(): {jose.RSAOAEP256}, p256Key: agreement, x25519Key: agreement,
		strings.Replace(x25519Key, `{`, `{"alg":"ECDH-ES",`, 1):         {jose.ECDHES},
		strings.Replace(p256Key, `{`, `{"key_ops":["deriveBits"],`, 1):  agreement,
		strings.Replace(p256Key, `{`, `{"x5u":"https://x.example",`, 1): agreement,
	} {
		set, err := jose.ParseEncryptionKeySet([]byte(`{"keys":[` + document + `]}`))
		require.NoError(t, err, document)
		for _, alg := range []jose.KeyAlgorithm{jose.RSAOAEP256, jose.ECDHES, jose.ECDHESA128KW, jose.ECDHESA256KW} {
			require.True(t, alg.Known())
			require.Equal(t, slices.Contains(fit, alg), set.Fits(alg), "%s with %s", alg, document)
		}
		require.NotContains(t, string(set.Documents()[0]), "x5u")
		_, err = jose.ParseKeySet([]byte(`{"keys":[` + document + `]}`))
		require.ErrorIs(t, err, jose.ErrKeySet, "what is for encryption verifies nothing")
	}
	for _, alg := range []jose.KeyAlgorithm{"", "RSA1_5", "RSA-OAEP", "dir", "A128KW", "PBES2-HS256+A128KW", "none"} {
		require.False(t, alg.Known())
	}
	for _, alg := range []jose.ContentAlgorithm{jose.A128GCM, jose.A256GCM, jose.A128CBCHS256, jose.A256CBCHS512} {
		require.True(t, alg.Known())
	}
	require.False(t, jose.ContentAlgorithm("A128CBC").Known())
}

// Nothing is encrypted to a key that is not meant for it, that is weak, or whose private
// half is known.
func TestClass_Algorithm_KeysThatNothingIsEncryptedTo(t *testing.T) {
	for name, document := range map[string]string{
		"a private one": strings.Replace(p256Key, `{`, `{"d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",`, 1),
		"no use":        strings.Replace(p256Key, `"use":"enc",`, ``, 1),
		"a signature's": strings.Replace(p256Key, `"enc"`, `"sig"`, 1),
		"operations":    strings.Replace(p256Key, `{`, `{"key_ops":["verify"],`, 1),
		"off the curve": strings.Replace(p256Key, "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", 1),
		"Ed25519":       `{"use":"enc","kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`,
		"a short one":   `{"use":"enc","kty":"OKP","crv":"X25519","x":"AQ"}`,
		"weak RSA":      `{"use":"enc","kty":"RSA","e":"AQAB","n":"` + strings.Repeat("f", 170) + `"}`,
		"RSA1_5":        strings.Replace(rsaEncryptionKey(), `{`, `{"alg":"RSA1_5",`, 1),
		"another's alg": strings.Replace(p256Key, `{`, `{"alg":"RSA-OAEP-256",`, 1),
		"symmetric":     `{"use":"enc","kty":"oct","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}`,
		"nothing":       ``,
	} {
		_, err := jose.ParseEncryptionKeySet([]byte(`{"keys":[` + document + `]}`))
		require.ErrorIs(t, err, jose.ErrKeySet, name)
	}
}

func FuzzParseEncryptionKeySet(f *testing.F) {
	for _, document := range []string{rsaEncryptionKey(), p256Key, x25519Key} {
		f.Add([]byte(`{"keys":[` + document + `]}`))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		set, err := jose.ParseEncryptionKeySet(data)
		if err != nil {
			return
		}
		document, err := json.Marshal(map[string]any{"keys": set.Documents()})
		require.NoError(t, err)
		again, err := jose.ParseEncryptionKeySet(document)
		require.NoError(t, err)
		require.Equal(t, set.Documents(), again.Documents())
	})
}
