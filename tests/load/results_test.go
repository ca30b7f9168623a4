package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestResultsShowRatiosFirstAndSayWhatWasMissed(t *testing.T) {
	r := &results{Settings: settings{Rounds: 3, Seconds: 2}}
	r.figure("bare server", "/s", []float64{50_000, 52_000, 51_000})
	r.figure("binary", "MB", []float64{35})
	r.ratio("checks", 0.40, []float64{0.5, 0.45, 0.41})
	r.about("cold start", "ms", 100, []float64{120})
	r.note("something was left out")
	require.False(t, r.missed(), "a mark is no bound")
	r.ratio("logins", 0.90, []float64{0.80, 0.89, 0.99})
	require.True(t, r.missed())

	var out bytes.Buffer
	r.print(&out)
	require.Regexp(t, `(?s)checks +45\.0 % +\(41\.0 to 50\.0\) +goal ≥ 40 % +reached\n`+
		`logins +89\.0 % .* MISSED\ncold start +120 ms .* above\n.*bare server +51000 /s +\(50000 to 52000\)\n`+
		`binary +35\.0 MB *\nsomething was left out`, out.String())

	path := filepath.Join(t.TempDir(), "results.json")
	require.NoError(t, r.write(path))
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	var read results
	require.NoError(t, json.Unmarshal(content, &read))
	require.Equal(t, r.Ratios, read.Ratios)
	require.Equal(t, r.Figures, read.Figures)
}

func TestAPartThatMeasuredNothingHasMissed(t *testing.T) {
	r := &results{}
	r.ratio("checks", 0.40, nil)
	require.True(t, r.missed())
}

func TestOnlyWhatThereIsCanBeMeasured(t *testing.T) {
	var said bytes.Buffer
	require.Equal(t, 2, run([]string{"-only", "nothing"}, &said, &said))
	require.Contains(t, said.String(), "sessions, logins, start, commits")
	s, err := parseSettings([]string{"-short", "-only", "start", "-json", "f", "-check"}, &said)
	require.NoError(t, err)
	require.True(t, s.Short && s.check)
	require.Equal(t, []string{"start"}, s.only)
	require.Equal(t, "f", s.json)
}
