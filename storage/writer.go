package storage

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/platform/clock"
)

// ticket is one unit of work on its way through the writer. The body runs in its
// caller's goroutine while the writer stands still, so a panic surfaces where it
// belongs; every channel holds one message and nobody blocks on a peer that left.
type ticket struct {
	ctx    context.Context
	claim  atomic.Bool   // the first to set it decides: the writer serves, or the caller leaves
	turn   chan struct{} // the writer: it is yours
	ended  chan bool     // the caller: I am through; keep or undo
	result chan error    // the writer: what became of the commit
}

// attempt queues the unit, runs its body when its turn comes and returns when the
// shared commit is durable.
func (e *sqliteEngine) attempt(ctx context.Context, body func(context.Context, *gorm.DB) error) error {
	t := &ticket{
		ctx: ctx, turn: make(chan struct{}, 1), ended: make(chan bool, 1), result: make(chan error, 1),
	}
	patience := time.NewTimer(e.db.config.Wait)
	defer patience.Stop()
	select {
	case e.queue <- t:
	case <-ctx.Done():
		return ctx.Err()
	case <-patience.C:
		return ErrBusy
	}
	if err := t.await(patience.C); err != nil {
		return err
	}
	err := e.serve(ctx, t, body)
	lost := <-t.result
	switch {
	case lost == nil:
		return err
	case err != nil: // told, and no more: what the body has seen never came true, its refusal neither
		return fmt.Errorf("%w; the unit: %v", lost, err) //nolint:errorlint // see above
	}
	return lost
}

// await blocks until the writer gives the turn, or says why not, or the caller
// has waited long enough.
func (t *ticket) await(patience <-chan time.Time) error {
	var left error
	select {
	case <-t.turn:
		return nil
	case err := <-t.result:
		return err
	case <-t.ctx.Done():
		left = t.ctx.Err()
	case <-patience:
		left = ErrBusy
	}
	if t.claim.CompareAndSwap(false, true) {
		return left
	}
	select { // the writer was first
	case <-t.turn:
		return nil
	case err := <-t.result:
		return err
	}
}

// serve runs the body in the caller's goroutine. The writer hears of the end
// however the body ends: by return, by panic or by Goexit.
func (e *sqliteEngine) serve(ctx context.Context, t *ticket, body func(context.Context, *gorm.DB) error) (err error) {
	pool := &unitPool{statements: e.pool}
	keep := false
	defer func() {
		pool.ended.Store(true)
		t.ended <- keep
	}()
	if err := body(ctx, over(ctx, e.handle, pool)); err != nil {
		return err
	}
	if err := pool.failure(); err != nil {
		return err
	}
	keep = true
	return nil
}

// write is the writer: one goroutine, one connection, one batch after the other.
func (e *sqliteEngine) write() {
	defer close(e.stopped)
	for first := range e.queue {
		if e.accept(first) {
			e.batch(first)
		}
	}
}

// accept claims a ticket; a unit whose context has ended is not run.
func (e *sqliteEngine) accept(t *ticket) bool {
	if !t.claim.CompareAndSwap(false, true) {
		return false
	}
	if err := t.ctx.Err(); err != nil {
		t.result <- err
		return false
	}
	return true
}

// batch runs units one after the other, each in a savepoint, commits them
// together and only then lets their callers go.
func (e *sqliteEngine) batch(first *ticket) {
	if err := e.exec("BEGIN IMMEDIATE"); err != nil {
		first.result <- fmt.Errorf("storage: begin: %w", err)
		return
	}
	watch := clock.Started()
	served := make([]*ticket, 0, 16)
	var err error
	for t := first; t != nil; t = e.next(len(served), watch) {
		served = append(served, t)
		if err = e.savepoint(t); err != nil {
			break
		}
	}
	err = e.commit(err)
	for _, t := range served {
		t.result <- err
	}
}

// next takes what already waits and never waits for more: while one batch is
// being made durable the next one gathers by itself.
func (e *sqliteEngine) next(served int, watch clock.Stopwatch) *ticket {
	yielded := false
	for served < e.db.config.BatchUnits && watch.Elapsed() < e.db.config.BatchTime {
		select {
		case t, open := <-e.queue:
			if !open {
				return nil
			}
			if e.accept(t) {
				return t
			}
		default:
			if yielded {
				return nil
			}
			yielded = true
			runtime.Gosched()
		}
	}
	return nil
}

// savepoint gives one unit its turn. An error means that the transaction is lost.
func (e *sqliteEngine) savepoint(t *ticket) error {
	if err := e.exec("SAVEPOINT unit"); err != nil {
		t.turn <- struct{}{}
		<-t.ended
		return err
	}
	t.turn <- struct{}{}
	if !<-t.ended {
		if err := e.exec("ROLLBACK TO SAVEPOINT unit"); err != nil {
			return err
		}
	}
	return e.exec("RELEASE SAVEPOINT unit")
}

func (e *sqliteEngine) commit(lost error) error {
	if lost == nil {
		if lost = e.exec("COMMIT"); lost == nil {
			e.db.counter.commits.Add(1)
			return nil
		}
	}
	// The engine may have rolled back by itself, and then this one fails.
	undone := e.exec("ROLLBACK")
	return fmt.Errorf("%w: %w", errCommit, errors.Join(lost, undone))
}

func (e *sqliteEngine) exec(statement string) error {
	//nolint:forbidigo // interrupted, SQLite would undo the whole batch, also for those who still wait
	_, err := e.pool.ExecContext(context.Background(), statement)
	return err
}
