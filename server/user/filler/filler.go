package filler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/user"
)

// Behind is a user whose attributes follow an earlier version of the schema.
type Behind struct {
	IndexedSchema int
	ID            user.ID
}

// Store finds and marks whose attributes have to be made anew.
type Store interface {
	// UsersBehind lists users whose attributes follow an earlier version of the schema
	// than the given one, after the one that is given (zero: from the start).
	UsersBehind(ctx context.Context, version int, after Behind, limit int) ([]Behind, error)
	// UsersRewritten lists users whose profile follows an earlier version than their
	// attributes, after the one that is given (zero: from the start). A node of the
	// release before leaves them so: it knows the first version only, and no attributes.
	UsersRewritten(ctx context.Context, after user.ID, limit int) ([]user.ID, error)
	// UserByID finds a user of any status; user.ErrUnknown.
	UserByID(ctx context.Context, id user.ID) (user.User, error)
	// ReplaceAttributes puts what a user can be found by in the place of what there was.
	ReplaceAttributes(ctx context.Context, id user.ID, attributes []schema.Attribute) error
	// MarkIndexed notes which version the user's profile and attributes follow, where the
	// stored version of the user is that of indexed; ErrChanged otherwise.
	MarkIndexed(ctx context.Context, indexed user.User) error
}

// Deps are what a Filler needs.
type Deps struct {
	Schemas *schema.Service
	Store   Store
	Tx      tx.Runner
	Logger  *slog.Logger
}

// Filler brings the attributes of those who were written earlier to what a new version
// makes searchable. It goes on wherever it was stopped, since each user's own row says
// how far it got, and every node may run it.
type Filler struct{ deps Deps }

// New makes a Filler.
func New(deps Deps) *Filler { return &Filler{deps: deps} }

const (
	fillEvery  = 30 * time.Second
	fillBatch  = 100
	fillRounds = 1000 // batches of one tenant at one time; the rest waits for the next
)

// RunFilling fills until ctx ends.
func (f *Filler) RunFilling(ctx context.Context) {
	tick := time.NewTicker(fillEvery)
	defer tick.Stop()
	for {
		if _, err := f.FillAll(ctx); err != nil && ctx.Err() == nil {
			f.deps.Logger.WarnContext(ctx, "user: attributes are filled later", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// FillAll fills over all tenants and tells how many users it brought up to date. One
// whose attributes cannot be made keeps nobody else waiting.
func (f *Filler) FillAll(ctx context.Context) (int, error) {
	tenants, err := f.deps.Schemas.Tenants(ctx)
	count := 0
	for _, tenant := range tenants {
		filled, failed := f.fill(reqctx.WithTenant(ctx, tenant))
		count, err = count+filled, errors.Join(err, failed)
	}
	return count, err
}

func (f *Filler) fill(ctx context.Context) (int, error) {
	current, err := f.deps.Schemas.Current(ctx)
	if err != nil {
		return 0, err
	}
	var last Behind
	filled, behind := f.indexAll(ctx, current, func() ([]user.ID, error) {
		found, err := f.deps.Store.UsersBehind(ctx, current.IndexedSince(), last, fillBatch)
		owners := make([]user.ID, len(found))
		for i, one := range found {
			last, owners[i] = one, one.ID
		}
		return owners, err
	})
	var after user.ID
	again, rewritten := f.indexAll(ctx, current, func() ([]user.ID, error) {
		owners, err := f.deps.Store.UsersRewritten(ctx, after, fillBatch)
		if len(owners) > 0 {
			after = owners[len(owners)-1]
		}
		return owners, err
	})
	return filled + again, errors.Join(behind, rewritten)
}

// indexAll indexes one batch after the other.
func (f *Filler) indexAll(ctx context.Context, current *schema.Schema, next func() ([]user.ID, error)) (count int, failed error) {
	for range fillRounds {
		owners, err := next()
		if err != nil {
			return count, errors.Join(failed, err)
		}
		for _, owner := range owners {
			if err := f.index(ctx, owner, current); errors.Is(err, user.ErrChanged) {
				continue // whoever was faster has made them, or the next look does
			} else if err != nil {
				failed = errors.Join(failed, fmt.Errorf("user %s: %w", owner, err))
				continue
			}
			count++
		}
		if len(owners) < fillBatch || ctx.Err() != nil {
			break
		}
	}
	return count, failed
}

// index marks the user first: the row keeps every other change of the same user out
// until the commit, and one that was faster has made the attributes itself.
func (f *Filler) index(ctx context.Context, id user.ID, current *schema.Schema) error {
	return f.deps.Tx.Run(ctx, func(ctx context.Context) error {
		found, err := f.deps.Store.UserByID(ctx, id)
		if err != nil || found.IndexedSchema >= current.IndexedSince() && found.SchemaVersion >= found.IndexedSchema {
			return err
		}
		attributes, err := current.Attributes(found.Profile)
		if err != nil {
			return err
		}
		found.SchemaVersion, found.IndexedSchema = max(found.SchemaVersion, current.Version()), current.Version()
		if err := f.deps.Store.MarkIndexed(ctx, found); err != nil {
			return err
		}
		return f.deps.Store.ReplaceAttributes(ctx, id, attributes)
	})
}
