package jose_test

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/jose"
)

const (
	issuer   = "https://id.example.com"
	audience = "https://api.example.com"
)

var (
	now = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	// Making an RSA key is slow, so each algorithm has one for all tests.
	rsaKey = sync.OnceValues(func() (*jose.SigningKey, error) { return jose.GenerateKey(jose.RS256) })
	pssKey = sync.OnceValues(func() (*jose.SigningKey, error) { return jose.GenerateKey(jose.PS256) })
)

func newKey(t testing.TB, alg jose.Algorithm) *jose.SigningKey {
	t.Helper()
	made := func() (*jose.SigningKey, error) { return jose.GenerateKey(alg) }
	switch alg {
	case jose.RS256:
		made = rsaKey
	case jose.PS256:
		made = pssKey
	}
	key, err := made()
	require.NoError(t, err)
	return key
}

func setOf(t testing.TB, keys ...*jose.SigningKey) jose.KeySet {
	t.Helper()
	var public []jose.PublicKey
	for _, key := range keys {
		public = append(public, key.Public())
	}
	set, err := jose.NewKeySet(public...)
	require.NoError(t, err)
	return set
}

func wanted(algs ...jose.Algorithm) jose.Expectations {
	return jose.Expectations{
		Algorithms: algs, Types: []string{"at+jwt"}, Issuer: issuer,
		Audiences: []string{audience}, Leeway: 10 * time.Second,
	}
}

func goodClaims() map[string]any {
	return map[string]any{
		"iss": issuer, "aud": audience, "sub": "usr_1", "jti": "1",
		"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(), "scope": "openid", "big": json.Number("9007199254740993"),
	}
}

func with(changes map[string]any) map[string]any {
	claims := goodClaims()
	maps.Copy(claims, changes)
	for name, value := range claims {
		if value == nil {
			delete(claims, name)
		}
	}
	return claims
}

func sign(t testing.TB, key *jose.SigningKey, claims any) string {
	t.Helper()
	token, err := key.Sign("at+jwt", claims)
	require.NoError(t, err)
	return token
}

func b64(data string) string { return base64.RawURLEncoding.EncodeToString([]byte(data)) }

// withHeader puts another header on a token and keeps the rest.
func withHeader(token, header string) string {
	_, rest, _ := strings.Cut(token, ".")
	return b64(header) + "." + rest
}

func headerOf(t testing.TB, token string) map[string]any {
	t.Helper()
	first, _, _ := strings.Cut(token, ".")
	data, err := base64.RawURLEncoding.DecodeString(first)
	require.NoError(t, err)
	var header map[string]any
	require.NoError(t, json.Unmarshal(data, &header))
	return header
}
