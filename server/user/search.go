package user

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/user/identifier"
)

// Order is which end of what users are found by comes first: of when they were made,
// or of their last login or identifier where a range of those is asked for.
type Order string

// The orders; none is OrderCreated.
const (
	OrderCreated           Order = "created"
	OrderCreatedDescending Order = "created_descending"
)

// ClaimEquals is a claim of the profile and its value as JSON.
type ClaimEquals struct {
	Path  string
	Value json.RawMessage
}

// Query is what to find users by; all that is given must hold. A zero member does not
// matter.
type Query struct {
	Status           Status // deleted users are never found
	Identifier       string // exactly this one, of any type
	IdentifierPrefix string // of an email address, phone number or username
	CreatedFrom      time.Time
	CreatedBefore    time.Time
	LastLoginFrom    time.Time
	LastLoginBefore  time.Time
	Claim            *ClaimEquals // only one that the schema makes searchable
	Order            Order
	After            Cursor // where the page before ended
}

// Page is a part of the users found. It may be short, even empty, and not be the last.
type Page struct {
	Users []User
	Next  Cursor // where the next page goes on; zero when this was the last
}

const (
	// mostLooked bounds the users that are looked at for one page.
	mostLooked = 2000
	lookBatch  = 500
	mostRead   = 32 << 20 // bytes, about, that are read for that
	minPrefix  = 3
)

// Search finds users by an index, and holds what that gives against the rest of the
// query. schema.ErrNotIndexed, with the place, for what no index answers.
func (s *Service) Search(ctx context.Context, query Query, limit int) (Page, error) {
	limit = min(max(limit, 1), maxPage)
	plan, err := s.plan(ctx, query)
	if err != nil {
		return Page{}, err
	}
	look := looking{plan: plan, limit: limit, page: Page{Users: []User{}, Next: Cursor{}}}
	for _, walk := range plan.walks {
		for done := false; !done; {
			batch := look.batch()
			found, err := s.deps.Store.SearchUsers(ctx, walk, batch)
			if err != nil {
				return Page{}, fmt.Errorf("search users: %w", err)
			}
			if full, err := look.at(found); full || err != nil {
				return look.page, err
			}
			if done = len(found) < batch; !done {
				walk.After = found[len(found)-1].Cursor
				if look.read >= mostRead {
					look.page.Next = walk.After
					return look.page, nil
				}
			}
		}
	}
	return look.page, nil
}

// looking is a page in the making.
type looking struct {
	plan   plan
	limit  int
	looked int
	read   int // bytes, as a walk reads a user with each of the identifiers
	page   Page
	last   Cursor // of the last user on the page
}

// batch is how many users are read next; after a first page, by how large those were.
func (l *looking) batch() int {
	if l.looked == 0 {
		return l.limit + 1
	}
	return min(lookBatch, mostLooked-l.looked, max((mostRead-l.read)*l.looked/max(l.read, 1), 1))
}

func (u User) size() int {
	return (len(u.Profile) + len(u.PublicMetadata) + len(u.PrivateMetadata)) * max(len(u.Identifiers), 1)
}

// at looks at what a walk gave and tells whether that is enough for one page.
func (l *looking) at(found []Found) (bool, error) {
	for _, one := range found {
		l.looked, l.read = l.looked+1, l.read+one.User.size()
		fits, err := l.plan.fits(one)
		if err != nil {
			return true, err
		}
		if fits && len(l.page.Users) == l.limit {
			l.page.Next = l.last
			return true, nil
		}
		if fits {
			l.page.Users, l.last = append(l.page.Users, one.User), one.Cursor
		}
		if l.looked == mostLooked {
			l.page.Next = one.Cursor
			return true, nil
		}
	}
	return false, nil
}

// plan is how a query is answered: the walks along an index, and what each user found
// there has to fit.
type plan struct {
	query  Query
	schema *schema.Schema
	claim  *schema.Attribute
	prefix map[IdentifierType]string // as it is compared
	walks  []Walk
}

// plan chooses the index that leaves least to look at. A query that nobody can fit has
// no walks.
func (s *Service) plan(ctx context.Context, query Query) (plan, error) {
	made := plan{query: query, prefix: identifier.Prefixes(query.IdentifierPrefix)}
	if query.Claim != nil {
		current, err := s.deps.Schemas.Current(ctx)
		if err != nil {
			return plan{}, err
		}
		wanted, possible, err := current.WantedJSON(query.Claim.Path, query.Claim.Value)
		if err != nil {
			return plan{}, notIndexed("/claim", "not_searchable", "The profile schema does not make this claim searchable.")
		}
		if !possible {
			return plan{}, nil
		}
		made.schema, made.claim = current, &wanted
	}
	if query.IdentifierPrefix != "" && utf8.RuneCountInString(query.IdentifierPrefix) < minPrefix {
		return plan{}, notIndexed("/identifier_prefix", "min_length", "This takes at least 3 characters.")
	}
	if query.Status == Deleted || query.IdentifierPrefix != "" && len(made.prefix) == 0 ||
		empty(query.CreatedFrom, query.CreatedBefore) || empty(query.LastLoginFrom, query.LastLoginBefore) {
		return plan{}, nil
	}
	made.walks = made.choose()
	for i := range made.walks {
		made.walks[i].Descending = query.Order == OrderCreatedDescending
		if made.walks[i].Type == query.After.Type {
			made.walks[i].After = query.After
		}
	}
	return made, nil
}

func notIndexed(pointer, code, detail string) error {
	return schema.ErrNotIndexed.At(fault.Field{Pointer: pointer, Code: code, Detail: detail})
}

func empty(from, before time.Time) bool { return !before.IsZero() && !from.Before(before) }

func (p plan) choose() []Walk {
	q := p.query
	switch {
	case q.Identifier != "":
		walks := []Walk{}
		for _, kind := range identifier.Types() {
			if wanted, err := Normalise(kind, q.Identifier); err == nil {
				walks = append(walks, Walk{By: ByLookup, Type: kind, Text: wanted.Lookup})
			}
		}
		return p.goOn(walks)
	case p.claim != nil:
		return []Walk{{By: ByAttribute, Attribute: *p.claim}}
	case q.IdentifierPrefix != "":
		walks := []Walk{}
		for _, kind := range identifier.Types() {
			if prefix, ok := p.prefix[kind]; ok {
				walks = append(walks, Walk{By: ByPrefix, Type: kind, Text: prefix})
			}
		}
		return p.goOn(walks)
	case !q.LastLoginFrom.IsZero() || !q.LastLoginBefore.IsZero():
		return []Walk{{By: ByLastLogin, From: q.LastLoginFrom, Before: q.LastLoginBefore}}
	case !q.CreatedFrom.IsZero() || !q.CreatedBefore.IsZero():
		return []Walk{{By: ByCreated, From: q.CreatedFrom, Before: q.CreatedBefore}}
	case q.Status != "":
		return []Walk{{By: ByStatus, Status: q.Status}}
	default:
		return []Walk{{By: ByUserID}}
	}
}

// goOn turns the walks the way of the order and leaves out those before the cursor's.
func (p plan) goOn(walks []Walk) []Walk {
	if p.query.Order == OrderCreatedDescending {
		slices.Reverse(walks)
	}
	at := slices.IndexFunc(walks, func(walk Walk) bool { return walk.Type == p.query.After.Type })
	return walks[max(at, 0):]
}

// fits tells whether all of the query holds for a user.
func (p plan) fits(one Found) (bool, error) {
	q, found := p.query, one.User
	switch {
	case found.Status == Deleted || q.Status != "" && found.Status != q.Status,
		!within(found.CreatedAt, q.CreatedFrom, q.CreatedBefore):
		return false, nil
	case !q.LastLoginFrom.IsZero() || !q.LastLoginBefore.IsZero():
		if found.LastLoginAt == nil || !within(*found.LastLoginAt, q.LastLoginFrom, q.LastLoginBefore) {
			return false, nil
		}
	}
	if q.Identifier != "" && !found.holds(q.Identifier) || q.IdentifierPrefix != "" && !p.begins(one) {
		return false, nil
	}
	if p.claim == nil {
		return true, nil
	}
	attributes, err := p.schema.Attributes(found.Profile)
	return slices.Contains(attributes, *p.claim), err
}

func within(at, from, before time.Time) bool {
	return !at.Before(from) && (before.IsZero() || at.Before(before))
}

func (u User) holds(text string) bool {
	return slices.ContainsFunc(u.Identifiers, func(held Identifier) bool {
		wanted, err := Normalise(held.Type, text)
		return err == nil && wanted.Lookup == held.Lookup
	})
}

// begins tells whether an identifier of the user begins so. Where the identifiers are
// walked, only the first of them that does gives the user, so that nobody comes twice.
func (p plan) begins(one Found) bool {
	var first Cursor
	for _, held := range one.User.Identifiers {
		prefix, wanted := p.prefix[held.Type]
		if !wanted || !strings.HasPrefix(held.Lookup, prefix) {
			continue
		}
		here := Cursor{Type: held.Type, Lookup: held.Lookup, ID: one.User.ID}
		if first.ID.IsZero() || (strings.Compare(string(here.Type)+"\x00"+here.Lookup, string(first.Type)+"\x00"+first.Lookup) < 0) !=
			(p.query.Order == OrderCreatedDescending) {
			first = here
		}
	}
	return !first.ID.IsZero() && (p.walks[0].By != ByPrefix || first == one.Cursor)
}
