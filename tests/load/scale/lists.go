package scale

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/lintel-id/lintel/tests/load/drive"
	"github.com/lintel-id/lintel/tests/load/stand"
	"github.com/lintel-id/lintel/tests/load/wire"
)

const (
	// page is how many users a page has, of each of the lists.
	page = 50
	// enough fill a page with whomever a filter leaves.
	enough = 80_000
)

// lists are the first pages of what operators look through. Each filter leaves more
// than a page of the small database, so that both sizes answer with whole ones.
func lists() []operation {
	none := func(*town) []any { return nil }
	return []operation{
		listed("all", bareRead{"SELECT id FROM users WHERE %s ORDER BY id", none}, func([]any) url.Values { return url.Values{} }),
		listed("newest first", bareRead{"SELECT id FROM users WHERE %s ORDER BY id DESC", none}, func([]any) url.Values {
			return url.Values{"order": {"created_descending"}}
		}),
		listed("by status", bareRead{"SELECT id FROM users WHERE %s AND status = 'suspended' ORDER BY id", none}, func([]any) url.Values {
			return url.Values{"status": {"suspended"}}
		}),
		listed("by identifier prefix", bareRead{
			"SELECT user_id AS id FROM user_identifiers WHERE %s AND type = 'email' AND lookup >= ? AND lookup < ? ORDER BY lookup",
			func(t *town) []any { prefix := t.crowd.Prefix(t.next()); return []any{prefix, prefix + "~"} },
		}, func(values []any) url.Values { return url.Values{"identifier_prefix": {fmt.Sprint(values[0])}} }),
		listed("by claim", bareRead{
			"SELECT user_id AS id FROM user_attributes WHERE %s AND name = 'team' AND value = ? ORDER BY user_id",
			func(t *town) []any { return []any{t.crowd.Team(t.next())} },
		}, func(values []any) url.Values {
			return url.Values{"claim": {"team"}, "claim_value": {fmt.Sprint(values[0])}}
		}),
		within("by creation", "created"),
		within("by last login", "last_login"),
	}
}

// within is a list of those with a time in an hour.
func within(how, what string) operation {
	column := what + "_at"
	return listed(how, bareRead{
		"SELECT id FROM users WHERE %s AND " + column + " >= ? AND " + column + " < ? ORDER BY " + column + ", id",
		func(t *town) []any {
			first, end := t.crowd.Hour(t.next())
			return []any{first, end}
		},
	}, func(values []any) url.Values {
		text := func(n int) string { at, _ := values[n].(time.Time); return at.UTC().Format(time.RFC3339) }
		return url.Values{what + "_from": {text(0)}, what + "_before": {text(1)}}
	})
}

// listed asks for the values of the bare read by a query.
func listed(how string, bare bareRead, query func(values []any) url.Values) operation {
	return operation{name: "list of users, " + how, bare: &bare, act: func(t *town) drive.Act {
		return drive.Ask(http.StatusOK, func() []byte {
			asked := query(bare.values(t))
			asked.Set("limit", fmt.Sprint(page))
			return wire.Get(t.Server.Address, "/admin/v1/users?"+asked.Encode(), t.key)
		}, func(body []byte) error { return whole(body, t.crowd.Users()) })
	}}
}

// whole wants a page with as many users as there is room for, or somebody where there are
// too few to fill one.
func whole(body []byte, of int) error {
	least := page
	if of < enough {
		least = 1
	}
	if found := bytes.Count(body, []byte(`"id":"usr_`)); found < least || found > page {
		return fmt.Errorf("%w: %d users on a page: %.300s", stand.ErrFlow, found, body)
	}
	return nil
}
