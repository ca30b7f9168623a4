package storage

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/erasure"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/user"
)

const selectUsersDue = `SELECT tenant_id, id, delete_at FROM users
	WHERE delete_at IS NOT NULL AND delete_at <= ? AND status IN (?, ?)
		AND (delete_at, tenant_id, id) > (?, ?, ?)
	ORDER BY delete_at, tenant_id, id LIMIT ?`

// UsersDue lists the users of all tenants whose time to be erased has come at now,
// the longest due first, after the one that is given (zero: from the start).
func (s *Users) UsersDue(ctx context.Context, now time.Time, after user.Due, limit int) ([]user.Due, error) {
	if !reqctx.EveryTenant(ctx) {
		return nil, reqctx.ErrNoTenant
	}
	var rows []struct {
		TenantID uid
		ID       uid
		DeleteAt micros
	}
	err := across(s.db.read(ctx)).Raw(selectUsersDue, microsOf(now), string(user.DeletionScheduled), string(user.Suspended),
		microsOf(after.DeleteAt), uidOf(after.Tenant), uidOf(after.ID), max(limit, 0)).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	due := make([]user.Due, len(rows))
	for i, row := range rows {
		due[i].DeleteAt = row.DeleteAt.time()
		into(&due[i].Tenant, row.TenantID)
		into(&due[i].ID, row.ID)
	}
	return due, nil
}

// Who is no guest any more, or to be erased, is not in the index that this goes along.
const selectGuests = `SELECT tenant_id, id, created_at, EXISTS (SELECT 1 FROM sessions AS s
		WHERE s.tenant_id = users.tenant_id AND s.user_id = users.id AND s.ended_at IS NULL
			AND s.idle_expires_at > ? AND s.absolute_expires_at > ?) AS held
	FROM users WHERE guest AND delete_at IS NULL AND (created_at, tenant_id, id) > (?, ?, ?)
	ORDER BY created_at, tenant_id, id LIMIT ?`

// Guests lists guests of all tenants who are not to be erased yet, the oldest first, after
// the one that is given (zero: from the start), and tells of each whether they have a session
// that was good at a time.
func (s *Users) Guests(ctx context.Context, at time.Time, after erasure.Guest, limit int) ([]erasure.Guest, error) {
	if !reqctx.EveryTenant(ctx) {
		return nil, reqctx.ErrNoTenant
	}
	var rows []struct {
		TenantID  uid
		ID        uid
		CreatedAt micros
		Held      bool
	}
	err := across(s.db.read(ctx)).Raw(selectGuests, microsOf(at), microsOf(at),
		microsOf(after.CreatedAt), uidOf(after.Tenant), uidOf(after.ID), max(limit, 0)).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	guests := make([]erasure.Guest, len(rows))
	for i, row := range rows {
		guests[i].CreatedAt, guests[i].Held = row.CreatedAt.time(), row.Held
		into(&guests[i].Tenant, row.TenantID)
		into(&guests[i].ID, row.ID)
	}
	return guests, nil
}

// HoldUser keeps whoever would change or erase the user out until the unit of work is
// over: its write changes nothing and has the row's lock. user.ErrUnknown for who is
// deleted.
func (s *Users) HoldUser(ctx context.Context, person user.ID) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		held := tx.Model(&userRow{}).Where(of(tenant)).Where("id = ? AND status <> ?", uidOf(person), string(user.Deleted)).
			UpdateColumns(map[string]any{"version": gorm.Expr("version")})
		return hitOne(held, user.ErrUnknown)
	})
}

// EraseUser deletes what finds the user, and when they were last here.
func (s *Users) EraseUser(ctx context.Context, person user.ID) error {
	return s.db.Run(ctx, func(ctx context.Context) error {
		if err := eraseUser[userAttributeRow](ctx, s.db, person); err != nil {
			return err
		}
		if err := eraseUser[userIdentifierRow](ctx, s.db, person); err != nil {
			return err
		}
		return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
			return tx.Model(&userRow{}).Where(of(tenant)).Where("id = ?", uidOf(person)).
				UpdateColumns(map[string]any{"last_login_at": nil}).Error
		})
	})
}

// EraseUser deletes the user's password.
func (s *Passwords) EraseUser(ctx context.Context, person user.ID) error {
	return eraseUser[passwordRow](ctx, s.db, person)
}

// EraseUser deletes what the user has agreed to.
func (s *Consents) EraseUser(ctx context.Context, person user.ID) error {
	return eraseUser[consentRow](ctx, s.db, person)
}

// EraseUser deletes the user's sessions, ended ones too.
func (s *Sessions) EraseUser(ctx context.Context, person user.ID) error {
	return eraseUser[sessionRow](ctx, s.db, person)
}

// EraseUser deletes the flows that the user has proven something in. Flows that only
// name an identifier, and kept answers, which nobody can open without the credential,
// name no user; they go with their time, which is short.
func (s *Flows) EraseUser(ctx context.Context, person user.ID) error {
	return eraseUser[flowRow](ctx, s.db, person)
}

// EraseUser deletes what was sent to the user, and what is to be: whoever is sending it has
// nothing to note it in any more.
func (s *Messages) EraseUser(ctx context.Context, person user.ID) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		return tx.Where(of(tenant)).Where("person = ? AND person <> ''", person.String()).Delete(&messageRow{}).Error
	})
}

// eraseUser deletes a user's rows of one table.
func eraseUser[T any](ctx context.Context, db *DB, person user.ID) error {
	return db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		var row T
		return tx.Where(of(tenant)).Where("user_id = ?", uidOf(person)).Delete(&row).Error
	})
}
