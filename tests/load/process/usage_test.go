package process

import (
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestCPUTimeIsReadBehindAnyName(t *testing.T) {
	tail := " S 1 1 1 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 8 0 100 1000 100"
	for _, name := range []string{"7 (load)", "7 (a b) c)"} {
		got, err := parseCPUTime(name + tail)
		require.NoError(t, err)
		require.Equal(t, 3*time.Second, got)
	}
	for _, bad := range []string{"", "7 (load) S 1", "7 (load) S 1 1 1 0 -1 4194560 100 0 0 0 x 50"} {
		_, err := parseCPUTime(bad)
		require.ErrorIs(t, err, ErrUntold)
	}
}

func TestWeKnowThisProcess(t *testing.T) {
	resident, err := ResidentMB(os.Getpid())
	if runtime.GOOS != "linux" {
		require.ErrorIs(t, err, ErrUntold)
		return
	}
	require.NoError(t, err)
	require.Positive(t, resident)
	peak, err := PeakMB(os.Getpid())
	require.NoError(t, err)
	require.GreaterOrEqual(t, peak, resident)
	_, err = CPUTime(os.Getpid())
	require.NoError(t, err)
}
