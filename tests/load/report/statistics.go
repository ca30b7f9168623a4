package report

import (
	"math"
	"slices"
	"time"
)

// Series is one figure over the rounds, in their order.
type Series struct {
	Name   string    `json:"name,omitempty"`
	Unit   string    `json:"unit,omitempty"`
	Rounds []float64 `json:"rounds"`
	Median float64   `json:"median"`
	Min    float64   `json:"min"`
	Max    float64   `json:"max"`
}

// NewSeries sums up the rounds. They are kept to four digits: what comes after is
// the noise of the machine.
func NewSeries(name, unit string, rounds []float64) Series {
	kept := make([]float64, len(rounds))
	for i, value := range rounds {
		kept[i] = digits(value)
	}
	s := Series{Name: name, Unit: unit, Rounds: kept, Median: digits(Median(kept)), Min: 0, Max: 0}
	if len(kept) > 0 {
		s.Min, s.Max = slices.Min(kept), slices.Max(kept)
	}
	return s
}

func digits(value float64) float64 {
	if value == 0 || math.IsNaN(value) || math.IsInf(value, 0) {
		return 0
	}
	scale := math.Pow(10, 3-math.Floor(math.Log10(math.Abs(value))))
	return math.Round(value*scale) / scale
}

// Median is 0 for nothing.
func Median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}

// Percentile is the smallest value that at least p percent of all do not exceed; 0
// for nothing. The durations are sorted in place.
func Percentile(durations []time.Duration, p float64) time.Duration {
	if len(durations) == 0 {
		return 0
	}
	slices.Sort(durations)
	rank := int(math.Ceil(p / 100 * float64(len(durations))))
	return durations[min(max(rank, 1), len(durations))-1]
}

// Quotients divides round by round, so that a disturbance that lasts longer than a
// round meets both sides. Rounds without a divisor are left out.
func Quotients(over, under []float64) []float64 {
	var found []float64
	for i, divisor := range under {
		if i < len(over) && divisor > 0 {
			found = append(found, over[i]/divisor)
		}
	}
	return found
}

// Milliseconds is the unit of all that is told about time.
func Milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
