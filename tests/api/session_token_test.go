package api_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/user"
)

func (c *caller) token(audience string) answer {
	c.t.Helper()
	return c.got(c.wire.CreateSessionToken(context.Background(), &wire.CreateSessionTokenParams{Audience: optional(audience)}))
}

// minted is a token as a service receives it.
type minted struct {
	wire.SessionJWT
	parts []string
}

func (c *caller) mint(audience string) minted {
	c.t.Helper()
	m := minted{SessionJWT: read[wire.SessionJWT](c.token(audience).is(http.StatusOK))}
	m.parts = strings.Split(m.Token, ".")
	require.Len(c.t, m.parts, 3)
	return m
}

func unpack(t *testing.T, part string) []byte {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(part)
	require.NoError(t, err)
	return raw
}

type joseHeader struct{ Alg, Kid, Typ string }

func (m minted) header(t *testing.T) (h joseHeader) {
	t.Helper()
	require.NoError(t, json.Unmarshal(unpack(t, m.parts[0]), &h))
	return h
}

func (m minted) claims(t *testing.T) (claims map[string]any) {
	t.Helper()
	require.NoError(t, json.Unmarshal(unpack(t, m.parts[1]), &claims))
	return claims
}

// verify does what a service does, with nothing but the published keys and the
// standard library. Spec: RFC 7515 §5.2, RFC 7518 §3.4.
func (m minted) verify(t *testing.T, p *person) {
	t.Helper()
	keys := read[wire.JwkSet](p.jwks().is(http.StatusOK)).Keys
	at := slices.IndexFunc(keys, func(key wire.Jwk) bool { return key.Kid == m.header(t).Kid })
	require.GreaterOrEqual(t, at, 0, "its key is published")
	point := slices.Concat([]byte{4}, unpack(t, *keys[at].X), unpack(t, *keys[at].Y))
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	require.NoError(t, err)
	digest := sha256.Sum256([]byte(m.parts[0] + "." + m.parts[1]))
	signature := unpack(t, m.parts[2])
	require.Len(t, signature, 64)
	require.True(t, ecdsa.Verify(key, digest[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])))
	digest[0] ^= 1
	require.False(t, ecdsa.Verify(key, digest[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])))

	// "kid" is the key's thumbprint. Spec: RFC 7638 §3.
	thumbprint := sha256.Sum256([]byte(`{"crv":"P-256","kty":"EC","x":"` + *keys[at].X + `","y":"` + *keys[at].Y + `"}`))
	require.Equal(t, base64.RawURLEncoding.EncodeToString(thumbprint[:]), keys[at].Kid)
}

func TestSessionToken(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		p.jwks() // makes the first key, if this is the first scenario
		s.forgetEvents()
		began := s.Clock.Now()
		s.Clock.Advance(90*time.Second + 300*time.Millisecond)
		now := s.Clock.Now().Truncate(time.Second)

		m := p.mint("")
		require.Equal(t, s.URL, m.Audience, "the issuer itself, where nothing is listed")
		require.Equal(t, "Bearer", m.TokenType)
		require.EqualValues(t, 300, m.ExpiresIn)
		require.Equal(t, now.Add(5*time.Minute), m.ExpiresAt)
		require.Equal(t, "ES256", m.header(t).Alg)
		require.Equal(t, "JWT", m.header(t).Typ)
		m.verify(t, p)
		claims := m.claims(t)
		id, _ := claims["jti"].(string)
		require.Regexp(t, "^jwt_[0-9a-z]{26}$", id)
		delete(claims, "jti")
		require.Equal(t, map[string]any{
			"iss": s.URL, "sub": p.ID, "aud": s.URL, "iat": float64(now.Unix()), "exp": float64(now.Add(5 * time.Minute).Unix()),
			"sid": p.session, "client_id": "default", "acr": "aal1", "amr": []any{"pwd"}, "auth_time": float64(began.Unix()),
			"roles": []any{}, "permissions": []any{},
		}, claims)

		role := s.granted(p.ID, "invoices:read", "lintel:users:read")
		claims = p.mint("").claims(t)
		require.Equal(t, []any{role.Key}, claims["roles"])
		require.Equal(t, []any{"invoices:read", "lintel:users:read"}, claims["permissions"])
		s.first().unassign(p.ID, role.ID).is(http.StatusNoContent)
		s.fired("role.unassigned")
		require.Equal(t, []any{}, p.mint("").claims(t)["roles"])

		require.NotEqual(t, id, p.mint("").claims(t)["jti"], "each is another one")
		require.Equal(t, m.Audience, p.mint(s.URL).Audience)
		s.fired()
	})
}

func TestSessionTokenForTheApplicationsAudiences(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		start := c.asking("registration", c.choose(newName(), newPassword(), nil))
		start.ClientID = optional("minting")
		p := &person{caller: c}
		c.completed(c.start(start).is(http.StatusCreated))
		c.jwks()
		s.forgetEvents()
		m := p.mint("")
		require.Equal(t, "https://api.example.com", m.Audience, "the first that is listed")
		require.EqualValues(t, 30, m.ExpiresIn)
		m.verify(t, p)
		require.Equal(t, "orders", p.mint("orders").claims(t)["aud"])
		require.Equal(t, "minting", p.mint("orders").claims(t)["client_id"])
		for _, audience := range []string{s.URL, "Orders", "https://api.example.com/", "https://evil.example"} {
			c.token(audience).refused(http.StatusUnprocessableEntity, "audience_not_allowed")
		}
		for _, query := range []string{"audience=", "audience=orders&audience=orders", "audience=" + strings.Repeat("a", 257)} {
			c.send(http.MethodPost, "/v1/session/token?"+query, "").invalid("request_invalid", "#query/audience")
		}
		c.send(http.MethodPost, "/v1/session/token", "{}").refused(http.StatusBadRequest, "request_malformed")
		s.fired()
	})
}

// A token ends with its session's absolute limit at the latest.
func TestSessionTokenDoesNotOutliveItsSession(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		ends := p.me().session().ExpiresAt
		for range 3 {
			s.Clock.Advance(29 * day)
			p.refresh().session()
		}
		s.Clock.Advance(ends.Sub(s.Clock.Now()) - 90*time.Second)
		m := p.mint("")
		s.forgetEvents()
		require.Equal(t, ends.Truncate(time.Second), m.ExpiresAt)
		require.EqualValues(t, 90, m.ExpiresIn)
		require.EqualValues(t, ends.Unix(), m.claims(t)["exp"])
		s.Clock.Advance(90*time.Second - 300*time.Millisecond)
		p.token("").refused(http.StatusUnauthorized, "session_invalid")
		s.fired()
	})
}

// A page mints from a cookie only where it belongs to the session's application.
func TestClass_Fixation_APageMintsForItsOwnApplication(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		b := s.browser(s.URL)
		p := b.somebody()
		p.jwks()
		s.forgetEvents()
		p.mint("").verify(t, p)
		for _, origin := range []string{"", "null", "https://evil.example", siblingOrigin, s.URL + ".evil.example"} {
			b.origin = origin
			refused := b.token("")
			refused.refused(http.StatusForbidden, "origin_not_allowed")
			require.Empty(t, refused.header.Get("Access-Control-Allow-Origin"))
		}
		s.fired()
	})
}

// Whoever has no session, or has one no longer, gets no token to go on with.
func TestClass_SideGrant_NoTokenWithoutASession(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		behind := s.behind(s.tenant())
		s.app().token("").refused(http.StatusUnauthorized, "session_invalid")
		left := s.somebody()
		left.logout().is(http.StatusNoContent)
		left.token("").refused(http.StatusUnauthorized, "session_invalid")
		expired := s.somebody()
		s.Clock.Advance(30 * day)
		expired.token("").refused(http.StatusUnauthorized, "session_invalid")

		suspended := s.somebody()
		suspended.mint("")
		var who user.ID
		require.NoError(t, who.UnmarshalText([]byte(suspended.ID)))
		_, err := behind.users.Suspend(behind.ctx, who)
		require.NoError(t, err)
		suspended.gone()
		suspended.token("").refused(http.StatusUnauthorized, "session_invalid")

		shop := application.Declaration{ClientID: newWord(), OwnershipProof: application.Deferred}
		_, err = behind.applications.Ensure(behind.ctx, shop)
		require.NoError(t, err)
		s.Clock.Advance(time.Minute)
		c := s.app()
		start := c.asking("registration", c.choose(newName(), newPassword(), nil))
		start.ClientID = &shop.ClientID
		c.completed(c.start(start).is(http.StatusCreated))
		c.mint("")
		shop.Disabled = true
		_, err = behind.applications.Ensure(behind.ctx, shop)
		require.NoError(t, err)
		c.gone()
		c.token("").refused(http.StatusUnauthorized, "session_invalid")
		s.forgetEvents()
	})
}

// Protects: what is minted for services opens nothing here, however it is signed, so
// that no key confusion can turn it into a session.
func TestClass_Algorithm_ATokenIsNoSession(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		m := p.mint("")
		document := p.jwks().is(http.StatusOK).body
		forge := func(header string, sign func(input string) []byte) string {
			input := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + m.parts[1]
			return input + "." + base64.RawURLEncoding.EncodeToString(sign(input))
		}
		s.forgetEvents()
		for name, token := range map[string]string{
			"as minted": m.Token,
			"none":      forge(`{"alg":"none","typ":"JWT"}`, func(string) []byte { return nil }),
			"hmac": forge(`{"alg":"HS256","typ":"JWT"}`, func(input string) []byte {
				mac := hmac.New(sha256.New, document)
				mac.Write([]byte(input))
				return mac.Sum(nil)
			}),
		} {
			c := s.app().with(token)
			c.me().refused(http.StatusUnauthorized, "session_invalid")
			refused := c.token("")
			refused.refused(http.StatusUnauthorized, "session_invalid")
			require.Equal(t, http.StatusUnauthorized, refused.status, name)
		}
		s.fired()
	})
}
