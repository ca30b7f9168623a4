package lintel_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	lintel "github.com/lintel-id/lintel/clients/go"
)

func TestAnExportOfOnesOwn(t *testing.T) {
	ada := register(t, serve(t))
	_, err := ada.GetExport(t.Context())
	failure, ok := errors.AsType[*lintel.Error](err)
	require.True(t, ok)
	require.Equal(t, "export_unknown", failure.Code)
	require.Equal(t, http.StatusNotFound, failure.Status)
	begun, err := ada.CreateExport(t.Context())
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		found, err := ada.GetExport(t.Context())
		require.NoError(t, err)
		require.Equal(t, begun.ID, found.ID)
		return found.Status == "completed"
	}, 20*time.Second, 20*time.Millisecond)
	result, err := ada.GetExportResult(t.Context())
	require.NoError(t, err)
	require.True(t, result.NextPart.IsNull())
	require.Contains(t, result.Text, ada.email)
	require.NotContains(t, result.Text, ada.token)
}
