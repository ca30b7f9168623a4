package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const root = "../.."

// What clients/README.md tells of a generator, its version included, is what is tried.
func TestTheTableTellsWhatIsTried(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(root, "clients", "README.md"))
	require.NoError(t, err)
	rows := map[string]string{}
	for line := range strings.Lines(string(readme)) {
		if cells := strings.Split(line, "|"); len(cells) > 3 {
			rows[strings.Trim(strings.TrimSpace(cells[1]), "`")] = line
		}
	}
	for _, one := range generators() {
		source, err := os.ReadFile(filepath.Join(root, one.pinned.file))
		require.NoError(t, err)
		found := one.pinned.version.FindSubmatch(source)
		require.NotNil(t, found, "%s pins no version of %s", one.pinned.file, one.name)
		require.Contains(t, rows[one.name], string(found[1]), "the row of %s", one.name)
		for _, document := range documents() {
			require.LessOrEqual(t, one.reaches(document), one.tried, one.name)
		}
		told := fmt.Sprintf("| %s | %s |", one.reaches("openapi.json"), one.reaches("openapi-3.0.json"))
		require.Contains(t, rows[one.name], told, "the row of %s", one.name)
		require.FileExists(t, filepath.Join(one.name, "run.sh"))
	}
}

func TestWhatIsNotAsListedFailsTheRun(t *testing.T) {
	tried := func(reaches, reached stage) result {
		listed := generators()[0]
		if reaches < login {
			listed.stops = map[string]stop{"a.json": {reaches, "a reason"}}
		}
		return result{generator: listed, document: "a.json", reached: reached, said: "error TS1"}
	}
	var out strings.Builder
	require.NoError(t, judge(&out, []result{tried(login, login), tried(compiles, compiles)}))
	require.Equal(t, "others: 1 of 2 complete a login, 1 listed with their reason\n", out.String())

	out.Reset()
	err := judge(&out, []result{tried(login, login), tried(login, compiles)})
	require.ErrorContains(t, err, `with a.json reaches "compile" and used to reach "login"`)
	require.ErrorContains(t, err, "error TS1")
	require.ErrorContains(t, judge(&out, []result{tried(compiles, login)}), `reaches "login" now`)
	require.Empty(t, out.String())
}

func TestChoose(t *testing.T) {
	all, err := choose(false, nil)
	require.NoError(t, err)
	require.Len(t, all, len(generators()))
	quick, err := choose(true, nil)
	require.NoError(t, err)
	require.NotEmpty(t, quick)
	require.Less(t, len(quick), len(all))
	one, err := choose(false, []string{"kotlin"})
	require.NoError(t, err)
	require.Equal(t, "kotlin", one[0].name)
	_, err = choose(false, []string{"kotlin", "cobol"})
	require.ErrorContains(t, err, "cobol")
}
