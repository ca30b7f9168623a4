package main

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/tests/load/open"
	"github.com/lintel-id/lintel/tests/load/report"
)

// A start that was not answered well is no fast one, and is told.
func TestWhatBecameOfStartsThatQueueAMessage(t *testing.T) {
	p := &post{}
	p.add([]time.Duration{2 * time.Millisecond, time.Millisecond}, []open.Sent{
		{Status: http.StatusCreated, Took: 6 * time.Millisecond},
		{Status: http.StatusCreated, Took: 3 * time.Millisecond, Late: time.Millisecond},
		{Status: http.StatusTooManyRequests, Took: time.Microsecond}, {},
	})
	require.Equal(t, []float64{3}, p.ratio)
	require.Equal(t, []float64{0.5}, p.queued)
	require.Equal(t, []float64{1}, p.late)
	require.Equal(t, spell{p50: []float64{6}, p95: []float64{6}}, p.known)
	require.Equal(t, spell{p50: []float64{3}, p95: []float64{3}}, p.unknown)
	require.Equal(t, spell{p50: []float64{1}, p95: []float64{2}}, p.insert)
}

// What the worker hands over is told where it is kept, under the name that a bench gives it.
func TestWhatIsHandedOverIsKept(t *testing.T) {
	kept, err := report.Read("results/messages.json")
	require.NoError(t, err)
	var found []report.Series
	for _, figure := range kept.Figures {
		if figure.Name == handingOver {
			found = append(found, figure)
		}
	}
	require.Len(t, found, 1)
	require.Equal(t, "/s", found[0].Unit)
	require.GreaterOrEqual(t, found[0].Median, 1000.0)
	rewritten := filepath.Join(t.TempDir(), "messages.json")
	require.NoError(t, kept.Write(rewritten))
	before, err := os.ReadFile("results/messages.json")
	require.NoError(t, err)
	after, err := os.ReadFile(rewritten)
	require.NoError(t, err)
	require.Equal(t, string(after), string(before), "it is as a bench writes it")
}
