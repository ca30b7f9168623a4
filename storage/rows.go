package storage

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// jsonList is a list as JSON text; nil and empty stay apart.
type jsonList[T any] []T

// Value writes the list.
func (l jsonList[T]) Value() (driver.Value, error) {
	text, err := json.Marshal([]T(l))
	return string(text), err
}

// Scan reads the list.
func (l *jsonList[T]) Scan(stored any) error {
	switch text := stored.(type) {
	case string:
		return json.Unmarshal([]byte(text), (*[]T)(l))
	case []byte:
		return json.Unmarshal(text, (*[]T)(l))
	default:
		return fmt.Errorf("storage: %T is not a list", stored)
	}
}

// GormDataType names the column for gorm and on both engines.
func (jsonList[T]) GormDataType() string { return "text" }

// one reads a single row; none when there is no such row.
func one[T any](query *gorm.DB, none error) (T, error) {
	rows, err := many[T](query.Limit(1))
	if err == nil && len(rows) == 0 {
		err = none
	}
	if err != nil {
		var nothing T
		return nothing, err
	}
	return rows[0], nil
}

// first scans the first row of a query by hand, for what is asked all the time.
func first(query *gorm.DB, targets ...any) (found bool, err error) {
	rows, err := query.Rows()
	if err != nil {
		return false, err
	}
	defer func() { err = explain(errors.Join(err, rows.Close()), false) }()
	if !rows.Next() {
		return false, rows.Err()
	}
	return true, rows.Scan(targets...)
}

// many reads all rows of a query, which brings its own bound. The columns are
// named, since a prepared SELECT * breaks when a newer node adds a column.
func many[T any](query *gorm.DB) ([]T, error) {
	var rows []T
	err := query.Session(&gorm.Session{QueryFields: true}).Find(&rows).Error
	return rows, err
}

// hitOne turns the outcome of a guarded write into an error: anything but one row
// means that somebody else was first.
func hitOne(result *gorm.DB, otherwise error) error {
	if result.Error != nil {
		return result.Error
	}
	if result.RowsAffected != 1 {
		return otherwise
	}
	return nil
}

// unlessTaken makes an insert pass over rows whose unique columns are taken. The
// rows affected tell, and on PostgreSQL the unit of work stays usable, which it
// would not after an error.
func unlessTaken(columns ...string) clause.OnConflict {
	conflict := clause.OnConflict{DoNothing: true}
	for _, column := range columns {
		conflict.Columns = append(conflict.Columns, clause.Column{Name: column})
	}
	return conflict
}

// unlessUnique turns a unique column that is taken into an error, where a write cannot pass over
// it. What the write did is undone then, and the unit of work stays usable.
func unlessUnique(tx *gorm.DB, taken error, write func() error) error {
	mark := across(tx) // which is of no tenant
	if err := mark.Exec("SAVEPOINT unique_column").Error; err != nil {
		return err
	}
	err := write()
	pg, ok := errors.AsType[*pgconn.PgError](err)
	switch {
	case ok && pg.Code == "23505":
		if err := mark.Exec("ROLLBACK TO SAVEPOINT unique_column").Error; err != nil {
			return err
		}
		err = taken
	case ok:
		return err // the unit of work is undone
	}
	if released := mark.Exec("RELEASE SAVEPOINT unique_column").Error; err == nil {
		err = released
	}
	return err
}

// present is for bytes that are never missing: they are stored as none rather than
// NULL, and read as none where an engine makes no difference.
func present(content []byte) []byte {
	if content == nil {
		return []byte{}
	}
	return content
}

// readAcross is read for the whole process; reqctx.ErrNoTenant where the context was
// not opened for that.
func (d *DB) readAcross(ctx context.Context) (*gorm.DB, error) {
	if !reqctx.EveryTenant(ctx) {
		return nil, reqctx.ErrNoTenant
	}
	return across(d.read(ctx)), nil
}

// writeAcross runs body in the open unit of work, or in one of its own, for the
// whole process; reqctx.ErrNoTenant where the context was not opened for that.
func (d *DB) writeAcross(ctx context.Context, body func(tx *gorm.DB) error) error {
	if !reqctx.EveryTenant(ctx) {
		return reqctx.ErrNoTenant
	}
	return d.join(ctx, func(tx *gorm.DB) error { return body(across(tx)) })
}
