package stand

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Programs are built from the sources at hand, the way a release is.
type Programs struct {
	Server, Floor string
	// Storage and Message are the tests of these rooms, for their benchmarks.
	Storage, Message string
}

// Build puts them into a folder.
func Build(ctx context.Context, dir string) (Programs, error) {
	root, err := moduleRoot()
	if err != nil {
		return Programs{}, err
	}
	built := Programs{
		Server: filepath.Join(dir, "lintel"), Floor: filepath.Join(dir, "hello"), Storage: filepath.Join(dir, "storage.test"), Message: filepath.Join(dir, "message.test"),
	}
	for _, args := range [][]string{
		{"build", "-trimpath", "-ldflags=-s -w", "-o", built.Server, "./server/cmd/lintel"},
		{"build", "-trimpath", "-ldflags=-s -w", "-o", built.Floor, "./tests/load/hello"},
		{"test", "-trimpath", "-c", "-o", built.Storage, "./storage"},
		{"test", "-trimpath", "-c", "-o", built.Message, "./server/message"},
	} {
		cmd := exec.CommandContext(ctx, "go", args...)
		cmd.Dir, cmd.Env = root, append(os.Environ(), "CGO_ENABLED=0")
		if said, err := cmd.CombinedOutput(); err != nil {
			return Programs{}, fmt.Errorf("go %s: %w: %s", args[0], err, said)
		}
	}
	return built, nil
}

// moduleRoot is where go.mod is, above wherever we were started.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		above := filepath.Dir(dir)
		if above == dir {
			return "", os.ErrNotExist
		}
		dir = above
	}
}
