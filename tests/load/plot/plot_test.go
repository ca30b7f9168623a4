package plot

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/tests/load/report"
)

var update = flag.Bool("update", false, "write the drawings that are there now")

// sample is small, and has every kind of mark.
func sample() *report.Results {
	r := &report.Results{
		Machine: report.Machine{
			Date: "2030-01-02T03:04:05Z", Go: "go1.26", Kernel: "6.1", CPU: "A CPU & more", Cores: 4, MemoryMB: 8192,
		},
		Settings: report.Settings{Rounds: 3, Seconds: 1, Connections: []int{1, 64}},
	}
	rounds := func(rate, p50 float64) report.Rounds {
		return report.Rounds{
			Rate: []float64{0.9 * rate, rate, 1.1 * rate}, P50: []float64{p50}, P95: []float64{2 * p50}, P99: []float64{4 * p50},
		}
	}
	for _, connections := range []int{1, 64} {
		hello, hash := rounds(40_000, 0.5), rounds(80, 25)
		r.Operations = append(r.Operations,
			report.NewOperation(report.HelloWorld, "", connections, hello), report.NewOperation(report.HashAlone, "", connections, hash))
		for i, engine := range []string{"SQLite", "PostgreSQL"} {
			check, login := rounds(20_000-float64(4000*i), 1), rounds(76, 300)
			one := report.NewOperation("session check", engine, connections, check)
			one.Against(report.HelloWorld, check, hello)
			two := report.NewOperation("login", engine, connections, login)
			two.Against(report.HashAlone, login, hash)
			r.Operations = append(r.Operations, one, two)
		}
	}
	series := func(unit string, rounds ...float64) report.Series { return report.NewSeries("", unit, rounds) }
	r.Overload = []report.Overload{{
		Engine: "SQLite", Answered: series("of 1", 1, 1, 0.995), Admitted: series("of 1", 0.7, 0.72, 0.8),
		Check:   report.Latency{P50: series("ms", 3), P99: series("ms", 40)},
		Login:   report.Latency{P50: series("ms", 900), P99: series("ms", 1100)},
		Refusal: report.Latency{P50: series("ms", 0), P99: series("ms", 0)}, // nobody was refused: nothing is drawn
	}}
	return r
}

// The drawings were looked at when they were last written, with -update.
func TestDrawingsAreTheOnesThatWereLookedAt(t *testing.T) {
	drawn := All(sample())
	require.Len(t, drawn, 3)
	for _, one := range drawn {
		path := filepath.Join("testdata", one.Name+".svg")
		if *update {
			require.NoError(t, os.WriteFile(path, one.SVG, 0o644))
		}
		golden, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(golden), string(one.SVG), one.Name)
		require.NoError(t, wellFormed(one.SVG))
	}
}

func wellFormed(drawing []byte) error {
	for decoder := xml.NewDecoder(bytes.NewReader(drawing)); ; {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func TestNothingIsDrawnOfNothing(t *testing.T) {
	require.Empty(t, All(&report.Results{}))
}

func TestAnAxisHoldsWhatIsDrawnOnIt(t *testing.T) {
	for _, test := range []struct {
		axis   axis
		values []float64
		labels []string
	}{
		{percent(0.4, ""), []float64{0, 0.4, 1}, []string{"0 %", "20 %", "40 %", "60 %", "80 %", "100 %"}},
		{percent(1.3, ""), []float64{0, 1.3}, []string{"0 %", "20 %", "40 %", "60 %", "80 %", "100 %", "120 %", "140 %"}},
		{decades(0.3, 40, ""), []float64{0.3, 40}, []string{"100 µs", "1 ms", "10 ms", "100 ms"}},
		{decades(10, 1000, ""), []float64{10, 1000}, []string{"10 ms", "100 ms", "1 s"}},
		{decades(10, 10, ""), []float64{10}, []string{"10 ms", "100 ms"}},
	} {
		labels := []string{}
		for _, tick := range test.axis.ticks {
			labels = append(labels, tick.label)
			test.values = append(test.values, tick.value)
		}
		require.Equal(t, test.labels, labels)
		for _, value := range test.values {
			require.GreaterOrEqual(t, test.axis.at(value), left-1e-6, value)
			require.LessOrEqual(t, test.axis.at(value), right+1e-6, value)
		}
	}
}

func TestTimesAndSharesReadAsPeopleSayThem(t *testing.T) {
	for value, want := range map[float64]string{0.0374: "37 µs", 1.25: "1.3 ms", 17.4: "17 ms", 905: "905 ms", 1518: "1.5 s", 12_000: "12 s"} {
		require.Equal(t, want, milliseconds(value))
	}
	for value, want := range map[float64]string{0: "0 %", 0.0312: "3.1 %", 0.544: "54 %", 1: "100 %", 1.267: "127 %"} {
		require.Equal(t, want, percentage(value))
	}
}
