package boot

import (
	"context"
	"errors"

	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/tenant"
)

// Rewrap seals the keys of all tenants under the first root key, also beside servers.
// The database has to be there, with current tables, and so have its keys: nothing is
// made up.
func Rewrap(ctx context.Context, settings config.Config, around Surroundings, tell func(tenant.Progress)) (done tenant.Progress, err error) {
	around = around.withDefaults()
	if err := databaseThere(settings); err != nil {
		return done, err
	}
	root, err := settings.ExistingKeyring()
	if err != nil {
		return done, err
	}
	db, err := openDatabase(ctx, settings, around)
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := tablesCurrent(ctx, db); err != nil {
		return done, err
	}
	s := &services{config: settings, clock: around.Clock, logger: around.Logger, db: db}
	if err := s.wireLog(root); err != nil {
		return done, err
	}
	done, err = s.tenants.Rewrap(ctx, tell)
	return done, settings.ExplainKey(err)
}
