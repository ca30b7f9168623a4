package storage

import (
	"context"
	"sync"
	"time"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
)

// sequencerName is the one row of the table: there is one log.
const sequencerName = "events"

type sequencerRow struct {
	Name      string `gorm:"primaryKey"`
	Holder    string
	Fence     int64
	ExpiresAt micros
	LastSeq   int64
}

// TableName names the table.
func (sequencerRow) TableName() string { return "event_sequencer" }

func (s *Events) sequencer(ctx context.Context) (sequencerRow, error) {
	return gorm.G[sequencerRow](across(s.db.read(ctx))).Where("name = ?", sequencerName).Take(ctx)
}

// LastSequence is the highest number given so far.
func (s *Events) LastSequence(ctx context.Context) (int64, error) {
	row, err := s.sequencer(ctx)
	return row.LastSeq, err
}

// ClaimSequencer takes or renews the lease. A lease with more than half its time
// left is not written again, so that an idle sequencer costs no flush per look. The
// clocks of two nodes need not agree, and a clock can be set back: a lease that is
// not renewed for as long as it lasts is over, whatever time stands in it.
func (s *Events) ClaimSequencer(ctx context.Context, holder string, now, until time.Time) (int64, bool, error) {
	row, err := s.sequencer(ctx)
	if err != nil {
		return 0, false, err
	}
	lease, left := until.Sub(now), row.ExpiresAt.time().Sub(now)
	silent := s.leased.unchanged(row) > lease
	switch {
	case row.Holder == holder && left > lease/2 && left <= lease:
		return row.Fence, true, nil
	case row.Holder != holder && left > 0 && !silent:
		return 0, false, nil
	}
	var claimed []sequencerRow
	err = s.db.join(ctx, func(tx *gorm.DB) error {
		return across(tx).Raw(`UPDATE event_sequencer
			SET fence = CASE WHEN holder = ? THEN fence ELSE fence + 1 END, holder = ?, expires_at = ?
			WHERE name = ? AND holder = ? AND fence = ? AND expires_at = ?
			RETURNING name, holder, fence, expires_at, last_seq`,
			holder, holder, microsOf(until), sequencerName, row.Holder, row.Fence, row.ExpiresAt).Scan(&claimed).Error
	})
	if err != nil || len(claimed) == 0 {
		return 0, false, err
	}
	return claimed[0].Fence, true, nil
}

// leaseWatch measures how long the lease has stood as it is, by a clock that cannot
// be set.
type leaseWatch struct {
	mu    sync.Mutex
	seen  sequencerRow
	since clock.Stopwatch
}

func (w *leaseWatch) unchanged(row sequencerRow) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	row.LastSeq = 0
	if w.seen != row {
		w.seen, w.since = row, clock.Started()
	}
	return w.since.Elapsed()
}

// ReleaseSequencer ends the holder's lease.
func (s *Events) ReleaseSequencer(ctx context.Context, holder string, now time.Time) error {
	return s.db.join(ctx, func(tx *gorm.DB) error {
		return across(tx).Exec(`UPDATE event_sequencer SET expires_at = ? WHERE name = ? AND holder = ? AND expires_at > ?`,
			microsOf(now), sequencerName, holder, microsOf(now)).Error
	})
}

// AssignSequence numbers up to limit committed events, oldest first, without a
// gap. The row of the sequencer stays locked until the commit, so numbers become
// visible in their order, and a holder that lost the lease finds no row to lock.
func (s *Events) AssignSequence(ctx context.Context, holder string, fence int64, limit int) (int, error) {
	waiting, err := s.waiting(ctx, holder, fence)
	if err != nil || !waiting {
		return 0, err
	}
	var assigned int64
	err = s.db.join(ctx, func(tx *gorm.DB) (err error) {
		assigned, err = assign(tx, holder, fence, limit)
		return err
	})
	if err != nil {
		return 0, err
	}
	return int(assigned), nil
}

// waiting tells whether there is anything to number; a look costs no write.
func (s *Events) waiting(ctx context.Context, holder string, fence int64) (bool, error) {
	row, err := s.sequencer(ctx)
	if err != nil {
		return false, err
	}
	if row.Holder != holder || row.Fence != fence {
		return false, event.ErrFenced
	}
	var unnumbered bool
	err = across(s.db.read(ctx)).
		Raw("SELECT EXISTS (SELECT 1 FROM events WHERE seq IS NULL)").Scan(&unnumbered).Error
	return unnumbered, err
}

func assign(tx *gorm.DB, holder string, fence int64, limit int) (int64, error) {
	tx = across(tx)
	var last []int64
	err := tx.Raw(`UPDATE event_sequencer SET holder = holder
		WHERE name = ? AND holder = ? AND fence = ? RETURNING last_seq`,
		sequencerName, holder, fence).Scan(&last).Error
	if err != nil {
		return 0, err
	}
	if len(last) == 0 {
		return 0, event.ErrFenced
	}
	numbered := tx.Exec(`UPDATE events SET seq = numbered.number
		FROM (
			SELECT tenant_id, id, CAST(? AS bigint) + ROW_NUMBER() OVER (ORDER BY time, id) AS number
			FROM (SELECT tenant_id, id, time FROM events WHERE seq IS NULL ORDER BY time, id LIMIT ?) AS oldest
		) AS numbered
		WHERE events.tenant_id = numbered.tenant_id AND events.id = numbered.id`, last[0], limit)
	if numbered.Error != nil || numbered.RowsAffected == 0 {
		return 0, numbered.Error
	}
	raised := tx.Exec(`UPDATE event_sequencer SET last_seq = ? WHERE name = ?`,
		last[0]+numbered.RowsAffected, sequencerName)
	return numbered.RowsAffected, raised.Error
}
