package house_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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

// What is out is out: each released contract has the version of its file, and the tree has
// one that is newer than all of them, so that nothing is added to what others have already.
func TestTheTreeIsNewerThanWhatIsReleased(t *testing.T) {
	number := func(document []byte) (version string, parts [3]int) {
		var read struct{ Info struct{ Version string } }
		require.NoError(t, json.Unmarshal(document, &read))
		_, err := fmt.Sscanf(read.Info.Version, "%d.%d.%d", &parts[0], &parts[1], &parts[2])
		require.NoError(t, err, read.Info.Version)
		return read.Info.Version, parts
	}
	_, tree := number(gen.SpecJSON)
	released, err := filepath.Glob(filepath.Join("..", "..", "openapi", "released", "[0-9]*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, released)
	for _, path := range released {
		document, err := os.ReadFile(path)
		require.NoError(t, err)
		version, parts := number(document)
		require.Equal(t, version+".json", filepath.Base(path))
		require.Equal(t, 1, slices.Compare(tree[:], parts[:]), "%s is released, and the tree still has its version", version)
	}
}
