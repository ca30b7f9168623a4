package main

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/tests/load/drive"
	"github.com/lintel-id/lintel/tests/load/report"
)

// going answers so often a second.
func going(t *testing.T, rate int) *drive.Side {
	t.Helper()
	side := &drive.Side{Process: 0, Go: func(context.Context, time.Duration) (drive.Round, error) {
		return drive.NewRound(make([]time.Duration, rate), time.Second), nil
	}}
	require.NoError(t, side.Round(t.Context(), time.Second))
	return side
}

// Logins with a passkey have a goal against rows, and one against passwords, where there are
// the most connections.
func TestLoginsWithAPasskeyAreSetAgainstRowsAndPasswords(t *testing.T) {
	b := &bench{settings: settings{Settings: report.Settings{Connections: []int{1, 64}}}, found: &report.Results{}}
	for _, connections := range b.settings.Connections {
		b.keyed(&measured{passkeyLogin, "SQLite", connections, going(t, 200), []*measured{
			{bareInsert, "SQLite", connections, going(t, 1000), nil}, {passwordLogin, "SQLite", connections, going(t, 25), nil},
		}})
	}
	require.Len(t, b.found.Operations, 6)
	require.Len(t, b.found.Goals, 2)
	require.Equal(t, "passkey login, SQLite, 64 connections: of a bare insert", b.found.Goals[0].Name)
	require.Equal(t, []float64{0.2}, b.found.Goals[0].Rounds)
	require.True(t, b.found.Goals[0].Reached())
	require.Equal(t, []float64{8}, b.found.Goals[1].Rounds)
	require.False(t, b.found.Goals[1].Reached())
}
