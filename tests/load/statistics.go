package main

import (
	"math"
	"slices"
	"time"
)

// series is one figure over the rounds, in their order.
type series struct {
	Name   string    `json:"name"`
	Unit   string    `json:"unit"`
	Rounds []float64 `json:"rounds"`
	Median float64   `json:"median"`
	Min    float64   `json:"min"`
	Max    float64   `json:"max"`
}

func newSeries(name, unit string, rounds []float64) series {
	s := series{Name: name, Unit: unit, Rounds: rounds, Median: median(rounds), Min: 0, Max: 0}
	if len(rounds) > 0 {
		s.Min, s.Max = slices.Min(rounds), slices.Max(rounds)
	}
	return s
}

// median is 0 for nothing.
func median(values []float64) float64 {
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

// percentile is the smallest value that at least p percent of all do not exceed; 0
// for nothing. The durations are sorted in place.
func percentile(durations []time.Duration, p float64) time.Duration {
	if len(durations) == 0 {
		return 0
	}
	slices.Sort(durations)
	rank := int(math.Ceil(p / 100 * float64(len(durations))))
	return durations[min(max(rank, 1), len(durations))-1]
}

// quotients divides round by round, so that a disturbance that lasts longer than a
// round meets both sides. Rounds without a divisor are left out.
func quotients(over, under []float64) []float64 {
	var found []float64
	for i, divisor := range under {
		if i < len(over) && divisor > 0 {
			found = append(found, over[i]/divisor)
		}
	}
	return found
}
