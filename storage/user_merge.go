package storage

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/user"
)

var _ user.MergeStore = (*Users)(nil)

// MergeIdentifiers puts all in the place of what both users have, as the target's and in
// that order; user.ErrChanged where they have others, and then all stays as it was.
func (s *Users) MergeIdentifiers(ctx context.Context, source, target user.ID, all []user.Identifier) error {
	return s.db.Run(ctx, func(ctx context.Context) error {
		return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
			held := tx.Where(of(tenant)).Where("user_id IN (?, ?)", uidOf(source), uidOf(target)).Delete(&userIdentifierRow{})
			if held.Error != nil {
				return held.Error
			}
			if held.RowsAffected != int64(len(all)) {
				return user.ErrChanged
			}
			return insertIdentifiers(tx, toIdentifierRows(tenant, user.User{ID: target, Identifiers: all}))
		})
	})
}

// NoteMerged replaces when a user was made, and was last here.
func (s *Users) NoteMerged(ctx context.Context, merged user.ID, created time.Time, lastLogin *time.Time) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		return hitOne(tx.Model(&userRow{}).Where(of(tenant)).Where("id = ?", uidOf(merged)).
			UpdateColumns(map[string]any{"created_at": microsOf(created), "last_login_at": optionalMicros(lastLogin)}), user.ErrUnknown)
	})
}

// MoveMessages makes another user's what goes to a user.
func (s *Messages) MoveMessages(ctx context.Context, from, to string) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		return tx.Model(&messageRow{}).Where(of(tenant)).Where("person = ? AND person <> ''", from).
			UpdateColumns(map[string]any{"person": to}).Error
	})
}

const selectSessionsHeld = `SELECT COUNT(*) AS live, COUNT(act_subject) AS acted FROM sessions
	WHERE tenant_id = ? AND user_id = ? AND ended_at IS NULL AND absolute_expires_at > ?`

// CountSessions tells how many sessions of the user EndSessions would end at a time, and
// in how many of them somebody else acts in the user's name.
func (s *Sessions) CountSessions(ctx context.Context, owner user.ID, at time.Time) (live, acted int, err error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return 0, 0, err
	}
	var row struct{ Live, Acted int }
	err = db.Raw(selectSessionsHeld, tenant, uidOf(owner), microsOf(at)).Scan(&row).Error
	return row.Live, row.Acted, err
}
