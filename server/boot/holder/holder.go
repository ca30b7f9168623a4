package holder

import (
	"context"
	"encoding/json"
	"time"

	"github.com/lintel-id/lintel/server/activity"
	"github.com/lintel-id/lintel/server/assurance"
	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/export"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/storage"
)

// Flows tells what a person has typed into flows, for as long as those are kept.
type Flows struct {
	Rows  *storage.Flows
	Flows *flow.Service
}

type flowRecord struct {
	ID            string           `json:"id"`
	ApplicationID string           `json:"application_id"`
	Journey       string           `json:"journey"`
	Status        string           `json:"status"`
	Identifier    *string          `json:"identifier"`
	Locale        *string          `json:"locale"`
	Profile       json.RawMessage  `json:"profile"`
	Proofs        []proofRecord    `json:"proofs"`
	Agreed        []flow.Agreement `json:"agreed"`
	CreatedAt     time.Time        `json:"created_at"`
	ExpiresAt     time.Time        `json:"expires_at"`
}

type proofRecord struct {
	Method string    `json:"method"`
	At     time.Time `json:"at"`
}

type flowInternal struct {
	JourneyVersion int   `json:"journey_version"`
	Revision       int64 `json:"revision"`
}

// Held names the section.
func (Flows) Held() export.Held {
	return export.Held{Section: "flows", Tables: []string{"flows"}, Operators: false}
}

// ExportUser opens the flows that the person has proven something in; claims that are not the
// reader's to see are left out, as an invitation may have filled some in.
func (h Flows) ExportUser(ctx context.Context, about export.Subject, give export.Give) error {
	return h.Rows.FlowsOfUser(ctx, about.User.ID, func(row flow.Row) error {
		held, err := h.Flows.Contents(ctx, row)
		if err != nil {
			return err
		}
		if held.Profile != nil {
			if held.Profile, err = shown(held.Profile, about.Shows); err != nil {
				return err
			}
		}
		record := flowRecord{
			ID: row.ID.String(), ApplicationID: row.ApplicationID.String(), Journey: row.Journey, Status: string(row.Status),
			Identifier: optional(held.Identifier), Locale: optional(held.Locale), Profile: held.Profile, Proofs: proofs(held.Proofs),
			Agreed: held.Agreed, CreatedAt: row.CreatedAt, ExpiresAt: row.ExpiresAt,
		}
		return give(record, flowInternal{JourneyVersion: row.JourneyVersion, Revision: row.Revision})
	})
}

func proofs(facts []assurance.Fact) []proofRecord {
	records := make([]proofRecord, len(facts))
	for i, fact := range facts {
		records[i] = proofRecord{Method: string(fact.Method), At: fact.At}
	}
	return records
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// Events tells what happened: to the person what their activity shows, and to whoever
// manages the tenant all of it.
type Events struct {
	Log      *storage.Events
	Activity *activity.Service
	Opener   event.Opener
}

type activityRecord struct {
	ID            string    `json:"id"`
	Type          string    `json:"type"`
	At            time.Time `json:"occurred_at"`
	Device        *string   `json:"device"`
	Address       *string   `json:"address"`
	UserAgent     *string   `json:"user_agent"`
	ApplicationID *string   `json:"application_id"`
	SessionID     *string   `json:"session_id"`
	Impersonated  bool      `json:"impersonated"`
}

type eventInternal struct {
	Number   int64           `json:"seq"`
	Version  int             `json:"version"`
	Subject  string          `json:"subject"`
	UserID   *string         `json:"user_id"`
	Actor    actorRecord     `json:"actor"`
	Data     json.RawMessage `json:"data"`
	Personal json.RawMessage `json:"personal"`
	Source   event.Source    `json:"source"`
}

type actorRecord struct {
	Kind string  `json:"kind"`
	ID   *string `json:"id"`
	By   *string `json:"by"`
}

// Held names the section.
func (Events) Held() export.Held {
	return export.Held{Section: "activity", Tables: []string{"events"}, Operators: false}
}

// ExportUser gives the entries, the oldest first.
func (h Events) ExportUser(ctx context.Context, about export.Subject, give export.Give) error {
	return h.Log.EventsAbout(ctx, about.User.ID.String(), func(told event.Envelope) error {
		if about.Own && !activity.Shows(told) {
			return nil
		}
		entry, err := h.Activity.Entry(ctx, told)
		if err != nil {
			return err
		}
		personal, err := h.open(ctx, told)
		if err != nil {
			return err
		}
		from, err := told.OpenSource(ctx, h.Opener)
		if err != nil && !seal.Gone(err) {
			return err
		}
		own := activityRecord{
			ID: entry.ID.String(), Type: entry.Type, At: entry.At, Device: optional(entry.Device), Address: optional(entry.Address),
			ApplicationID: optional(entry.ApplicationID), SessionID: optional(entry.SessionID), Impersonated: entry.Impersonated,
		}
		if told.ByPerson() {
			own.UserAgent = optional(from.UserAgent)
		}
		return give(own, eventInternal{
			Number: told.Seq, Version: told.Version, Subject: told.Subject, UserID: optional(told.Person), Actor: actorOf(told),
			Data: told.Data, Personal: personal, Source: from,
		})
	})
}

func actorOf(told event.Envelope) actorRecord {
	return actorRecord{Kind: string(told.Actor.Kind), ID: optional(told.Actor.ID), By: optional(told.Actor.By)}
}

// open is what an event tells about the person; nil where nothing is, or it cannot be
// opened any more.
func (h Events) open(ctx context.Context, told event.Envelope) (json.RawMessage, error) {
	if len(told.Personal) == 0 {
		return nil, nil
	}
	plain, err := h.Opener.OpenPersonal(ctx, told.Person, told.Personal, []byte(told.ID.String()))
	if seal.Gone(err) {
		return nil, nil
	}
	return plain, err
}

// Audit gives the audit records about a person, and those that only have them for
// their subject or their actor.
type Audit struct{ Reader *audit.Reader }

// Held names the section.
func (Audit) Held() export.Held {
	return export.Held{Section: "audit", Tables: []string{"audit_records"}, Operators: true}
}

// ExportUser gives the records as an audit export has them.
func (h Audit) ExportUser(ctx context.Context, about export.Subject, give export.Give) error {
	person := about.User.ID.String()
	if err := h.Reader.Each(ctx, audit.Query{Person: person}, func(entry audit.Entry) error { return give(audit.LineOf(entry), nil) }); err != nil {
		return err
	}
	err := h.Reader.Each(ctx, audit.Query{Subject: person}, func(entry audit.Entry) error {
		if entry.Event.Person == person {
			return nil
		}
		return give(audit.LineOf(without(entry)), nil)
	})
	if err != nil {
		return err
	}
	return h.Reader.Each(ctx, audit.Query{ActorID: person}, func(entry audit.Entry) error {
		if entry.Event.Person == person || entry.Event.Subject == person {
			return nil
		}
		return give(audit.LineOf(without(entry)), nil)
	})
}

// without leaves out of an entry what it tells of somebody else.
func without(entry audit.Entry) audit.Entry {
	entry.Personal, entry.Source = nil, audit.Source{Address: "", Device: "", UserAgent: ""}
	return entry
}
