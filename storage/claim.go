package storage

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"
)

const serveLock = "serve.lock"

// ErrClaimed tells that another server has the data directory.
var ErrClaimed = errors.New("another lintel serves from this data directory")

// ClaimDataDir makes the caller the only server on the directory until release: two
// would each remember what the other changes. ErrClaimed, without waiting. The
// operating system frees the claim of a process that dies.
func ClaimDataDir(ctx context.Context, dir string) (release func() error, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	claim := &fileLock{path: filepath.Join(dir, serveLock), wait: 0}
	err = claim.Lock(ctx, nil)
	if failed, ok := errors.AsType[*driver.Error](err); ok && failed.Code()&0xff == codes.SQLITE_BUSY {
		return nil, ErrClaimed
	}
	if err != nil {
		return nil, err
	}
	return func() error { return claim.Unlock(context.WithoutCancel(ctx), nil) }, nil
}
