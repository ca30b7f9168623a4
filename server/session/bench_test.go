package session_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/session"
)

// The warm check is the hottest path of the server.
func BenchmarkResolveWarm(b *testing.B) {
	n, ctx := build(b, clock.System{}, nil), scoped(b)
	follow(b, n)
	tokens := make([]string, 1000)
	for i := range tokens {
		_, tokens[i] = n.begin(b, ctx, now())
		_, err := n.Resolve(ctx, tokens[i])
		require.NoError(b, err)
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			if _, err := n.Resolve(ctx, tokens[i%len(tokens)]); err != nil {
				b.Error(err)
			}
		}
	})
}

// Telling of a look-up costs nothing where nobody listens: the token is parsed, its
// digest made, and that is all that is allocated.
func TestAWarmLookupAllocatesNoMoreThanItsToken(t *testing.T) {
	n, ctx := build(t, clock.System{}, nil), scoped(t)
	follow(t, n)
	_, token := n.begin(t, ctx, now())
	_, err := n.Resolve(ctx, token)
	require.NoError(t, err)
	var digest secret.Digest
	alone := testing.AllocsPerRun(100, func() {
		parsed, _ := secret.ParseToken(session.TokenPrefix, token)
		digest = parsed.Digest()
	})
	require.NotZero(t, digest)
	require.Equal(t, int(alone), int(testing.AllocsPerRun(100, func() { _, _ = n.Resolve(ctx, token) })))
}

// What the token's shape and digest cost before the cache is asked.
func BenchmarkTokenOnly(b *testing.B) {
	token := secret.NewToken(session.TokenPrefix).Reveal()
	b.ReportAllocs()
	for b.Loop() {
		parsed, _ := secret.ParseToken(session.TokenPrefix, token)
		_ = parsed.Digest()
	}
}
