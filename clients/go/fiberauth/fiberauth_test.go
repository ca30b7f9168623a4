package fiberauth_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
	"github.com/lestrrat-go/jwx/v2/jws"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/fiberauth"
	"github.com/lintel-id/lintel/clients/go/verify"
)

// issue starts a server that publishes a key, and gives a token that it signed.
func issue(t *testing.T) (issuer, token string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	public, err := jwk.PublicKeyOf(private)
	require.NoError(t, err)
	require.NoError(t, public.Set(jwk.KeyIDKey, "one"))
	require.NoError(t, public.Set(jwk.AlgorithmKey, jwa.ES256))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": []any{public}})
	}))
	t.Cleanup(server.Close)
	payload, err := json.Marshal(map[string]any{
		"iss": server.URL, "aud": server.URL, "sub": "usr_1", "sid": "ses_1", "exp": time.Now().Add(time.Minute).Unix(),
	})
	require.NoError(t, err)
	headers := jws.NewHeaders()
	require.NoError(t, headers.Set("kid", "one"))
	require.NoError(t, headers.Set("typ", "JWT"))
	signed, err := jws.Sign(payload, jws.WithKey(jwa.ES256, private, jws.WithProtectedHeaders(headers)))
	require.NoError(t, err)
	return server.URL, string(signed)
}

func TestMiddleware(t *testing.T) {
	issuer, token := issue(t)
	verifier, err := verify.New(issuer, verify.Options{})
	require.NoError(t, err)
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/open", func(c *fiber.Ctx) error { return c.JSON(fiberauth.Claims(c) == nil) })
	app.Use(fiberauth.New(verifier))
	app.Get("/", func(c *fiber.Ctx) error { return c.SendString(fiberauth.Claims(c).UserID) })
	for name, c := range map[string]struct {
		path          string
		authorization []string
		status        int
		challenge     string
		body          string
	}{
		"good":        {"/", []string{"Bearer " + token}, http.StatusOK, "", "usr_1"},
		"outside":     {"/open", nil, http.StatusOK, "", "true"},
		"nothing":     {"/", nil, http.StatusUnauthorized, "Bearer", `{"type":"about:blank","title":"Unauthorized","status":401,"code":"token_missing","detail":"There is no token."}`},
		"a bad one":   {"/", []string{"Bearer x.y.z"}, http.StatusUnauthorized, `Bearer error="invalid_token"`, `{"type":"about:blank","title":"Unauthorized","status":401,"code":"token_invalid","detail":"The token is not valid, or not any more."}`},
		"two of them": {"/", []string{"Bearer " + token, "Bearer " + token}, http.StatusUnauthorized, `Bearer error="invalid_token"`, `{"type":"about:blank","title":"Unauthorized","status":401,"code":"token_invalid","detail":"The token is not valid, or not any more."}`},
	} {
		t.Run(name, func(t *testing.T) {
			request := httptest.NewRequest(http.MethodGet, c.path, nil)
			request.Header["Authorization"] = c.authorization
			answer, err := app.Test(request, -1)
			require.NoError(t, err)
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			require.NoError(t, err)
			require.Equal(t, c.status, answer.StatusCode)
			require.Equal(t, c.challenge, answer.Header.Get("WWW-Authenticate"))
			require.Equal(t, c.body, string(body))
			if c.status != http.StatusOK {
				require.Equal(t, "application/problem+json", answer.Header.Get("Content-Type"))
			}
		})
	}
}
