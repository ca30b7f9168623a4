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

	"github.com/lintel-id/lintel/tests/load/report"
	"github.com/lintel-id/lintel/tests/load/stand"
)

// wholeRun bounds everything together.
const wholeRun = 90 * time.Minute

var (
	errMissed = errors.New("a goal is missed")
	usual     = []string{"operations", "messages", "passkeys", "overload", "start", "commits"}
	parts     = append(usual, "scale", "lists") // load millions of rows: only when asked for; lists are a part of scale
)

// settings say how long and how much is measured.
type settings struct {
	report.Settings
	lasts  time.Duration
	users  int // who registered
	crowd  int // who was loaded, with two sessions each
	starts int
	small  int // users of the databases that are compared
	large  int

	only  []string
	json  string
	check bool
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, out, complaints io.Writer) int {
	if len(args) > 0 && args[0] == "plot" {
		return draw(args[1:], out, complaints)
	}
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
	s := settings{Settings: report.Settings{Rounds: 5, Connections: []int{1, 16, 64}}}
	s.lasts, s.users, s.crowd, s.starts, s.small, s.large = time.Second, 256, 50_000, 10, 100_000, 1_000_000
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	flags.SetOutput(complaints)
	only := flags.String("only", strings.Join(usual, ","), "what to measure, of "+strings.Join(parts, ", "))
	flags.BoolVar(&s.Short, "short", false, "one short round of little: whether it works, not how fast")
	flags.IntVar(&s.Rounds, "rounds", s.Rounds, "how often all take their turn")
	flags.IntVar(&s.small, "small", s.small, "users of the small database of scale and lists")
	flags.IntVar(&s.large, "large", s.large, "users of the large one")
	flags.StringVar(&s.json, "json", "", "also write the results to this file")
	flags.BoolVar(&s.check, "check", false, "fail when the median of a goal misses it")
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
	if s.Short {
		s.Rounds, s.lasts, s.users, s.crowd, s.starts = 1, 100*time.Millisecond, 64, 1000, 1
		s.small, s.large = 1000, 4000
	}
	s.Seconds = s.lasts.Seconds()
	return s, nil
}

func measure(ctx context.Context, s settings, out, progress io.Writer) (err error) {
	found := &report.Results{Machine: report.Describe(ctx), Settings: s.Settings}
	dir, err := os.MkdirTemp("", "lintel-load-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	tell := func(what string) { _, _ = fmt.Fprintln(progress, what+" …") }

	tell("building")
	programs, err := stand.Build(ctx, dir)
	if err != nil {
		return err
	}
	b := &bench{settings: s, programs: programs, dir: dir, found: found, tell: tell}
	if err := b.run(ctx); err != nil {
		return err
	}
	found.Print(out)
	if s.json != "" {
		if err := found.Write(s.json); err != nil {
			return err
		}
	}
	if s.check && found.Missed() {
		return errMissed
	}
	return nil
}
