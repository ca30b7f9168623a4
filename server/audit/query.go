package audit

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lintel-id/lintel/server/platform/event"
)

// Query is what to find records by; all that is given must hold. A zero member does not
// matter.
type Query struct {
	Type       string // a type, or the noun that types begin with
	ActorID    string // of whoever did it, as themselves or in another's name
	Subject    string
	Person     string
	From       time.Time
	Before     time.Time
	Above      int64 // only records of a higher number
	Descending bool
	Cursor     int64 // the number of the last record of the page before
}

// By is the index that records are found by.
type By uint8

// The indexes; each is in the order of the numbers.
const (
	ByNumber By = iota
	ByPerson
	BySubject
	ByActor
	ByType
)

// Walk is a way along one index, between two numbers that are not part of it.
type Walk struct {
	By         By
	Text       string   // what the index is asked for
	Types      []string // instead of Text, for ByType
	Above      int64
	Below      int64 // 0: to the end
	Descending bool
}

// skew is how much later than it happened an event may get its number: the longest that
// a unit of work and the clocks of two nodes may be apart, with much to spare. Times are
// looked for that much farther, and then compared.
const skew = time.Hour

// walk chooses the index that leaves least to look at; none where nothing can fit.
func (r *Reader) walk(ctx context.Context, query Query) (Walk, bool, error) {
	walk := Walk{By: ByNumber, Text: "", Types: nil, Above: query.Above, Below: 0, Descending: query.Descending}
	if query.Descending {
		walk.Below = query.Cursor
	} else {
		walk.Above = max(walk.Above, query.Cursor)
	}
	switch {
	case query.Person != "":
		walk.By, walk.Text = ByPerson, query.Person
	case query.Subject != "":
		walk.By, walk.Text = BySubject, query.Subject
	case query.ActorID != "":
		walk.By, walk.Text = ByActor, query.ActorID
	case query.Type != "":
		walk.By, walk.Types = ByType, r.typesOf(query.Type)
	}
	if walk.By == ByType && len(walk.Types) == 0 || !query.Before.IsZero() && !query.From.Before(query.Before) {
		return walk, false, nil
	}
	if !query.From.IsZero() {
		earlier, err := r.deps.Finder.AuditNumberBefore(ctx, query.From.Add(-skew))
		if err != nil {
			return walk, false, fmt.Errorf("audit by time: %w", err)
		}
		walk.Above = max(walk.Above, earlier)
	}
	if !query.Before.IsZero() {
		later, err := r.deps.Finder.AuditNumberFrom(ctx, query.Before.Add(skew))
		if err != nil {
			return walk, false, fmt.Errorf("audit by time: %w", err)
		}
		if later > 0 && (walk.Below == 0 || later < walk.Below) {
			walk.Below = later
		}
	}
	return walk, true, nil
}

// typesOf are the types that a text names: itself, or all of the noun.
func (r *Reader) typesOf(text string) []string {
	if strings.Contains(text, ".") {
		return []string{text}
	}
	return slices.DeleteFunc(slices.Clone(r.deps.Types), func(name string) bool { return !strings.HasPrefix(name, text+".") })
}

// fits tells whether all of the query holds for an event.
func (q Query) fits(told event.Envelope) bool {
	kind := q.Type == "" || told.Type == q.Type || !strings.Contains(q.Type, ".") && strings.HasPrefix(told.Type, q.Type+".")
	return kind && (q.ActorID == "" || told.Actor.ID == q.ActorID || told.Actor.By == q.ActorID) && (q.Subject == "" || told.Subject == q.Subject) &&
		(q.Person == "" || told.Person == q.Person) &&
		!told.Time.Before(q.From) && (q.Before.IsZero() || told.Time.Before(q.Before))
}
