package running

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/storage"
)

// Table is all that stands in a table: each column as text, bytes as they are.
type Table struct {
	Columns []string
	Rows    [][]string
}

// Tables is everything in the database, by table.
func (s *Server) Tables(tb testing.TB) map[string]Table {
	tb.Helper()
	driver, source, list := "sqlite", "file:"+filepath.Join(s.place.dir, "lintel.db"), `SELECT name FROM sqlite_master WHERE type = 'table'`
	if s.place.Engine == storage.Postgres {
		driver, source = "pgx", s.place.url
		list = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`
	}
	db, err := sql.Open(driver, source)
	require.NoError(tb, err)
	defer func() { require.NoError(tb, db.Close()) }()
	all := map[string]Table{}
	for _, row := range query(tb, db, list).Rows {
		all[row[0]] = query(tb, db, `SELECT * FROM "`+row[0]+`"`)
	}
	return all
}

func query(tb testing.TB, db *sql.DB, statement string) (all Table) {
	tb.Helper()
	rows, err := db.QueryContext(context.Background(), statement)
	require.NoError(tb, err)
	defer func() { require.NoError(tb, rows.Close()) }()
	all.Columns, err = rows.Columns()
	require.NoError(tb, err)
	for rows.Next() {
		values, row := make([]any, len(all.Columns)), make([]string, len(all.Columns))
		for i := range values {
			values[i] = new(any)
		}
		require.NoError(tb, rows.Scan(values...))
		for i := range values {
			switch value := (*values[i].(*any)).(type) {
			case nil:
				row[i] = ""
			case []byte:
				row[i] = string(value)
			default:
				row[i] = fmt.Sprint(value)
			}
		}
		all.Rows = append(all.Rows, row)
	}
	require.NoError(tb, rows.Err())
	return all
}
