package storage

import (
	"context"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// read is the handle of the open unit of work, or of the readers when there is
// none. It fails at its first statement when the unit of ctx has ended.
func (d *DB) read(ctx context.Context) *gorm.DB {
	open, err := d.unit(ctx)
	if err != nil {
		failed := d.reader.WithContext(ctx)
		_ = failed.AddError(err)
		return failed
	}
	if open != nil {
		return open.handle.WithContext(ctx)
	}
	return d.reader.WithContext(ctx)
}

// scoped is read with the tenant of ctx, and reqctx.ErrNoTenant without one.
func (d *DB) scoped(ctx context.Context) (*gorm.DB, uid, error) {
	tenant, err := reqctx.Tenant(ctx)
	if err != nil {
		return nil, uid{}, err
	}
	if _, err := d.unit(ctx); err != nil {
		return nil, uid{}, err
	}
	return d.read(ctx), uidOf(tenant), nil
}

// write runs body in the open unit of work, or in one of its own, with the tenant
// of ctx; reqctx.ErrNoTenant without one.
func (d *DB) write(ctx context.Context, body func(tx *gorm.DB, tenant uid) error) error {
	tenant, err := reqctx.Tenant(ctx)
	if err != nil {
		return err
	}
	return d.join(ctx, func(tx *gorm.DB) error { return body(tx, uidOf(tenant)) })
}

// join is write for the few stores that belong to no tenant.
func (d *DB) join(ctx context.Context, body func(tx *gorm.DB) error) error {
	open, err := d.unit(ctx)
	if err != nil {
		return err
	}
	if open != nil {
		return body(open.handle.WithContext(ctx))
	}
	return d.Run(ctx, func(ctx context.Context) error { return body(d.read(ctx)) })
}
