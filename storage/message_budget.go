package storage

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/message/budget"
)

// MessageBudgets keeps what bounds the messages, over all nodes.
type MessageBudgets struct{ db *DB }

var _ budget.Store = (*MessageBudgets)(nil)

// NewMessageBudgets makes the store.
func NewMessageBudgets(db *DB) *MessageBudgets { return &MessageBudgets{db: db} }

type messageBudgetRow struct {
	TenantID uid    `gorm:"primaryKey"`
	Key      []byte `gorm:"primaryKey"`
	StartsAt micros `gorm:"primaryKey"`
	EndsAt   micros
	Reserved int64
	Block    int64 // what was reserved last
}

// TableName names the table.
func (messageBudgetRow) TableName() string { return "message_budgets" }

type messageRangeRow struct {
	TenantID  uid    `gorm:"primaryKey"`
	Prefix    string `gorm:"primaryKey"`
	Country   string
	Numbers   int64
	StoppedAt micros
	EndsAt    micros
}

// TableName names the table.
func (messageRangeRow) TableName() string { return "message_ranges" }

// reserveBudget makes the row, or takes from it where enough is left. What is taken is noted
// in the same statement, since an engine may not tell what there was before. The 8 is that of
// an eighth.
const reserveBudget = `INSERT INTO message_budgets (tenant_id, key, starts_at, ends_at, reserved, block) VALUES (?, ?, ?, ?, ?, ?)
	ON CONFLICT (tenant_id, key, starts_at) DO UPDATE SET
		reserved = message_budgets.reserved + CASE WHEN (? - message_budgets.reserved) / 8 < ? THEN ? WHEN (? - message_budgets.reserved) / 8 > ? THEN ?
			ELSE (? - message_budgets.reserved) / 8 END,
		block = CASE WHEN (? - message_budgets.reserved) / 8 < ? THEN ? WHEN (? - message_budgets.reserved) / 8 > ? THEN ?
			ELSE (? - message_budgets.reserved) / 8 END
	WHERE message_budgets.reserved <= ?
	RETURNING reserved, block`

// Reserve takes from each budget an eighth of what is left, at least Least and at most Block.
func (s *MessageBudgets) Reserve(ctx context.Context, asks []budget.Ask) (grants []budget.Grant, err error) {
	err = s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		grants = make([]budget.Grant, len(asks))
		for i, ask := range asks {
			if ask.Least > ask.Most {
				continue
			}
			first := min(max(ask.Most/8, ask.Least), ask.Block)
			rest := []any{ask.Most, ask.Least, ask.Least, ask.Most, ask.Block, ask.Block, ask.Most}
			values := []any{tenant, ask.Key[:], microsOf(ask.Start), microsOf(ask.End), first, first}
			values = append(append(append(values, rest...), rest...), ask.Most-ask.Least)
			var rows []struct{ Reserved, Block int64 }
			if err := tx.Raw(reserveBudget, values...).Scan(&rows).Error; err != nil {
				return err
			}
			if len(rows) > 0 {
				grants[i] = budget.Grant{Got: rows[0].Block, Left: ask.Most - rows[0].Reserved}
			}
		}
		return nil
	})
	return grants, err
}

// GiveBack returns what was reserved and not spent, where the window is still known.
func (s *MessageBudgets) GiveBack(ctx context.Context, unspent []budget.Unspent) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		for _, one := range unspent {
			query := tx.Model(&messageBudgetRow{}).Where(of(tenant)).Where("key = ? AND starts_at = ? AND reserved >= ?", one.Key[:], microsOf(one.Start), one.Amount)
			if err := query.UpdateColumn("reserved", gorm.Expr("reserved - ?", one.Amount)).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

// ForgetBudget has a budget begin anew.
func (s *MessageBudgets) ForgetBudget(ctx context.Context, key budget.Key) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		return tx.Where(of(tenant)).Where("key = ?", key[:]).Delete(&messageBudgetRow{}).Error
	})
}

// WrittenAt tells when messages to an address were queued that are still known, the newest
// first, but for those of some kinds.
func (s *MessageBudgets) WrittenAt(ctx context.Context, address budget.Key, aside []string, limit int) ([]time.Time, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	query := db.Where(of(tenant)).Where("address = ?", address[:])
	if len(aside) > 0 {
		query = query.Where("kind NOT IN ?", aside)
	}
	var rows []messageRow
	err = query.Order("id DESC").Limit(max(limit, 0)).Select("created_at").Find(&rows).Error
	times := make([]time.Time, len(rows))
	for i, row := range rows {
		times[i] = row.Created.time()
	}
	return times, err
}

// StopRange writes a stop; false where the range is stopped already at StoppedAt.
func (s *MessageBudgets) StopRange(ctx context.Context, stopped budget.Range) (begun bool, err error) {
	err = s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		result := tx.Exec(`INSERT INTO message_ranges (tenant_id, prefix, country, numbers, stopped_at, ends_at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (tenant_id, prefix) DO UPDATE SET country = excluded.country, numbers = excluded.numbers,
				stopped_at = excluded.stopped_at, ends_at = excluded.ends_at
			WHERE message_ranges.ends_at <= excluded.stopped_at`,
			tenant, stopped.Prefix, stopped.Country, stopped.Numbers, microsOf(stopped.StoppedAt), microsOf(stopped.EndsAt))
		begun = result.RowsAffected == 1
		return result.Error
	})
	return begun, err
}

// RangeByPrefix finds the stop of a range at a time; budget.ErrRangeUnknown.
func (s *MessageBudgets) RangeByPrefix(ctx context.Context, prefix string, now time.Time) (budget.Range, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return budget.Range{}, err
	}
	row, err := one[messageRangeRow](db.Where(of(tenant)).Where("prefix = ?", prefix), budget.ErrRangeUnknown)
	if err == nil && !now.Before(row.EndsAt.time()) {
		err = budget.ErrRangeUnknown
	}
	if err != nil {
		return budget.Range{}, err
	}
	return row.fromRow(), nil
}

// Ranges lists the stops at a time by their prefixes, above the one that is given.
func (s *MessageBudgets) Ranges(ctx context.Context, after string, now time.Time, limit int) ([]budget.Range, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := many[messageRangeRow](db.Where(of(tenant)).Where("prefix > ? AND ends_at > ?", after, microsOf(now)).Order("prefix").Limit(max(limit, 0)))
	found := make([]budget.Range, len(rows))
	for i, row := range rows {
		found[i] = row.fromRow()
	}
	return found, err
}

// LiftRange ends a stop; budget.ErrRangeUnknown.
func (s *MessageBudgets) LiftRange(ctx context.Context, prefix string, now time.Time) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		query := tx.Where(of(tenant)).Where("prefix = ? AND ends_at > ?", prefix, microsOf(now))
		return hitOne(query.Delete(&messageRangeRow{}), budget.ErrRangeUnknown)
	})
}

// DeleteEnded removes up to limit windows and stops each that ended before a time, over all
// tenants, and tells how many.
func (s *MessageBudgets) DeleteEnded(ctx context.Context, before time.Time, limit int) (count int, err error) {
	err = s.db.writeAcross(ctx, func(tx *gorm.DB) error {
		count = 0
		for _, statement := range []string{
			`DELETE FROM message_budgets WHERE (tenant_id, key, starts_at) IN (
				SELECT tenant_id, key, starts_at FROM message_budgets WHERE ends_at <= ? ORDER BY ends_at LIMIT ?)`,
			`DELETE FROM message_ranges WHERE (tenant_id, prefix) IN (
				SELECT tenant_id, prefix FROM message_ranges WHERE ends_at <= ? ORDER BY ends_at LIMIT ?)`,
		} {
			gone := tx.Exec(statement, microsOf(before), max(limit, 0))
			if gone.Error != nil {
				return gone.Error
			}
			count = max(count, int(gone.RowsAffected))
		}
		return nil
	})
	return count, err
}

func (r messageRangeRow) fromRow() budget.Range {
	return budget.Range{Prefix: r.Prefix, Country: r.Country, Numbers: r.Numbers, StoppedAt: r.StoppedAt.time(), EndsAt: r.EndsAt.time()}
}
