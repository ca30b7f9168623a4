package application_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/fault"
)

func TestTokens(t *testing.T) {
	h, ctx := open(t)
	made, err := h.Ensure(ctx, web())
	require.NoError(t, err)
	require.Equal(t, application.Tokens{Audiences: []string{}, Lifetime: 5 * time.Minute}, made.Tokens)

	declared := web()
	declared.Tokens = application.Tokens{Audiences: []string{"https://api.example", "orders"}, Lifetime: 30 * time.Second}
	made, err = h.Ensure(ctx, declared)
	require.NoError(t, err)
	require.Equal(t, declared.Tokens, made.Tokens)
	stored, err := h.ByClientID(ctx, "web")
	require.NoError(t, err)
	require.Equal(t, declared.Tokens, stored.Tokens)
	_, err = h.Ensure(ctx, declared)
	require.NoError(t, err)
	require.Equal(t, []string{
		`application.created {"client_id":"web"}`,
		`application.updated {"client_id":"web","fields":["token_audiences","token_lifetime"],` +
			`"before":{"token_audiences":[],"token_lifetime":"5m0s"},"after":{"token_audiences":["https://api.example","orders"],"token_lifetime":"30s"}}`,
	}, h.told(ctx, t))
}

func TestTokensThatCannotBe(t *testing.T) {
	h, ctx := open(t)
	for pointer, tokens := range map[string]application.Tokens{
		"/token/lifetime":    {Lifetime: 30*time.Second - 1},
		"/token/lifetime ":   {Lifetime: time.Hour + time.Second},
		"/token/lifetime  ":  {Lifetime: 90*time.Second + time.Millisecond},
		"/token/lifetime   ": {Lifetime: -time.Minute},
		"/token/audiences/0": {Audiences: []string{""}},
		"/token/audiences/1": {Audiences: []string{"orders", "or ders"}},
		"/token/audiences/2": {Audiences: []string{"orders", "billing", "orders"}},
		"/token/audiences/3": {Audiences: []string{"a", "b", "c", strings.Repeat("d", 257)}},
	} {
		declared := web()
		declared.Tokens = tokens
		_, err := h.Ensure(ctx, declared)
		require.ErrorIs(t, err, application.ErrInvalid, pointer)
		require.Len(t, fault.As(err).Fields, 1)
		require.Equal(t, strings.TrimSpace(pointer), fault.As(err).Fields[0].Pointer)
	}
	require.Empty(t, h.told(ctx, t))
}
