package verify_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/verify"
)

func mustKey(t *testing.T, s signer) jwk.Key {
	t.Helper()
	raw, err := json.Marshal(s.published)
	require.NoError(t, err)
	made, err := jwk.ParseKey(raw)
	require.NoError(t, err)
	return made
}

// bubble plays with a server and a verifier of its keys, in a time of their own.
func bubble(t *testing.T, play func(t *testing.T, server *authority, check func(token string) error)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := newAuthority()
		verifier := server.verifier(t)
		play(t, server, func(token string) error {
			_, err := verifier.Verify(t.Context(), token)
			return err
		})
	})
}

// pass moves the bubble's time.
func pass(d time.Duration) { <-time.After(d) }

func TestKeysAreReadOnceByManyAndKeptAsLongAsTheServerSays(t *testing.T) {
	bubble(t, func(t *testing.T, server *authority, check func(string) error) {
		key := server.publish(t, "one", jwa.ES256)
		token, answer := key.sign(t, nil, map[string]any{"exp": time.Now().Add(time.Hour).Unix()}), make(chan struct{})
		server.set(func() { server.answer = answer })
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() { require.NoError(t, check(token)) })
		}
		synctest.Wait()
		require.Equal(t, 1, server.requests())
		close(answer)
		all.Wait()
		require.Equal(t, 1, server.requests())
		pass(299 * time.Second)
		require.NoError(t, check(token))
		require.Equal(t, 1, server.requests())
		pass(time.Second)
		require.NoError(t, check(token))
		require.Equal(t, 2, server.requests())
	})
}

// A key that was taken out of the set is worth nothing once the copy is too old, also after
// a quiet night.
func TestARevokedKeyIsNotBelieved(t *testing.T) {
	bubble(t, func(t *testing.T, server *authority, check func(string) error) {
		key := server.publish(t, "one", jwa.ES256)
		server.publish(t, "two", jwa.ES256)
		require.NoError(t, check(key.sign(t, nil, nil)))
		server.set(func() { server.keys = server.keys[1:] })
		pass(8 * time.Hour)
		require.ErrorIs(t, check(key.sign(t, nil, nil)), verify.ErrInvalid)
	})
}

func TestAnUnknownKeyIsLookedForButNotOften(t *testing.T) {
	bubble(t, func(t *testing.T, server *authority, check func(string) error) {
		first := server.publish(t, "one", jwa.ES256)
		require.NoError(t, check(first.sign(t, nil, nil)))
		second := newSigner(t, "two", jwa.ES256)
		for range 20 {
			require.ErrorIs(t, check(second.sign(t, nil, nil)), verify.ErrInvalid)
		}
		require.Equal(t, 1, server.requests(), "it was read a moment ago")
		server.set(func() { server.keys = append(server.keys, second.published) })
		pass(3 * time.Second)
		require.NoError(t, check(second.sign(t, nil, nil)))
		require.Equal(t, 2, server.requests())
	})
}

func TestKnownKeysCountWhileTheServerIsAway(t *testing.T) {
	bubble(t, func(t *testing.T, server *authority, check func(string) error) {
		key := server.publish(t, "one", jwa.ES256)
		require.NoError(t, check(key.sign(t, nil, nil)))
		server.set(func() { server.away = true })
		pass(time.Hour)
		for range 10 {
			require.NoError(t, check(key.sign(t, nil, nil)))
		}
		require.Equal(t, 2, server.requests(), "it is left in peace for a while")

		hangs := make(chan struct{})
		server.set(func() { server.answer = hangs })
		pass(time.Minute)
		began := time.Now()
		require.NoError(t, check(key.sign(t, nil, nil)))
		require.Equal(t, began, time.Now(), "nobody waits for a server that was away already")
		synctest.Wait()
		require.Equal(t, 3, server.requests())

		pass(24 * time.Hour)
		require.ErrorIs(t, check(key.sign(t, nil, nil)), verify.ErrUnavailable, "not for ever")
		server.set(func() { server.away, server.answer = false, nil })
		pass(5 * time.Second)
		require.NoError(t, check(key.sign(t, nil, nil)))
	})
}

func TestKeysThatWereNeverRead(t *testing.T) {
	bubble(t, func(t *testing.T, server *authority, check func(string) error) {
		key := server.publish(t, "one", jwa.ES256)
		server.set(func() { server.away = true })
		for range 10 {
			require.ErrorIs(t, check(key.sign(t, nil, nil)), verify.ErrUnavailable)
		}
		require.Equal(t, 1, server.requests())
		server.set(func() { server.away = false })
		pass(3 * time.Second)
		require.NoError(t, check(key.sign(t, nil, nil)))
	})
}

// Whoever leaves does not take the keys from those who wait for them too.
func TestTheFirstToAskMayLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newAuthority()
		key, answer := server.publish(t, "one", jwa.ES256), make(chan struct{})
		server.answer = answer
		verifier, token := server.verifier(t), key.sign(t, nil, nil)
		ctx, cancel := context.WithCancel(t.Context())
		left := make(chan error, 1)
		go func() {
			_, err := verifier.Verify(ctx, token)
			left <- err
		}()
		synctest.Wait()
		cancel()
		err := <-left
		require.ErrorIs(t, err, verify.ErrUnavailable)
		require.ErrorIs(t, err, context.Canceled)
		close(answer)
		_, err = verifier.Verify(t.Context(), token)
		require.NoError(t, err)
		require.Equal(t, 1, server.requests())
	})
}

// A newer server may publish keys that this release has never heard of, and nothing that a
// server publishes makes a secret or a weak key count.
func TestKeysThatCannotBeUsedAreLeftOut(t *testing.T) {
	bubble(t, func(t *testing.T, server *authority, check func(string) error) {
		weak, err := rsa.GenerateKey(rand.Reader, 1024)
		require.NoError(t, err)
		unfit := newSigner(t, "unfit", jwa.ES384)
		unfit.published["alg"] = jwa.ES256
		unfit.algorithm = jwa.ES256
		sealing := newSigner(t, "sealing", jwa.ES256)
		sealing.published["use"] = "enc"
		silent := newSigner(t, "silent", jwa.ES256)
		delete(silent.published, "alg")
		small := signer{id: "weak", algorithm: jwa.RS256, private: weak, published: document(t, weak, map[string]any{"kid": "weak", "alg": "RS256"})}
		server.keys = []map[string]any{
			{"kty": "AKP", "kid": "future", "alg": "ML-DSA-44", "pub": "AAAA"},
			{"kty": "oct", "kid": "shared", "alg": "HS256", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"},
			{"kty": "EC"},
			unfit.published, sealing.published, silent.published, small.published,
		}
		good := server.publish(t, "good", jwa.EdDSA)
		require.NoError(t, check(good.sign(t, nil, nil)))
		shared := signer{id: "shared", algorithm: jwa.HS256, private: []byte("secretsecretsecretsecret")}
		for _, one := range []signer{sealing, silent, small, shared} {
			require.ErrorIs(t, check(one.sign(t, nil, nil)), verify.ErrInvalid, one.id)
		}
	})
}

func TestWhatIsNoSetOfKeys(t *testing.T) {
	for name, change := range map[string]func(*authority){
		"HTML":      func(a *authority) { a.verbatim = "<html>" },
		"no keys":   func(a *authority) { a.verbatim = `{"keys":[]}` },
		"too large": func(a *authority) { a.verbatim = `{"keys":[]}` + strings.Repeat(" ", 256<<10) },
		"an error":  func(a *authority) { a.status = http.StatusBadGateway },
		"a redirect": func(a *authority) {
			a.status, a.header = http.StatusFound, http.Header{"Location": {"https://evil.example/"}}
		},
		"a nested set": func(a *authority) { a.verbatim = strings.Repeat(`{"keys":[`, 1000) },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, server *authority, check func(string) error) {
				key := server.publish(t, "one", jwa.ES256)
				token := key.sign(t, nil, nil)
				change(server)
				require.ErrorIs(t, check(token), verify.ErrUnavailable)
				require.Equal(t, 1, server.requests())
			})
		})
	}
}

func TestHowLongACopyIsKept(t *testing.T) {
	for header, want := range map[string]time.Duration{
		"public, max-age=60": time.Minute, "MAX-AGE=7": 7 * time.Second, "max-age=999999": time.Hour,
		"": 5 * time.Minute, "no-cache": 5 * time.Minute, "max-age=-1": 5 * time.Minute,
	} {
		t.Run(header, func(t *testing.T) {
			bubble(t, func(t *testing.T, server *authority, check func(string) error) {
				server.header.Set("Cache-Control", header)
				key := server.publish(t, "one", jwa.ES256)
				require.NoError(t, check(key.sign(t, nil, nil)))
				pass(want - time.Second)
				require.NoError(t, check(key.sign(t, nil, nil)))
				require.Equal(t, 1, server.requests())
				pass(time.Second)
				require.NoError(t, check(key.sign(t, nil, nil)))
				require.Equal(t, 2, server.requests())
			})
		})
	}
}
