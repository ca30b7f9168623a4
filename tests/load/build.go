package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// programs are built from the sources at hand, the way a release is.
type programs struct {
	server, floor, storage string
}

func build(ctx context.Context, dir string) (programs, error) {
	root, err := moduleRoot()
	if err != nil {
		return programs{}, err
	}
	built := programs{
		server: filepath.Join(dir, "lintel"), floor: filepath.Join(dir, "hello"), storage: filepath.Join(dir, "storage.test"),
	}
	for _, args := range [][]string{
		{"build", "-trimpath", "-ldflags=-s -w", "-o", built.server, "./server/cmd/lintel"},
		{"build", "-trimpath", "-ldflags=-s -w", "-o", built.floor, "./tests/load/hello"},
		{"test", "-trimpath", "-c", "-o", built.storage, "./storage"},
	} {
		cmd := exec.CommandContext(ctx, "go", args...)
		cmd.Dir, cmd.Env = root, append(os.Environ(), "CGO_ENABLED=0")
		if said, err := cmd.CombinedOutput(); err != nil {
			return programs{}, fmt.Errorf("go %s: %w: %s", args[0], err, said)
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
