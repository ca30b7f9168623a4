package storage

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
)

// Engine is the database system behind a DB.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Config says where the rows live and how hard the engine works for them. A zero
// number means its default.
type Config struct {
	// URL is a postgres:// address; empty means the embedded SQLite in DataDir.
	URL     string
	DataDir string
	Clock   clock.Clock
	Logger  *slog.Logger

	// Readers is how many SQLite connections read side by side. Default 4.
	Readers int
	// MaxOpen bounds the PostgreSQL connections. Default 20.
	MaxOpen int
	// StatementTimeout ends a PostgreSQL statement that nobody waits for any more,
	// and a unit that sits idle. Default 15 s.
	StatementTimeout time.Duration
	// Wait bounds how long a unit waits for its turn on SQLite, and for a lock of
	// another process or row. Default 10 s.
	Wait time.Duration
	// Synchronous is SQLite's own setting: FULL (the default) makes a commit outlive
	// the power, NORMAL only the process.
	Synchronous string

	// QueueUnits bounds the units that wait for the SQLite writer. Default 1024.
	QueueUnits int
	// BatchUnits and BatchTime bound one shared commit. Defaults 256 and 20 ms.
	BatchUnits int
	BatchTime  time.Duration
	// Ungrouped gives every unit a commit of its own; only for measuring.
	Ungrouped bool

	// Observer measures units of work; nil: nobody does.
	Observer UnitObserver
}

// UnitObserver measures units of work.
type UnitObserver interface {
	// ObserveUnit notes one unit with everything it took, its turn and its commit among
	// it; outcome is committed or undone.
	ObserveUnit(ctx context.Context, outcome string, took time.Duration)
}

// system is how the semantic conventions call the engine.
func (e Engine) system() string {
	if e == Postgres {
		return "postgresql"
	}
	return string(e)
}

func (c Config) engine() Engine {
	if c.URL == "" {
		return SQLite
	}
	return Postgres
}

func (c Config) withDefaults() Config {
	orInt := func(value *int, otherwise int) {
		if *value == 0 {
			*value = otherwise
		}
	}
	orTime := func(value *time.Duration, otherwise time.Duration) {
		if *value == 0 {
			*value = otherwise
		}
	}
	orInt(&c.Readers, 4)
	orInt(&c.MaxOpen, 20)
	orInt(&c.QueueUnits, 1024)
	orInt(&c.BatchUnits, 256)
	orTime(&c.StatementTimeout, 15*time.Second)
	orTime(&c.Wait, 10*time.Second)
	orTime(&c.BatchTime, 20*time.Millisecond)
	if c.Synchronous == "" {
		c.Synchronous = "FULL"
	}
	if c.Ungrouped {
		c.BatchUnits = 1
	}
	return c
}

// Validate names the field that cannot be used. It never repeats the URL, which
// may hold a password.
func (c Config) Validate() error {
	switch {
	case c.Clock == nil:
		return errors.New("storage: Clock is missing")
	case c.Logger == nil:
		return errors.New("storage: Logger is missing")
	case c.URL == "" && c.DataDir == "":
		return errors.New("storage: DataDir is missing")
	case c.URL != "" && !strings.HasPrefix(c.URL, "postgres://") && !strings.HasPrefix(c.URL, "postgresql://"):
		return errors.New("storage: URL must begin with postgres://")
	}
	switch c.Synchronous {
	case "", "FULL", "NORMAL", "EXTRA":
	default:
		return errors.New("storage: Synchronous must be FULL, NORMAL or EXTRA")
	}
	for name, value := range map[string]int64{
		"Readers": int64(c.Readers), "MaxOpen": int64(c.MaxOpen), "QueueUnits": int64(c.QueueUnits),
		"BatchUnits": int64(c.BatchUnits), "BatchTime": int64(c.BatchTime),
		"StatementTimeout": int64(c.StatementTimeout), "Wait": int64(c.Wait),
	} {
		if value < 0 {
			return fmt.Errorf("storage: %s must not be negative", name)
		}
	}
	return nil
}
