package storage

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/flow"
)

// Flows keeps flows and their answers.
type Flows struct{ db *DB }

var _ flow.Store = (*Flows)(nil)

// NewFlows makes the store.
func NewFlows(db *DB) *Flows { return &Flows{db: db} }

var (
	errRevision = errors.New("storage: a flow's revision must rise")
	errDigest   = errors.New("storage: a stored digest has the wrong length")
)

type flowRow struct {
	TenantID       uid `gorm:"primaryKey"`
	ID             uid `gorm:"primaryKey"`
	ApplicationID  uid
	Journey        string
	JourneyVersion int
	Status         string
	State          []byte
	UserID         *uid
	Revision       int64
	Created        micros `gorm:"column:created_at"`
	ExpiresAt      micros
}

// TableName names the table.
func (flowRow) TableName() string { return "flows" }

type flowAnswerRow struct {
	TenantID    uid    `gorm:"primaryKey"`
	AnswerKey   []byte `gorm:"primaryKey"`
	Fingerprint []byte
	Sealed      []byte
	ExpiresAt   micros
}

// TableName names the table.
func (flowAnswerRow) TableName() string { return "flow_answers" }

const (
	// The outer condition is checked again on a row that another unit was changing.
	deleteFlows = `DELETE FROM flows WHERE expires_at < ? AND (tenant_id, id) IN
		(SELECT tenant_id, id FROM flows WHERE expires_at < ? ORDER BY expires_at LIMIT ?)`
	deleteFlowAnswers = `DELETE FROM flow_answers WHERE expires_at < ? AND (tenant_id, answer_key) IN
		(SELECT tenant_id, answer_key FROM flow_answers WHERE expires_at < ? ORDER BY expires_at LIMIT ?)`
)

// InsertFlow adds a flow; flow.ErrMoved when its id is taken, so that a start is
// spent once.
func (s *Flows) InsertFlow(ctx context.Context, added flow.Row) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toFlowRow(tenant, added)
		return hitOne(tx.Clauses(unlessTaken("tenant_id", "id")).Create(&row), flow.ErrMoved)
	})
}

// FlowByID reads a flow; flow.ErrUnknown.
func (s *Flows) FlowByID(ctx context.Context, wanted flow.ID) (flow.Row, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return flow.Row{}, err
	}
	row, err := one[flowRow](db.Where(of(tenant)).Where("id = ?", uidOf(wanted)), flow.ErrUnknown)
	if err != nil {
		return flow.Row{}, err
	}
	return row.fromRow(), nil
}

// UpdateFlow replaces status, state, user and expiry where the stored revision is from,
// and sets the new one; flow.ErrMoved otherwise.
func (s *Flows) UpdateFlow(ctx context.Context, changed flow.Row, from int64) error {
	if changed.Revision <= from {
		return errRevision
	}
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toFlowRow(tenant, changed)
		result := tx.Model(&flowRow{}).Where(of(tenant)).Where("id = ? AND revision = ?", row.ID, from).
			UpdateColumns(map[string]any{
				"status": row.Status, "state": row.State, "user_id": row.UserID, "expires_at": row.ExpiresAt, "revision": row.Revision,
			})
		return hitOne(result, flow.ErrMoved)
	})
}

// InsertAnswer adds an answer, in the place of one that has expired at now;
// flow.ErrMoved when there is a live one for the key.
func (s *Flows) InsertAnswer(ctx context.Context, added flow.Answer, now time.Time) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		expired := tx.Where(of(tenant)).Where("answer_key = ? AND expires_at <= ?", added.Key[:], microsOf(now)).
			Delete(&flowAnswerRow{})
		if expired.Error != nil {
			return expired.Error
		}
		row := flowAnswerRow{
			TenantID: tenant, AnswerKey: added.Key[:], Fingerprint: added.Fingerprint[:],
			Sealed: present(added.Sealed), ExpiresAt: microsOf(added.ExpiresAt),
		}
		return hitOne(tx.Clauses(unlessTaken("tenant_id", "answer_key")).Create(&row), flow.ErrMoved)
	})
}

// AnswerByKey reads an answer that has not expired at now; flow.ErrUnknown.
func (s *Flows) AnswerByKey(ctx context.Context, key [32]byte, now time.Time) (flow.Answer, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return flow.Answer{}, err
	}
	row, err := one[flowAnswerRow](db.Where(of(tenant)).
		Where("answer_key = ? AND expires_at > ?", key[:], microsOf(now)), flow.ErrUnknown)
	if err != nil {
		return flow.Answer{}, err
	}
	return row.fromRow()
}

// DeleteFlows removes up to limit flows and answers that expired before the given
// time, over all tenants, and tells how many.
func (s *Flows) DeleteFlows(ctx context.Context, before time.Time, limit int) (int, error) {
	deleted := 0
	err := s.db.writeAcross(ctx, func(tx *gorm.DB) error {
		deleted = 0
		for _, statement := range []string{deleteFlows, deleteFlowAnswers} {
			at := microsOf(before)
			result := tx.Exec(statement, at, at, max(limit-deleted, 0))
			if result.Error != nil {
				return result.Error
			}
			deleted += int(result.RowsAffected)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return deleted, nil
}

func toFlowRow(tenant uid, from flow.Row) flowRow {
	row := flowRow{
		TenantID: tenant, ID: uidOf(from.ID), ApplicationID: uidOf(from.ApplicationID), Journey: from.Journey,
		JourneyVersion: from.JourneyVersion, Status: string(from.Status), State: present(from.State),
		Revision: from.Revision, Created: microsOf(from.CreatedAt), ExpiresAt: microsOf(from.ExpiresAt),
	}
	if !from.UserID.IsZero() {
		person := uidOf(from.UserID)
		row.UserID = &person
	}
	return row
}

func (r flowRow) fromRow() flow.Row {
	found := flow.Row{
		Journey: r.Journey, JourneyVersion: r.JourneyVersion, Status: flow.Status(r.Status), State: present(r.State),
		Revision: r.Revision, CreatedAt: r.Created.time(), ExpiresAt: r.ExpiresAt.time(),
	}
	into(&found.ID, r.ID)
	into(&found.ApplicationID, r.ApplicationID)
	if r.UserID != nil {
		into(&found.UserID, *r.UserID)
	}
	return found
}

func (r flowAnswerRow) fromRow() (flow.Answer, error) {
	found := flow.Answer{Sealed: present(r.Sealed), ExpiresAt: r.ExpiresAt.time()}
	if copy(found.Key[:], r.AnswerKey) != len(r.AnswerKey) || len(r.AnswerKey) != len(found.Key) ||
		copy(found.Fingerprint[:], r.Fingerprint) != len(found.Fingerprint) {
		return flow.Answer{}, errDigest
	}
	return found, nil
}
