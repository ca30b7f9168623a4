package activity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/seal"
)

// shown are the events that matter to the person they are about.
var shown = []string{
	"user.created", "user.upgraded", "user.guest_signed_in", "user.updated", "user.suspended", "user.reactivated",
	"user.deletion_scheduled", "user.deletion_cancelled", "user.impersonated", "user.merged", "user.export_requested",
	"user.identifier_added", "user.identifier_removed", "user.identifier_verified", "user.identifier_unverified", "user.identifier_primary_changed",
	"password.set", "password.changed", "password.expired",
	"passkey.added", "passkey.renamed", "passkey.removed", "passkey.clone_suspected",
	"recovery.started", "recovery.stopped", "recovery.completed", "reversal.created", "reversal.used", "reversal.withdrawn",
	"session.created", "session.raised", "session.ended",
	"consent.given", "role.assigned", "role.unassigned",
}

// Types lists the types of entry that there are.
func Types() []string { return slices.Clone(shown) }

// Shows tells whether a person is shown an event; about whom it is has been asked before.
func Shows(told event.Envelope) bool { return told.Person != "" && slices.Contains(shown, told.Type) }

// Log is the event log as a person may see it.
type Log interface {
	// EventsOfPerson lists events of the given types about a person, newest first, from
	// before (zero: from the newest).
	EventsOfPerson(ctx context.Context, person string, types []string, before event.ID, limit int) ([]event.Envelope, error)
}

// Deps are what a Service needs.
type Deps struct {
	Log    Log
	Opener event.Opener
}

// Service reads the log for the people it is about.
type Service struct{ deps Deps }

// New makes a Service.
func New(deps Deps) (*Service, error) {
	if deps.Log == nil || deps.Opener == nil {
		return nil, errors.New("activity: a dependency is missing")
	}
	return &Service{deps: deps}, nil
}

// Entry is one thing that happened; what is not known is empty.
type Entry struct {
	ID            event.ID
	Type          string
	At            time.Time
	Device        string
	Address       string
	ApplicationID string
	SessionID     string
	Impersonated  bool // somebody else did it in the person's name
}

// Page is a part of what happened, newest first.
type Page struct {
	Items []Entry
	Next  event.ID // where the next page goes on; zero when this was the last
}

const maxPage = 100

// List shows what happened to a person, from before (zero: from the newest).
func (s *Service) List(ctx context.Context, person string, before event.ID, limit int) (Page, error) {
	limit = min(max(limit, 1), maxPage)
	told, err := s.deps.Log.EventsOfPerson(ctx, person, shown, before, limit+1)
	if err != nil {
		return Page{}, fmt.Errorf("list activity: %w", err)
	}
	page := Page{Items: make([]Entry, 0, len(told)), Next: event.ID{}}
	if len(told) > limit {
		told = told[:limit]
		page.Next = told[limit-1].ID
	}
	for _, one := range told {
		entry, err := s.Entry(ctx, one)
		if err != nil {
			return Page{}, fmt.Errorf("event %s: %w", one.ID, err)
		}
		page.Items = append(page.Items, entry)
	}
	return page, nil
}

// Entry is what a person is shown of an event about them.
func (s *Service) Entry(ctx context.Context, told event.Envelope) (Entry, error) {
	var data struct {
		ApplicationID string `json:"application_id"`
		SessionID     string `json:"session_id"`
	}
	if err := json.Unmarshal(told.Data, &data); err != nil {
		return Entry{}, err
	}
	var personal struct {
		Device  string `json:"device"`
		Address string `json:"address"`
	}
	if err := s.open(ctx, told, &personal); err != nil {
		return Entry{}, err
	}
	if told.ByPerson() && personal.Address == "" { // of others they are not told
		from, err := told.OpenSource(ctx, s.deps.Opener)
		if err != nil && !seal.Gone(err) {
			return Entry{}, err
		}
		personal.Address = from.Address
	}
	entry := Entry{
		ID: told.ID, Type: told.Type, At: told.Time, Device: personal.Device, Address: personal.Address,
		ApplicationID: data.ApplicationID, SessionID: data.SessionID, Impersonated: told.Actor.By != "",
	}
	if strings.HasPrefix(told.Type, "session.") {
		entry.SessionID = told.Subject
	}
	return entry, nil
}

// open reads what an event tells about its person; what cannot be opened any more is
// left out, and what happened is told all the same.
func (s *Service) open(ctx context.Context, told event.Envelope, into any) error {
	if len(told.Personal) == 0 {
		return nil
	}
	plain, err := s.deps.Opener.OpenPersonal(ctx, told.Person, told.Personal, []byte(told.ID.String()))
	switch {
	case seal.Gone(err):
		return nil
	case err != nil:
		return err
	}
	return json.Unmarshal(plain, into)
}
