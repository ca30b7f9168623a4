package id_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/id"
)

type thing struct{}

func (thing) Prefix() string { return "prefix" }

func TestTypeIDVector(t *testing.T) {
	// From the TypeID specification's own list of valid ids.
	got, err := id.Parse[thing]("prefix_01h455vb4pex5vsknk084sn02q")
	require.NoError(t, err)
	require.Equal(t, [16]byte{0x01, 0x89, 0x0a, 0x5d, 0xac, 0x96, 0x77, 0x4b, 0xbc, 0xce, 0xb3, 0x02, 0x09, 0x9a, 0x80, 0x57}, got.Bytes())
	require.Equal(t, "prefix_01h455vb4pex5vsknk084sn02q", got.String())
}

func TestIDsSortByTime(t *testing.T) {
	at := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	first := id.New[thing](at)
	for _, step := range []time.Duration{time.Microsecond, 998 * time.Microsecond, time.Microsecond, time.Hour} {
		at = at.Add(step)
		second := id.New[thing](at)
		require.Less(t, first.String(), second.String(), step)
		first = second
	}
	require.False(t, first.IsZero())
}

func TestOnlyOneSpellingOfOneKind(t *testing.T) {
	good := id.New[thing](time.Unix(1, 0)).String()
	for _, bad := range []string{"", good[1:], good + "0", "tnt" + good[6:], "PREFIX" + good[6:], good[:7] + "8" + good[8:], good[:20] + "I" + good[21:], "prefix_00000000000000000000000000"} {
		_, err := id.Parse[thing](bad)
		require.ErrorIs(t, err, id.ErrMalformed, bad)
	}
	_, err := id.Parse[thing](good)
	require.NoError(t, err)
}

func TestJSON(t *testing.T) {
	want := id.New[thing](time.Unix(1, 0))
	text, err := json.Marshal(want)
	require.NoError(t, err)
	var got id.Of[thing]
	require.NoError(t, json.Unmarshal(text, &got))
	require.Equal(t, want, got)
}

func FuzzParse(f *testing.F) {
	f.Add("prefix_01h455vb4pex5vsknk084sn02q")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := id.Parse[thing](text)
		if err == nil {
			require.Equal(t, text, got.String())
		}
	})
}
