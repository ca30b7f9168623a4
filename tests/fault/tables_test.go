package fault_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// count tells how many rows a table has, past everything of ours.
func count(t *testing.T, here place, table string) (rows int) {
	t.Helper()
	driver, source := "sqlite", "file:"+filepath.Join(here.dir, "lintel.db")+"?mode=ro&_busy_timeout=10000"
	if here.url != "" {
		driver, source = "pgx", here.url
	}
	db, err := sql.Open(driver, source)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&rows))
	return rows
}
