package job

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

const (
	lookEvery   = 2 * time.Second
	aliveEvery  = lease / 4
	maxAttempts = 5

	deleteEvery = 10 * time.Minute
	deleteBatch = 100
)

// contentType is what a kind of result is unless its Work says otherwise.
const contentType = "application/json"

// Typed is a Work whose result is not always JSON.
type Typed interface {
	// ContentType is what the result will be.
	ContentType(asked []byte) string
}

// Run works on jobs until ctx ends. Every node runs it: a claim lets one of them do each.
func (s *Service) Run(ctx context.Context) {
	var all sync.WaitGroup
	for range s.config.Workers {
		all.Go(func() { s.every(ctx, lookEvery, s.wake, s.DoAll) })
	}
	all.Go(func() { s.every(ctx, deleteEvery, nil, s.DeleteExpired) })
	all.Wait()
}

func (s *Service) every(ctx context.Context, interval time.Duration, wake <-chan struct{}, act func(ctx context.Context) error) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		if err := act(ctx); err != nil && ctx.Err() == nil {
			s.deps.Logger.WarnContext(ctx, "job: will try again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-wake:
		}
	}
}

// DoAll does what there is to do, one after the other.
func (s *Service) DoAll(ctx context.Context) error {
	for ctx.Err() == nil {
		did, err := s.DoOne(ctx)
		if err != nil || !did {
			return err
		}
	}
	return nil
}

// DoOne claims a job and does it; false when there is none.
func (s *Service) DoOne(ctx context.Context) (bool, error) {
	now := s.deps.Clock.Now()
	claimed, found, err := s.deps.Store.ClaimJob(reqctx.WithEveryTenant(ctx), slices.Sorted(maps.Keys(s.deps.Kinds)), now, now.Add(lease))
	if err != nil || !found {
		return false, err
	}
	ctx = reqctx.WithTenant(reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.System, ID: ""}), claimed.Tenant)
	if claimed.Attempts > maxAttempts {
		return true, s.finish(ctx, claimed, ErrAbandoned)
	}
	done, err := s.do(ctx, claimed)
	if ctx.Err() != nil || errors.Is(err, ErrLost) {
		return true, ctx.Err() // the lease runs out, and another begins anew
	}
	return true, s.finish(ctx, done, err)
}

// do works on a job, and gives signs of life meanwhile.
func (s *Service) do(ctx context.Context, claimed Job) (Job, error) {
	kind := s.deps.Kinds[claimed.Type] // of others none is claimed: a newer node may know them
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return claimed, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	claimed.ContentType = contentType
	if typed, ok := kind.Work.(Typed); ok {
		claimed.ContentType = typed.ContentType(claimed.Asked)
	}
	out := &output{service: s, ctx: ctx, box: box, mu: sync.Mutex{}, job: claimed, waiting: nil}
	ended := make(chan struct{})
	var beating sync.WaitGroup
	beating.Go(func() { s.beat(ctx, ended, out, cancel) })
	err = kind.Work.Do(ctx, claimed.Asked, out, out.told)
	close(ended)
	beating.Wait()
	if cause := context.Cause(ctx); cause != nil && err != nil {
		err = cause
	}
	if err != nil {
		return claimed, err
	}
	return out.end()
}

// beat keeps a claim alive, and ends the work on a job that is lost.
func (s *Service) beat(ctx context.Context, ended <-chan struct{}, out *output, cancel context.CancelCauseFunc) {
	tick := time.NewTicker(aliveEvery)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := out.alive(); errors.Is(err, ErrLost) {
				cancel(ErrLost)
				return
			}
		}
	}
}

// finish writes how a job ended. One that was lost meanwhile is another's.
func (s *Service) finish(ctx context.Context, j Job, failed error) error {
	told, data := EventCompleted, any(Data{Type: j.Type})
	if failed == nil {
		s.ended(&j, Completed)
		j.Total = max(j.Total, j.Done)
	} else {
		s.ended(&j, Failed)
		j.Code = "internal_error"
		if known := fault.As(failed); known != nil {
			j.Code = known.Code
		} else {
			s.deps.Logger.ErrorContext(ctx, "job: failed", "job", j.ID.String(), "type", j.Type, "error", failed)
		}
		told, data = EventFailed, FailedData{Type: j.Type, Code: j.Code}
	}
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		if err := s.deps.Store.EndJob(ctx, j); err != nil {
			return err
		}
		return s.record(ctx, told, j, data)
	})
	if errors.Is(err, ErrLost) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("end job: %w", err)
	}
	return nil
}

// DeleteExpired removes jobs whose time is over, with their results, over all tenants.
func (s *Service) DeleteExpired(ctx context.Context) error {
	for {
		count, err := s.deps.Store.DeleteJobs(reqctx.WithEveryTenant(ctx), s.deps.Clock.Now(), deleteBatch)
		if err != nil {
			return fmt.Errorf("delete jobs: %w", err)
		}
		if count < deleteBatch {
			return nil
		}
	}
}
