package jose_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/jose"
)

const rfc7638Key = `{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}`

func TestKeysRoundTrip(t *testing.T) {
	for _, alg := range []jose.Algorithm{jose.ES256, jose.EdDSA, jose.RS256, jose.PS256} {
		t.Run(string(alg), func(t *testing.T) {
			key := newKey(t, alg)
			require.Equal(t, alg, key.Algorithm())
			thumbprint, err := key.Public().Thumbprint()
			require.NoError(t, err)
			require.Equal(t, thumbprint, key.ID())

			document, err := key.MarshalPrivateJWK()
			require.NoError(t, err)
			again, err := jose.ParsePrivateJWK(document)
			require.NoError(t, err)
			require.Equal(t, key.ID(), again.ID())
			require.Equal(t, alg, again.Algorithm())

			published, err := json.Marshal(setOf(t, key))
			require.NoError(t, err)
			remote, err := jose.ParseKeySet(published)
			require.NoError(t, err)
			_, ok := remote.Get(key.ID())
			require.True(t, ok)
			_, err = jose.Verify(sign(t, again, goodClaims()), remote, wanted(alg), now)
			require.NoError(t, err)
		})
	}
	for _, alg := range []jose.Algorithm{"", "none", "HS256", jose.ES512, "ES256K"} {
		_, err := jose.GenerateKey(alg)
		require.ErrorIs(t, err, jose.ErrAlgorithm)
	}
}

// The published set must never carry a private member.
func TestPublishedKeysArePublic(t *testing.T) {
	set := setOf(t, newKey(t, jose.ES256), newKey(t, jose.EdDSA), newKey(t, jose.RS256))
	published, err := json.Marshal(set)
	require.NoError(t, err)
	var document struct {
		Keys []map[string]string `json:"keys"`
	}
	require.NoError(t, json.Unmarshal(published, &document))
	require.Len(t, document.Keys, 3)
	for _, key := range document.Keys {
		require.Equal(t, "sig", key["use"])
		require.NotEmpty(t, key["kid"])
		require.NotEmpty(t, key["alg"])
		for name := range key {
			require.Contains(t, []string{"kty", "crv", "x", "y", "n", "e", "kid", "alg", "use"}, name)
		}
	}
	empty, err := json.Marshal(jose.KeySet{})
	require.NoError(t, err)
	require.JSONEq(t, `{"keys":[]}`, string(empty))
}

// The example key of RFC 7638 §3.1 and the thumbprint printed there.
func TestThumbprintOfTheStandard(t *testing.T) {
	set, err := jose.ParseKeySet([]byte(`{"keys":[` + rfc7638Key + `]}`))
	require.NoError(t, err)
	key, ok := set.Get("2011-04-29")
	require.True(t, ok)
	thumbprint, err := key.Thumbprint()
	require.NoError(t, err)
	require.Equal(t, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", thumbprint)
	_, ok = set.Get("another")
	require.False(t, ok)
}

func TestSigningKeyRefusesWhatDoesNotFit(t *testing.T) {
	es, err := newKey(t, jose.ES256).MarshalPrivateJWK()
	require.NoError(t, err)
	other, err := newKey(t, jose.ES256).MarshalPrivateJWK()
	require.NoError(t, err)
	var mine, theirs map[string]any
	require.NoError(t, json.Unmarshal(es, &mine))
	require.NoError(t, json.Unmarshal(other, &theirs))
	change := func(name string, value any) string {
		changed := maps.Clone(mine)
		changed[name] = value
		out, err := json.Marshal(changed)
		require.NoError(t, err)
		return string(out)
	}
	for name, document := range map[string]string{
		"public only":    rfc7638Key,
		"other alg":      change("alg", "RS256"),
		"hmac alg":       change("alg", "HS256"),
		"no alg":         change("alg", ""),
		"foreign half":   change("d", theirs["d"]),
		"symmetric":      `{"kty":"oct","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0","alg":"HS256"}`,
		"not json":       `{`,
		"a list":         `[]`,
		"twice a member": strings.Replace(string(es), `{`, `{"alg":"ES256",`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := jose.ParsePrivateJWK([]byte(document))
			require.ErrorIs(t, err, jose.ErrKey)
			require.NotContains(t, err.Error(), fmt.Sprint(mine["d"]))
		})
	}
}

// Class secrets: a signing key printed, logged or encoded by mistake shows nothing.
func TestClass_SecretsSigningKeyDoesNotPrint(t *testing.T) {
	key := newKey(t, jose.ES256)
	document, err := key.MarshalPrivateJWK()
	require.NoError(t, err)
	var members map[string]string
	require.NoError(t, json.Unmarshal(document, &members))
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "key", key, "in", struct{ Key *jose.SigningKey }{key})
	encoded, err := json.Marshal(map[string]any{"key": key})
	require.NoError(t, err)
	out := log.String() + string(encoded) + fmt.Sprintf("%v %+v %#v %s %+v", key, key, key, key, struct{ K *jose.SigningKey }{key})
	require.NotContains(t, out, members["d"])
	require.Contains(t, log.String(), key.ID())
}

func TestKeySetsOfOurOwn(t *testing.T) {
	key := newKey(t, jose.ES256)
	_, err := jose.NewKeySet(key.Public(), key.Public())
	require.ErrorIs(t, err, jose.ErrKeySet)
	_, err = jose.NewKeySet(jose.PublicKey{})
	require.ErrorIs(t, err, jose.ErrKeySet)
	_, err = json.Marshal(jose.PublicKey{})
	require.Error(t, err)
}

// What a stranger publishes is filtered, not trusted: one odd key must neither
// spoil the set nor enter it.
func TestParseKeySet(t *testing.T) {
	good, err := json.Marshal(newKey(t, jose.ES256).Public())
	require.NoError(t, err)
	private, err := newKey(t, jose.ES256).MarshalPrivateJWK()
	require.NoError(t, err)
	odd := map[string]string{
		"private":        string(private),
		"symmetric":      `{"kty":"oct","kid":"a","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}`,
		"unknown type":   `{"kty":"LATTICE","kid":"a"}`,
		"encryption":     strings.Replace(rfc7638Key, `{`, `{"use":"enc",`, 1),
		"key_ops":        strings.Replace(rfc7638Key, `{`, `{"key_ops":["encrypt"],`, 1),
		"alg mismatch":   strings.Replace(rfc7638Key, "RS256", "ES256", 1),
		"hmac alg":       strings.Replace(rfc7638Key, "RS256", "HS256", 1),
		"weak":           `{"kty":"RSA","kid":"a","e":"AQAB","n":"` + strings.Repeat("f", 170) + `"}`,
		"huge":           `{"kty":"RSA","kid":"a","e":"AQAB","n":"` + strings.Repeat("f", 20000) + `"}`,
		"huge exponent":  strings.Replace(rfc7638Key, "AQAB", strings.Repeat("f", 342), 1),
		"even exponent":  strings.Replace(rfc7638Key, "AQAB", "Ag", 1),
		"exponent one":   strings.Replace(rfc7638Key, "AQAB", "AQ", 1),
		"off the curve":  `{"kty":"EC","crv":"P-256","kid":"a","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}`,
		"agreement key":  `{"kty":"OKP","crv":"X25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`,
		"short ed25519":  `{"kty":"OKP","crv":"Ed25519","kid":"a","x":"AQ"}`,
		"kid not string": strings.Replace(rfc7638Key, `"2011-04-29"`, `1`, 1),
		"long kid":       strings.Replace(rfc7638Key, "2011-04-29", strings.Repeat("k", 300), 1),
		"not an object":  `"key"`,
		"null":           `null`,
	}
	for name, document := range odd {
		t.Run(name, func(t *testing.T) {
			_, err := jose.ParseKeySet([]byte(`{"keys":[` + document + `]}`))
			require.ErrorIs(t, err, jose.ErrKeySet)
			set, err := jose.ParseKeySet([]byte(`{"keys":[` + document + `,` + string(good) + `]}`))
			require.NoError(t, err)
			require.Equal(t, 1, set.Len())
		})
	}
	for name, document := range map[string]string{
		"empty": ``, "list": `[]`, "no keys": `{}`, "null": `{"keys":null}`, "keys twice": `{"keys":[],"keys":[]}`,
		"twice a member": `{"keys":[` + string(good) + `,` + strings.Replace(rfc7638Key, `{`, `{"e":"AQAB",`, 1) + `]}`,
		"too many":       `{"keys":[` + strings.Repeat(`{},`, 100) + string(good) + `]}`,
		"too big":        `{"keys":[` + string(good) + `],"x":"` + strings.Repeat("x", 1<<18) + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := jose.ParseKeySet([]byte(document))
			require.ErrorIs(t, err, jose.ErrKeySet)
		})
	}
}

func FuzzParseKeySet(f *testing.F) {
	f.Add([]byte(`{"keys":[` + rfc7638Key + `]}`))
	f.Add([]byte(`{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}`))
	f.Add([]byte(`{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		set, err := jose.ParseKeySet(data)
		if err != nil {
			return
		}
		document, err := json.Marshal(set)
		require.NoError(t, err)
		again, err := jose.ParseKeySet(document)
		require.NoError(t, err)
		require.Equal(t, set.Len(), again.Len())
	})
}
