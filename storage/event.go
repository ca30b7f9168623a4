package storage

import (
	"context"
	"encoding/json"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// Events is the event log.
type Events struct {
	db     *DB
	leased leaseWatch
}

// NewEvents makes the store.
func NewEvents(db *DB) *Events { return &Events{db: db} }

type eventRow struct {
	TenantID  uid `gorm:"primaryKey"`
	ID        uid `gorm:"primaryKey"`
	Seq       *int64
	Type      string
	Version   int
	Time      micros
	Subject   string
	ActorKind string
	ActorID   string
	ActorBy   *string
	Data      string
	Person    string
	Personal  []byte
	Source    []byte
}

// TableName names the table.
func (eventRow) TableName() string { return "events" }

func toEventRow(e event.Envelope) eventRow {
	return eventRow{
		TenantID: uidOf(e.Tenant), ID: uidOf(e.ID), Type: e.Type, Version: e.Version, Time: microsOf(e.Time),
		Subject: e.Subject, ActorKind: string(e.Actor.Kind), ActorID: e.Actor.ID, ActorBy: textUnless(e.Actor.By),
		Data: string(e.Data), Person: e.Person, Personal: e.Personal, Source: e.Source,
	}
}

func (r eventRow) fromRow() event.Envelope {
	envelope := event.Envelope{
		Type: r.Type, Version: r.Version, Time: r.Time.time(), Subject: r.Subject,
		Actor: reqctx.Actor{Kind: reqctx.ActorKind(r.ActorKind), ID: r.ActorID, By: textOr(r.ActorBy)},
		Data:  json.RawMessage(r.Data), Person: r.Person, Personal: r.Personal, Source: r.Source,
	}
	into(&envelope.ID, r.ID)
	into(&envelope.Tenant, r.TenantID)
	if r.Seq != nil {
		envelope.Seq = *r.Seq
	}
	return envelope
}

// AppendEvent inserts the envelope within the unit of work in ctx, for the tenant
// of ctx and no other.
func (s *Events) AppendEvent(ctx context.Context, envelope event.Envelope) error {
	open, err := s.db.unit(ctx)
	if err != nil {
		return err
	}
	if open == nil {
		return event.ErrNoTransaction
	}
	return s.db.write(ctx, func(tx *gorm.DB, _ uid) error {
		row := toEventRow(envelope)
		return gorm.G[eventRow](tx).Create(ctx, &row)
	})
}

// EventsAfter lists numbered events above the cursor, of the tenant of ctx or,
// where the context says so, of all.
func (s *Events) EventsAfter(ctx context.Context, after int64, types []string, limit int) ([]event.Envelope, error) {
	return s.list(ctx, types, func(query eventQuery) eventQuery {
		return query.Where("seq > ?", after).Order("seq").Limit(limit)
	})
}

// UnsequencedEvents lists committed events without a number, oldest first, in the
// same scope as EventsAfter.
func (s *Events) UnsequencedEvents(ctx context.Context, types []string, limit int) ([]event.Envelope, error) {
	return s.list(ctx, types, func(query eventQuery) eventQuery {
		return query.Where("seq IS NULL").Order("time, id").Limit(limit)
	})
}

// EventsOfPerson lists events of the given types about a person, numbered or not,
// newest first, from before (zero: from the newest).
func (s *Events) EventsOfPerson(ctx context.Context, person string, types []string, before event.ID, limit int) ([]event.Envelope, error) {
	handle, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	// An event about nobody is not in the index, which the engines have to be told.
	query := gorm.G[eventRow](handle).Where(of(tenant)).Where("person = ? AND person <> '' AND type IN ?", person, types).
		Order("id DESC").Limit(max(limit, 0))
	if !before.IsZero() {
		query = query.Where("id < ?", uidOf(before))
	}
	return envelopes(query.Find(ctx))
}

type eventQuery = gorm.ChainInterface[eventRow]

func (s *Events) list(ctx context.Context, types []string, narrow func(eventQuery) eventQuery) ([]event.Envelope, error) {
	query, err := s.scoped(ctx)
	if err != nil {
		return nil, err
	}
	query = narrow(query)
	if len(types) > 0 {
		query = query.Where("type IN ?", types)
	}
	return envelopes(query.Find(ctx))
}

func envelopes(rows []eventRow, err error) ([]event.Envelope, error) {
	if err != nil {
		return nil, err
	}
	told := make([]event.Envelope, len(rows))
	for i, row := range rows {
		told[i] = row.fromRow()
	}
	return told, nil
}

func (s *Events) scoped(ctx context.Context) (eventQuery, error) {
	if reqctx.EveryTenant(ctx) {
		return gorm.G[eventRow](across(s.db.read(ctx))).Scopes(), nil
	}
	handle, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	return gorm.G[eventRow](handle).Where(of(tenant)), nil
}
