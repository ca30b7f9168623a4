package audit

import (
	"bytes"
	"context"
	"fmt"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// Verify computes a tenant's chain anew and holds it against its head, against the
// event log as far as that is still there, and against a head that was noted
// earlier, whose zero value is none. It may run while records are being written, and
// while retention removes some.
func (s *Service) Verify(ctx context.Context, tenant id.Tenant, noted Head) (Report, error) {
	cursor, err := s.deps.Store.AuditCursor(reqctx.WithEveryTenant(ctx))
	if err != nil {
		return Report{}, fmt.Errorf("audit cursor: %w", err)
	}
	report, _, err := s.verify(ctx, tenant, noted, cursor, unheard)
	return report, err
}

// unheard is for who does not care how far it is.
func unheard(int64, int64) error { return nil }

// VerifyAll verifies every tenant's chain, and that together they have one record for
// each event.
func (s *Service) VerifyAll(ctx context.Context, visit func(report Report) error) (Whole, error) {
	cursor, err := s.deps.Store.AuditCursor(reqctx.WithEveryTenant(ctx))
	if err != nil {
		return Whole{}, fmt.Errorf("audit cursor: %w", err)
	}
	whole := Whole{Tenants: 0, Broken: 0, Cursor: cursor, Records: 0}
	err = s.EachTenant(ctx, func(tenant id.Tenant) error {
		report, recorded, err := s.verify(ctx, tenant, Head{}, cursor, unheard)
		if err != nil {
			return err
		}
		whole.Tenants++
		whole.Records += recorded
		if report.Broken != nil {
			whole.Broken++
		}
		return visit(report)
	})
	return whole, err
}

// verify verifies again where retention has gone on meanwhile.
func (s *Service) verify(ctx context.Context, tenant id.Tenant, noted Head, cursor int64, told func(done, total int64) error) (Report, int64, error) {
	for {
		report, recorded, err := s.verifyOnce(ctx, tenant, noted, cursor, told)
		if err != nil || report.Broken == nil {
			return report, recorded, err
		}
		removal, err := s.Removal(ctx, tenant)
		if err != nil || removal.Number <= report.Removal.Number {
			return report, recorded, err
		}
	}
}

// verifyOnce also counts the records up to the cursor. The order of the reads lets it
// run beside writers: first how much was removed, then the last record, then the head,
// and records up to the head after it.
func (s *Service) verifyOnce(ctx context.Context, tenant id.Tenant, noted Head, cursor int64, told func(done, total int64) error) (Report, int64, error) {
	w, last, err := s.newWalk(ctx, tenant, noted, cursor, told)
	if err != nil {
		return Report{}, 0, err
	}
	ctx = reqctx.WithTenant(ctx, tenant)
	if err := w.records(ctx); err != nil {
		return Report{}, 0, err
	}
	if w.report.Broken == nil {
		if err := w.end(ctx, last); err != nil {
			return Report{}, 0, err
		}
	}
	return w.report, w.recorded, nil
}

// newWalk stands before the first record that is left, and knows the last.
func (s *Service) newWalk(ctx context.Context, tenant id.Tenant, noted Head, cursor int64, told func(done, total int64) error) (*walk, int64, error) {
	every := reqctx.WithEveryTenant(ctx)
	removal, err := s.deps.Store.AuditRemoval(every, tenant)
	if err != nil {
		return nil, 0, fmt.Errorf("audit removal: %w", err)
	}
	waiting, err := s.deps.Log.UnsequencedEvents(reqctx.WithTenant(ctx, tenant), []string{EventTrimmed.Name}, mostWaiting)
	if err != nil {
		return nil, 0, fmt.Errorf("events: %w", err)
	}
	last, err := s.deps.Store.LastAudit(every, tenant)
	if err != nil {
		return nil, 0, fmt.Errorf("last record: %w", err)
	}
	head, err := s.deps.Store.AuditHead(every, tenant)
	if err != nil {
		return nil, 0, fmt.Errorf("audit head: %w", err)
	}
	return &walk{
		service: s, log: pages{log: s.deps.Log, limit: s.config.Batch, page: nil, after: removal.Seq, ended: false},
		noted: noted, cursor: cursor, told: told, removal: removal, waiting: waiting, tail: false,
		hash: removal.before(), seq: removal.Seq, number: removal.Number, recorded: removal.Number, claim: claim{},
		report: Report{Tenant: tenant, Head: head, Removal: removal, Records: 0, Events: 0, Broken: nil},
	}, last, nil
}

// walk goes along one chain.
type walk struct {
	service *Service
	log     pages
	noted   Head
	cursor  int64
	told    func(done, total int64) error // hears of every page
	removal Removal
	waiting []event.Envelope // of removals, without a number
	tail    bool             // it began in the midst of the chain

	hash     Hash // of the last record that holds
	seq      int64
	number   int64
	recorded int64 // records up to the cursor, those that were removed included
	claim    claim // the last that was come by
	report   Report
}

// records walks up to the head, and stops where the chain breaks.
func (w *walk) records(ctx context.Context) error {
	every := reqctx.WithEveryTenant(ctx)
	for w.number < w.report.Head.Number {
		page, err := w.service.deps.Store.AuditRecords(every, w.report.Tenant, w.number, w.service.config.Batch)
		if err != nil {
			return fmt.Errorf("audit records: %w", err)
		}
		if len(page) == 0 {
			w.breaks(w.number+1, 0, Truncated)
			return nil
		}
		for _, record := range page {
			if w.number == w.report.Head.Number {
				return nil // written since
			}
			if err := w.record(ctx, record); err != nil || w.report.Broken != nil {
				return err
			}
		}
		if err := w.told(w.number-w.removal.Number, w.report.Head.Number-w.removal.Number); err != nil {
			return err
		}
	}
	return nil
}

// record holds one record against the one before and against its event.
func (w *walk) record(ctx context.Context, record Record) error {
	due := w.number + 1
	if record.Number != due {
		w.breaks(due, 0, Missing)
		return nil
	}
	skipped, told, err := w.log.upTo(ctx, record.Event.Seq)
	if err != nil {
		return err
	}
	sound := record.after(w.hash) == record.Hash
	switch {
	case record.Event.Seq <= w.seq, !sound && skipped != 0:
		w.breaks(due, record.Event.Seq, Reordered)
	case skipped != 0:
		w.breaks(due, skipped, Missing)
	case !sound:
		w.breaks(due, record.Event.Seq, Changed)
	case told != nil && !bytes.Equal(record.encoding(), Record{Number: due, Event: *told, Hash: Hash{}}.encoding()),
		due == w.noted.Number && record.Hash != w.noted.Hash:
		w.breaks(due, record.Event.Seq, Rewritten)
	default:
		w.hold(record, told != nil)
	}
	return nil
}

func (w *walk) hold(record Record, compared bool) {
	w.hash, w.seq, w.number = record.Hash, record.Event.Seq, record.Number
	if made, ok := claimed(record.Event); ok {
		w.claim = made
	}
	w.report.Records++
	if compared {
		w.report.Events++
	}
	if record.Event.Seq <= w.cursor {
		w.recorded++
	}
}

// end looks at what comes after a chain that holds up to its head, and before it.
func (w *walk) end(ctx context.Context, last int64) error {
	next := w.number + 1
	switch {
	case w.report.Head.Number < w.number, w.removal.Number > 0 && w.report.Head.Number == w.removal.Number:
		w.breaks(next, 0, Truncated) // retention leaves the newest record
	case last > w.report.Head.Number:
		w.breaks(next, 0, Surplus)
	case w.report.Head.Number > 0 && w.hash != w.report.Head.Hash:
		w.breaks(w.number, w.seq, Rewritten)
	case w.noted.Number > w.number:
		w.breaks(next, 0, Truncated)
	default:
		forgotten, _, err := w.log.upTo(ctx, w.cursor+1)
		if err != nil {
			return err
		}
		if forgotten != 0 {
			w.breaks(next, forgotten, Missing)
			return nil
		}
		if err := w.explained(ctx); err != nil || w.report.Broken != nil {
			return err
		}
		w.compareRemoved()
	}
	return nil
}

// compareRemoved is for a head that was noted of records that are no more: only that of
// the last of them is known still.
func (w *walk) compareRemoved() {
	switch {
	case w.noted.Number == 0 || w.noted.Number > w.removal.Number:
	case w.noted.Number < w.removal.Number:
		w.breaks(w.noted.Number, 0, Removed)
	case w.noted.Hash != w.removal.Hash:
		w.breaks(w.noted.Number, w.removal.Seq, Rewritten)
	}
}

func (w *walk) breaks(number, seq int64, fault Fault) {
	w.report.Broken = &Break{Number: number, Seq: seq, Fault: fault}
}

// pages reads a tenant's events in order, a page at a time.
type pages struct {
	log   event.Reader
	limit int

	page  []event.Envelope
	after int64
	ended bool
}

// upTo goes on to the event of this number, if it is there, and tells the first one
// before it that was passed over, or 0.
func (p *pages) upTo(ctx context.Context, seq int64) (skipped int64, met *event.Envelope, err error) {
	for {
		if err := p.fill(ctx); err != nil {
			return 0, nil, err
		}
		if p.ended || p.page[0].Seq > seq {
			return skipped, nil, nil
		}
		first := p.page[0]
		p.page, p.after = p.page[1:], first.Seq
		if first.Seq == seq {
			return skipped, &first, nil
		}
		if skipped == 0 {
			skipped = first.Seq
		}
	}
}

// fill has a page at hand unless the log has ended. What is written while the walk
// goes on is beyond every record that it meets.
func (p *pages) fill(ctx context.Context) (err error) {
	if p.ended || len(p.page) > 0 {
		return nil
	}
	if p.page, err = p.log.EventsAfter(ctx, p.after, nil, p.limit); err != nil {
		return fmt.Errorf("events: %w", err)
	}
	p.ended = len(p.page) == 0
	return nil
}

// VerifyTail is Verify for the last count records only, for a look that must not take
// long: what came before them is taken as it stands.
func (s *Service) VerifyTail(ctx context.Context, tenant id.Tenant, count int64) (Report, error) {
	every := reqctx.WithEveryTenant(ctx)
	cursor, err := s.deps.Store.AuditCursor(every)
	if err != nil {
		return Report{}, fmt.Errorf("audit cursor: %w", err)
	}
	w, last, err := s.newWalk(ctx, tenant, Head{}, cursor, unheard)
	if err != nil {
		return Report{}, err
	}
	ctx = reqctx.WithTenant(ctx, tenant)
	if from := w.report.Head.Number - count; from > w.removal.Number {
		before, err := s.deps.Store.AuditRecords(every, tenant, from-1, 1)
		if err != nil {
			return Report{}, fmt.Errorf("audit records: %w", err)
		}
		if len(before) == 0 || before[0].Number != from {
			w.breaks(from, 0, Missing)
			return w.report, nil
		}
		w.hash, w.seq, w.number, w.tail = before[0].Hash, before[0].Event.Seq, from, true
		w.log.after = w.seq
	}
	if err := w.records(ctx); err != nil || w.report.Broken != nil {
		return w.report, err
	}
	return w.report, w.end(ctx, last)
}
