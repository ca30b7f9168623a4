package verify_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
	"github.com/lestrrat-go/jwx/v2/jws"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/verify"
)

const (
	issuer   = "https://id.example.com"
	audience = "https://api.example.com"
)

// Making an RSA key is slow, so all tests share one.
var rsaKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// authority is a server that publishes keys, without a network.
type authority struct {
	mu       sync.Mutex
	keys     []map[string]any
	header   http.Header
	status   int
	away     bool
	asked    int
	answer   chan struct{} // where set, each answer waits for it
	verbatim string
}

func newAuthority() *authority {
	return &authority{status: http.StatusOK, header: http.Header{"Cache-Control": {"public, max-age=300"}, "Content-Type": {"application/json"}}}
}

// RoundTrip answers with the keys.
func (a *authority) RoundTrip(request *http.Request) (*http.Response, error) {
	a.mu.Lock()
	a.asked++
	answer := a.answer
	a.mu.Unlock()
	if answer != nil {
		select {
		case <-answer:
		case <-request.Context().Done():
			return nil, request.Context().Err()
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.away {
		return nil, errors.New("nobody there")
	}
	document, err := json.Marshal(map[string]any{"keys": a.keys})
	if a.verbatim != "" {
		document = []byte(a.verbatim)
	}
	return &http.Response{StatusCode: a.status, Header: a.header, Body: io.NopCloser(strings.NewReader(string(document))), Request: request}, err
}

func (a *authority) set(change func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change()
}

func (a *authority) requests() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.asked
}

func (a *authority) verifier(t *testing.T) *verify.Verifier {
	t.Helper()
	made, err := verify.New(issuer, verify.Options{Audience: audience, HTTPClient: &http.Client{Transport: a}})
	require.NoError(t, err)
	return made
}

// signer is a key of the authority.
type signer struct {
	id        string
	algorithm jwa.SignatureAlgorithm
	private   any
	published map[string]any
}

// publish makes a key and puts it into the set.
func (a *authority) publish(t *testing.T, id string, algorithm jwa.SignatureAlgorithm) signer {
	t.Helper()
	made := newSigner(t, id, algorithm)
	a.set(func() { a.keys = append(a.keys, made.published) })
	return made
}

func newSigner(t *testing.T, id string, algorithm jwa.SignatureAlgorithm) signer {
	t.Helper()
	var private any
	var err error
	switch algorithm {
	case jwa.ES384:
		private, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case jwa.ES512:
		private, err = ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	case jwa.EdDSA:
		_, private, err = ed25519.GenerateKey(rand.Reader)
	case jwa.RS256, jwa.PS256:
		private, err = rsaKey()
	default:
		private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	require.NoError(t, err)
	return signer{id: id, algorithm: algorithm, private: private, published: document(t, private, map[string]any{"kid": id, "alg": algorithm, "use": "sig"})}
}

// document is the public half of a key as it is published.
func document(t *testing.T, private any, with map[string]any) map[string]any {
	t.Helper()
	public, err := jwk.PublicKeyOf(private)
	require.NoError(t, err)
	raw, err := json.Marshal(public)
	require.NoError(t, err)
	made := map[string]any{}
	require.NoError(t, json.Unmarshal(raw, &made))
	maps.Copy(made, with)
	return made
}

// sign makes a token; header and claims are changed before, and nil takes a member away.
func (s signer) sign(t *testing.T, header, claims map[string]any) string {
	t.Helper()
	said := map[string]any{
		"iss": issuer, "sub": "usr_1", "aud": audience, "iat": time.Now().Unix(), "exp": time.Now().Add(5 * time.Minute).Unix(),
		"jti": "jwt_1", "sid": "ses_1", "client_id": "web", "acr": "aal1", "amr": []string{"pwd"}, "auth_time": time.Now().Add(-time.Minute).Unix(),
	}
	change(said, claims)
	named := map[string]any{"typ": "JWT", "kid": s.id}
	change(named, header)
	headers := jws.NewHeaders()
	for name, value := range named {
		require.NoError(t, headers.Set(name, value))
	}
	payload, err := json.Marshal(said)
	require.NoError(t, err)
	token, err := jws.Sign(payload, jws.WithKey(s.algorithm, s.private, jws.WithProtectedHeaders(headers)))
	require.NoError(t, err)
	return string(token)
}

// signAs signs with the key, under a header that names another algorithm.
func (s signer) signAs(t *testing.T, algorithm, payload string) string {
	t.Helper()
	signed := b64(`{"alg":"`+algorithm+`","typ":"JWT","kid":"`+s.id+`"}`) + "." + payload
	by, err := jws.NewSigner(s.algorithm)
	require.NoError(t, err)
	signature, err := by.Sign([]byte(signed), s.private)
	require.NoError(t, err)
	return signed + "." + b64(string(signature))
}

func change(members, with map[string]any) {
	for name, value := range with {
		if members[name] = value; value == nil {
			delete(members, name)
		}
	}
}
