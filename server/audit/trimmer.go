package audit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/tx"
)

const (
	trimEvery  = time.Hour
	trimRounds = 100 // batches of a tenant at one time; the rest waits for the next look
)

// TrimmerDeps are what a Trimmer needs.
type TrimmerDeps struct {
	Records *Service
	Events  event.Recorder
	Tx      tx.Runner
	// Days tells how long the tenant in scope keeps records; 0 is for ever.
	Days func(ctx context.Context) (int, error)
}

// Trimmer removes the records that are older than their tenant keeps them.
type Trimmer struct {
	deps    TrimmerDeps
	records *Service
}

// NewTrimmer makes a Trimmer.
func NewTrimmer(deps TrimmerDeps) (*Trimmer, error) {
	if deps.Records == nil || deps.Events == nil || deps.Tx == nil || deps.Days == nil {
		return nil, errors.New("audit: a dependency is missing")
	}
	return &Trimmer{deps: deps, records: deps.Records}, nil
}

// RunTrimming removes what is due until ctx ends. Every node may run it: the row of a
// removal lets one of them take each batch.
func (t *Trimmer) RunTrimming(ctx context.Context) {
	tick := time.NewTicker(trimEvery)
	defer tick.Stop()
	for {
		if _, err := t.TrimDue(ctx); err != nil && ctx.Err() == nil {
			t.records.deps.Logger.WarnContext(ctx, "audit: will look again for what is to be removed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// TrimDue removes what is due in every tenant and tells how many records. A tenant
// where that does not work keeps no other waiting.
func (t *Trimmer) TrimDue(ctx context.Context) (int64, error) {
	total := int64(0)
	err := t.records.EachTenant(ctx, func(tenant id.Tenant) error {
		count, err := t.Trim(ctx, tenant)
		total += count
		if err != nil {
			t.records.deps.Logger.ErrorContext(ctx, "audit: what is due could not be removed", "tenant", tenant.String(), "error", err)
		}
		return ctx.Err()
	})
	return total, err
}

// Trim removes what is due in one tenant, batch by batch, the oldest first.
func (t *Trimmer) Trim(ctx context.Context, tenant id.Tenant) (int64, error) {
	ctx = reqctx.WithActor(reqctx.WithTenant(ctx, tenant), reqctx.Actor{Kind: reqctx.System, ID: ""})
	kept, err := t.deps.Days(ctx)
	if err != nil || kept == 0 {
		return 0, err
	}
	total := int64(0)
	for range trimRounds {
		count, err := t.step(ctx, tenant, kept)
		if total += count; errors.Is(err, ErrTaken) {
			return total, nil // another node is at it
		}
		if err != nil || count < int64(t.records.config.Batch) {
			return total, err
		}
	}
	return total, nil
}

// step removes one batch. Records never change, so they are looked at before the unit
// of work, in which the removal must still stand where it stood.
func (t *Trimmer) step(ctx context.Context, tenant id.Tenant, kept int) (int64, error) {
	every, store := reqctx.WithEveryTenant(ctx), t.records.deps.Store
	from, err := store.AuditRemoval(every, tenant)
	if err != nil {
		return 0, fmt.Errorf("audit removal: %w", err)
	}
	head, err := store.AuditHead(every, tenant)
	if err != nil {
		return 0, fmt.Errorf("audit head: %w", err)
	}
	records, err := store.AuditRecords(every, tenant, from.Number, t.records.config.Batch)
	if err != nil {
		return 0, fmt.Errorf("audit records: %w", err)
	}
	now := t.records.deps.Clock.Now()
	to, err := t.due(from, head, records, now.Add(-days(kept)))
	if err != nil || to.Number == from.Number {
		return 0, err
	}
	to.At = now
	err = t.deps.Tx.Run(ctx, func(ctx context.Context) error {
		if err := store.TrimAudit(reqctx.WithEveryTenant(ctx), from.Number, to); err != nil {
			return err
		}
		return t.deps.Events.Record(ctx, event.Draft{
			Type: EventTrimmed, Subject: tenant.String(), Person: "", Personal: nil,
			Data: TrimmedData{First: from.First(), Last: to.Number, Hash: to.Hash.String(), Days: kept},
		})
	})
	if err != nil {
		return 0, err
	}
	return to.Number - from.Number, nil
}

// due goes on with a removal over the records from before a time, and never the last
// of the chain. Where the chain does not hold it removes nothing, so that what shows it
// stays. What only tells of earlier removals waits for more: removing it alone would
// go on for ever, since it is told in turn.
func (t *Trimmer) due(from Removal, head Head, records []Record, before time.Time) (Removal, error) {
	to, worth, hash := from, false, from.before()
	for _, record := range records {
		if !record.Event.Time.Before(before) || record.Number >= head.Number {
			break
		}
		if record.Number != to.Number+1 || record.Event.Seq <= to.Seq || record.after(hash) != record.Hash {
			return from, fmt.Errorf("audit: record %d does not hold, and retention stops before it", record.Number)
		}
		hash = record.Hash
		to.Number, to.Hash, to.Seq = record.Number, record.Hash, record.Event.Seq
		worth = worth || record.Event.Type != EventTrimmed.Name
	}
	if !worth && to.Number-from.Number < int64(t.records.config.Batch) {
		return from, nil
	}
	return to, nil
}
