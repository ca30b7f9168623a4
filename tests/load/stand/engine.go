package stand

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"

	"github.com/lintel-id/lintel/tests/fixtures/postgres"
	"github.com/lintel-id/lintel/tests/load/bulk"
	"github.com/lintel-id/lintel/tests/load/process"
)

// The engines.
const (
	SQLite   = "SQLite"
	Postgres = "PostgreSQL"
)

// Engine is a server on one database, with people to load it with.
type Engine struct {
	Name   string
	Server *process.Process
	People *People
	Keyed  *Keyed
	Bulk   bulk.Store
}

// buffers are what PostgreSQL's manual advises on a small machine: a quarter of its memory.
const buffers = "1GB"

// Stand is where engines are put up.
type Stand struct {
	programs Programs
	dir      string
	cluster  *postgres.Cluster
	ends     []func() error
}

// Dir is a folder of the stand's own.
func (s *Stand) Dir() string { return s.dir }

// New makes a stand; a machine without PostgreSQL has one for SQLite alone.
func New(programs Programs, dir string) (*Stand, error) {
	s := &Stand{programs: programs, dir: dir, cluster: nil, ends: nil}
	cluster, err := postgres.Start(postgres.Config{NoSync: false, Buffers: buffers})
	switch {
	case errors.Is(err, postgres.ErrUnavailable):
	case err != nil:
		return nil, err
	default:
		s.cluster = cluster
		s.ends = append(s.ends, cluster.Stop)
	}
	return s, nil
}

// Close stops what was started, the last first.
func (s *Stand) Close() (failed error) {
	for len(s.ends) > 0 {
		last := len(s.ends) - 1
		failed = errors.Join(failed, s.ends[last]())
		s.ends = s.ends[:last]
	}
	return failed
}

// Engines are those that this machine has.
func (s *Stand) Engines() []string {
	if s.cluster == nil {
		return []string{SQLite}
	}
	return []string{SQLite, Postgres}
}

// Start puts up a server on a database of its own; database tells it from others on
// the same engine, and what more is set adds to Environ.
func (s *Stand) Start(ctx context.Context, engine, database string, more ...string) (*Engine, error) {
	dir := filepath.Join(s.dir, database+"-"+engine)
	variable, err := declare(dir)
	if err != nil {
		return nil, err
	}
	environ := append(append(Environ(dir), variable), more...)
	e := &Engine{Name: engine, Server: nil, People: nil, Keyed: nil, Bulk: nil}
	if engine == Postgres {
		var address string
		if address, err = bulk.CreatePostgres(ctx, s.cluster.URL(), database); err != nil {
			return nil, err
		}
		environ = append(environ, "LINTEL_DATABASE_URL="+address)
		if e.Bulk, err = bulk.OpenPostgres(ctx, address); err != nil {
			return nil, err
		}
		s.ends = append(s.ends, e.Bulk.Close)
	}
	migrate := exec.CommandContext(ctx, s.programs.Server, "migrate")
	migrate.Env = process.Environment(environ...)
	if said, err := migrate.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("migrate %s: %w: %s", engine, err, said)
	}
	if engine == SQLite {
		if e.Bulk, err = bulk.OpenSQLite(ctx, filepath.Join(dir, "lintel.db")); err != nil {
			return nil, err
		}
		s.ends = append(s.ends, e.Bulk.Close)
	}
	if e.Server, err = process.Start(ctx, engine, s.programs.Server, []string{"serve"}, process.Environment(environ...)); err != nil {
		return nil, err
	}
	s.ends = append(s.ends, e.Server.Stop)
	e.People, e.Keyed = newPeople(e.Server.Address), newKeyed(e.Server.Address)
	return e, nil
}

// Floor puts up the bare server.
func (s *Stand) Floor(ctx context.Context) (*process.Process, error) {
	return s.bare(ctx)
}

// Inserts puts up a bare server that commits a row for each request, on the same engine.
func (s *Stand) Inserts(ctx context.Context, engine string) (*process.Process, error) {
	if engine == SQLite {
		return s.bare(ctx, "-sqlite", filepath.Join(s.dir, "inserts.db"))
	}
	address, err := bulk.CreatePostgres(ctx, s.cluster.URL(), "inserts")
	if err != nil {
		return nil, err
	}
	return s.bare(ctx, "-postgres", address)
}

func (s *Stand) bare(ctx context.Context, args ...string) (*process.Process, error) {
	floor, err := process.Start(ctx, "hello", s.programs.Floor, args, process.Environment())
	if err == nil {
		s.ends = append(s.ends, floor.Stop)
	}
	return floor, err
}

// Environ configures a server as a developer would find it, in places of its own.
// Only what one address may do is out of the way: all load comes from one, and what
// is measured is the machine.
func Environ(dir string) []string {
	environ := []string{
		"LINTEL_LISTEN=127.0.0.1:0", "LINTEL_OPERATIONS_LISTEN=127.0.0.1:0", "LINTEL_LOG_FORMAT=json",
		"LINTEL_DATA_DIR=" + dir,
	}
	for _, limit := range []string{
		"RISK_SUBMISSIONS", "RISK_SOURCE", "RISK_ACCOUNT_FROM_SOURCE", "RISK_ACCOUNT", "RATE_SOURCE", "RATE_ACCOUNT", "RATE_KEY",
		"MESSAGE_SOURCE",
	} {
		limit = "LINTEL_" + limit
		environ = append(environ, limit+"_RATE=1000000", limit+"_PERIOD=1s", limit+"_BURST=1000000")
	}
	return environ
}
