package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestABenchmarksLineIsRead(t *testing.T) {
	said := "goos: linux\nBenchmarkUnits/SQLite/FULL/grouped-2 \t   12345\t     97000 ns/op\t        17.50 units/commit\t     10300 units/s\nPASS\n"
	require.Equal(t, map[string]float64{"ns/op": 97000, "units/commit": 17.5, "units/s": 10300}, parseBenchmark(said))
	require.Empty(t, parseBenchmark("PASS\nBenchmarkUnits\n"))
}

func TestFlushesAreAdded(t *testing.T) {
	require.InDelta(t, 154, parseCalls(`% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 99.00    0.500000        3000       150           fdatasync
  1.00    0.000100          25         4         1 fsync
------ ----------- ----------- --------- --------- ----------------
100.00    0.500100                   154         1 total
`), 1e-9)
}
