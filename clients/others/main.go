package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
)

const folder = "clients/others"

func main() {
	quick := flag.Bool("quick", false, "leave out what needs a JVM")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Stdout, *quick, flag.Args())
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "others:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, quick bool, names []string) (err error) {
	chosen, err := choose(quick, names)
	if err != nil {
		return err
	}
	bench, err := newBench()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(bench.dir)) }()
	var results []result
	for _, one := range chosen {
		for _, document := range documents() {
			tried := bench.try(ctx, one, document)
			results = append(results, tried)
			if _, err := fmt.Fprintln(out, tried); err != nil {
				return err
			}
		}
	}
	return judge(out, results)
}

func choose(quick bool, names []string) ([]generator, error) {
	chosen := slices.DeleteFunc(generators(), func(one generator) bool {
		return quick && one.java || len(names) > 0 && !slices.Contains(names, one.name)
	})
	if len(chosen) == 0 || len(names) > 0 && len(chosen) != len(names) {
		return nil, fmt.Errorf("there is no such generator among %q", names)
	}
	return chosen, nil
}

// bench is where generators are tried: the tree, a server, and a folder that goes away.
type bench struct {
	root, dir, server string
	tries             int
}

func newBench() (*bench, error) {
	server := os.Getenv("LINTEL_SERVER")
	if server == "" {
		return nil, errors.New("LINTEL_SERVER names no server: run this under tests/fixtures/server/cmd/withserver")
	}
	root, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(root, folder)); err != nil {
		return nil, fmt.Errorf("run this at the root of the module: %w", err)
	}
	dir, err := os.MkdirTemp("", "lintel-others-")
	if err != nil {
		return nil, err
	}
	return &bench{root: root, dir: dir, server: server, tries: 0}, nil
}

// try goes from stage to stage until one fails.
func (b *bench) try(ctx context.Context, one generator, document string) result {
	tried := result{generator: one, document: document, reached: nothing, said: ""}
	b.tries++
	place := filepath.Join(b.dir, fmt.Sprintf("%d-%s", b.tries, one.name))
	if err := os.CopyFS(place, os.DirFS(filepath.Join(b.root, folder, one.name))); err != nil {
		tried.said = err.Error()
		return tried
	}
	for next := generates; next <= one.tried; next++ {
		step := exec.CommandContext(ctx, "sh", "run.sh", next.String())
		step.Dir = place
		step.Env = append(os.Environ(),
			"ROOT="+b.root, "TOOLS="+b.dir, "DOCUMENT="+filepath.Join(b.root, "gen", document),
			"LINTEL_SERVER="+b.server, fmt.Sprintf("IDENTIFIER=%s-%d@example.com", one.name, b.tries))
		said, err := step.CombinedOutput()
		if err != nil {
			tried.said = fmt.Sprintf("%s: %v\n%s", next, err, said)
			return tried
		}
		tried.reached = next
	}
	return tried
}
