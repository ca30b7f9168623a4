package boot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/storage"
)

// openDatabase opens what the configuration names.
func openDatabase(ctx context.Context, settings config.Config, around Surroundings) (*storage.DB, error) {
	place := settings.Database
	place.URL, place.DataDir = settings.DatabaseURL.Reveal(), settings.DataDir
	place.Clock, place.Logger = around.Clock, around.Logger
	key := "data_dir"
	if place.URL != "" {
		key = "database.url"
	}
	db, err := storage.Open(ctx, place)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	return db, nil
}

// databaseThere refuses where the embedded database is missing. A command that works on
// what is there would otherwise make an empty one in a folder that was never meant, and
// find nothing in it.
func databaseThere(settings config.Config) error {
	if !settings.DatabaseURL.IsZero() {
		return nil
	}
	place, err := filepath.Abs(settings.DataDir)
	if err != nil {
		return fmt.Errorf("data_dir: %w", err)
	}
	switch _, err := os.Stat(storage.DatabaseFile(place)); {
	case errors.Is(err, fs.ErrNotExist):
		return config.Problems{"data_dir: there is no database in " + place + "; name the folder that the server uses"}
	case err != nil:
		return fmt.Errorf("data_dir: %w", err)
	}
	return nil
}

// prepareTables migrates the embedded database, which nobody else looks after.
// Elsewhere migrating is a step of its own: two versions of a server may run side
// by side, and one that starts must not change the tables under the other.
func prepareTables(ctx context.Context, db *storage.DB) error {
	if db.Engine() == storage.SQLite {
		return db.Migrate(ctx)
	}
	return tablesCurrent(ctx, db)
}

func tablesCurrent(ctx context.Context, db *storage.DB) error {
	current, latest, err := db.MigrationState(ctx)
	if err != nil {
		return err
	}
	if current < latest {
		return config.Problems{fmt.Sprintf("database.url: the tables are at version %d and this program needs %d; run lintel migrate", current, latest)}
	}
	return nil
}

// Migrate brings the tables to what this program needs and tells their version.
// Only what concerns the database has to be configured.
func Migrate(ctx context.Context, settings config.Config, around Surroundings) (version int64, err error) {
	around = around.withDefaults()
	db, err := openDatabase(ctx, settings, around)
	if err != nil {
		return 0, err
	}
	defer func() {
		if closing := db.Close(); err == nil {
			err = closing
		}
	}()
	if err := db.Migrate(ctx); err != nil {
		return 0, err
	}
	version, _, err = db.MigrationState(ctx)
	return version, err
}
