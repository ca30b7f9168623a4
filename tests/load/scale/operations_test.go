package scale

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/tests/load/bulk"
	"github.com/lintel-id/lintel/tests/load/drive"
	"github.com/lintel-id/lintel/tests/load/report"
	"github.com/lintel-id/lintel/tests/load/stand"
)

func TestNobodyIsMetTwiceBeforeAllWere(t *testing.T) {
	for _, size := range []int{1000, 200_000} {
		met, next := make([]int, size), scattered()
		for range size {
			met[next()%size]++
		}
		for _, times := range met {
			require.Equal(t, 1, times)
		}
	}
}

// sided always takes as long.
func sided(p50 time.Duration) *drive.Side {
	return &drive.Side{Process: 0, Go: func(context.Context, time.Duration) (drive.Round, error) {
		return drive.NewRound([]time.Duration{p50}, time.Second), nil
	}}
}

func TestTheLargeIsDividedByTheSmall(t *testing.T) {
	found := &report.Results{}
	all := []*compared{{
		pair: &pair{engine: "SQLite"}, operation: "lookup", connections: 16,
		small: sided(10 * time.Millisecond), large: sided(16 * time.Millisecond), floor: nil,
	}}
	require.NoError(t, turns(t.Context(), Config{Rounds: 3, Lasts: time.Second, Tell: func(string) {}}, all))
	tell(all, found)
	require.Equal(t, []float64{1.6, 1.6, 1.6}, found.Scale[0].Ratio.Rounds)
	require.Equal(t, "lookup, SQLite, 16 connections: large of small", found.Goals[0].Name)
	require.True(t, found.Missed())
}

// Each list is set against its bare read, which takes a turn in each round.
func TestListsAreSetAgainstABareRead(t *testing.T) {
	found, turned := &report.Results{}, 0
	floor := &drive.Side{Process: 0, Go: func(context.Context, time.Duration) (drive.Round, error) {
		turned++
		return drive.NewRound(make([]time.Duration, 10), time.Second), nil
	}}
	all := make([]*compared, 2)
	for i := range all {
		all[i] = &compared{
			pair: &pair{engine: "SQLite"}, operation: "list", connections: 1,
			small: sided(time.Millisecond), large: sided(time.Millisecond), floor: floor,
		}
	}
	require.NoError(t, turns(t.Context(), Config{Rounds: 3, Lasts: time.Second, Tell: func(string) {}}, all))
	require.Equal(t, 2*(1+3), turned, "of each list one to warm it, and three rounds")
	tell(all, found)
	require.Len(t, found.Goals, 4)
	require.Equal(t, "list, SQLite, 1 connection: of a bare indexed read", found.Goals[1].Name)
	require.Equal(t, []float64{0.1, 0.1, 0.1}, found.Goals[1].Rounds)
	require.False(t, found.Goals[1].Reached())
	require.True(t, found.Goals[0].Reached())
	require.Len(t, found.Figures, 4, "each list and what it is set against")
}

// A list that answers fast because it found nobody is none.
func TestAPageHasToBeWhole(t *testing.T) {
	users := func(count int) []byte { return bytes.Repeat([]byte(`{"id":"usr_1"}`), count) }
	require.NoError(t, whole(users(page), enough))
	require.Error(t, whole(users(page-1), enough))
	require.Error(t, whole(users(page+1), enough))
	require.NoError(t, whole(users(1), enough-1))
	require.Error(t, whole(users(0), enough-1))
}

// What a list is set against reads users, and says so when it finds none.
func TestABareReadFindsUsers(t *testing.T) {
	store, db := storeOf(t, page)
	for _, o := range lists()[:2] {
		side := (&town{Engine: &stand.Engine{Name: stand.SQLite, Bulk: store}}).bare(o.bare, 2)
		round, err := side.Go(t.Context(), time.Millisecond)
		require.NoError(t, err)
		require.GreaterOrEqual(t, round.Answered, 2)
	}
	_, err := db.ExecContext(t.Context(), "DELETE FROM users")
	require.NoError(t, err)
	_, err = (&town{Engine: &stand.Engine{Name: stand.SQLite, Bulk: store}}).bare(lists()[0].bare, 1).Go(t.Context(), time.Millisecond)
	require.ErrorIs(t, err, errNobody)
}

func TestABareReadAsPostgresTakesIt(t *testing.T) {
	read := bareRead{walk: "SELECT user_id AS id FROM x WHERE %s AND lookup >= ? AND lookup < ?", values: nil}
	require.Contains(t, read.statement(stand.Postgres), `lookup COLLATE "C" >= $1 AND lookup COLLATE "C" < $2 LIMIT 50`)
	require.Contains(t, read.statement(stand.SQLite), "lookup >= ? AND lookup < ? LIMIT 50")
}

// storeOf has so many users of one tenant.
func storeOf(t *testing.T, users int) (bulk.Store, *sql.DB) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.db")
	store, err := bulk.OpenSQLite(t.Context(), path)
	require.NoError(t, err)
	db, err := sql.Open("sqlite", "file:"+path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, errors.Join(db.Close(), store.Close())) })
	for _, statement := range []string{
		"CREATE TABLE users (tenant_id, id, PRIMARY KEY (tenant_id, id))", "CREATE TABLE user_identifiers (tenant_id, user_id)",
	} {
		_, err = db.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	for i := range users {
		_, err = db.ExecContext(t.Context(), "INSERT INTO users VALUES (1, ?)", i)
		require.NoError(t, err)
	}
	return store, db
}
