package storage

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/lintel-id/lintel/server/user"
)

// SearchUsers goes along a walk and gives whom it comes by, of any status, in the order
// of the index, from the walk's After. It is one statement: the walk is over an index
// that holds all that is asked, and each user it comes by is read by their key.
func (s *Users) SearchUsers(ctx context.Context, walk user.Walk, limit int) ([]user.Found, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	along, values := s.walkAlong(tenant, walk)
	// A cross join is taken in this order on SQLite.
	statement := "SELECT walked.lookup, " + userColumns + " FROM (" + along + ") AS walked CROSS JOIN users" + joinIdentifiers +
		" WHERE users.tenant_id = ? AND users.id = walked.id"
	come := passed{walk: walk, at: map[place]int{}}
	if err := eachUser(db, []any{&come.lookup}, come.by, statement, append(values, max(limit, 0), tenant)...); err != nil {
		return nil, err
	}
	return come.found(), nil
}

// passed is whom a walk came by, each with the identifiers.
type passed struct {
	walk   user.Walk
	lookup string // of the row that is read
	at     map[place]int
	users  []passedUser
}

// place is one of a walk: a user is come by once for each identifier that fits.
type place struct {
	id     uid
	lookup string
}

type passedUser struct {
	user.Found
	ordinals []int // of the identifiers
}

// by takes a row, whatever order they come in.
func (p *passed) by(row *userScan) {
	here := place{row.id, p.lookup}
	i, known := p.at[here]
	if !known {
		i = len(p.users)
		p.at[here] = i
		p.users = append(p.users, passedUser{Found: p.here(row.user())})
	}
	if one := &p.users[i]; row.ordinal.Valid {
		next, _ := slices.BinarySearch(one.ordinals, row.ordinal.V)
		one.ordinals = slices.Insert(one.ordinals, next, row.ordinal.V)
		one.User.Identifiers = slices.Insert(one.User.Identifiers, next, row.identifier(one.ID))
	}
}

// here is the place in the walk where a user is.
func (p *passed) here(of user.User) user.Found {
	one := user.Found{User: of}
	one.ID = of.ID
	switch p.walk.By {
	case user.ByCreated:
		one.At = of.CreatedAt
	case user.ByLastLogin:
		one.At = *of.LastLoginAt // nobody without one is in that index
	case user.ByLookup, user.ByPrefix:
		one.Type, one.Lookup = p.walk.Type, p.lookup
	case user.ByUserID, user.ByStatus, user.ByAttribute: // along the ids
	}
	return one
}

// found are the users in the order of the walk.
func (p *passed) found() []user.Found {
	slices.SortFunc(p.users, func(a, b passedUser) int {
		order := a.At.Compare(b.At)
		if p.walk.By == user.ByPrefix {
			order = strings.Compare(a.Lookup, b.Lookup)
		}
		if order == 0 {
			order = compareIDs(a.ID.Bytes(), b.ID.Bytes())
		}
		if p.walk.Descending {
			return -order
		}
		return order
	})
	found := make([]user.Found, len(p.users))
	for i, one := range p.users {
		found[i] = one.Found
	}
	return found
}

func (s *Users) walkAlong(tenant uid, walk user.Walk) (string, []any) {
	descending := ""
	if walk.Descending {
		descending = " DESC"
	}
	low, high := uid{}, uid(bytes.Repeat([]byte{0xff}, 16))
	if !walk.After.IsZero() && walk.Descending {
		high = uidOf(walk.After.ID)
	} else if !walk.After.IsZero() {
		low = uidOf(walk.After.ID)
	}
	byID := func(selected, column string, values ...any) (string, []any) {
		return selected + " AND " + column + " > ? AND " + column + " < ? ORDER BY " + column + descending + " LIMIT ?",
			append(append([]any{tenant}, values...), low, high)
	}
	switch walk.By {
	case user.ByLookup:
		return byID("SELECT user_id AS id, lookup FROM user_identifiers WHERE tenant_id = ? AND type = ? AND lookup = ?", "user_id",
			string(walk.Type), walk.Text)
	case user.ByAttribute:
		return byID("SELECT user_id AS id, '' AS lookup FROM user_attributes WHERE tenant_id = ? AND name = ? AND value = ?", "user_id",
			walk.Attribute.Name, walk.Attribute.Value)
	case user.ByStatus:
		return byID("SELECT id, '' AS lookup FROM users WHERE tenant_id = ? AND status = ?", "id", string(walk.Status))
	case user.ByPrefix:
		return s.walkPrefix(tenant, walk, descending)
	case user.ByCreated:
		return walkTimes(tenant, walk, "created_at", descending)
	case user.ByLastLogin:
		return walkTimes(tenant, walk, "last_login_at", descending)
	default:
		return byID("SELECT id, '' AS lookup FROM users WHERE tenant_id = ?", "id")
	}
}

// walkTimes bounds a time together with the id, so that both ends are places in the
// index.
func walkTimes(tenant uid, walk user.Walk, column, descending string) (string, []any) {
	from, before := storable(walk.From), storable(walk.Before)
	if walk.Before.IsZero() {
		before = storable(time.Unix(1<<40, 0))
	}
	var low, high uid
	if !walk.After.IsZero() && walk.Descending {
		before, high = storable(walk.After.At), uidOf(walk.After.ID)
	} else if !walk.After.IsZero() {
		from, low = storable(walk.After.At), uidOf(walk.After.ID)
	}
	// That it is not NULL is said because the index of logins says so.
	return "SELECT id, '' AS lookup FROM users WHERE tenant_id = ? AND " + column + " IS NOT NULL" +
			" AND (" + column + ", id) > (?, ?) AND (" + column + ", id) < (?, ?)" +
			" ORDER BY " + column + descending + ", id" + descending + " LIMIT ?",
		[]any{tenant, from, low, before, high}
}

// storable keeps a time within what both engines hold. What is walked to was stored to
// the microsecond; a bound between two is rounded up, as no time is in between.
func storable(at time.Time) micros {
	first, last := time.Time{}, time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	if at.Before(first) {
		at = first
	}
	if at.After(last) {
		at = last
	}
	return microsOf(at.Add(time.Microsecond - time.Nanosecond))
}

// walkPrefix goes from the text to the last that begins with it. PostgreSQL has an index
// in the order of bytes for it, which SQLite always keeps.
func (s *Users) walkPrefix(tenant uid, walk user.Walk, descending string) (string, []any) {
	lookup := "lookup"
	if s.db.Engine() == Postgres {
		lookup = `lookup COLLATE "C"`
	}
	low, high := walk.Text, walk.Text+"\U0010FFFF"
	if walk.After.Type == walk.Type && walk.Descending {
		high = walk.After.Lookup
	} else if walk.After.Type == walk.Type {
		low = walk.After.Lookup + "\x01" // no identifier has such a character
	}
	return "SELECT user_id AS id, lookup FROM user_identifiers WHERE tenant_id = ? AND type = ?" +
			" AND " + lookup + " >= ? AND " + lookup + " < ? ORDER BY " + lookup + descending + " LIMIT ?",
		[]any{tenant, string(walk.Type), low, high}
}
