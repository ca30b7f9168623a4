package tenant

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/tx"
)

const (
	// grace is how long the deletion of a tenant can be undone.
	grace = 30 * 24 * time.Hour
	// hush is how long a tenant that goes at once has answered nobody before anything is
	// destroyed: no node remembers it, and no request of it goes on.
	hush = 2 * time.Minute

	destroyEvery = time.Minute
	destroyBatch = 1000 // rows of one unit of work
	destroyMost  = 20   // tenants of one look
)

// Delete has a tenant answer nobody, and be destroyed when its grace period is over; at
// once is without one. A deletion that was to come sooner stays. ErrNotFound,
// ErrDeclared, ErrDeleting when it is being destroyed already.
func (s *Service) Delete(ctx context.Context, which id.Tenant, atOnce bool) (Tenant, error) {
	wait := grace
	if atOnce {
		wait = hush
	}
	return s.settle(ctx, which, func(ctx context.Context, stored Tenant) (Tenant, error) {
		now := s.deps.Clock.Now()
		at := now.Add(wait)
		switch {
		case stored.Status == Deleting:
			return Tenant{}, ErrDeleting
		case stored.DeleteAt != nil && !at.Before(*stored.DeleteAt):
			return stored, nil
		}
		leaving := stored
		leaving.Status, leaving.DeleteAt, leaving.UpdatedAt = DeletionScheduled, &at, now
		if err := s.deps.Store.UpdateTenant(ctx, leaving); err != nil {
			return Tenant{}, err
		}
		leaving.Version++
		return leaving, s.tell(ctx, leaving, EventDeletionScheduled, DeletionData{DeleteAt: at})
	})
}

// Undelete undoes a deletion; the tenant is suspended then. One that is not to be deleted
// stays as it is. ErrNotFound, ErrDeclared, ErrDeleting when its time is over.
func (s *Service) Undelete(ctx context.Context, which id.Tenant) (Tenant, error) {
	return s.settle(ctx, which, func(ctx context.Context, stored Tenant) (Tenant, error) {
		now := s.deps.Clock.Now()
		switch {
		case stored.DeleteAt == nil:
			return stored, nil
		case stored.Status == Deleting || !now.Before(*stored.DeleteAt):
			return Tenant{}, ErrDeleting
		}
		staying := stored
		staying.Status, staying.DeleteAt, staying.UpdatedAt = Suspended, nil, now
		if err := s.deps.Store.UpdateTenant(ctx, staying); err != nil {
			return Tenant{}, err
		}
		staying.Version++
		return staying, s.tell(ctx, staying, EventDeletionCancelled, StatusData{})
	})
}

// RunDestruction destroys the tenants whose time has come until ctx ends. Every node may
// run it: what one has destroyed the others do not find.
func (s *Service) RunDestruction(ctx context.Context, logger *slog.Logger) {
	tick := time.NewTicker(destroyEvery)
	defer tick.Stop()
	for {
		if _, err := s.DestroyDue(ctx); err != nil && ctx.Err() == nil {
			logger.WarnContext(ctx, "tenant: will destroy later", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// DestroyDue destroys and tells how many. What was begun is gone on with, after whatever
// has come between. One that cannot be destroyed now keeps no other waiting.
func (s *Service) DestroyDue(ctx context.Context) (int, error) {
	due, err := s.deps.Store.TenantsDue(ctx, s.deps.Clock.Now(), destroyMost)
	if err != nil {
		return 0, fmt.Errorf("tenants due: %w", err)
	}
	count, failed := 0, []error{}
	for _, one := range due {
		switch err := s.destroy(ctx, one); {
		case err == nil:
			count++
		case !errors.Is(err, ErrChanged): // another node was first
			failed = append(failed, fmt.Errorf("destroy %s: %w", one.ID, err))
		}
	}
	return count, errors.Join(failed...)
}

// destroy closes the way back, takes away what the tenant holds in small units of work,
// and then the tenant itself: without its key nothing sealed under it is read again.
func (s *Service) destroy(ctx context.Context, leaving Tenant) error {
	if leaving.Status != Deleting {
		leaving.Status = Deleting
		if err := s.deps.Store.UpdateTenant(ctx, leaving); err != nil {
			return err
		}
		leaving.Version++
	}
	for empty := false; !empty; {
		err := s.deps.Tx.Run(ctx, func(ctx context.Context) (err error) {
			empty, err = s.deps.Store.EmptyTenant(ctx, leaving.ID, destroyBatch)
			return err
		})
		if err != nil {
			return err
		}
	}
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		// Once more within: the batches before may not have been the last of them.
		switch empty, err := s.deps.Store.EmptyTenant(ctx, leaving.ID, destroyBatch); {
		case err != nil:
			return err
		case !empty:
			return errNotEmpty
		}
		if err := s.deps.Store.DeleteTenant(ctx, leaving.ID, leaving.Version); err != nil {
			return err
		}
		tx.AfterCommit(ctx, func() { s.memory.boxes.Invalidate(leaving.ID) })
		return s.tell(ctx, leaving, EventDeleted, StatusData{})
	})
}

var errNotEmpty = errors.New("tenant: something was added while it was destroyed")
