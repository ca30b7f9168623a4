package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/storage"
)

const (
	oldestPostgres = 140000
	slowDatabase   = 50 * time.Millisecond
	largeWAL       = 512 * mib
	quickPages     = 2 * gib // up to which every page is read

	// A session or a lease that one machine gives must not be over on another.
	clocksApart    = time.Second
	clocksFarApart = 30 * time.Second
)

// reachable opens the database for what follows; an embedded one that is not there is
// not made.
func reachable(ctx context.Context, e *examination) verdict {
	place := e.Settings.Database
	place.URL, place.DataDir = e.Settings.DatabaseURL.Reveal(), e.Settings.DataDir
	place.Clock, place.Logger = e.Clock, e.Logger
	if !e.databaseExpected() {
		return verdict{Warning, "there is none yet in " + place.DataDir, "the first lintel serve makes it; check data_dir if there should be one"}
	}
	db, err := storage.Open(ctx, place)
	if err != nil {
		return failed(err, "see that it runs, that this machine reaches it and that the user and the password are right")
	}
	e.db = db
	name, version, err := db.Server(ctx)
	if err != nil {
		return failed(err, "see the database's own log")
	}
	if db.Engine() == storage.Postgres && version < oldestPostgres {
		return verdict{Problem, name + " is too old", "move to PostgreSQL 14 or newer"}
	}
	watch := clock.Started()
	if err := db.Ping(ctx); err != nil {
		return failed(err, "see the database's own log")
	}
	if took := watch.Elapsed(); took > slowDatabase {
		return verdict{Warning, fmt.Sprintf("%s takes %s to answer", name, took.Round(time.Millisecond)), "bring it nearer; each request asks it several times"}
	}
	return fine("%s answers", name)
}

// databaseExpected tells whether there should be a database to open.
func (e *examination) databaseExpected() bool {
	_, err := os.Stat(storage.DatabaseFile(e.Settings.DataDir))
	return !e.Settings.DatabaseURL.IsZero() || !errors.Is(err, fs.ErrNotExist)
}

func schema(ctx context.Context, e *examination) verdict {
	current, latest, err := e.db.MigrationState(ctx)
	if err != nil {
		return failed(err, "see that the user may read the tables")
	}
	switch {
	case current < latest && e.db.Engine() == storage.SQLite:
		return verdict{Warning, fmt.Sprintf("are at version %d of %d", current, latest), "lintel serve brings them there; make a backup first"}
	case current < latest:
		return verdict{Problem, fmt.Sprintf("are at version %d of %d", current, latest), "run lintel migrate"}
	}
	e.tables = true
	if current > latest {
		return verdict{Warning, fmt.Sprintf("are at version %d, newer than the %d of this program", current, latest), "finish the upgrade: run the newer program everywhere"}
	}
	return fine("are at version %d", current)
}

// pages looks for damage in the embedded database.
func pages(ctx context.Context, e *examination) verdict {
	if e.db.Engine() != storage.SQLite {
		return fine("are the database server's")
	}
	size, wal := e.db.SizeOnDisk()
	if size <= quickPages {
		fault, err := e.db.QuickCheck(ctx)
		if err != nil {
			return failed(err, "restore a backup with lintel restore")
		}
		if fault != "" {
			return verdict{Problem, "are damaged: " + fault, "stop the server and restore a backup with lintel restore"}
		}
	}
	if wal > largeWAL {
		return verdict{Warning, fmt.Sprintf("%d MiB wait in the WAL", wal/mib), "look for a program that has the database open for long"}
	}
	if size > quickPages {
		return fine("%d GiB, too many to be looked at here; lintel backup looks at all", size/gib)
	}
	return fine("are sound: %d MiB, and %d MiB in the WAL", size/mib, wal/mib)
}

// clocks compares ours with the database's, around one question.
func clocks(ctx context.Context, e *examination) verdict {
	if e.db.Engine() != storage.Postgres {
		return fine("is the one of this machine")
	}
	before := e.Clock.Now()
	theirs, err := e.db.Now(ctx)
	if err != nil {
		return failed(err, "see the database's own log")
	}
	after := e.Clock.Now()
	apart := max(before.Sub(theirs), theirs.Sub(after), 0)
	switch {
	case apart > clocksFarApart:
		return verdict{Problem, fmt.Sprintf("is %s off the database's", apart.Round(time.Millisecond)), "set both by NTP"}
	case apart > clocksApart:
		return verdict{Warning, fmt.Sprintf("is %s off the database's", apart.Round(time.Millisecond)), "set both by NTP"}
	}
	return fine("agrees with the database's")
}
