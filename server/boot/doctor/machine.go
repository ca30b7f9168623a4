package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"

	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/storage"
)

const (
	gib = 1 << 30
	mib = 1 << 20

	littleSpace = gib
	noSpace     = 64 * mib
	fewFiles    = 4096
)

// configuration is what lintel config check tells, but for what a database that is there
// may know.
func configuration(_ context.Context, e *examination) verdict {
	var problems config.Problems
	problems.AddError(e.Unreadable)
	problems.AddError(e.Settings.Validate())
	problems.AddError(e.Settings.OpenFiles())
	if !e.databaseExpected() {
		problems.AddError(e.Settings.OnEmptyDatabase())
	}
	if len(problems) > 0 {
		return verdict{Problem, strings.Join(problems, "; "), "lintel serve would not start; correct these keys"}
	}
	return fine("holds together (%s)", e.Settings.Mode)
}

func dataDirectory(_ context.Context, e *examination) verdict {
	dir := e.Settings.DataDir
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return verdict{Warning, dir + " is not there yet", "the first lintel serve or lintel migrate makes it"}
	case err != nil:
		return failed(err, "let the server's user read it")
	case !info.IsDir():
		return verdict{Problem, dir + " is no directory", "choose another data_dir"}
	}
	if runtime.GOOS == "windows" { // access follows from other things there
		return fine("%s is there", dir)
	}
	for _, path := range []string{e.Settings.KeyFile(), storage.DatabaseFile(dir)} {
		if held, err := os.Stat(path); err == nil && held.Mode().Perm()&0o077 != 0 {
			return verdict{Problem, fmt.Sprintf("%s is open to others (%s)", path, held.Mode().Perm()), "chmod go= " + path}
		}
	}
	switch mode := info.Mode().Perm(); {
	case mode&0o022 != 0:
		return verdict{Problem, fmt.Sprintf("others may change what is in %s (%s)", dir, mode), "chmod go= " + dir}
	case mode&0o077 != 0:
		return verdict{Warning, fmt.Sprintf("others may look into %s (%s)", dir, mode), "chmod go= " + dir}
	}
	return fine("%s is the owner's alone", dir)
}

func diskSpace(_ context.Context, e *examination) verdict {
	if !e.Settings.DatabaseURL.IsZero() {
		return fine("nothing is kept on this machine")
	}
	free, known := freeSpace(e.Settings.DataDir)
	switch {
	case !known:
		return fine("cannot be told here")
	case free < noSpace:
		return verdict{Problem, fmt.Sprintf("%d MiB are free for %s", free/mib, e.Settings.DataDir), "make room, or every write will soon be refused"}
	case free < littleSpace:
		return verdict{Warning, fmt.Sprintf("%d MiB are free for %s", free/mib, e.Settings.DataDir), "make room"}
	}
	return fine("%d GiB are free", free/gib)
}

// openFiles matters since each connection is one.
func openFiles(context.Context, *examination) verdict {
	limit, known := fileLimit()
	switch {
	case !known:
		return fine("cannot be told here")
	case limit < fewFiles:
		return verdict{Warning, fmt.Sprintf("a process may have %d open", limit), "raise the limit (ulimit -n, LimitNOFILE=); each connection is one"}
	}
	return fine("a process may have %d open", limit)
}

// memory is what hashing passwords takes at its most.
func memory(_ context.Context, e *examination) verdict {
	workers := e.Settings.Hasher.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	needed := uint64(workers) * uint64(e.Settings.Hasher.Cost.Memory) << 10
	total, known := machineMemory()
	switch {
	case !known:
		return fine("hashing takes up to %d MiB", needed/mib)
	case needed > total/2:
		return verdict{Warning, fmt.Sprintf("hashing takes up to %d MiB of %d", needed/mib, total/mib), "lower password.workers, or give the machine more memory"}
	}
	return fine("hashing takes up to %d MiB of %d", needed/mib, total/mib)
}
