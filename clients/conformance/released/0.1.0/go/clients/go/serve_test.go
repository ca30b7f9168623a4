package lintel_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// serve gives the address of a server of another release, which is in test mode.
func serve(t *testing.T) (baseURL string) {
	t.Helper()
	baseURL = os.Getenv("LINTEL_SERVER")
	require.NotEmpty(t, baseURL)
	return baseURL
}
