package pipeline

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/openapi/tool/bundle"
	"github.com/lintel-id/lintel/openapi/tool/template"
)

var update = flag.Bool("update", false, "write the generated fixture anew")

const fixture = "../testdata/strict"

// generateFixture makes the strict server of the fixture with the given changes.
func generateFixture(t *testing.T, substitutions []template.Substitution) []byte {
	t.Helper()
	contract, err := bundle.Load(fixture)
	require.NoError(t, err)
	config, err := readSettings("../../codegen/server.yaml")
	require.NoError(t, err)
	config.PackageName = "strict"
	config.OutputOptions.Overlay.Path = ""
	folder, err := template.Folder()
	require.NoError(t, err)
	config.OutputOptions.UserTemplates, err = template.Changed(folder, substitutions)
	require.NoError(t, err)
	file, err := generate(config, ".", contract)
	require.NoError(t, err)
	return file.Data
}

// The tests of the generated code run on a committed file; it has to be what the
// templates give today.
func TestFixtureIsCurrent(t *testing.T) {
	path := filepath.Join(fixture, "strict.gen.go")
	source := generateFixture(t, template.Substitutions())
	if *update {
		require.NoError(t, os.WriteFile(path, source, 0o600))
	}
	committed, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(committed), string(source), "run go test ./openapi/tool/pipeline -update")
}

// Each change has to change what is generated, or it is not needed any more.
func TestEachSubstitutionMatters(t *testing.T) {
	all := template.Substitutions()
	whole := string(generateFixture(t, all))
	for i, s := range all {
		without := slices.Delete(slices.Clone(all), i, i+1)
		require.NotEqual(t, whole, string(generateFixture(t, without)), s.Name)
	}
}
