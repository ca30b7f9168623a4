package lintel_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

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

// What a program of somebody else gets with the client is the client: not the server, its
// database or its HTTP library, although they are in one module.
func TestTheModuleIsOfUseElsewhere(t *testing.T) {
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	ours, err := os.ReadFile(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	require.NoError(t, err)
	language := regexp.MustCompile(`(?m)^go .*$`).Find(ours)
	dir := t.TempDir()
	for name, content := range map[string]string{
		"main.go": program, "go.sum": string(sums),
		"go.mod": fmt.Sprintf("module example.com/hello\n\n%s\n\nrequire github.com/lintel-id/lintel v0.0.0\n\n"+
			"replace github.com/lintel-id/lintel => %s\n", language, root),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
	goTool := func(args ...string) string {
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
		said, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", said)
		return string(said)
	}
	require.Equal(t, "true true true\n", goTool("run", "."))

	deps := strings.Fields(goTool("list", "-deps", "."))
	require.Contains(t, deps, "github.com/lintel-id/lintel/clients/go")
	for _, dep := range deps {
		if own, ok := strings.CutPrefix(dep, "github.com/lintel-id/lintel/"); ok {
			require.True(t, strings.HasPrefix(own, "clients/go"), "%s comes with the client", dep)
		}
		require.NotContains(t, dep, "/management", "no app ships what operators do")
		require.NotRegexp(t, `^(gorm\.io|github\.com/gofiber|github\.com/valyala/fasthttp|modernc\.org|github\.com/jackc)/`, dep)
	}
}
