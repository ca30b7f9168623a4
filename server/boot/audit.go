package boot

import (
	"context"
	"errors"
	"log/slog"

	"github.com/lintel-id/lintel/server/api"
	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/storage"
)

// Audit opens the audit records for as long as the body runs, also beside a server.
// Only what concerns the database has to be configured, and no key. Where there is none,
// none is made.
func Audit(ctx context.Context, settings config.Config, around Surroundings, body func(records *audit.Service, tenants Tenants) error) (err error) {
	around = around.withDefaults()
	if err := databaseThere(settings); err != nil {
		return err
	}
	db, err := openDatabase(ctx, settings, around)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := tablesCurrent(ctx, db); err != nil {
		return err
	}
	records, err := newAudit(db, storage.NewEvents(db), around.Clock, around.Logger)
	if err != nil {
		return err
	}
	tenants, err := storage.NewTenants(db).Tenants(ctx)
	if err != nil {
		return err
	}
	return body(records, tenants)
}

func newAudit(db *storage.DB, events *storage.Events, clock clock.Clock, logger *slog.Logger) (*audit.Service, error) {
	return audit.New(audit.Deps{Store: storage.NewAudit(db), Log: events, Clock: clock, Logger: logger}, audit.Default())
}

func (s *services) newAuditReader() (*audit.Reader, error) {
	types, err := api.EventTypes()
	if err != nil {
		return nil, err
	}
	return audit.NewReader(audit.ReaderDeps{Finder: storage.NewAudit(s.db), Heads: s.audit, Opener: s.sealer, Types: types})
}
