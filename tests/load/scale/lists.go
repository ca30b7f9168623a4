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
	within := func(from, before string) func(t *town) url.Values {
		return func(t *town) url.Values {
			first, end := t.crowd.Hour(t.next())
			return url.Values{from: {first.UTC().Format(time.RFC3339)}, before: {end.UTC().Format(time.RFC3339)}}
		}
	}
	return []operation{
		listed("all", func(*town) url.Values { return url.Values{} }),
		listed("newest first", func(*town) url.Values { return url.Values{"order": {"created_descending"}} }),
		listed("by status", func(*town) url.Values { return url.Values{"status": {"suspended"}} }),
		listed("by identifier prefix", func(t *town) url.Values { return url.Values{"identifier_prefix": {t.crowd.Prefix(t.next())}} }),
		listed("by claim", func(t *town) url.Values {
			return url.Values{"claim": {"team"}, "claim_value": {t.crowd.Team(t.next())}}
		}),
		listed("by creation", within("created_from", "created_before")),
		listed("by last login", within("last_login_from", "last_login_before")),
	}
}

func listed(how string, query func(t *town) url.Values) operation {
	return operation{name: "list of users, " + how, list: true, act: func(t *town) drive.Act {
		return drive.Ask(http.StatusOK, func() []byte {
			asked := query(t)
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
