package doctor

import (
	"context"
	"fmt"
	"time"

	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/storage"
)

const (
	behind      = 30 * time.Second
	tailRecords = 200
	tailTenants = 50
)

// numbering looks for events that nobody gives a number, and so nobody hears of.
func numbering(ctx context.Context, e *examination) verdict {
	events, every := storage.NewEvents(e.db), reqctx.WithEveryTenant(ctx)
	last, err := events.LastSequence(ctx)
	if err != nil {
		return failed(err, "see that the user may read the tables")
	}
	waiting, err := events.UnsequencedEvents(every, nil, 1)
	if err != nil {
		return failed(err, "see that the user may read the tables")
	}
	if len(waiting) > 0 {
		if age := e.Clock.Now().Sub(waiting[0].Time); age > behind {
			return verdict{Warning, fmt.Sprintf("one waits for %s", age.Round(time.Second)), "a server gives them: start one, or see its log for sequencer"}
		}
	}
	return fine("the last is %d", last)
}

func recording(ctx context.Context, e *examination) verdict {
	records, err := e.records()
	if err != nil {
		return failed(err, "report this")
	}
	lag, cursor, err := records.Lag(ctx)
	if err != nil {
		return failed(err, "see that the user may read the tables")
	}
	if lag > behind {
		return verdict{Warning, fmt.Sprintf("is %s behind the events", lag.Round(time.Second)), "a server records them: start one, or see its log for audit"}
	}
	return fine("is at event %d", cursor)
}

// chain proves the last records of the first tenants; lintel audit verify proves all.
func chain(ctx context.Context, e *examination) verdict {
	records, err := e.records()
	if err != nil {
		return failed(err, "report this")
	}
	seen := 0
	var broken *audit.Report
	err = records.EachTenant(ctx, func(owner id.Tenant) error {
		if seen++; seen > tailTenants || broken != nil {
			return nil
		}
		report, err := records.VerifyTail(ctx, owner, tailRecords)
		if err == nil && report.Broken != nil {
			broken = &report
		}
		return err
	})
	switch {
	case err != nil:
		return failed(err, "run lintel audit verify")
	case broken != nil:
		return verdict{Problem, fmt.Sprintf("of %s is broken at %s", broken.Tenant, broken.Broken), "somebody has changed it: keep the database as it is, run lintel audit verify, and compare with a backup"}
	}
	return fine("holds where it was looked at: the last %d records of %d tenants", tailRecords, min(seen, tailTenants))
}

func (e *examination) records() (*audit.Service, error) {
	return audit.New(audit.Deps{
		Store: storage.NewAudit(e.db), Log: storage.NewEvents(e.db), Clock: e.Clock, Logger: e.Logger,
	}, audit.Default())
}
