package process

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheJournalFindsTheAddressInPieces(t *testing.T) {
	j := newJournal()
	for _, piece := range []string{
		"not json\n", `{"msg":"starting","address":"no"}` + "\n", `{"msg":"serv`, `ing","address":"127.0.0.1:7"}`, "\n",
	} {
		n, err := j.Write([]byte(piece))
		require.NoError(t, err)
		require.Equal(t, len(piece), n)
	}
	require.Equal(t, "127.0.0.1:7", <-j.serving)

	_, err := j.Write([]byte(strings.Repeat("a", 2*keptJournal) + "end\n"))
	require.NoError(t, err)
	require.Len(t, j.tail(), keptJournal-1)
	require.True(t, strings.HasSuffix(j.tail(), "end"))
}

func TestAProcessThatEndsAtOnceSaysWhy(t *testing.T) {
	_, err := Start(t.Context(), "sh", "/bin/sh", []string{"-c", "echo 'lintel: no luck' >&2; exit 2"}, Environment())
	require.ErrorContains(t, err, "no luck")
}

func TestAProcessEndsWhenStopped(t *testing.T) {
	line := `echo '{"msg":"serving","address":"127.0.0.1:1"}' >&2; exec sleep 60`
	p, err := Start(t.Context(), "sh", "/bin/sh", []string{"-c", line}, Environment())
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:1", p.Address)
	require.NoError(t, p.Stop())
	_, open := <-p.ended
	require.False(t, open)
}

func TestTheServerIsConfiguredByUsAlone(t *testing.T) {
	t.Setenv("LINTEL_LISTEN", "0.0.0.0:80")
	require.NotContains(t, Environment(), "LINTEL_LISTEN=0.0.0.0:80")
	require.Contains(t, Environment("LINTEL_LISTEN=127.0.0.1:0"), "LINTEL_LISTEN=127.0.0.1:0")
}
