package main

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/tests/load/open"
	"github.com/lintel-id/lintel/tests/load/report"
)

func TestOnlyWhatThereIsCanBeMeasured(t *testing.T) {
	var said bytes.Buffer
	require.Equal(t, 2, run([]string{"-only", "nothing"}, &said, &said))
	require.Contains(t, said.String(), "operations, messages, passkeys, overload, start, commits, scale, lists")
	s, err := parseSettings([]string{"-short", "-only", "start", "-json", "f", "-check"}, &said)
	require.NoError(t, err)
	require.True(t, s.Short && s.check)
	require.Equal(t, []string{"start"}, s.only)
	require.Equal(t, "f", s.json)

	s, err = parseSettings(nil, &said)
	require.NoError(t, err)
	require.NotContains(t, s.only, "scale", "millions of rows are loaded only when asked for")
}

func TestAFileOfResultsIsDrawn(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "results.json")
	results := &report.Results{Overload: []report.Overload{{Engine: "SQLite"}}}
	require.NoError(t, results.Write(file))
	var said, complaints bytes.Buffer
	require.Equal(t, 0, run([]string{"plot", file, "-out", dir}, &said, &complaints), complaints.String())
	require.Equal(t, filepath.Join(dir, "overload.svg")+"\n", said.String())
	require.FileExists(t, filepath.Join(dir, "overload.svg"))

	require.Equal(t, 2, run([]string{"plot"}, &said, &complaints))
	require.Equal(t, 1, run([]string{"plot", filepath.Join(dir, "none")}, &said, &complaints))
	require.NoError(t, os.WriteFile(file, []byte("{"), 0o600))
	require.Equal(t, 1, run([]string{"plot", file, "-out", dir}, &said, &complaints))
}

// A login that is admitted only once nobody else comes any more says nothing about
// overload, and a refusal that does not say when to return is none.
func TestWhatBecameOfALoginUnderOverload(t *testing.T) {
	const lasts = 2 * time.Second
	f := &flood{}
	f.add([]open.Sent{
		{Status: http.StatusOK, Took: time.Millisecond}, {Status: http.StatusOK, Took: 3 * time.Millisecond},
		{Status: http.StatusServiceUnavailable, RetryAfter: true}, {},
	}, []open.Sent{
		{Status: http.StatusCreated, Due: 0, Took: lasts},
		{Status: http.StatusCreated, Due: time.Second, Took: lasts},
		{Status: http.StatusServiceUnavailable, RetryAfter: true, Took: 5 * time.Millisecond, Late: 4 * time.Millisecond},
		{Status: http.StatusServiceUnavailable, Took: time.Hour}, {},
	}, 1, lasts)
	require.Equal(t, []float64{0.5}, f.answered)
	require.Equal(t, []float64{0.5}, f.admitted, "one in two seconds, where one a second could be")
	require.Equal(t, []float64{0.4}, f.lost)
	require.Equal(t, []float64{1}, f.check50)
	require.Equal(t, []float64{3}, f.check99)
	require.Equal(t, []float64{2000}, f.login99)
	require.Equal(t, []float64{5}, f.refusal99)
	require.Equal(t, []float64{4}, f.late)
}

func TestALimitIsMeasuredAtLeastOnce(t *testing.T) {
	round, err := alone(2, func() {}).Go(t.Context(), 0)
	require.NoError(t, err)
	require.Equal(t, 2, round.Answered)

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = alone(1, func() { t.Error("worked for nobody") }).Go(ended, time.Hour)
	require.ErrorIs(t, err, context.Canceled)
}
