package lintel_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// own is how the paths of this module begin.
const own = "github.com/lintel-id/lintel/"

const program = `// Command hello is what somebody else writes.
package main

import (
	"fmt"

	lintel "github.com/lintel-id/lintel/clients/go"
	"github.com/lintel-id/lintel/clients/go/verify"
)

func main() {
	client, err := lintel.New("https://id.example.com", lintel.Options{})
	fmt.Println(client != nil, err == nil, verify.New != nil)
}
`

// proxied packs the module as the module proxy serves it, so that what is left out there,
// such as the modules within it, is missing here too. It gives the address of that proxy.
func proxied(t *testing.T, root, version string) string {
	t.Helper()
	proxy := t.TempDir()
	at := filepath.Join(proxy, filepath.FromSlash(strings.TrimSuffix(own, "/")), "@v")
	require.NoError(t, os.MkdirAll(at, 0o700))
	manifest, err := os.ReadFile(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(at, version+".mod"), manifest, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(at, version+".info"), []byte(`{"Version":"`+version+`"}`), 0o600))
	packed, err := os.Create(filepath.Join(at, version+".zip"))
	require.NoError(t, err)
	require.NoError(t, zip.Create(packed, module.Version{Path: strings.TrimSuffix(own, "/"), Version: version}, tracked(t, root)))
	require.NoError(t, packed.Close())
	return "file://" + filepath.ToSlash(proxy)
}

// tracked are the files that are of the tree: those of Git, which is what a proxy reads.
func tracked(t *testing.T, root string) (files []zip.File) {
	t.Helper()
	list := exec.CommandContext(t.Context(), "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = root
	said, err := list.Output()
	require.NoError(t, err)
	var nested []string
	names := strings.Split(strings.TrimSuffix(string(said), "\x00"), "\x00")
	for _, name := range names {
		if folder, ok := strings.CutSuffix(name, "/go.mod"); ok {
			nested = append(nested, folder+"/")
		}
	}
	for _, name := range names {
		within := slices.ContainsFunc(nested, func(folder string) bool { return strings.HasPrefix(name, folder) })
		if info, err := os.Lstat(filepath.Join(root, name)); err == nil && info.Mode().IsRegular() && !within {
			files = append(files, file{root, name})
		}
	}
	return files
}

// file is one of a module.
type file struct{ root, name string }

func (f file) Path() string                 { return f.name }
func (f file) Lstat() (os.FileInfo, error)  { return os.Lstat(filepath.Join(f.root, f.name)) }
func (f file) Open() (io.ReadCloser, error) { return os.Open(filepath.Join(f.root, f.name)) }

// What a program of somebody else gets with the client is the client: not the server, its
// database or its HTTP library, although they are in one module.
func TestTheModuleIsOfUseElsewhere(t *testing.T) {
	const version = "v0.0.1-packed"
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	ours, err := os.ReadFile(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	require.NoError(t, err)
	language := regexp.MustCompile(`(?m)^go .*$`).Find(ours)
	dir, cache := t.TempDir(), t.TempDir()
	for name, content := range map[string]string{
		"main.go": program, "go.sum": string(sums),
		"go.mod": fmt.Sprintf("module example.com/hello\n\n%s\n\nrequire github.com/lintel-id/lintel %s\n", language, version),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
	downloaded, err := exec.CommandContext(t.Context(), "go", "env", "GOMODCACHE").Output()
	require.NoError(t, err)
	// Everything else comes from what this module was built with.
	others := "file://" + filepath.ToSlash(strings.TrimSpace(string(downloaded))) + "/cache/download"
	proxies := proxied(t, root, version) + "," + others
	goTool := func(args ...string) string {
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=-mod=mod -modcacherw", "GOWORK=off",
			"GOPROXY="+proxies, "GOMODCACHE="+cache, "GONOPROXY=", "GONOSUMDB=*", "GOPRIVATE=")
		var told strings.Builder // of what is downloaded
		cmd.Stderr = &told
		said, err := cmd.Output()
		require.NoError(t, err, "%s", &told)
		return string(said)
	}
	require.Equal(t, "true true true\n", goTool("run", "."))

	deps := strings.Fields(goTool("list", "-deps", "."))
	require.Contains(t, deps, "github.com/lintel-id/lintel/clients/go")
	for _, dep := range deps {
		if inside, ok := strings.CutPrefix(dep, own); ok {
			require.True(t, strings.HasPrefix(inside, "clients/go"), "%s comes with the client", dep)
		}
		require.NotContains(t, dep, "/management", "no app ships what operators do")
		require.NotRegexp(t, `^(gorm\.io|github\.com/gofiber|github\.com/valyala/fasthttp|modernc\.org|github\.com/jackc)/`, dep)
	}
}
