package main

import (
	"os"
	"strconv"
	"strings"
)

// parseBenchmark reads "value unit" pairs of a benchmark's line.
func parseBenchmark(said string) map[string]float64 {
	found := map[string]float64{}
	for line := range strings.Lines(said) {
		fields := strings.Fields(line)
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		for i := 2; i+1 < len(fields); i += 2 {
			if value, err := strconv.ParseFloat(fields[i], 64); err == nil {
				found[fields[i+1]] = value
			}
		}
	}
	return found
}

// countCalls adds the calls of a summary that strace has written.
func countCalls(path string) (float64, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	return parseCalls(string(content)), nil
}

func parseCalls(summary string) (calls float64) {
	for line := range strings.Lines(summary) {
		fields := strings.Fields(line)
		if len(fields) < 5 || fields[len(fields)-1] != "fsync" && fields[len(fields)-1] != "fdatasync" {
			continue
		}
		if count, err := strconv.ParseFloat(fields[3], 64); err == nil {
			calls += count
		}
	}
	return calls
}
