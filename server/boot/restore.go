package boot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/jwks"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

const (
	restoring    = "restoring" // the directory beside the database in which another is made ready
	restoreBatch = 200
	everLater    = 200 * 365 * 24 * time.Hour
)

// RestoreInput says what is restored, and how.
type RestoreInput struct {
	Path string
	// Replace lets a database that is there make way; it is kept under another name.
	Replace bool
	// KeepSessions lets sessions and signing keys be what they were.
	KeepSessions bool
}

// Restored is what a restore has done.
type Restored struct {
	Note    storage.Note
	Kept    string // the name of the database that was there before
	Tables  int64  // the version of the tables now
	Ended   int    // sessions
	Revoked int    // signing keys
	Flows   int    // flows and kept answers that were removed
	// Erasures are the people whom the backup knows as to be erased: that goes on.
	Erasures int64
}

// Restore makes the database in a backup the one of the data directory, for which no
// server may run. Everything is proven and done on a copy; putting that in place is one
// step. What began before the backup and ended after it would live again, and nobody
// can tell what has: so all sessions end, all signing keys are replaced unless told
// otherwise, and flows, which are one-time things, begin anew in any case. The digest
// tells damage; it proves nothing where somebody else could write the backup.
func Restore(ctx context.Context, settings config.Config, around Surroundings, input RestoreInput) (done Restored, err error) {
	around = around.withDefaults()
	if err := embedded(settings, "restore it with pg_restore or psql"); err != nil {
		return Restored{}, err
	}
	if err := keysAtHand(settings); err != nil {
		return Restored{}, err
	}
	if info, err := os.Stat(input.Path); err != nil {
		return Restored{}, err
	} else if !info.Mode().IsRegular() {
		return Restored{}, fmt.Errorf("%s: is not a file", input.Path)
	}
	release, err := storage.ClaimDataDir(ctx, settings.DataDir)
	if err != nil {
		return Restored{}, fmt.Errorf("data_dir: %w", err)
	}
	defer func() { err = errors.Join(err, release()) }()
	if _, err := os.Lstat(storage.DatabaseFile(settings.DataDir)); err == nil && !input.Replace {
		return Restored{}, errors.New("data_dir: there is a database already; with --force it is kept under another name and replaced")
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Restored{}, err
	}
	aside := filepath.Join(settings.DataDir, restoring)
	if err := os.RemoveAll(aside); err != nil { // of one that was killed
		return Restored{}, err
	}
	if err := os.Mkdir(aside, 0o700); err != nil {
		return Restored{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(aside)) }()
	if done, err = makeReady(ctx, settings, around, input, aside); err != nil {
		return Restored{}, err
	}
	done.Kept, err = putInPlace(ctx, settings, around.Clock, aside)
	return done, err
}

// keysAtHand refuses to make up a root key: it could open nothing.
func keysAtHand(settings config.Config) error {
	if settings.RootKeys.IsZero() && settings.Mode == config.Development {
		if _, err := os.Stat(settings.KeyFile()); errors.Is(err, fs.ErrNotExist) {
			return config.Problems{fmt.Sprintf("root_keys: put the key file of the server that made the backup at %s, or give its keys with %sROOT_KEYS",
				settings.KeyFile(), config.VariablePrefix)}
		}
	}
	return nil
}

// makeReady unpacks the backup into a directory of its own, and proves and brings it to
// what a server may begin with.
func makeReady(ctx context.Context, settings config.Config, around Surroundings, input RestoreInput, aside string) (done Restored, err error) {
	file := storage.DatabaseFile(aside)
	if done.Note, err = storage.UnpackBackup(ctx, input.Path, file); err != nil {
		return Restored{}, fmt.Errorf("%s: %w", input.Path, err)
	}
	found, err := storage.Inspect(ctx, file)
	if err != nil {
		return Restored{}, fmt.Errorf("%s: %w", input.Path, err)
	}
	root, err := settings.Keyring()
	if err != nil {
		return Restored{}, err
	}
	copied := settings
	copied.DataDir = aside
	db, err := openDatabase(ctx, copied, around)
	if err != nil {
		return Restored{}, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, latest, err := db.MigrationState(ctx)
	if err != nil {
		return Restored{}, err
	}
	if found.Schema > latest {
		return Restored{}, fmt.Errorf("%s: its tables are at version %d and this program knows %d; restore it with a newer lintel", input.Path, found.Schema, latest)
	}
	if err := db.Migrate(ctx); err != nil {
		return Restored{}, err
	}
	done.Tables = latest
	s := &services{config: settings, clock: around.Clock, logger: around.Logger, db: db}
	for _, floor := range []func() error{func() error { return s.wireLog(root) }, s.wireKeys, s.wireRecords, s.wireProofs} {
		if err := floor(); err != nil {
			return Restored{}, errors.Join(err, closeParts(s.closers))
		}
	}
	defer func() { err = errors.Join(err, closeParts(s.closers)) }()
	err = s.startOver(ctx, input.KeepSessions, &done)
	return done, err
}

// startOver opens every tenant's key, and ends what must not live again.
func (s *services) startOver(ctx context.Context, keep bool, done *Restored) error {
	tenants, err := s.tenants.All(ctx)
	if err != nil {
		return err
	}
	for _, one := range tenants {
		if _, err := s.tenants.Box(asOperator(ctx, one)); err != nil {
			return s.config.ExplainKey(fmt.Errorf("%s: %w", one.ID, err))
		}
	}
	for _, one := range tenants {
		if keep {
			break
		}
		if err := s.distrust(asOperator(ctx, one), done); err != nil {
			return fmt.Errorf("%s: %w", one.ID, err)
		}
	}
	every := reqctx.WithEveryTenant(ctx)
	flows := storage.NewFlows(s.db)
	for deleted := restoreBatch; deleted == restoreBatch; done.Flows += deleted {
		if deleted, err = flows.DeleteFlows(every, s.clock.Now().Add(everLater), restoreBatch); err != nil {
			return err
		}
	}
	done.Erasures, err = storage.NewUsers(s.db).DeletionsPending(every)
	return err
}

// distrust ends every session of a tenant and replaces its signing keys, with the
// events that tell of it.
func (s *services) distrust(ctx context.Context, done *Restored) error {
	signedIn, after := storage.NewSessions(s.db), user.ID{}
	for {
		people, err := signedIn.SignedIn(ctx, after, restoreBatch)
		if err != nil {
			return err
		}
		if len(people) == 0 {
			break
		}
		ended := 0
		err = s.db.Run(ctx, func(ctx context.Context) error {
			ended = 0
			for _, person := range people {
				count, err := s.sessions.EndOthers(ctx, person, session.ID{}, session.Restored)
				if err != nil {
					return err
				}
				ended += count
			}
			return nil
		})
		if err != nil {
			return err
		}
		done.Ended, after = done.Ended+ended, people[len(people)-1]
	}
	keys, err := s.keys.Keys(ctx)
	if err != nil {
		return err
	}
	return s.replaceKeys(ctx, keys, done)
}

// replaceKeys revokes in the order in which they sign, the last one last: each makes
// the next one sign, and the last a new one.
func (s *services) replaceKeys(ctx context.Context, keys []jwks.Key, done *Restored) error {
	for _, key := range keys {
		if err := s.keys.Revoke(ctx, key.KeyID); err != nil {
			return err
		}
		done.Revoked++
	}
	return nil
}

// putInPlace tells where the database that was there is kept.
func putInPlace(ctx context.Context, settings config.Config, clock clock.Clock, aside string) (string, error) {
	place := storage.DatabaseFile(settings.DataDir)
	kept := filepath.Base(place) + ".replaced-" + clock.Now().UTC().Format("20060102T150405.000000Z")
	_, err := os.Lstat(place)
	replaces := err == nil
	if err := storage.PutInPlace(ctx, aside, settings.DataDir, kept); err != nil {
		return "", fmt.Errorf("data_dir: %w", err)
	}
	if !replaces {
		return "", nil
	}
	return filepath.Join(settings.DataDir, kept), nil
}

func asOperator(ctx context.Context, one tenant.Tenant) context.Context {
	return reqctx.WithTenant(reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.System}), one.ID)
}
