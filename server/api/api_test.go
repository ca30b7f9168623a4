package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// One walk through everything a signed-in user does; each response is held against
// the contract on its way.
func TestPromise_ContractIsServer_OneWalk(t *testing.T) {
	h := build(t, nil)
	token := "Bearer " + h.register(t, "ada@example.com")

	a := h.call(t, "GET", "/v1/session", "", "Authorization", token)
	require.Equal(t, 200, a.status, a.text)
	require.Equal(t, "aal1", a.body["acr"])
	a = h.call(t, "GET", "/v1/me", "", "Authorization", token)
	require.Equal(t, 200, a.status, a.text)
	tag := a.header.Get("ETag")
	a = h.call(t, "PATCH", "/v1/me", `{"profile":{"nickname":"Ada"}}`, "Authorization", token, "If-Match", tag, "Content-Type", "application/merge-patch+json")
	require.Equal(t, 200, a.status, a.text)
	a = h.call(t, "PATCH", "/v1/me", `{"profile":{"nickname":"Bob"}}`, "Authorization", token, "If-Match", tag, "Content-Type", "application/merge-patch+json")
	require.Equal(t, 412, a.status, a.text)
	require.Equal(t, "version_stale", a.code())
	a = h.call(t, "PUT", "/v1/me/password", `{"password":"a short walk to the green hill"}`, "Authorization", token)
	require.Equal(t, 204, a.status, a.text)
	a = h.call(t, "POST", "/v1/session/refresh", "", "Authorization", token)
	require.Equal(t, 200, a.status, a.text)
	a = h.call(t, "GET", "/v1/me/sessions?limit=1", "", "Authorization", token)
	require.Equal(t, 200, a.status, a.text)
	require.Len(t, a.body["items"], 1)
	a = h.call(t, "GET", "/v1/configuration", "")
	require.Equal(t, 200, a.status, a.text)
	a = h.call(t, "DELETE", "/v1/me/sessions", "", "Authorization", token)
	require.Equal(t, 204, a.status, a.text)
	a = h.call(t, "DELETE", "/v1/session", "", "Authorization", token)
	require.Equal(t, 204, a.status, a.text)
	a = h.call(t, "GET", "/v1/session", "", "Authorization", token)
	require.Equal(t, 401, a.status, a.text)
	require.Equal(t, `Bearer realm="lintel", error="invalid_token"`, a.header.Get("WWW-Authenticate"))
}
