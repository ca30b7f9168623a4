package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"time"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
)

// Finder finds the records of the tenant in scope.
type Finder interface {
	// FindAudit goes along a walk and gives the records it comes by.
	FindAudit(ctx context.Context, walk Walk, limit int) ([]Record, error)
	// AuditRecord is the one of a number; ErrUnknown.
	AuditRecord(ctx context.Context, number int64) (Record, error)
	// AuditNumberBefore is the number of the latest record from before a time, 0 where
	// there is none; AuditNumberFrom that of the earliest from then on.
	AuditNumberBefore(ctx context.Context, at time.Time) (int64, error)
	AuditNumberFrom(ctx context.Context, at time.Time) (int64, error)
}

// ReaderDeps are what a Reader needs.
type ReaderDeps struct {
	Finder Finder
	Heads  Heads
	Opener event.Opener
	Types  []string // of all events that there are
}

// Heads tells from where and how far a tenant's chain goes.
type Heads interface {
	// Head is the end of a tenant's chain, of number 0 where there is none.
	Head(ctx context.Context, tenant id.Tenant) (Head, error)
	// Removal is what retention has taken from its beginning, of number 0 where
	// nothing was.
	Removal(ctx context.Context, tenant id.Tenant) (Removal, error)
}

// Reader reads the records for whoever manages the tenant.
type Reader struct{ deps ReaderDeps }

// NewReader makes a Reader.
func NewReader(deps ReaderDeps) (*Reader, error) {
	if deps.Finder == nil || deps.Heads == nil || deps.Opener == nil || len(deps.Types) == 0 {
		return nil, errors.New("audit: a dependency is missing")
	}
	return &Reader{deps: deps}, nil
}

// Source is where something came from; what is not known is empty.
type Source struct {
	Address   string `json:"address"`
	Device    string `json:"device"`
	UserAgent string `json:"user_agent"`
}

// Entry is a record as it is shown.
type Entry struct {
	Record
	Source Source
	// Personal is what is told about the person beside the source; nil where nothing
	// is, or it cannot be opened any more.
	Personal map[string]json.RawMessage
}

// Page is a part of what happened. It may be short, even empty, and not be the last.
type Page struct {
	Items []Entry
	Next  int64 // the cursor of the next page; 0 when this was the last
}

const (
	maxPage = 100
	// mostLooked bounds the records that are looked at for one page.
	mostLooked = 2000
	lookBatch  = 500
)

// List finds entries.
func (r *Reader) List(ctx context.Context, query Query, limit int) (Page, error) {
	limit = min(max(limit, 1), maxPage)
	records, next, err := r.find(ctx, query, limit)
	if err != nil {
		return Page{}, err
	}
	page := Page{Items: make([]Entry, len(records)), Next: next}
	for i, record := range records {
		if page.Items[i], err = r.entry(ctx, record); err != nil {
			return Page{}, err
		}
	}
	return page, nil
}

// find gives up to limit records that fit, and the cursor to go on from.
func (r *Reader) find(ctx context.Context, query Query, limit int) ([]Record, int64, error) {
	walk, possible, err := r.walk(ctx, query)
	if err != nil || !possible {
		return nil, 0, err
	}
	var fitting []Record
	last := int64(0) // of those that fit
	for looked, batch := 0, limit+1; ; batch = min(lookBatch, mostLooked-looked) {
		found, err := r.deps.Finder.FindAudit(ctx, walk, batch)
		if err != nil {
			return nil, 0, fmt.Errorf("find audit: %w", err)
		}
		for _, record := range found {
			looked++
			if query.fits(record.Event) {
				if len(fitting) == limit {
					return fitting, last, nil
				}
				fitting, last = append(fitting, record), record.Number
			}
		}
		if len(found) < batch {
			return fitting, 0, nil
		}
		at := found[len(found)-1].Number
		if looked >= mostLooked {
			return fitting, at, nil
		}
		if walk.Descending {
			walk.Below = at
		} else {
			walk.Above = at
		}
	}
}

// Each gives every entry that a query finds, the oldest first, a batch in memory at a time.
func (r *Reader) Each(ctx context.Context, query Query, give func(entry Entry) error) error {
	for query.Descending, query.Cursor = false, 0; ; {
		records, next, err := r.find(ctx, query, maxPage)
		if err != nil {
			return err
		}
		for _, record := range records {
			entry, err := r.entry(ctx, record)
			if err != nil {
				return err
			}
			if err := give(entry); err != nil {
				return err
			}
		}
		if next == 0 {
			return nil
		}
		query.Cursor = next
	}
}

// Entry is one by its number; ErrUnknown.
func (r *Reader) Entry(ctx context.Context, number int64) (Entry, error) {
	record, err := r.deps.Finder.AuditRecord(ctx, number)
	if err != nil {
		return Entry{}, err
	}
	return r.entry(ctx, record)
}

// Head is the end of the chain of the tenant in scope.
func (r *Reader) Head(ctx context.Context) (Head, error) {
	tenant, err := reqctx.Tenant(ctx)
	if err != nil {
		return Head{}, err
	}
	head, err := r.deps.Heads.Head(ctx, tenant)
	if err == nil && head.Number == 0 {
		head.Hash = genesis(tenant)
	}
	return head, err
}

// Removal is what retention has taken from the chain of the tenant in scope.
func (r *Reader) Removal(ctx context.Context) (Removal, error) {
	tenant, err := reqctx.Tenant(ctx)
	if err != nil {
		return Removal{}, err
	}
	return r.deps.Heads.Removal(ctx, tenant)
}

func (r *Reader) entry(ctx context.Context, record Record) (Entry, error) {
	entry := Entry{Record: record, Source: Source{Address: "", Device: "", UserAgent: ""}, Personal: nil}
	told := record.Event
	from, err := told.OpenSource(ctx, r.deps.Opener)
	if err != nil && !seal.Gone(err) {
		return Entry{}, fmt.Errorf("entry %d: %w", record.Number, err)
	}
	entry.Source.Address, entry.Source.UserAgent = from.Address, from.UserAgent
	if len(told.Personal) == 0 {
		return entry, nil
	}
	plain, err := r.deps.Opener.OpenPersonal(ctx, told.Person, told.Personal, []byte(told.ID.String()))
	switch {
	case seal.Gone(err):
		return entry, nil // what happened is told all the same
	case err != nil:
		return Entry{}, fmt.Errorf("entry %d: %w", record.Number, err)
	}
	if err := errors.Join(json.Unmarshal(plain, &entry.Source), json.Unmarshal(plain, &entry.Personal)); err != nil {
		return Entry{}, fmt.Errorf("entry %d: %w", record.Number, err)
	}
	for _, shown := range []string{"address", "device", "user_agent"} {
		delete(entry.Personal, shown)
	}
	if len(entry.Personal) == 0 {
		entry.Personal = nil
	}
	return entry, nil
}
