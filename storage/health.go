package storage

import (
	"context"
	"os"
	"strconv"
	"time"
)

// Server tells what the database calls itself and, of PostgreSQL, its version as a number
// as in 160004.
func (d *DB) Server(ctx context.Context) (name string, version int, err error) {
	query := "SELECT sqlite_version()"
	if d.Engine() == Postgres {
		query = "SELECT current_setting('server_version_num')"
	}
	var text string
	if err := across(d.read(ctx)).Raw(query).Scan(&text).Error; err != nil {
		return "", 0, err
	}
	if d.Engine() == Postgres {
		version, err = strconv.Atoi(text)
		return "PostgreSQL " + strconv.Itoa(version/10000), version, err
	}
	return "SQLite " + text, 0, nil
}

// Now is the time on the machine of the database; that of the embedded one is ours.
func (d *DB) Now(ctx context.Context) (now time.Time, err error) {
	if d.Engine() != Postgres {
		return d.config.Clock.Now(), nil
	}
	err = across(d.read(ctx)).Raw("SELECT clock_timestamp()").Scan(&now).Error
	return now.UTC(), err
}

// QuickCheck is the first thing that is wrong with the pages of the embedded database,
// and empty when nothing is. It reads every page.
func (d *DB) QuickCheck(ctx context.Context) (fault string, err error) {
	if d.Engine() != SQLite {
		return "", ErrNotEmbedded
	}
	err = across(d.read(ctx)).Raw("PRAGMA quick_check(1)").Scan(&fault).Error
	if fault == "ok" {
		fault = ""
	}
	return fault, err
}

// SizeOnDisk is how large the embedded database and its WAL are.
func (d *DB) SizeOnDisk() (database, wal int64) {
	path := DatabaseFile(d.config.DataDir)
	return sizeOf(path), sizeOf(path + walSuffix)
}

func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
