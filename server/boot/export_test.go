package boot

import (
	"database/sql"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"
)

// Every table with a column for whose row it is has one holder that tells it, as it has an
// eraser, which a test over the API counts: a new table is in exports, or this fails.
func TestEveryTableAboutPeopleIsTold(t *testing.T) {
	settings := developmentConfig(t)
	server := start(t, settings)
	db, err := sql.Open("sqlite", "file:"+filepath.Join(settings.DataDir, "lintel.db"))
	require.NoError(t, err)
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT DISTINCT m.name FROM sqlite_master m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND (c.name IN ('user_id', 'person') OR m.name = 'users')`)
	require.NoError(t, err)
	defer rows.Close()
	var about, told []string
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		about = append(about, name)
	}
	require.NoError(t, rows.Err())
	for _, holder := range server.services.holders() {
		told = append(told, holder.Held().Tables...)
	}
	require.Greater(t, len(about), 8)
	require.ElementsMatch(t, about, told)
	slices.Sort(told)
	require.Len(t, slices.Compact(told), len(told), "each table is one holder's")
}
