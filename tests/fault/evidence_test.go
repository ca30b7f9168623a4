package fault_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

// evidence is what the log tells, read as it grows.
type evidence struct {
	cursor int64
	users  map[string]int // user.created by user
	more   map[string]int // user.updated by user
	begun  map[string]int // session.created by session
	ended  map[string]int // session.ended by session
}

func newEvidence() *evidence {
	return &evidence{users: map[string]int{}, more: map[string]int{}, begun: map[string]int{}, ended: map[string]int{}}
}

// gather reads what is new and holds the log against the tables. What the server is
// still at when it begins may come true meanwhile.
func (e *evidence) gather(t *testing.T, here place) {
	t.Helper()
	db := here.open(t)
	defer func() { require.NoError(t, db.Close()) }()
	require.Eventually(t, func() bool {
		e.read(t, db)
		return len(e.users) == count(t, here, "users") && len(e.begun) == count(t, here, "sessions")
	}, patience, look, "each user and each session has the event of its making, and each such event its subject")
	last, err := storage.NewEvents(db).LastSequence(t.Context())
	require.NoError(t, err)
	require.Equal(t, e.cursor, last)
	for _, times := range []map[string]int{e.users, e.begun, e.ended} {
		for subject, events := range times {
			require.Equal(t, 1, events, subject)
		}
	}
}

// read waits until everything committed has its number and reads on from where it
// was.
func (e *evidence) read(t *testing.T, db *storage.DB) {
	t.Helper()
	events, ctx := storage.NewEvents(db), reqctx.WithEveryTenant(t.Context())
	require.Eventually(t, func() bool {
		waiting, err := events.UnsequencedEvents(ctx, nil, 1)
		return err == nil && len(waiting) == 0
	}, patience, look, "every event gets its number")
	kinds := map[string]map[string]int{
		"user.created": e.users, "user.updated": e.more, "session.created": e.begun, "session.ended": e.ended,
	}
	for {
		told, err := events.EventsAfter(ctx, e.cursor, nil, 1000)
		require.NoError(t, err)
		if len(told) == 0 {
			return
		}
		for _, one := range told {
			require.Equal(t, e.cursor+1, one.Seq, "numbers have no gap")
			e.cursor = one.Seq
			if subjects, counted := kinds[one.Type]; counted {
				subjects[one.Subject]++
			}
			if one.Type == "user.created" {
				require.NoError(t, exists(reqctx.WithTenant(t.Context(), one.Tenant), db, one.Subject), "an event of a user who is not there")
			}
		}
	}
}

func exists(ctx context.Context, db *storage.DB, subject string) error {
	var wanted user.ID
	if err := wanted.UnmarshalText([]byte(subject)); err != nil {
		return err
	}
	_, err := storage.NewUsers(db).UserByID(ctx, wanted)
	return err
}

// check holds one person against what was acknowledged to them and what the log
// tells of them: no more and no less.
func (e *evidence) check(t *testing.T, c *caller, p *person) {
	t.Helper()
	got := c.must(t, http.StatusOK, http.MethodGet, "/v1/me", p.token, nil)
	var me struct {
		ID      string `json:"id"`
		Profile struct {
			Name string `json:"name"`
		} `json:"profile"`
	}
	require.NoError(t, json.Unmarshal(got.body, &me))
	require.Equal(t, p.id, me.ID)
	stored, err := strconv.Atoi(strings.TrimPrefix(me.Profile.Name, "n"))
	require.NoError(t, err)
	require.GreaterOrEqual(t, stored, p.changed, "a change that was acknowledged is lost")
	require.LessOrEqual(t, stored, p.asked)
	require.Equal(t, 1, e.users[p.id], "the user's creation")
	require.Equal(t, stored, e.more[p.id], "each change that is there has its event, and no other")
	if p.second == "" {
		return
	}
	got, err = c.send(t.Context(), http.MethodGet, "/v1/session", p.second, nil)
	require.NoError(t, err)
	switch {
	case p.left:
		require.Equal(t, http.StatusUnauthorized, got.status, "an ended session is back")
	case !p.leaving:
		require.Equal(t, http.StatusOK, got.status)
	}
	require.Equal(t, 1, e.begun[p.other])
	require.Equal(t, got.status == http.StatusUnauthorized, e.ended[p.other] == 1, "each end that is there has its event, and no other")
}
