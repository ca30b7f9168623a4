package report

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func sample() *Results {
	r := &Results{Settings: Settings{Rounds: 3, Seconds: 2, Connections: []int{1, 64}}}
	r.Figure("binary", "MB", 35)
	floor, checks := Rounds{Rate: []float64{50_000, 40_000, 45_000}, P99: []float64{2, 2, 2}}, Rounds{Rate: []float64{25_000, 18_000, 27_000}, P99: []float64{3, 5, 4}}
	for _, connections := range r.Settings.Connections {
		r.Operations = append(r.Operations, NewOperation(HelloWorld, "", connections, floor))
		check := NewOperation("session check", "SQLite", connections, checks)
		share := check.Against(HelloWorld, checks, floor)
		r.Operations = append(r.Operations, check)
		r.Goal("session check", "of 1", Least, 0.40, share.Rate.Rounds)
		r.Goal("session check p99", "×", Most, 3, share.P99.Rounds)
	}
	r.Goal("cold start", "ms", Near, 100, []float64{120})
	r.Overload = []Overload{{Engine: "SQLite", Answered: NewSeries("", "of 1", []float64{0.995, 1})}}
	r.Scale = []Scale{{
		Engine: "SQLite", Operation: "session check", Connections: 16, Small: NewSeries("", "ms", []float64{1}),
		Large: NewSeries("", "ms", []float64{1.1}), Ratio: NewSeries("", "×", []float64{1.1}),
	}}
	r.Note("something was left out")
	return r
}

func TestRatiosAreToldBeforeFigures(t *testing.T) {
	r := sample()
	var out bytes.Buffer
	r.Print(&out)
	require.Regexp(t, `(?s)session check +50\.0 % +\(45\.0 to 60\.0\) +goal ≥ 40\.0 % +reached\n`+
		`session check p99 +2\.00 × +\(1\.50 to 2\.50\) +goal ≤ 3\.00 × +reached\n.*`+
		`cold start +120 ms +goal near 100 ms +above\n.*`+
		`session check +SQLite +of hello world +50\.0 % \(45\.0 to 60\.0\), p99 2\.00 × +50\.0 % .*\n`+
		`.*session check +SQLite +16 +1\.10 ×.*\n`+
		`.*hello world +1 +45000 /s +\(40000 to 50000\).*\n`+
		`.*session checks answered +99\.8 % .*\n`+
		`.*binary +35\.0 MB *\nsomething was left out`, out.String())
	require.Equal(t, 1, strings.Count(out.String(), "of hello world"))
}

func TestAMarkIsNoBound(t *testing.T) {
	r := sample()
	require.False(t, r.Missed())
	r.Goal("logins", "of 1", Least, 0.90, []float64{0.80, 0.89, 0.99})
	require.True(t, r.Missed())

	r = &Results{}
	r.Goal("p99", "×", Most, 3, []float64{3.1})
	require.True(t, r.Missed())
}

func TestAPartThatMeasuredNothingHasMissed(t *testing.T) {
	for _, bound := range []Bound{Least, Most} {
		r := &Results{}
		r.Goal("checks", "", bound, 0.40, nil)
		require.True(t, r.Missed())
	}
}

func TestResultsAreReadAsTheyWereWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.json")
	written := sample()
	require.NoError(t, written.Write(path))
	read, err := Read(path)
	require.NoError(t, err)
	require.Equal(t, written, read)

	content, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(content), `{"unit": "/s", "rounds": [50000, 40000, 45000], "median": 45000, "min": 40000, "max": 50000}`)

	require.NoError(t, os.WriteFile(path, []byte("{"), 0o600))
	_, err = Read(path)
	require.ErrorContains(t, err, path)
}

func TestThisMachineIsDescribed(t *testing.T) {
	m := Describe(t.Context())
	require.NotEmpty(t, m.Go)
	require.Positive(t, m.Cores)
	if host, err := os.Hostname(); err == nil && len(host) > 3 {
		require.NotContains(t, m.CPU+m.Kernel+m.System, host)
	}
}
