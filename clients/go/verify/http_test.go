package verify_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/verify"
)

func TestMiddleware(t *testing.T) {
	server := newAuthority()
	key := server.publish(t, "one", jwa.ES256)
	token := key.sign(t, nil, nil)
	var inside *verify.Claims
	handler := server.verifier(t).Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		inside = verify.FromContext(r.Context())
	}))
	for name, c := range map[string]struct {
		authorization []string
		status        int
		challenge     string
		code          string
	}{
		"good":             {[]string{"Bearer " + token}, http.StatusOK, "", ""},
		"in other letters": {[]string{"bearer  " + token}, http.StatusOK, "", ""},
		"nothing":          {nil, http.StatusUnauthorized, "Bearer", "token_missing"},
		"no token":         {[]string{"Bearer"}, http.StatusUnauthorized, "Bearer", "token_missing"},
		"another scheme":   {[]string{"Basic YTpi"}, http.StatusUnauthorized, "Bearer", "token_missing"},
		"a bad one":        {[]string{"Bearer nonsense"}, http.StatusUnauthorized, `Bearer error="invalid_token"`, "token_invalid"},
		"two of them":      {[]string{"Bearer " + token, "Bearer " + token}, http.StatusUnauthorized, `Bearer error="invalid_token"`, "token_invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			inside = nil
			request := httptest.NewRequest(http.MethodGet, "/", nil)
			request.Header["Authorization"] = c.authorization
			answer := httptest.NewRecorder()
			handler.ServeHTTP(answer, request)
			require.Equal(t, c.status, answer.Code)
			require.Equal(t, c.challenge, answer.Header().Get("WWW-Authenticate"))
			if c.code == "" {
				require.Equal(t, "usr_1", inside.UserID)
				return
			}
			require.Nil(t, inside)
			requireProblem(t, answer, c.status, c.code)
		})
	}
}

func requireProblem(t *testing.T, answer *httptest.ResponseRecorder, status int, code string) {
	t.Helper()
	require.Equal(t, "application/problem+json", answer.Header().Get("Content-Type"))
	require.Equal(t, "no-store", answer.Header().Get("Cache-Control"))
	var problem struct {
		Type, Title, Code, Detail string
		Status                    int
	}
	require.NoError(t, json.Unmarshal(answer.Body.Bytes(), &problem))
	require.Equal(t, "about:blank", problem.Type)
	require.Equal(t, http.StatusText(status), problem.Title)
	require.Equal(t, status, problem.Status)
	require.Equal(t, code, problem.Code)
	require.NotEmpty(t, problem.Detail)
}

// Nobody is told to sign in again because a key could not be read.
func TestMiddlewareWithoutKeys(t *testing.T) {
	server := newAuthority()
	key := server.publish(t, "one", jwa.ES256)
	server.away = true
	handler := server.verifier(t).Middleware(http.NotFoundHandler())
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	request.Header.Set("Authorization", "Bearer "+key.sign(t, nil, nil))
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	require.Equal(t, http.StatusServiceUnavailable, answer.Code)
	require.Equal(t, "3", answer.Header().Get("Retry-After"))
	require.Empty(t, answer.Header().Get("WWW-Authenticate"))
	requireProblem(t, answer, http.StatusServiceUnavailable, "keys_unavailable")
}

func TestNobodyIsInAnEmptyContext(t *testing.T) {
	require.Nil(t, verify.FromContext(context.Background()))
}
