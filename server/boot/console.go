package boot

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/jwks"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/tenant"
)

// Console is what an operator does to the rows of a database, beside the servers that
// run on it: those hear of it within seconds, as they would from another server.
type Console struct {
	services *services
	closeAll func() error
}

// OpenConsole opens the database that is configured. It has to be there, with current
// tables, and so have its keys: nothing is made up.
func OpenConsole(ctx context.Context, settings config.Config, around Surroundings) (*Console, error) {
	around = around.withDefaults()
	if err := databaseThere(settings); err != nil {
		return nil, err
	}
	root, err := settings.ExistingKeyring()
	if err != nil {
		return nil, err
	}
	db, err := openDatabase(ctx, settings, around)
	if err != nil {
		return nil, err
	}
	s := &services{config: settings, clock: around.Clock, logger: around.Logger, db: db}
	for _, step := range []func() error{
		func() error { return tablesCurrent(ctx, db) }, func() error { return s.wireLog(root) }, s.wireKeys,
	} {
		if err := step(); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return &Console{services: s, closeAll: db.Close}, nil
}

// Close lets the database go.
func (c *Console) Close() error { return c.closeAll() }

// TenantKeys are signing keys with the tenant whose they are.
type TenantKeys struct {
	Tenant tenant.Tenant
	Keys   []jwks.Key
}

// Keys lists the signing keys of the tenant that Tenants.Find gives, or of all.
func (c *Console) Keys(ctx context.Context, which string) ([]TenantKeys, error) {
	return c.each(ctx, which, c.services.keys.Keys)
}

// Rotate has the keys of the tenant, or of all, followed by others, at once or once
// verifiers know them, and tells which will sign.
func (c *Console) Rotate(ctx context.Context, which string, now bool) ([]TenantKeys, error) {
	rotate := c.services.keys.Rotate
	if now {
		rotate = c.services.keys.RotateNow
	}
	return c.each(ctx, which, func(ctx context.Context) ([]jwks.Key, error) {
		key, err := rotate(ctx)
		return []jwks.Key{key}, err
	})
}

// Revoke removes the signing key of this kid, whose ever it is; jwks.ErrUnknown.
func (c *Console) Revoke(ctx context.Context, keyID string) (tenant.Tenant, error) {
	tenants, err := c.Keys(ctx, "")
	if err != nil {
		return tenant.Tenant{}, err
	}
	for _, one := range tenants {
		if slices.ContainsFunc(one.Keys, func(k jwks.Key) bool { return k.KeyID == keyID }) {
			err := c.services.keys.Revoke(asOperator(ctx, one.Tenant), keyID)
			return one.Tenant, c.services.config.ExplainKey(err)
		}
	}
	return tenant.Tenant{}, jwks.ErrUnknown
}

// Rewrap seals the tenants' keys under the first root key.
func (c *Console) Rewrap(ctx context.Context, tell func(tenant.Progress)) (tenant.Progress, error) {
	progress, err := c.services.tenants.Rewrap(ctx, tell)
	return progress, c.services.config.ExplainKey(err)
}

func (c *Console) each(ctx context.Context, which string, act func(ctx context.Context) ([]jwks.Key, error)) ([]TenantKeys, error) {
	tenants, err := c.services.tenants.All(ctx)
	if err != nil {
		return nil, err
	}
	if which != "" {
		one, err := Tenants(tenants).Find(which)
		if err != nil {
			return nil, err
		}
		tenants = []tenant.Tenant{one}
	}
	done := []TenantKeys{}
	for _, one := range tenants {
		keys, err := act(asOperator(ctx, one))
		if err != nil {
			return done, fmt.Errorf("%s: %w", one.ID, c.services.config.ExplainKey(err))
		}
		done = append(done, TenantKeys{Tenant: one, Keys: keys})
	}
	return done, nil
}

func asOperator(ctx context.Context, one tenant.Tenant) context.Context {
	return reqctx.WithTenant(reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.System}), one.ID)
}
