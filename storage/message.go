package storage

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/message"
)

// Messages keeps what is sent to people.
type Messages struct{ db *DB }

var _ message.Store = (*Messages)(nil)

// NewMessages makes the store.
func NewMessages(db *DB) *Messages { return &Messages{db: db} }

type messageRow struct {
	TenantID      uid `gorm:"primaryKey"`
	ID            uid `gorm:"primaryKey"`
	Kind          string
	Channel       string
	ApplicationID *uid
	Locale        string
	Recipient     []byte
	Address       []byte
	Content       []byte
	Status        string
	Code          string
	Reference     string
	Person        string
	HolderOnly    bool
	Delivery      string
	Told          string  `gorm:"column:delivery_code"`
	ToldAt        *micros `gorm:"column:delivery_at"`
	Created       micros  `gorm:"column:created_at"`
	DueAt         micros
	SentAt        *micros
	OutdatedAt    micros
	ExpiresAt     micros
	Claimed       bool
	Fence         int64
	Attempts      int
	Lost          int
	Unsure        bool
}

// TableName names the table.
func (messageRow) TableName() string { return "messages" }

// InsertMessage adds one.
func (s *Messages) InsertMessage(ctx context.Context, queued message.Message) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toMessageRow(tenant, queued)
		return tx.Create(&row).Error
	})
}

// MessageByID finds one; message.ErrUnknown.
func (s *Messages) MessageByID(ctx context.Context, wanted message.ID) (message.Message, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return message.Message{}, err
	}
	row, err := one[messageRow](db.Where(of(tenant)).Where("id = ?", uidOf(wanted)), message.ErrUnknown)
	if err != nil {
		return message.Message{}, err
	}
	return row.fromRow(), nil
}

// Messages lists the newest first, before the one that is given (zero: from the newest).
func (s *Messages) Messages(ctx context.Context, filter message.Filter, before message.ID, limit int) ([]message.Message, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	query := db.Where(of(tenant)).Order("id DESC").Limit(max(limit, 0))
	if !before.IsZero() {
		query = query.Where("id < ?", uidOf(before))
	}
	if filter.Status != "" {
		query = query.Where("status = ?", string(filter.Status))
	}
	if filter.Address != nil {
		query = query.Where("address = ?", filter.Address[:])
	}
	rows, err := many[messageRow](query)
	return fromMessageRows(rows), err
}

const (
	claimMessages = `WITH due AS MATERIALIZED (
		SELECT tenant_id, id FROM messages WHERE status = 'queued' AND due_at <= ? ORDER BY due_at, tenant_id, id LIMIT ?`
	claimedMessages = `) UPDATE messages SET lost = lost + CASE WHEN claimed THEN 1 ELSE 0 END, unsure = unsure OR claimed, claimed = ?,
		fence = fence + 1, attempts = attempts + 1, due_at = ?
	FROM due WHERE messages.tenant_id = due.tenant_id AND messages.id = due.id
	RETURNING messages.tenant_id, messages.id, kind, channel, application_id, locale, recipient, address, content, status, code, reference, created_at,
		due_at, sent_at, outdated_at, expires_at, claimed, fence, attempts, lost, unsure, person, holder_only, delivery, delivery_code, delivery_at`
)

// ClaimMessages takes queued messages of any tenant that are due at now, the longest due
// first. Two nodes that look at once pass over what the other one takes.
func (s *Messages) ClaimMessages(ctx context.Context, now, until time.Time, limit int) ([]message.Message, error) {
	due, err := s.anyDue(ctx, now)
	if err != nil || !due {
		return nil, err
	}
	skip := " FOR UPDATE SKIP LOCKED"
	if s.db.Engine() == SQLite { // one writes at a time
		skip = ""
	}
	var rows []messageRow
	err = s.db.writeAcross(ctx, func(tx *gorm.DB) error {
		rows = nil
		return tx.Raw(claimMessages+skip+claimedMessages, microsOf(now), limit, true, microsOf(until)).Scan(&rows).Error
	})
	return fromMessageRows(rows), err
}

// anyDue looks first, so that an idle queue costs no write.
func (s *Messages) anyDue(ctx context.Context, now time.Time) (bool, error) {
	handle, err := s.db.readAcross(ctx)
	if err != nil {
		return false, err
	}
	var found []int
	err = handle.Raw("SELECT 1 FROM messages WHERE status = 'queued' AND due_at <= ? LIMIT 1", microsOf(now)).Scan(&found).Error
	return len(found) > 0, err
}

// UpdateMessage writes what became of a queued message where its fence is that of ended;
// message.ErrLost otherwise.
func (s *Messages) UpdateMessage(ctx context.Context, ended message.Message) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toMessageRow(tenant, ended)
		query := tx.Model(&messageRow{}).Where(of(tenant)).Where("id = ? AND fence = ? AND status = ?", row.ID, row.Fence, string(message.Queued))
		return hitOne(query.UpdateColumns(map[string]any{
			"status": row.Status, "code": row.Code, "reference": row.Reference, "content": row.Content, "due_at": row.DueAt,
			"sent_at": row.SentAt, "expires_at": row.ExpiresAt, "claimed": row.Claimed, "attempts": row.Attempts, "lost": row.Lost, "unsure": row.Unsure,
		}), message.ErrLost)
	})
}

// ResolveMessage notes whom a claimed message goes to, and what it has become, where its fence
// is that of resolved; message.ErrLost otherwise.
func (s *Messages) ResolveMessage(ctx context.Context, resolved message.Message) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toMessageRow(tenant, resolved)
		query := tx.Model(&messageRow{}).Where(of(tenant)).Where("id = ? AND fence = ? AND status = ?", row.ID, row.Fence, string(message.Queued))
		return hitOne(query.UpdateColumns(map[string]any{"person": row.Person, "kind": row.Kind, "locale": row.Locale, "content": row.Content}), message.ErrLost)
	})
}

// RequeueMessage queues a failed one as it is given; message.ErrNotFailed where it has not.
func (s *Messages) RequeueMessage(ctx context.Context, again message.Message) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toMessageRow(tenant, again)
		query := tx.Model(&messageRow{}).Where(of(tenant)).Where("id = ? AND status = ?", row.ID, string(message.Failed))
		return hitOne(query.UpdateColumns(map[string]any{
			"status": row.Status, "code": row.Code, "due_at": row.DueAt, "claimed": row.Claimed, "fence": row.Fence,
			"attempts": row.Attempts, "lost": row.Lost, "reference": row.Reference,
			"delivery": row.Delivery, "delivery_code": row.Told, "delivery_at": row.ToldAt,
		}), message.ErrNotFailed)
	})
}

// NoteDelivery notes what became of a message that was sent, or may have been, where that is
// one of over (empty: nothing is known), and tells whether it did.
func (s *Messages) NoteDelivery(ctx context.Context, about message.Message, over []message.Outcome) (noted bool, err error) {
	err = s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toMessageRow(tenant, about)
		done := tx.Model(&messageRow{}).Where(of(tenant)).
			Where("id = ? AND fence = ? AND status IN (?, ?)", row.ID, row.Fence, string(message.Sent), string(message.Failed)).
			Where("delivery IN ?", over).
			UpdateColumns(map[string]any{"delivery": row.Delivery, "delivery_code": row.Told, "delivery_at": row.ToldAt})
		noted = done.RowsAffected == 1
		return done.Error
	})
	return noted, err
}

// DeleteMessages removes messages that have ended and expired before a time, and tells how
// many.
func (s *Messages) DeleteMessages(ctx context.Context, before time.Time, limit int) (count int, err error) {
	err = s.db.writeAcross(ctx, func(tx *gorm.DB) error {
		gone := tx.Exec(`DELETE FROM messages WHERE (tenant_id, id) IN (
			SELECT tenant_id, id FROM messages WHERE status <> 'queued' AND expires_at <= ? ORDER BY expires_at, tenant_id, id LIMIT ?)`, microsOf(before), max(limit, 0))
		count = int(gone.RowsAffected)
		return gone.Error
	})
	return count, err
}

func toMessageRow(tenant uid, from message.Message) messageRow {
	row := messageRow{
		TenantID: tenant, ID: uidOf(from.ID), Kind: string(from.Kind), Channel: string(from.Channel), Locale: from.Locale, ApplicationID: toApplicationColumn(from.Application),
		Recipient: present(from.Recipient), Address: from.Address[:], Content: from.Content, Status: string(from.Status), Code: from.Code,
		Reference: from.Reference, Person: from.Person, HolderOnly: from.HolderOnly, Created: microsOf(from.CreatedAt), DueAt: microsOf(from.DueAt), SentAt: optionalMicros(from.SentAt),
		OutdatedAt: microsOf(from.OutdatedAt), ExpiresAt: microsOf(from.ExpiresAt),
		Claimed: from.Claimed, Fence: from.Fence, Attempts: from.Attempts, Lost: from.Lost, Unsure: from.Unsure,
		Delivery: "", Told: "", ToldAt: nil,
	}
	if told := from.Delivery; told != nil {
		row.Delivery, row.Told, row.ToldAt = string(told.Outcome), told.Code, optionalMicros(&told.At)
	}
	return row
}

func fromMessageRows(rows []messageRow) []message.Message {
	found := make([]message.Message, len(rows))
	for i, row := range rows {
		found[i] = row.fromRow()
	}
	return found
}

func (r messageRow) fromRow() message.Message {
	found := message.Message{
		Kind: message.Kind(r.Kind), Channel: message.Channel(r.Channel), Application: fromApplicationColumn(r.ApplicationID), Locale: r.Locale, Recipient: present(r.Recipient),
		Content: r.Content, Status: message.Status(r.Status), Code: r.Code, Reference: r.Reference, Person: r.Person, HolderOnly: r.HolderOnly, CreatedAt: r.Created.time(),
		DueAt: r.DueAt.time(), SentAt: optionalTime(r.SentAt), OutdatedAt: r.OutdatedAt.time(), ExpiresAt: r.ExpiresAt.time(),
		Claimed: r.Claimed, Fence: r.Fence, Attempts: r.Attempts, Lost: r.Lost, Unsure: r.Unsure, Delivery: nil,
	}
	if r.ToldAt != nil {
		found.Delivery = &message.Delivery{Outcome: message.Outcome(r.Delivery), Code: r.Told, At: r.ToldAt.time()}
	}
	copy(found.Address[:], r.Address)
	into(&found.ID, r.ID)
	into(&found.Tenant, r.TenantID)
	return found
}

// toApplicationColumn is the id of an application where a text is one, nil otherwise.
func toApplicationColumn(text string) *uid {
	var found application.ID
	if found.UnmarshalText([]byte(text)) != nil {
		return nil
	}
	return new(uidOf(found))
}

func fromApplicationColumn(column *uid) string {
	if column == nil {
		return ""
	}
	var found application.ID
	into(&found, *column)
	return found.String()
}
