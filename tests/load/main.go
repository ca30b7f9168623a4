package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// wholeRun bounds everything together.
const wholeRun = 20 * time.Minute

var (
	errMissed = errors.New("a ratio is below its goal")
	parts     = []string{"sessions", "logins", "start", "commits"}
)

// settings say how long and how much is measured.
type settings struct {
	Short       bool          `json:"short"`
	Rounds      int           `json:"rounds"`
	Duration    time.Duration `json:"-"`
	Seconds     float64       `json:"seconds_per_round"`
	Users       int           `json:"users"`
	Connections int           `json:"connections"`
	// LoginConnections keep the hash's workers busy, and all of them fit in the queue
	// for a hash even where there is one core.
	LoginConnections int `json:"login_connections"`
	Starts           int `json:"starts"`

	only  []string
	json  string
	check bool
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, out, complaints io.Writer) int {
	s, err := parseSettings(args, complaints)
	if err != nil {
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, wholeRun)
	defer cancel()
	if err := measure(ctx, s, out, complaints); err != nil {
		_, _ = fmt.Fprintln(complaints, "load:", err)
		return 1
	}
	return 0
}

func parseSettings(args []string, complaints io.Writer) (settings, error) {
	s := settings{Connections: 64, LoginConnections: 32}
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	flags.SetOutput(complaints)
	only := flags.String("only", strings.Join(parts, ","), "what to measure")
	flags.BoolVar(&s.Short, "short", false, "fewer and shorter rounds: whether it works, not how fast")
	flags.StringVar(&s.json, "json", "", "also write the results to this file")
	flags.BoolVar(&s.check, "check", false, "fail when the median of a ratio misses its goal")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	s.only = strings.Split(*only, ",")
	for _, part := range s.only {
		if !slices.Contains(parts, part) {
			_, _ = fmt.Fprintf(complaints, "-only takes %s\n", strings.Join(parts, ", "))
			return s, flag.ErrHelp
		}
	}
	s.Rounds, s.Duration, s.Users, s.Starts = 7, 2*time.Second, 128, 10
	if s.Short {
		s.Rounds, s.Duration, s.Users, s.Starts = 3, 500*time.Millisecond, 64, 3
	}
	s.Seconds = s.Duration.Seconds()
	return s, nil
}

func measure(ctx context.Context, s settings, out, progress io.Writer) (err error) {
	found := &results{Machine: describe(ctx), Settings: s}
	dir, err := os.MkdirTemp("", "lintel-load-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	tell := func(what string) { _, _ = fmt.Fprintln(progress, what+" …") }

	tell("building")
	programs, err := build(ctx, dir)
	if err != nil {
		return err
	}
	b := &bench{settings: s, programs: programs, dir: dir, found: found, tell: tell}
	if err := b.run(ctx); err != nil {
		return err
	}
	found.print(out)
	if s.json != "" {
		if err := found.write(s.json); err != nil {
			return err
		}
	}
	if s.check && found.missed() {
		return errMissed
	}
	return nil
}
