package template

import (
	"context"
	"fmt"
	"slices"

	"time"

	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// Page is a part of the words that there are, by key. Those that are built in have no
// number.
type Page struct {
	Items []Version
	Next  Key // where the next page goes on; zero when this was the last
}

// List gives a page of what the tenant has of its own and of what is built in, or of what
// an application has of its own, above a key (without a kind: from the first). Words are
// left out. Whatever Deps.Application refuses.
func (s *Service) List(ctx context.Context, after Key, limit int) (Page, error) {
	if err := s.owned(ctx, after); err != nil {
		return Page{}, err
	}
	found, err := s.deps.Store.Templates(ctx, after, limit+1)
	if err != nil {
		return Page{}, fmt.Errorf("template: list: %w", err)
	}
	for _, key := range s.builtIn {
		taken := slices.ContainsFunc(found, func(one Version) bool { return one.Key == key })
		if after.Application == "" && key.Compare(after) > 0 && !taken {
			found = append(found, Version{Key: key, Number: 0, Removed: false, Words: Words{}, At: time.Time{}, By: reqctx.Actor{}})
		}
	}
	slices.SortFunc(found, func(one, other Version) int { return one.Compare(other.Key) })
	page := Page{Items: found, Next: Key{}}
	if len(found) > limit {
		page.Items = found[:limit]
		page.Next = page.Items[limit-1].Key
	}
	return page, nil
}

// Versions lists those of a key below a number (0: all) without their words, the newest
// first, and tells where the next page goes on; 0 when this was the last. ErrUnknown.
func (s *Service) Versions(ctx context.Context, key Key, before int64, limit int) ([]Version, int64, error) {
	_, key, err := s.Known(ctx, key)
	if err != nil {
		return nil, 0, err
	}
	found, err := s.deps.Store.VersionsBefore(ctx, key, before, limit+1)
	if err != nil {
		return nil, 0, fmt.Errorf("template: versions: %w", err)
	}
	if len(found) <= limit {
		return found, 0, nil
	}
	return found[:limit], found[limit-1].Number, nil
}

// VersionByNumber finds one. ErrUnknown, ErrVersionUnknown.
func (s *Service) VersionByNumber(ctx context.Context, key Key, number int64) (Version, error) {
	_, key, err := s.Known(ctx, key)
	if err != nil {
		return Version{}, err
	}
	return s.deps.Store.VersionByNumber(ctx, key, number)
}
