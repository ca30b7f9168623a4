package user

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/schema"
)

// AttributePage is a part of the users that have an attribute, by id.
type AttributePage struct {
	Items []ID
	Next  ID // where the next page goes on; zero when this was the last
}

// FindByAttribute lists the users whose claim of that name has that value, in any case,
// after the one that is given (zero: from the start). schema.ErrNotIndexed where the
// schema does not make the claim searchable. Who has just become searchable may be
// missing for a while; see RunFilling.
func (s *Service) FindByAttribute(ctx context.Context, name, value string, after ID, limit int) (AttributePage, error) {
	none := AttributePage{Items: []ID{}, Next: ID{}}
	current, err := s.deps.Schemas.Current(ctx)
	if err != nil {
		return none, err
	}
	wanted, possible, err := current.Wanted(name, value)
	if err != nil || !possible {
		return none, err
	}
	limit = min(max(limit, 1), maxPage)
	found, err := s.deps.Store.UsersByAttribute(ctx, wanted, after, limit+1)
	if err != nil {
		return none, fmt.Errorf("find by attribute: %w", err)
	}
	if len(found) <= limit {
		return AttributePage{Items: found, Next: ID{}}, nil
	}
	return AttributePage{Items: found[:limit], Next: found[limit-1]}, nil
}

// Behind is a user whose attributes follow an earlier version of the schema.
type Behind struct {
	IndexedSchema int
	ID            ID
}

// FillerStore finds and marks whose attributes have to be made anew.
type FillerStore interface {
	// UsersBehind lists users whose attributes follow an earlier version of the schema
	// than the given one, after the one that is given (zero: from the start).
	UsersBehind(ctx context.Context, version int, after Behind, limit int) ([]Behind, error)
	// UsersRewritten lists users whose profile follows an earlier version than their
	// attributes, after the one that is given (zero: from the start). A node of the
	// release before leaves them so: it knows the first version only, and no attributes.
	UsersRewritten(ctx context.Context, after ID, limit int) ([]ID, error)
	// MarkIndexed notes which version the user's profile and attributes follow, where the
	// stored version of the user is that of indexed; ErrChanged otherwise.
	MarkIndexed(ctx context.Context, indexed User) error
}

// FillerDeps are what a Filler needs.
type FillerDeps struct {
	Users  *Service
	Store  FillerStore
	Tx     tx.Runner
	Logger *slog.Logger
}

// Filler brings the attributes of those who were written earlier to what a new version
// makes searchable. It goes on wherever it was stopped, since each user's own row says
// how far it got, and every node may run it.
type Filler struct{ deps FillerDeps }

// NewFiller makes a Filler.
func NewFiller(deps FillerDeps) *Filler { return &Filler{deps: deps} }

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
	tenants, err := f.deps.Users.deps.Schemas.Tenants(ctx)
	count := 0
	for _, tenant := range tenants {
		filled, failed := f.fill(reqctx.WithTenant(ctx, tenant))
		count, err = count+filled, errors.Join(err, failed)
	}
	return count, err
}

func (f *Filler) fill(ctx context.Context) (int, error) {
	current, err := f.deps.Users.deps.Schemas.Current(ctx)
	if err != nil {
		return 0, err
	}
	var last Behind
	filled, behind := f.indexAll(ctx, current, func() ([]ID, error) {
		found, err := f.deps.Store.UsersBehind(ctx, current.IndexedSince(), last, fillBatch)
		owners := make([]ID, len(found))
		for i, one := range found {
			last, owners[i] = one, one.ID
		}
		return owners, err
	})
	var after ID
	again, rewritten := f.indexAll(ctx, current, func() ([]ID, error) {
		owners, err := f.deps.Store.UsersRewritten(ctx, after, fillBatch)
		if len(owners) > 0 {
			after = owners[len(owners)-1]
		}
		return owners, err
	})
	return filled + again, errors.Join(behind, rewritten)
}

// indexAll indexes one batch after the other.
func (f *Filler) indexAll(ctx context.Context, current *schema.Schema, next func() ([]ID, error)) (count int, failed error) {
	for range fillRounds {
		owners, err := next()
		if err != nil {
			return count, errors.Join(failed, err)
		}
		for _, owner := range owners {
			if err := f.index(ctx, owner, current); errors.Is(err, ErrChanged) {
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
func (f *Filler) index(ctx context.Context, id ID, current *schema.Schema) error {
	return f.deps.Tx.Run(ctx, func(ctx context.Context) error {
		store := f.deps.Users.deps.Store
		user, err := store.UserByID(ctx, id)
		if err != nil || user.IndexedSchema >= current.IndexedSince() && user.SchemaVersion >= user.IndexedSchema {
			return err
		}
		attributes, err := current.Attributes(user.Profile)
		if err != nil {
			return err
		}
		user.SchemaVersion, user.IndexedSchema = max(user.SchemaVersion, current.Version()), current.Version()
		if err := f.deps.Store.MarkIndexed(ctx, user); err != nil {
			return err
		}
		return store.ReplaceAttributes(ctx, id, attributes)
	})
}
