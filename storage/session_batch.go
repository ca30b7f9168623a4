package storage

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/session"
)

// seenSizes are the numbers of uses that one statement writes: few, so that each
// stays prepared, and the last is one, so that every batch can be cut up.
var seenSizes = [...]int{256, 32, 4, 1}

// sessionOver is when a session is over, word for word as it is indexed.
func sessionOver(engine Engine) string {
	if engine == SQLite {
		return "min(idle_expires_at, absolute_expires_at, coalesce(ended_at, absolute_expires_at))"
	}
	return "LEAST(idle_expires_at, absolute_expires_at, ended_at)"
}

// MarkSeen writes the uses of many sessions; those that ended are left alone and
// no time moves backwards.
func (s *Sessions) MarkSeen(ctx context.Context, seen []session.Seen) error {
	uses := latestUses(seen)
	return s.db.writeAcross(ctx, func(tx *gorm.DB) error {
		left := uses
		for _, size := range seenSizes {
			for ; len(left) >= size; left = left[size:] {
				if err := markSeen(tx, s.db.Engine(), left[:size]); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// latestUses keeps one use of each session, in one order everywhere so that two
// batches rarely wait for each other.
func latestUses(seen []session.Seen) []session.Seen {
	uses := slices.Clone(seen)
	slices.SortFunc(uses, func(a, b session.Seen) int {
		return cmp.Or(compareIDs(a.Tenant.Bytes(), b.Tenant.Bytes()), compareIDs(a.ID.Bytes(), b.ID.Bytes()))
	})
	kept := uses[:0]
	for _, use := range uses {
		last := len(kept) - 1
		if last < 0 || kept[last].Tenant != use.Tenant || kept[last].ID != use.ID {
			kept = append(kept, use)
			continue
		}
		kept[last].At = later(kept[last].At, use.At)
		kept[last].IdleExpiresAt = later(kept[last].IdleExpiresAt, use.IdleExpiresAt)
	}
	return kept
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func markSeen(tx *gorm.DB, engine Engine, uses []session.Seen) error {
	first := "(?, ?, ?, ?)"
	if engine == Postgres { // the first row tells it the types
		first = "(CAST(? AS uuid), CAST(? AS uuid), CAST(? AS timestamptz), CAST(? AS timestamptz))"
	}
	statement := `WITH seen (tenant_id, id, at, idle) AS (VALUES ` + first +
		strings.Repeat(", (?, ?, ?, ?)", len(uses)-1) + `)
		UPDATE sessions SET
			last_seen_at = CASE WHEN seen.at > last_seen_at THEN seen.at ELSE last_seen_at END,
			idle_expires_at = CASE WHEN seen.idle > idle_expires_at THEN seen.idle ELSE idle_expires_at END
		FROM seen
		WHERE sessions.tenant_id = seen.tenant_id AND sessions.id = seen.id AND ended_at IS NULL`
	values := make([]any, 0, 4*len(uses))
	for _, use := range uses {
		values = append(values, uidOf(use.Tenant), uidOf(use.ID), microsOf(use.At), microsOf(use.IdleExpiresAt))
	}
	return tx.Exec(statement, values...).Error
}

// DeleteSessions removes up to limit sessions that ended or expired before the
// given time, over all tenants, and tells how many.
func (s *Sessions) DeleteSessions(ctx context.Context, before time.Time, limit int) (int, error) {
	over := sessionOver(s.db.Engine())
	// The outer condition is checked again on a row that another unit was changing.
	statement := "DELETE FROM sessions WHERE " + over + " < ? AND (tenant_id, id) IN" +
		" (SELECT tenant_id, id FROM sessions WHERE " + over + " < ? ORDER BY " + over + " LIMIT ?)"
	var deleted int64
	err := s.db.writeAcross(ctx, func(tx *gorm.DB) error {
		at := microsOf(before)
		result := tx.Exec(statement, at, at, max(limit, 0))
		deleted = result.RowsAffected
		return result.Error
	})
	if err != nil {
		return 0, err
	}
	return int(deleted), nil
}

func compareIDs(a, b [16]byte) int { return bytes.Compare(a[:], b[:]) }
