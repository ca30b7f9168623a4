package user

import (
	"context"
	"fmt"
)

// AttributePage is a part of the users that have an attribute, by id.
type AttributePage struct {
	Items []ID
	Next  ID // where the next page goes on; zero when this was the last
}

// FindByAttribute lists the users whose claim of that name has that value, in any case,
// after the one that is given (zero: from the start). schema.ErrNotIndexed where the
// schema does not make the claim searchable. Who has just become searchable may be
// missing for a while; see the room filler.
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
