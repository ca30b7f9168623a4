package storage

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/lintel-id/lintel/server/user"
)

// searchSizes are the numbers of users that one statement reads: few, so that each
// stays prepared.
var searchSizes = [...]int{32, 128, 512}

type walkedRow struct {
	ID     uid
	At     *micros
	Lookup string
}

// SearchUsers goes along a walk and gives whom it comes by, of any status, in the order
// of the index, from the walk's After.
func (s *Users) SearchUsers(ctx context.Context, walk user.Walk, limit int) ([]user.Found, error) {
	rows, err := s.walk(ctx, walk, limit)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	byID := make(map[uid]user.User, len(rows))
	for part := range slices.Chunk(rows, searchSizes[len(searchSizes)-1]) {
		if err := s.load(ctx, part, byID); err != nil {
			return nil, err
		}
	}
	found := make([]user.Found, 0, len(rows))
	for _, row := range rows {
		one := user.Found{User: byID[row.ID]}
		into(&one.ID, row.ID)
		one.At = timeOr(row.At)
		if row.Lookup != "" {
			one.Type, one.Lookup = walk.Type, row.Lookup
		}
		found = append(found, one)
	}
	return found, nil
}

func timeOr(column *micros) time.Time {
	if column == nil {
		return time.Time{}
	}
	return column.time()
}

// walk is one statement over one index, which holds all that is asked.
func (s *Users) walk(ctx context.Context, walk user.Walk, limit int) ([]walkedRow, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	statement, values := s.walkAlong(tenant, walk)
	var rows []walkedRow
	err = db.Raw(statement, append(values, max(limit, 0))...).Scan(&rows).Error
	return rows, err
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
		return byID("SELECT user_id AS id FROM user_attributes WHERE tenant_id = ? AND name = ? AND value = ?", "user_id",
			walk.Attribute.Name, walk.Attribute.Value)
	case user.ByStatus:
		return byID("SELECT id FROM users WHERE tenant_id = ? AND status = ?", "id", string(walk.Status))
	case user.ByPrefix:
		return s.walkPrefix(tenant, walk, descending)
	case user.ByCreated:
		return walkTimes(tenant, walk, "created_at", descending)
	case user.ByLastLogin:
		return walkTimes(tenant, walk, "last_login_at", descending)
	default:
		return byID("SELECT id FROM users WHERE tenant_id = ?", "id")
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
	return "SELECT id, " + column + " AS at FROM users WHERE tenant_id = ? AND " + column + " IS NOT NULL" +
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

// load reads users with their identifiers by one statement of a size that is prepared.
func (s *Users) load(ctx context.Context, rows []walkedRow, byID map[uid]user.User) error {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return err
	}
	size := len(rows)
	for _, prepared := range searchSizes {
		if size <= prepared {
			size = prepared
			break
		}
	}
	values := make([]any, 1, size+1)
	values[0] = tenant
	for i := range size {
		values = append(values, rows[min(i, len(rows)-1)].ID)
	}
	statement := selectUser + " WHERE users.tenant_id = ? AND users.id IN (?" + strings.Repeat(", ?", size-1) + ")"
	read, err := many[userAndIdentifier](db.Raw(statement, values...))
	if err != nil {
		return err
	}
	slices.SortFunc(read, func(a, b userAndIdentifier) int { return cmp.Compare(ordinal(a), ordinal(b)) })
	for _, row := range read {
		one, there := byID[row.User.ID]
		if !there {
			one = row.User.fromRow()
		}
		if row.HeldOrdinal != nil {
			one.Identifiers = append(one.Identifiers, row.identifier(one.ID))
		}
		byID[row.User.ID] = one
	}
	return nil
}

func ordinal(row userAndIdentifier) int {
	if row.HeldOrdinal == nil {
		return -1
	}
	return *row.HeldOrdinal
}
