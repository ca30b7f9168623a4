package api

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/user"
)

func TestAUserCursorIsReadAsItWasWritten(t *testing.T) {
	var who user.ID
	require.NoError(t, who.UnmarshalText([]byte("usr_01h455vb4pex5vsknk084sn02q")))
	at := time.Date(2030, 1, 2, 3, 4, 5, 6000, time.UTC)
	for _, next := range []user.Cursor{{ID: who}, {ID: who, At: at}, {ID: who, Type: user.Email, Lookup: "ada@example.com"}} {
		read, err := fromAPIUserCursor(toAPIUserCursor(next).MustGet())
		require.NoError(t, err)
		require.Equal(t, next, read)
	}
	require.True(t, toAPIUserCursor(user.Cursor{}).IsNull())
	for _, text := range []string{"!", "e30", "eyJpZCI6MX0"} {
		_, err := fromAPIUserCursor(text)
		require.Error(t, err, text)
	}
}
