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

// Rows is every row of every table, each column as text; bytes stay as they are.
func (s *Server) Rows(tb testing.TB) map[string][]map[string]string {
	tb.Helper()
	driver, source, list := "sqlite", "file:"+filepath.Join(s.place.dir, "lintel.db"), `SELECT name FROM sqlite_master WHERE type = 'table'`
	if s.place.Engine == storage.Postgres {
		driver, source = "pgx", s.place.url
		list = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`
	}
	db, err := sql.Open(driver, source)
	require.NoError(tb, err)
	defer func() { require.NoError(tb, db.Close()) }()
	all := map[string][]map[string]string{}
	for _, table := range query(tb, db, list) {
		for _, name := range table {
			all[name] = query(tb, db, `SELECT * FROM "`+name+`"`)
		}
	}
	return all
}

func query(tb testing.TB, db *sql.DB, statement string) (all []map[string]string) {
	tb.Helper()
	rows, err := db.QueryContext(context.Background(), statement)
	require.NoError(tb, err)
	defer func() { require.NoError(tb, rows.Close()) }()
	columns, err := rows.Columns()
	require.NoError(tb, err)
	for rows.Next() {
		values, row := make([]any, len(columns)), map[string]string{}
		for i := range values {
			values[i] = new(any)
		}
		require.NoError(tb, rows.Scan(values...))
		for i, column := range columns {
			switch value := (*values[i].(*any)).(type) {
			case nil:
				row[column] = ""
			case []byte:
				row[column] = string(value)
			default:
				row[column] = fmt.Sprint(value)
			}
		}
		all = append(all, row)
	}
	require.NoError(tb, rows.Err())
	return all
}
