package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/lintel-id/lintel/tests/load/process"
	"github.com/lintel-id/lintel/tests/load/report"
)

const (
	grouped   = "FULL/grouped"
	ungrouped = "NORMAL/ungrouped"
	counted   = 2000 // units whose flushes are counted

	goalCommits = 1.00
)

var errBenchmark = errors.New("the benchmark does not tell what it should")

// commits runs storage's benchmark of 64 writers both ways, in turns.
func (b *bench) commits(ctx context.Context) error {
	rates, perCommit := map[string][]float64{}, map[string][]float64{}
	for r := range b.settings.Rounds {
		ways := []string{grouped, ungrouped}
		if r%2 == 1 {
			ways = []string{ungrouped, grouped}
		}
		for _, way := range ways {
			said, err := b.benchmark(ctx, nil, way, b.settings.lasts.String())
			if err != nil {
				return err
			}
			metrics := parseBenchmark(said)
			if metrics["units/s"] == 0 {
				return fmt.Errorf("%w: %s", errBenchmark, said)
			}
			rates[way] = append(rates[way], metrics["units/s"])
			perCommit[way] = append(perCommit[way], metrics["units/commit"])
		}
	}
	b.found.Goal("durable grouped commits, SQLite: of neither", "of 1", report.Least, goalCommits, report.Quotients(rates[grouped], rates[ungrouped]))
	for _, way := range []string{grouped, ungrouped} {
		b.found.Figure("units of work, SQLite "+way, "/s", rates[way]...)
		b.found.Figure("units in a commit, SQLite "+way, "", perCommit[way]...)
	}
	return b.flushes(ctx)
}

func (b *bench) benchmark(ctx context.Context, under []string, way, lasts string) (string, error) {
	full, grouping, _ := strings.Cut(way, "/")
	return b.benched(ctx, append(under, b.programs.Storage), fmt.Sprintf("^BenchmarkUnits$/^SQLite$/^%s$/^%s$", full, grouping), lasts)
}

// benched runs a benchmark of a room's tests, on which what it is under may look.
func (b *bench) benched(ctx context.Context, program []string, named, lasts string) (string, error) {
	args := append(program, "-test.run=^$", "-test.benchtime="+lasts, "-test.bench="+named) //nolint:gocritic // program is ours
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Env = b.dir, process.Environment("TMPDIR="+b.dir)
	said, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, said)
	}
	return string(said), nil
}

// flushes counts what is flushed to the disk, where strace can look. Making the
// database flushes too, and the benchmark makes one to try a single unit and one for
// all: what a run of a single unit needs is taken off twice.
func (b *bench) flushes(ctx context.Context) error {
	strace, _ := exec.LookPath("strace")
	if strace == "" {
		b.found.Note("Flushes were not counted: there is no strace.")
		return nil
	}
	for _, way := range []string{grouped, ungrouped} {
		var calls [2]float64
		for i, units := range []int{1, counted} {
			var err error
			if calls[i], err = b.traced(ctx, strace, way, units); err != nil {
				b.found.Note("Flushes were not counted: " + err.Error())
				return ctx.Err()
			}
		}
		b.found.Figure("flushes for a unit, SQLite "+way, "", max(0, calls[1]-2*calls[0])/counted)
	}
	return nil
}

func (b *bench) traced(ctx context.Context, strace, way string, units int) (float64, error) {
	summary := filepath.Join(b.dir, "strace")
	under := []string{strace, "-f", "-c", "-o", summary, "-e", "trace=fsync,fdatasync"}
	if _, err := b.benchmark(ctx, under, way, strconv.Itoa(units)+"x"); err != nil {
		return 0, err
	}
	return countCalls(summary)
}
