package house_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/gen"
)

// What the reference shows of the clients is what their own pages show, and that is run
// as it stands there by each client's tests.
func TestTheReferencesExamplesAreTheClientsOwn(t *testing.T) {
	var document struct {
		Info struct{ Description string }
	}
	require.NoError(t, json.Unmarshal(gen.SpecJSON, &document))
	shown := regexp.MustCompile("(?s)```(\\w+)\n(.*?)```").FindAllStringSubmatch(document.Info.Description, -1)
	require.Len(t, shown, 6)
	pages := ""
	for _, client := range []string{"typescript", "go"} {
		page, err := os.ReadFile(filepath.Join("..", "..", "clients", client, "README.md"))
		require.NoError(t, err)
		pages += string(page)
	}
	for _, example := range shown {
		require.Contains(t, pages, "```"+example[1]+"\n"+example[2]+"```")
	}
}

// Clients and contract have one version for all.
func TestClientsHaveTheContractsVersion(t *testing.T) {
	version := func(file []byte) string {
		var named struct {
			Version string
			Info    struct{ Version string }
		}
		require.NoError(t, json.Unmarshal(file, &named))
		return named.Version + named.Info.Version
	}
	contract := version(gen.SpecJSON)
	packages, err := filepath.Glob(filepath.Join("..", "..", "clients", "*", "package.json"))
	require.NoError(t, err)
	require.NotEmpty(t, packages)
	for _, path := range packages {
		file, err := os.ReadFile(path)
		require.NoError(t, err)
		if found := version(file); found != "" { // one that is never published has none
			require.Equal(t, contract, found, path)
		}
	}
}
