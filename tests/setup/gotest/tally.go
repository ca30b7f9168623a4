package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// event is one line of go test -json (go doc test2json).
type event struct {
	Action, Package, ImportPath, Test, Output string
	Elapsed                                   float64
}

// tally counts tests and keeps their output until it is known whether anybody
// wants to read it.
type tally struct {
	out                     io.Writer
	passed, failed, skipped int
	output                  map[string][]string // by package and test
	broken                  map[string]bool     // packages with a failed test
	reasons                 []string            // what was skipped
}

func newTally(out io.Writer) *tally {
	return &tally{out: out, output: map[string][]string{}, broken: map[string]bool{}}
}

func (t *tally) read(events io.Reader) error {
	decoder := json.NewDecoder(events)
	for {
		var e event
		if err := decoder.Decode(&e); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("read the events of go test: %w", err)
		}
		t.take(e)
	}
}

func (t *tally) take(e event) {
	key := e.Package + " " + e.Test
	switch {
	case e.Action == "build-output":
		t.say("%s", e.Output)
	case e.Action == "output":
		t.output[key] = append(t.output[key], e.Output)
		return
	case e.Action == "fail":
		t.show(key)
		// A package that fails without a failed test did not build, panicked or
		// ran out of time.
		if e.Test != "" || !t.broken[e.Package] {
			t.failed++
		}
		t.broken[e.Package] = true
	case e.Test == "" && e.Action == "pass":
		t.say("ok   %s %.1fs\n", e.Package, e.Elapsed)
	case e.Test == "":
		return
	case e.Action == "pass":
		t.passed++
	case e.Action == "skip":
		t.skipped++
		t.reasons = append(t.reasons, key)
		t.show(key)
	default:
		return
	}
	delete(t.output, key)
}

func (t *tally) show(key string) {
	for _, line := range t.output[key] {
		t.say("%s", line)
	}
}

// say writes for people; a closed terminal is not worth failing for.
func (t *tally) say(format string, args ...any) {
	_, _ = fmt.Fprintf(t.out, format, args...)
}

// close prints the closing line and judges the run: ended is how go test did.
func (t *tally) close(strict bool, ended error) error {
	t.say("go test: %d passed, %d failed, %d skipped\n", t.passed, t.failed, t.skipped)
	switch {
	case ended != nil:
		return ended
	case t.failed > 0:
		return errors.New("tests failed")
	case t.passed == 0:
		return errors.New("no test ran")
	case strict && t.skipped > 0:
		return fmt.Errorf("skipped where nothing may be skipped: %q", t.reasons)
	default:
		return nil
	}
}
