package template

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func write(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.tmpl"), []byte(text), 0o600))
	return dir
}

func TestChanged(t *testing.T) {
	texts, err := Changed(write(t, "one $1 (two) two"), []Substitution{
		{Name: "literal", Template: "a.tmpl", Old: "one $1", New: "1 $2", Count: 1},
		{Name: "pattern", Template: "a.tmpl", Pattern: `t(w)o`, New: "<$1>", Count: 2},
	})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"a.tmpl": "1 $2 (<w>) <w>"}, texts)
}

// A newer generator may move a fault to where a change no longer finds it: that has to
// stop the build.
func TestChangedFailsLoudly(t *testing.T) {
	for name, s := range map[string]Substitution{
		"not there":        {Old: "three", Count: 1},
		"too often":        {Old: "two", Count: 1},
		"too seldom":       {Old: "two", Count: 3},
		"no such pattern":  {Pattern: "x+", Count: 1},
		"a broken pattern": {Pattern: "(", Count: 1},
	} {
		t.Run(name, func(t *testing.T) {
			s.Name, s.Template = name, "a.tmpl"
			_, err := Changed(write(t, "one two two"), []Substitution{s})
			require.ErrorContains(t, err, name)
		})
	}
	_, err := Changed(t.TempDir(), []Substitution{{Name: "no file", Template: "b.tmpl", Old: "x", Count: 1}})
	require.ErrorContains(t, err, "no file")
}

func TestSubstitutionsFitThePinnedGenerator(t *testing.T) {
	folder, err := Folder()
	require.NoError(t, err)
	texts, err := Changed(folder, Substitutions())
	require.NoError(t, err)
	require.Len(t, texts, 5)

	names := map[string]bool{}
	for _, s := range Substitutions() {
		require.False(t, names[s.Name], "%s is there twice", s.Name)
		names[s.Name] = true
		require.NotEmpty(t, s.Why, s.Name)
		require.NotEqual(t, s.Old == "", s.Pattern == "", s.Name)
	}
}

// The framework's own errors and decoders must not come back with a newer generator.
func TestNothingOfTheFrameworkIsLeft(t *testing.T) {
	folder, err := Folder()
	require.NoError(t, err)
	texts, err := Changed(folder, Substitutions())
	require.NoError(t, err)
	require.NotContains(t, texts[binding], "fiber.NewError")
	require.NotContains(t, texts[strict], "BodyParser")
	require.NotContains(t, texts[strict], "Locals")
}
