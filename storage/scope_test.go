package storage

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// A statement that forgets its tenant is an error, not a leak: each way to write
// one is tried without the tenant, with another's, and with a way around it.
func TestAStatementThatDoesNotNameItsTenantIsRefused(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, db *DB) {
		tenant, other := newTenant(), uidOf(newTenant())
		ctx, mine := reqctx.WithTenant(t.Context(), tenant), uidOf(tenant)
		find := func(query gorm.ChainInterface[eventRow]) error {
			_, err := query.Find(ctx)
			return err
		}
		for name, statement := range map[string]func(tx *gorm.DB) error{
			"find":          func(tx *gorm.DB) error { return find(gorm.G[eventRow](tx).Where("seq IS NULL")) },
			"find all":      func(tx *gorm.DB) error { return tx.WithContext(ctx).Find(&[]eventRow{}).Error },
			"another's":     func(tx *gorm.DB) error { return find(gorm.G[eventRow](tx).Where(of(other))) },
			"or":            func(tx *gorm.DB) error { return find(gorm.G[eventRow](tx).Where(of(mine)).Or("1 = 1")) },
			"or of its own": func(tx *gorm.DB) error { return find(gorm.G[eventRow](tx).Where("1 = 1").Or(of(mine))) },
			"only in text":  func(tx *gorm.DB) error { return find(gorm.G[eventRow](tx).Where("tenant_id <> ?", mine)) },
			"not":           func(tx *gorm.DB) error { return find(gorm.G[eventRow](tx).Not(of(mine))) },
			"count":         func(tx *gorm.DB) error { _, err := gorm.G[eventRow](tx).Count(ctx, "id"); return err },
			"row":           func(tx *gorm.DB) error { _, err := gorm.G[eventRow](tx).Where("1 = 1").Rows(ctx); return err },
			"update": func(tx *gorm.DB) error {
				_, err := gorm.G[eventRow](tx).Where("1 = 1").Update(ctx, "type", "x")
				return err
			},
			"delete":         func(tx *gorm.DB) error { _, err := gorm.G[eventRow](tx).Where("1 = 1").Delete(ctx); return err },
			"raw":            func(tx *gorm.DB) error { var n int; return tx.Raw("SELECT COUNT(*) FROM events").Scan(&n).Error },
			"raw, another's": func(tx *gorm.DB) error { return tx.Exec("DELETE FROM events WHERE tenant_id = ?", other).Error },
			"raw, not bound": func(tx *gorm.DB) error { return tx.Exec("DELETE FROM events WHERE tenant_id IS NOT NULL").Error },
			"insert": func(tx *gorm.DB) error {
				row := toEventRow(newEvent(newTenant(), time.Unix(1, 0)))
				return gorm.G[eventRow](tx).Create(ctx, &row)
			},
			"insert of many": func(tx *gorm.DB) error {
				return tx.Create(&[]eventRow{toEventRow(newEvent(tenant, time.Unix(1, 0))), {TenantID: other}}).Error
			},
			"insert of a map": func(tx *gorm.DB) error { return tx.Model(&eventRow{}).Create(map[string]any{"tenant_id": mine}).Error },
			"unscoped table":  func(tx *gorm.DB) error { _, err := gorm.G[sequencerRow](tx).Where("1 = 1").Find(ctx); return err },
		} {
			t.Run(name, func(t *testing.T) {
				require.ErrorIs(t, db.write(ctx, func(tx *gorm.DB, _ uid) error { return statement(tx) }), ErrUnscoped)
				require.ErrorIs(t, db.Run(t.Context(), func(bare context.Context) error {
					return find(gorm.G[eventRow](db.read(bare)).Where("1 = 1"))
				}), ErrUnscoped)
			})
		}
	})
}

func TestAStatementThatNamesItsTenantRuns(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, db *DB) {
		tenant := newTenant()
		ctx := reqctx.WithTenant(t.Context(), tenant)
		require.NoError(t, db.write(ctx, func(tx *gorm.DB, mine uid) error {
			rows := []eventRow{toEventRow(newEvent(tenant, time.Unix(1, 0))), toEventRow(newEvent(tenant, time.Unix(2, 0)))}
			require.NoError(t, tx.Create(&rows).Error)
			n, err := gorm.G[eventRow](tx, of(mine)).Where("seq IS NULL OR seq > 0").Count(ctx, "id")
			require.NoError(t, err)
			require.EqualValues(t, 2, n)
			hit, err := gorm.G[eventRow](tx).Where(of(mine)).Where("id = ?", rows[0].ID).Update(ctx, "type", "x")
			require.NoError(t, err)
			require.Equal(t, 1, hit)
			require.NoError(t, tx.Where(of(mine)).Where(tx.Where("type = ?", "x").Or("type = ?", "y")).Delete(&eventRow{}).Error)
			return tx.Exec("UPDATE events SET version = 2 WHERE tenant_id = ?", mine).Error
		}))
	})
}

// Without a tenant in the context nothing is read and nothing written.
func TestNoTenantMeansNoStatement(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, db *DB) {
		_, _, err := db.scoped(t.Context())
		require.ErrorIs(t, err, reqctx.ErrNoTenant)
		require.ErrorIs(t, db.write(t.Context(), func(*gorm.DB, uid) error {
			t.Error("the body ran")
			return nil
		}), reqctx.ErrNoTenant)
		_, err = gorm.G[eventRow](db.read(t.Context())).Where(of(uidOf(newTenant()))).Find(t.Context())
		require.ErrorIs(t, err, reqctx.ErrNoTenant)
		require.ErrorIs(t, db.read(t.Context()).Exec("DELETE FROM events").Error, reqctx.ErrNoTenant)
	})
}
