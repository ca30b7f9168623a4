package jwks

import (
	"context"
	"slices"
	"strings"
)

// Keys lists the keys of the tenant in scope, as they are stored, each before the one
// that follows it.
func (s *Service) Keys(ctx context.Context) ([]Key, error) { return s.deps.Store.Keys(ctx) }

// ByKeyID finds the key of this kid, an expired one too; ErrUnknown.
func (s *Service) ByKeyID(ctx context.Context, keyID string) (Key, error) {
	keys, err := s.deps.Store.Keys(ctx)
	if err != nil {
		return Key{}, err
	}
	at := slices.IndexFunc(keys, func(k Key) bool { return k.KeyID == keyID })
	if at < 0 {
		return Key{}, ErrUnknown
	}
	return keys[at], nil
}

// Page is a part of a tenant's keys, oldest first.
type Page struct {
	Items []Key
	Next  ID // where the next page goes on; zero when this was the last
}

// List gives a page of keys, expired ones too. They are in the order of their making,
// which no rotation changes between two pages.
func (s *Service) List(ctx context.Context, after ID, limit int) (Page, error) {
	keys, err := s.deps.Store.Keys(ctx)
	if err != nil {
		return Page{}, err
	}
	slices.SortFunc(keys, func(a, b Key) int { return strings.Compare(a.ID.String(), b.ID.String()) })
	if !after.IsZero() {
		keys = slices.DeleteFunc(keys, func(k Key) bool { return k.ID.String() <= after.String() })
	}
	page := Page{Items: keys}
	if len(keys) > limit {
		page.Items = keys[:limit]
		page.Next = page.Items[limit-1].ID
	}
	return page, nil
}
