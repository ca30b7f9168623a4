package boot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/storage"
)

// partial ends the name of a backup that is not finished. One that is left by a
// program that was killed may be removed.
const partial = ".partial"

// Backup writes a copy of the embedded database as it is at one moment, also beside a
// server. The file is proven before it has its name; without replace, no other file
// makes way for it. It holds what is sealed as the database does, and no root key.
func Backup(ctx context.Context, settings config.Config, around Surroundings, path string, replace bool) (note storage.Note, err error) {
	around = around.withDefaults()
	if err := embedded(settings, "back it up with pg_dump"); err != nil {
		return storage.Note{}, err
	}
	if err := databaseThere(settings); err != nil {
		return storage.Note{}, err
	}
	if err := backupTarget(settings, path, replace); err != nil {
		return storage.Note{}, err
	}
	db, err := openDatabase(ctx, settings, around)
	if err != nil {
		return storage.Note{}, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	made := around.Clock.Now().UTC()
	unfinished := path + "." + id.New[unfinishedKind](made).String() + partial
	file, err := os.OpenFile(unfinished, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return storage.Note{}, err
	}
	defer func() {
		if left := os.Remove(unfinished); left != nil && !errors.Is(left, fs.ErrNotExist) {
			err = errors.Join(err, left)
		}
	}()
	if err := errors.Join(file.Close(), db.CopyTo(ctx, unfinished)); err != nil {
		return storage.Note{}, err
	}
	found, err := storage.Inspect(ctx, unfinished)
	if err != nil {
		return storage.Note{}, fmt.Errorf("the copy %w", err)
	}
	note, err = storage.FinishBackup(ctx, unfinished, storage.Note{
		MadeAt: made, Bytes: 0, SHA256: "", Schema: found.Schema, LastSequence: found.LastSequence,
		Users: found.Users, Events: found.Events, RootKeys: keysOf(found.SealedKeys),
	})
	if err != nil {
		return storage.Note{}, err
	}
	return note, storage.Publish(unfinished, path, replace)
}

// unfinishedKind makes the names of unfinished backups differ.
type unfinishedKind struct{}

// Prefix begins the name.
func (unfinishedKind) Prefix() string { return "bak" }

// embedded refuses where a database server keeps the rows.
func embedded(settings config.Config, instead string) error {
	if settings.DatabaseURL.IsZero() {
		return nil
	}
	return config.Problems{"database.url: the rows are in PostgreSQL, which has tools of its own; " + instead}
}

// backupTarget refuses what must not be written over. Without replace, a file that
// comes meanwhile is noticed when the backup gets its name.
func backupTarget(settings config.Config, path string, replace bool) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s: is not a file", path)
	case !replace:
		return fmt.Errorf("%s: is there already; choose another name, or replace it with --force", path)
	}
	inside, err := os.ReadDir(settings.DataDir)
	if err != nil {
		return err
	}
	for _, own := range inside {
		if other, err := os.Stat(filepath.Join(settings.DataDir, own.Name())); err == nil && os.SameFile(info, other) {
			return fmt.Errorf("%s: belongs to the server; choose another name", path)
		}
	}
	return nil
}

// keysOf are the ids of the root keys that open the sealed keys.
func keysOf(sealed [][]byte) []string {
	ids := []string{}
	for _, blob := range sealed {
		if key, err := seal.KeyOf(blob); err == nil && !slices.Contains(ids, key) {
			ids = append(ids, key)
		}
	}
	slices.Sort(ids)
	return ids
}
