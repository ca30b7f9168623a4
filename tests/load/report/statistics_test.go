package report

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestMedian(t *testing.T) {
	for _, test := range []struct {
		values []float64
		want   float64
	}{
		{nil, 0},
		{[]float64{7}, 7},
		{[]float64{9, 1, 5}, 5},
		{[]float64{4, 1, 3, 2}, 2.5},
		{[]float64{1, 1, 1, 1000}, 1},
	} {
		before := append([]float64(nil), test.values...)
		require.InDelta(t, test.want, Median(test.values), 1e-9, "%v", test.values)
		require.Equal(t, before, test.values, "the rounds keep their order")
	}
}

func TestPercentile(t *testing.T) {
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[i] = time.Duration(100 - i)
	}
	for _, test := range []struct {
		durations []time.Duration
		p         float64
		want      time.Duration
	}{
		{nil, 50, 0},
		{[]time.Duration{7}, 0, 7},
		{[]time.Duration{7}, 99, 7},
		{[]time.Duration{3, 1}, 50, 1},
		{[]time.Duration{3, 1}, 51, 3},
		{hundred, 50, 50},
		{hundred, 95, 95},
		{hundred, 99, 99},
		{hundred, 99.5, 100},
		{hundred, 100, 100},
	} {
		require.Equal(t, test.want, Percentile(test.durations, test.p), "%v of %d", test.p, len(test.durations))
	}
}

func TestQuotientsAreFormedWithinARound(t *testing.T) {
	require.Equal(t, []float64{0.5, 0.5}, Quotients([]float64{10, 50}, []float64{20, 100}))
	require.Equal(t, []float64{2}, Quotients([]float64{1, 4, 9}, []float64{0, 2}))
	require.Empty(t, Quotients(nil, nil))
}

func TestSeries(t *testing.T) {
	require.Equal(t, Series{Name: "n", Unit: "u", Rounds: []float64{3, 1, 2}, Median: 2, Min: 1, Max: 3},
		NewSeries("n", "u", []float64{3, 1, 2}))
	require.Equal(t, Series{Name: "n", Unit: "u", Rounds: []float64{}}, NewSeries("n", "u", nil))
	require.Equal(t, []float64{12350, 0.001235, 0, -1.235}, NewSeries("", "", []float64{12345.6, 0.00123456, 0, -1.2346}).Rounds)
}
