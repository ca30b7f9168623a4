package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	pass = `{"Action":"output","Package":"p","Test":"TestA","Output":"quiet\n"}
{"Action":"pass","Package":"p","Test":"TestA"}
`
	fail = `{"Action":"output","Package":"p","Test":"TestB","Output":"loud\n"}
{"Action":"fail","Package":"p","Test":"TestB"}
{"Action":"fail","Package":"p"}
`
	skip = `{"Action":"output","Package":"p","Test":"TestC","Output":"no server\n"}
{"Action":"skip","Package":"p","Test":"TestC"}
`
	build = `{"Action":"build-output","ImportPath":"q","Output":"q.go:1: broken\n"}
{"Action":"fail","Package":"q"}
`
	bare = `{"Action":"skip","Package":"r"}
{"Action":"pass","Package":"p","Elapsed":1.25}
`
)

func TestTally(t *testing.T) {
	exit := errors.New("exit status 1")
	for name, test := range map[string]struct {
		events string
		strict bool
		ended  error
		want   string // everything that is printed
		err    string
	}{
		"passes quietly": {events: pass + bare, want: "ok   p 1.2s\ngo test: 1 passed, 0 failed, 0 skipped\n"},
		"shows a failure, counted once": {events: pass + fail, ended: exit,
			want: "loud\ngo test: 1 passed, 1 failed, 0 skipped\n", err: "exit status 1"},
		"counts what does not build": {events: pass + build, ended: exit,
			want: "q.go:1: broken\ngo test: 1 passed, 1 failed, 0 skipped\n", err: "exit status 1"},
		"does not trust a lucky exit": {events: fail, want: "loud\ngo test: 0 passed, 1 failed, 0 skipped\n", err: "tests failed"},
		"tells what it skipped":       {events: pass + skip, want: "no server\ngo test: 1 passed, 0 failed, 1 skipped\n"},
		"skips nothing when strict": {events: pass + skip, strict: true,
			want: "no server\ngo test: 1 passed, 0 failed, 1 skipped\n", err: `"p TestC"`},
		"is not content with nothing": {want: "go test: 0 passed, 0 failed, 0 skipped\n", err: "no test ran"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			seen := newTally(&out)
			require.NoError(t, seen.read(strings.NewReader(test.events)))
			err := seen.close(test.strict, test.ended)
			require.Equal(t, test.want, out.String())
			if test.err == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, test.err)
		})
	}
}

func TestTallyRefusesWhatIsNotAnEvent(t *testing.T) {
	require.Error(t, newTally(&bytes.Buffer{}).read(strings.NewReader("FAIL p [setup failed]\n")))
}
