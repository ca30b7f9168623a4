package storage

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/trace"
	"github.com/lintel-id/lintel/server/platform/tx"
)

// attempts bounds how often a unit is begun again after a serialization failure.
const attempts = 10

type unitKey struct{ db *DB }

// unit is an open unit of work.
type unit struct {
	handle *gorm.DB
	ended  atomic.Bool
	depth  int
	doomed error // why it must not commit, whatever the body says
}

// Run opens a unit of work or joins the one in ctx. A nested Run has a savepoint,
// so its error undoes what it did and leaves the rest to the outer body; where the
// caller said tx.Whole it has none, and its error undoes all. A unit's context
// belongs to one goroutine.
func (d *DB) Run(ctx context.Context, body func(ctx context.Context) error) error {
	open, err := d.unit(ctx)
	if err != nil {
		return err
	}
	if open != nil && tx.IsWhole(ctx) {
		return open.whole(ctx, body)
	}
	if open != nil {
		return d.nested(ctx, open, body)
	}
	if tx.Active(ctx) {
		return ErrForeignUnit
	}
	if err := d.enter(); err != nil {
		return err
	}
	defer d.leave()
	return d.outermost(ctx, body)
}

// outermost tells of a unit what it took: its turn, its attempts and the commit.
func (d *DB) outermost(ctx context.Context, body func(ctx context.Context) error) error {
	ctx, span := trace.Start(ctx, "unit of work", trace.Internal)
	watch := clock.Started()
	tries, err := d.tried(ctx, body)
	outcome := "committed"
	if err != nil {
		outcome = "undone"
	}
	if d.config.Observer != nil {
		d.config.Observer.ObserveUnit(ctx, outcome, watch.Elapsed())
	}
	if span.Recording() {
		span.Text("db.system.name", d.Engine().system())
		span.Text("lintel.unit.outcome", outcome)
		span.Number("lintel.unit.attempts", tries)
		span.End(err)
	}
	return err
}

// tried runs the unit until it is committed, refused or given up, and counts.
func (d *DB) tried(ctx context.Context, body func(ctx context.Context) error) (tries int, err error) {
	for attempt := 1; ; attempt++ {
		err := d.attempt(ctx, body)
		if err == nil || attempt == attempts || !repeatable(err) || !pause(ctx, attempt) {
			return attempt, explain(err, true)
		}
		d.counter.repeats.Add(1)
	}
}

// attempt is one try of an outermost unit.
func (d *DB) attempt(ctx context.Context, body func(ctx context.Context) error) error {
	var hooks *tx.Unit
	err := d.engine.attempt(ctx, func(ctx context.Context, handle *gorm.DB) error {
		open := &unit{handle: handle}
		defer open.ended.Store(true)
		ctx, hooks = tx.Open(context.WithValue(ctx, unitKey{d}, open))
		if err := body(ctx); err != nil {
			return err
		}
		return open.doomed
	})
	if err != nil {
		d.counter.rollbacks.Add(1)
		return err
	}
	d.counter.units.Add(1)
	hooks.Committed()
	return nil
}

// whole runs body as a part of the open unit, which its error dooms.
func (u *unit) whole(ctx context.Context, body func(ctx context.Context) error) error {
	err := errPanicked
	defer func() {
		if u.doomed == nil {
			u.doomed = err
		}
	}()
	err = body(ctx)
	return err
}

// nested runs body in a savepoint of the open unit. Its hooks join the outer ones
// only if it succeeds.
func (d *DB) nested(ctx context.Context, open *unit, body func(ctx context.Context) error) (err error) {
	name := savepoint(open.depth)
	if err := open.exec(ctx, "SAVEPOINT "+name); err != nil {
		return err
	}
	open.depth++
	inner, hooks := tx.Open(ctx)
	kept := false
	defer func() {
		open.depth--
		if !kept {
			open.undo(ctx, name, err)
		}
	}()
	if err := body(inner); err != nil {
		return err
	}
	if err := open.exec(ctx, "RELEASE SAVEPOINT "+name); err != nil {
		return err
	}
	kept = true
	tx.AfterCommit(ctx, hooks.Committed)
	return nil
}

// undo takes back what a nested body did, so that the outer one may go on. It may
// not after a serialization failure, nor when undoing itself fails.
func (u *unit) undo(ctx context.Context, name string, cause error) {
	ctx = context.WithoutCancel(ctx)
	err := u.exec(ctx, "ROLLBACK TO SAVEPOINT "+name)
	if err == nil {
		err = u.exec(ctx, "RELEASE SAVEPOINT "+name)
	}
	switch {
	case repeatable(cause):
		u.doomed = cause
	case err != nil:
		u.doomed = err
	}
}

func (u *unit) exec(ctx context.Context, statement string) error {
	_, err := u.handle.Statement.ConnPool.ExecContext(ctx, statement)
	return err
}

// savepoint names are few and fixed, so their statements stay prepared.
func savepoint(depth int) string {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyz"
	return "nested_" + digits[depth%len(digits):][:1]
}

// unit is the open unit of this database in ctx, or nil.
func (d *DB) unit(ctx context.Context) (*unit, error) {
	open, _ := ctx.Value(unitKey{d}).(*unit)
	if open != nil && open.ended.Load() {
		return nil, ErrUnitOver
	}
	return open, nil
}

// pause waits a little, and longer each time, so that two units that met do not
// meet again; false means ctx ended first.
func pause(ctx context.Context, attempt int) bool {
	most := time.Millisecond << min(attempt, 6)
	timer := time.NewTimer(rand.N(most) + time.Microsecond) //nolint:gosec // a pause to meet less often, no secret
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
