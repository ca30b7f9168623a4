package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/lintel-id/lintel/tests/fixtures/postgres"
)

// warmUp lets caches, connections and the collector settle before the first round.
const warmUp = 300 * time.Millisecond

// bench is one run.
type bench struct {
	settings settings
	programs programs
	dir      string
	found    *results
	tell     func(string)
}

// engine is a server on one database, with people to load it with.
type engine struct {
	name    string
	environ []string
	server  *process
	people  *people
}

func (b *bench) run(ctx context.Context) (err error) {
	does := func(part string) bool { return slices.Contains(b.settings.only, part) }
	if err := b.sizes(); err != nil {
		return err
	}
	if does("sessions") || does("logins") {
		if err := b.underLoad(ctx, does); err != nil {
			return err
		}
	}
	if does("start") {
		b.tell("cold starts")
		if err := b.coldStarts(ctx); err != nil {
			return fmt.Errorf("cold starts: %w", err)
		}
	}
	if does("commits") {
		b.tell("commits")
		if err := b.commits(ctx); err != nil {
			return fmt.Errorf("commits: %w", err)
		}
	}
	return nil
}

func (b *bench) sizes() error {
	info, err := os.Stat(b.programs.server)
	if err != nil {
		return err
	}
	b.found.figure("binary", "MB", []float64{float64(info.Size()) / (1 << 20)})
	return nil
}

func (b *bench) underLoad(ctx context.Context, does func(string) bool) (err error) {
	engines, done, err := b.engines(ctx)
	defer func() { err = errors.Join(err, done()) }()
	if err != nil {
		return err
	}
	b.tell("registrations")
	if err := b.registrations(ctx, engines); err != nil {
		return fmt.Errorf("registrations: %w", err)
	}
	if does("sessions") {
		b.tell("session checks")
		if err := b.sessions(ctx, engines); err != nil {
			return fmt.Errorf("session checks: %w", err)
		}
	}
	if does("logins") {
		b.tell("logins")
		if err := b.logins(ctx, engines); err != nil {
			return fmt.Errorf("logins: %w", err)
		}
	}
	return b.loaded(engines)
}

// engines starts a server on SQLite and, where the machine has one, on PostgreSQL.
func (b *bench) engines(ctx context.Context) (engines []*engine, done func() error, err error) {
	var ends []func() error
	done = func() error {
		var failed error
		for _, end := range slices.Backward(ends) {
			failed = errors.Join(failed, end())
		}
		return failed
	}
	engines = []*engine{{name: "SQLite", environ: b.environ("sqlite")}}
	cluster, err := postgres.Start(postgres.Config{NoSync: false})
	switch {
	case errors.Is(err, postgres.ErrUnavailable):
		b.found.note("PostgreSQL was left out: " + err.Error())
	case err != nil:
		return nil, done, err
	default:
		ends = append(ends, cluster.Stop)
		engines = append(engines, &engine{
			name: "PostgreSQL", environ: append(b.environ("postgres"), "LINTEL_DATABASE_URL="+cluster.URL()),
		})
	}
	for _, e := range engines {
		migrate := exec.CommandContext(ctx, b.programs.server, "migrate")
		migrate.Env = environment(e.environ...)
		if said, err := migrate.CombinedOutput(); err != nil {
			return nil, done, fmt.Errorf("migrate %s: %w: %s", e.name, err, said)
		}
		if e.server, err = start(ctx, e.name, b.programs.server, []string{"serve"}, environment(e.environ...)); err != nil {
			return nil, done, err
		}
		ends = append(ends, e.server.stop)
		e.people = newPeople(e.server.address)
	}
	return engines, done, nil
}

// environ configures a server as a developer would find it, in places of its own.
// Only what one address may do is out of the way: all load comes from one, and what
// is measured is the machine.
func (b *bench) environ(name string) []string {
	environ := []string{
		"LINTEL_LISTEN=127.0.0.1:0", "LINTEL_OPERATIONS_LISTEN=127.0.0.1:0", "LINTEL_LOG_FORMAT=json",
		"LINTEL_DATA_DIR=" + filepath.Join(b.dir, name),
	}
	for _, limit := range []string{
		"RISK_SUBMISSIONS", "RISK_SOURCE", "RISK_ACCOUNT_FROM_SOURCE", "RISK_ACCOUNT", "RATE_SOURCE", "RATE_ACCOUNT",
	} {
		limit = "LINTEL_" + limit
		environ = append(environ, limit+"_RATE=1000000", limit+"_PERIOD=1s", limit+"_BURST=1000000")
	}
	return environ
}

// loaded tells what memory the servers have come to.
func (b *bench) loaded(engines []*engine) error {
	for _, e := range engines {
		resident, err := residentMB(e.server.pid)
		if errors.Is(err, errProc) {
			return nil
		}
		b.found.figure("memory after the load, "+e.name, "MB", []float64{resident})
	}
	return nil
}
