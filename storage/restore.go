package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"github.com/lintel-id/lintel/server/user"
)

// The files that SQLite keeps beside a database while it is open.
const (
	walSuffix = "-wal"
	shmSuffix = "-shm"
)

// ErrOpenElsewhere tells that another program has the database open.
var ErrOpenElsewhere = errors.New("another program has the database open")

// PutInPlace makes the database of another directory that of the data directory, in one
// step: whoever looks, after a crash too, finds the old one or the new one, whole. The
// old one stays under the name of kept. Nobody may have either open: ErrOpenElsewhere.
// The caller has claimed the directory.
func PutInPlace(ctx context.Context, from, dir, kept string) error {
	fresh, place := DatabaseFile(from), DatabaseFile(dir)
	if err := flushed(fresh); err != nil {
		return err
	}
	switch _, err := os.Lstat(place); {
	case err == nil:
		if err := gather(ctx, place); err != nil {
			return err
		}
		if err := os.Link(place, filepath.Join(dir, kept)); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	// What is left of a database that is gone would be taken for the new one's.
	for _, suffix := range []string{walSuffix, shmSuffix} {
		err := os.Rename(place+suffix, filepath.Join(dir, kept+suffix))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := syncDir(dir); err != nil {
		return err
	}
	return Publish(fresh, place, true)
}

// flushed proves that a closed database is in its one file, and flushes it.
func flushed(path string) (err error) {
	if info, err := os.Stat(path + walSuffix); err == nil && info.Size() > 0 {
		return fmt.Errorf("storage: %s is left", path+walSuffix)
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// gather moves the WAL into the file and leaves none, as the only one who has the
// database open.
func gather(ctx context.Context, path string) (err error) {
	place, err := pathURL(path, url.Values{"mode": {"rw"}, "_busy_timeout": {"1000"}})
	if err != nil {
		return err
	}
	pool, err := sql.Open(sqliteDriver, place)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	pool.SetMaxOpenConns(1)
	// Leaving WAL takes the only connection, moves what is there and removes the file.
	// Spec: https://www.sqlite.org/wal.html §3.3 and https://www.sqlite.org/pragma.html#pragma_journal_mode.
	var mode string
	err = pool.QueryRowContext(ctx, "PRAGMA journal_mode = DELETE").Scan(&mode)
	switch {
	case waited(err), err == nil && mode != "delete":
		return ErrOpenElsewhere
	case err != nil:
		return fmt.Errorf("storage: close the database that is there: %w", err)
	}
	return nil
}

const selectSignedIn = `SELECT DISTINCT user_id FROM sessions
	WHERE tenant_id = ? AND ended_at IS NULL AND user_id > ? ORDER BY user_id LIMIT ?`

// SignedIn lists the users of the tenant with a session that was not ended, by id, after
// the one that is given (zero: from the start).
func (s *Sessions) SignedIn(ctx context.Context, after user.ID, limit int) ([]user.ID, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	var rows []struct{ UserID uid }
	if err := db.Raw(selectSignedIn, tenant, uidOf(after), max(limit, 0)).Scan(&rows).Error; err != nil {
		return nil, err
	}
	found := make([]user.ID, len(rows))
	for i, row := range rows {
		into(&found[i], row.UserID)
	}
	return found, nil
}

// DeletionsPending counts the users of all tenants who are to be erased.
func (s *Users) DeletionsPending(ctx context.Context) (pending int64, err error) {
	handle, err := s.db.readAcross(ctx)
	if err != nil {
		return 0, err
	}
	err = handle.Raw("SELECT COUNT(*) FROM users WHERE delete_at IS NOT NULL").Scan(&pending).Error
	return pending, err
}
