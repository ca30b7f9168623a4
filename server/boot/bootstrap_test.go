package boot

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
)

var keyInGreeting = regexp.MustCompile(`lk_[A-Za-z0-9_-]{43}`)

func manages(t *testing.T, server running, key string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.BaseURL()+"/admin/v1/api-keys", http.NoBody)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+key)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response.StatusCode
}

// A developer is shown the first API key at the first start, and never again.
func TestTheFirstKeyIsShownOnce(t *testing.T) {
	settings := developmentConfig(t)
	server := start(t, settings)
	key := keyInGreeting.FindString(server.Greeting())
	require.NotEmpty(t, key)
	require.Equal(t, 1, strings.Count(server.Greeting(), "lk_"))
	require.Equal(t, http.StatusOK, manages(t, server, key))
	require.NoError(t, server.stop())

	again := start(t, settings)
	require.NotContains(t, again.Greeting(), "lk_")
	require.Equal(t, http.StatusOK, manages(t, again, key))
}

// What is configured is shown to nobody, and replaces no key that is there.
func TestTheFirstKeyCanBeConfigured(t *testing.T) {
	settings, key, later := developmentConfig(t), secret.NewToken(apikey.Prefix), secret.NewToken(apikey.Prefix)
	settings.BootstrapKey = key.Text
	server := start(t, settings)
	require.NotContains(t, server.Greeting(), "lk_")
	require.Equal(t, http.StatusOK, manages(t, server, key.Reveal()))
	require.NoError(t, server.stop())

	settings.BootstrapKey = later.Text
	again := start(t, settings)
	require.Equal(t, http.StatusOK, manages(t, again, key.Reveal()))
	require.Equal(t, http.StatusUnauthorized, manages(t, again, later.Reveal()))
	require.NoError(t, again.stop())

	settings.BootstrapKey = secret.NewText("lk_short")
	_, err := New(t.Context(), settings, Surroundings{})
	require.ErrorContains(t, err, "bootstrap_key: must be lk_")
	require.NotContains(t, err.Error(), "short")
}

// Production makes no key up: there is nobody to show it to.
func TestProductionHasNoKeyUnlessItIsConfigured(t *testing.T) {
	settings := productionConfig(t)
	server := start(t, settings)
	here, err := server.services.tenants.ByHost(t.Context(), "id.example.com")
	require.NoError(t, err)
	ctx := reqctx.WithTenant(t.Context(), here.ID)
	page, err := server.services.apiKeys.List(ctx, apikey.ID{}, 10)
	require.NoError(t, err)
	require.Empty(t, page.Items)
	require.NoError(t, server.stop())

	key := secret.NewToken(apikey.Prefix)
	settings.BootstrapKey = key.Text
	again := start(t, settings)
	_, err = again.services.apiKeys.Authenticate(ctx, key.Reveal())
	require.NoError(t, err)
}
