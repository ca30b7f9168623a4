package storage

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"github.com/lintel-id/lintel/server/platform/id"
)

// uid is an id as a column: uuid on PostgreSQL, 16 bytes on SQLite. The zero uid
// is a value like any other.
type uid [16]byte

// uidOf turns any id into a column.
func uidOf[K id.Kind](of id.Of[K]) uid { return uid(of.Bytes()) }

// into turns a column back into an id; the target says of which kind.
func into[K id.Kind](target *id.Of[K], column uid) { *target = id.FromBytes[K](column) }

// Value gives the 16 bytes, which both drivers know how to bind.
func (u uid) Value() (driver.Value, error) { return u[:], nil }

// Scan reads what either driver returns.
func (u *uid) Scan(stored any) error {
	switch value := stored.(type) {
	case []byte:
		if len(value) == len(u) {
			copy(u[:], value)
			return nil
		}
		return u.parse(string(value))
	case string:
		return u.parse(value)
	case [16]byte:
		*u = value
		return nil
	default:
		return fmt.Errorf("storage: %T is not an id", stored)
	}
}

func (u *uid) parse(text string) error {
	parsed, err := uuid.Parse(text)
	if err != nil {
		return errors.New("storage: a stored id is malformed")
	}
	*u = uid(parsed)
	return nil
}

// GormDataType names the column for gorm.
func (uid) GormDataType() string { return "uuid" }

// GormDBDataType is the column's type on each engine.
func (uid) GormDBDataType(db *gorm.DB, _ *schema.Field) string {
	if db.Name() == string(SQLite) {
		return "blob"
	}
	return "uuid"
}

// micros is a time as a column: timestamptz on PostgreSQL, microseconds since
// 1970 on SQLite, always UTC.
type micros time.Time

// microsOf turns a time into a column.
func microsOf(t time.Time) micros { return micros(t.UTC().Truncate(time.Microsecond)) }

// optionalMicros is microsOf for times that may be missing.
func optionalMicros(t *time.Time) *micros {
	if t == nil {
		return nil
	}
	column := microsOf(*t)
	return &column
}

// time turns the column back into a time.
func (m micros) time() time.Time { return time.Time(m) }

// optionalTime turns a column that may be empty back into a time.
func optionalTime(column *micros) *time.Time {
	if column == nil {
		return nil
	}
	t := column.time()
	return &t
}

// nullTime is optionalTime for a column that was scanned by hand.
func nullTime(column sql.Null[micros]) *time.Time {
	if !column.Valid {
		return nil
	}
	t := column.V.time()
	return &t
}

// Value gives the time; the SQLite driver writes it as an integer.
func (m micros) Value() (driver.Value, error) {
	return time.Time(m).UTC().Truncate(time.Microsecond), nil
}

// Scan reads what either driver returns; an expression such as MAX gives SQLite's
// integer as it is.
func (m *micros) Scan(stored any) error {
	switch value := stored.(type) {
	case time.Time:
		*m = microsOf(value)
	case int64:
		*m = micros(time.UnixMicro(value).UTC())
	default:
		return fmt.Errorf("storage: %T is not a time", stored)
	}
	return nil
}

// GormDataType names the column for gorm.
func (micros) GormDataType() string { return "time" }

// GormDBDataType is the column's type on each engine.
func (micros) GormDBDataType(db *gorm.DB, _ *schema.Field) string {
	if db.Name() == string(SQLite) {
		return "integer"
	}
	return "timestamptz"
}
