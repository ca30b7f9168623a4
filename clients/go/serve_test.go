package lintel_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/boot"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/password"
)

// serve runs the real server until the test ends, in test mode and by the machine's clock,
// because tokens are checked by that too. Hashing is cheap.
func serve(t *testing.T, change ...func(*config.Config)) (baseURL string) {
	t.Helper()
	settings := config.Default()
	settings.Listen, settings.Operations.Listen = "localhost:0", "localhost:0"
	settings.DataDir, settings.TestMode = t.TempDir(), true
	settings.Hasher.Cost = password.Cost{Memory: 64, Time: 1, Threads: 1}
	for _, one := range change {
		one(&settings)
	}
	server, err := boot.New(t.Context(), settings, boot.Surroundings{})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
	})
	return server.BaseURL()
}
