package budget

import (
	"context"
	"fmt"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/tx"
)

const maxPage = 100

// stop has nothing sent to a range for a while, and says so. In a unit of work that is
// undone it is, too; the next new number in the range makes up for that.
func (s *Service) stop(ctx context.Context, at place) error {
	now := s.deps.Clock.Now()
	stopped := Range{
		Prefix: at.prefix, Country: at.country, Numbers: int64(s.config.NewNumbers.Count), StoppedAt: now, EndsAt: now.Add(s.config.StopFor),
	}
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		begun, err := s.deps.Store.StopRange(ctx, stopped)
		if err != nil {
			return fmt.Errorf("stop range: %w", err)
		}
		if !begun {
			return nil
		}
		tx.AfterCommit(ctx, func() {
			s.deps.Logger.WarnContext(ctx, "budget: many new numbers, a range is stopped", "prefix", at.prefix, "country", at.country, "until", stopped.EndsAt)
		})
		return s.record(ctx, EventRangeStopped, at.prefix, RangeStoppedData{
			Prefix: stopped.Prefix, Country: stopped.Country, Numbers: stopped.Numbers, Until: stopped.EndsAt,
		})
	})
}

func (s *Service) record(ctx context.Context, told event.Type, prefix string, data any) error {
	return s.deps.Events.Record(ctx, event.Draft{Type: told, Subject: prefix, Data: data, Person: "", Personal: nil})
}

// Page is a part of the ranges that are stopped, by their prefixes.
type Page struct {
	Items []Range
	Next  string // where the next page goes on; empty when this was the last
}

// Ranges lists those that are stopped, above a prefix.
func (s *Service) Ranges(ctx context.Context, after string, limit int) (Page, error) {
	limit = min(max(limit, 1), maxPage)
	found, err := s.deps.Store.Ranges(ctx, after, s.deps.Clock.Now(), limit+1)
	if err != nil {
		return Page{}, fmt.Errorf("list ranges: %w", err)
	}
	page := Page{Items: found[:min(len(found), limit)], Next: ""}
	if len(found) > limit {
		page.Next = found[limit-1].Prefix
	}
	return page, nil
}

// Lift has messages go to a range again, and counts its new numbers anew; ErrRangeUnknown.
func (s *Service) Lift(ctx context.Context, prefix string) error {
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return err
	}
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		now := s.deps.Clock.Now()
		stopped, err := s.deps.Store.RangeByPrefix(ctx, prefix, now)
		if err != nil {
			return err
		}
		if err := s.deps.Store.LiftRange(ctx, prefix, now); err != nil {
			return err
		}
		if err := s.deps.Store.ForgetBudget(ctx, s.newcomer(box, place{prefix: prefix, country: "", domain: ""}).key); err != nil {
			return fmt.Errorf("forget new numbers: %w", err)
		}
		return s.record(ctx, EventRangeLifted, prefix, RangeLiftedData{Prefix: stopped.Prefix, Country: stopped.Country})
	})
}
