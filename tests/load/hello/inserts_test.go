package main

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"
)

// A floor that answers without a row would be none.
func TestEachAnswerIsARow(t *testing.T) {
	none, err := openRows(t.Context(), "", "")
	require.NoError(t, err)
	require.Nil(t, none)

	path := filepath.Join(t.TempDir(), "rows.db")
	inserted, err := openRows(t.Context(), path, "")
	require.NoError(t, err)
	app := fiber.New()
	app.Post("/", inserted.add)
	for range 3 {
		answer, err := app.Test(httptest.NewRequest(http.MethodPost, "/", nil), -1)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Equal(t, http.StatusOK, answer.StatusCode)
	}
	var count, bytes int
	db := openSQLite(path)
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*), sum(length(content)) FROM bare_rows").Scan(&count, &bytes))
	require.NoError(t, db.Close())
	require.Equal(t, []int{3, 3 * rowBytes}, []int{count, bytes})
	require.NoError(t, inserted.insert.Close())

	_, err = openRows(t.Context(), path, "")
	require.Error(t, err, "rows of before")
	_, err = openRows(t.Context(), "", "postgres://%")
	require.Error(t, err)
}
