package cli_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/boot/observe"
	"github.com/lintel-id/lintel/server/cli"
)

func TestMetricsListsEveryMetric(t *testing.T) {
	code, out, _ := run(t.Context(), nil, "metrics")
	require.Equal(t, cli.Done, code)
	require.Len(t, strings.Split(strings.TrimSpace(out), "\n"), 2+len(observe.Declared()))
	require.Contains(t, out, "| `lintel_trace_spans_total` | counter | `outcome`: ")

	code, out, _ = run(t.Context(), nil, "metrics", "--format", "json")
	require.Equal(t, cli.Done, code)
	var listed []observe.Metric
	require.NoError(t, json.Unmarshal([]byte(out), &listed))
	require.Len(t, listed, len(observe.Declared()))

	for flag, want := range map[string][]byte{"--dashboard": observe.Dashboard(), "--alerts": observe.Alerts()} {
		code, out, _ = run(t.Context(), nil, "metrics", flag)
		require.Equal(t, cli.Done, code)
		require.Equal(t, string(want), out)
	}
	code, out, errs := run(t.Context(), nil, "metrics", "--format", "xml")
	require.Equal(t, cli.Misused, code)
	require.Empty(t, out)
	require.Contains(t, errs, "xml")
}
