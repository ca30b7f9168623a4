package api_test

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/platform/event"
)

// audited reads what fits, all pages of it.
func (o *operator) audited(params wire.ListAuditEntriesParams) (all []wire.AuditEntry) {
	o.t.Helper()
	for {
		page := read[wire.AuditPage](o.got(o.wire.ListAuditEntries(context.Background(), &params)).is(http.StatusOK))
		all = append(all, page.Items...)
		if page.NextCursor.IsNull() {
			return all
		}
		params.Cursor = optional(page.NextCursor.MustGet())
	}
}

// recorded waits until everything that happened is in the records.
func (s *scenario) recorded() {
	s.t.Helper()
	require.Eventually(s.t, func() bool {
		waiting, err := s.Events.UnsequencedEvents(everywhere(), nil, 1)
		return err == nil && len(waiting) == 0
	}, patience, look, "all events have their number")
	var last event.Envelope
	for from, full := int64(0), true; full; {
		events, err := s.Events.EventsAfter(everywhere(), from, nil, 1000)
		require.NoError(s.t, err)
		if full = len(events) == 1000; len(events) > 0 {
			last = events[len(events)-1]
			from = last.Seq
		}
	}
	require.Eventually(s.t, func() bool {
		page := read[wire.AuditPage](s.first().got(s.first().wire.ListAuditEntries(context.Background(), &wire.ListAuditEntriesParams{Subject: &last.Subject})))
		return slices.ContainsFunc(page.Items, func(one wire.AuditEntry) bool { return one.EventID == last.ID.String() })
	}, patience, look, "the last event has its record")
}

func kinds(entries []wire.AuditEntry) (names []string) {
	for _, entry := range entries {
		names = append(names, entry.Type)
	}
	return names
}

func TestAuditTellsWhoDidWhatFromWhere(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		s.forgetEvents()
		s.Clock.Advance(time.Second)
		key, _ := s.issue(wire.ScopeAuditRead)
		s.recorded()
		reader := s.operator(wire.ScopeAuditRead)
		s.recorded()

		about := reader.audited(wire.ListAuditEntriesParams{UserID: &p.ID, Order: new(wire.AuditOrderOldest)})
		require.Equal(t, []string{"user.created", "password.set", "session.created"}, kinds(about))
		signedIn := about[2]
		require.Equal(t, p.session, signedIn.Subject)
		require.Equal(t, p.ID, signedIn.UserID.MustGet())
		require.NotEmpty(t, signedIn.Source.Address.MustGet())
		require.NotEmpty(t, signedIn.Source.UserAgent.MustGet())
		require.Equal(t, "token", signedIn.Data["transport"])
		require.Contains(t, strings.ToLower(string(reader.got(reader.wire.GetAuditEntry(context.Background(), strconv.FormatInt(about[0].Number, 10))).is(http.StatusOK).body)), strings.ToLower(p.name), "what was sealed is opened")

		made := reader.audited(wire.ListAuditEntriesParams{Subject: &key.ID})
		require.Equal(t, []string{"apikey.created"}, kinds(made))
		require.Equal(t, "api_key", made[0].Actor.Kind)
		require.NotEmpty(t, reader.audited(wire.ListAuditEntriesParams{ActorID: optional(made[0].Actor.ID.MustGet()), Type: optional("apikey")}))

		same := read[wire.AuditEntry](reader.got(reader.wire.GetAuditEntry(context.Background(), strconv.FormatInt(made[0].Number, 10))).is(http.StatusOK))
		require.Equal(t, made[0], same)
		all := reader.audited(wire.ListAuditEntriesParams{Limit: new(int32(2))})
		for i, entry := range all {
			require.EqualValues(t, len(all)-i, entry.Number, "the newest first, and none is left out")
		}
		head := read[wire.AuditHead](reader.got(reader.wire.GetAuditHead(context.Background())).is(http.StatusOK))
		require.Equal(t, wire.AuditHead{Number: all[0].Number, Hash: all[0].Hash, FirstNumber: 1, Removed: nullable.NewNullNullable[wire.AuditRemoval]()}, head)
		require.Empty(t, reader.audited(wire.ListAuditEntriesParams{After: &head.Number}))

		at := made[0].OccurredAt
		require.Contains(t, kinds(reader.audited(wire.ListAuditEntriesParams{From: &at})), "apikey.created")
		require.NotContains(t, reader.audited(wire.ListAuditEntriesParams{Before: &at}), made[0])
		for _, entry := range reader.audited(wire.ListAuditEntriesParams{Before: &at, UserID: &p.ID}) {
			require.True(t, entry.OccurredAt.Before(at))
		}
		require.Empty(t, reader.audited(wire.ListAuditEntriesParams{From: &at, UserID: &p.ID}))
		require.Empty(t, reader.audited(wire.ListAuditEntriesParams{Type: optional("nothing")}))
		require.Empty(t, reader.audited(wire.ListAuditEntriesParams{From: &at, Before: &at}))
		sessions := reader.audited(wire.ListAuditEntriesParams{Type: optional("session"), UserID: &p.ID})
		require.Equal(t, []string{"session.created"}, kinds(sessions))
		s.fired()
	})
}

// What a key does in a user's name is the user's, and the key's too.
func TestAuditFindsWhatAKeyDidInAUsersName(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		key, secret := s.issue(wire.ScopeUsersImpersonate)
		support := &operator{s.app().with(secret)}
		c := s.app().with(read[wire.Impersonation](support.impersonate(p.ID, ticket).is(http.StatusCreated)).SessionToken)
		s.Clock.Advance(time.Second)
		c.patch(`{"profile":{"nickname":"Ada"}}`).is(http.StatusOK)
		s.fired("session.created", "user.impersonated", "user.updated")
		s.recorded()
		first := s.first()
		done := first.audited(wire.ListAuditEntriesParams{ActorID: &key.ID, Limit: new(int32(1))})
		require.Equal(t, []string{"user.updated", "user.impersonated", "session.created"}, kinds(done))
		require.Equal(t, p.ID, done[0].Actor.ID.MustGet())
		require.Equal(t, key.ID, done[0].Actor.By.MustGet())
		require.Equal(t, done[:1], first.audited(wire.ListAuditEntriesParams{ActorID: &key.ID, UserID: &p.ID, Type: optional("user.updated")}))
		require.Equal(t, done[0], first.audited(wire.ListAuditEntriesParams{ActorID: &p.ID})[0], "it is in the user's name")

		ended := first.finished(first.export(wire.NewAuditExport{Format: wire.AuditExportFormatNdjson, ActorID: &key.ID}))
		require.Equal(t, 3, strings.Count(first.result(ended.ID), "\n"))
		s.forgetEvents()
	})
}

// Where whoever acted came from is told of those who manage, and of a person who acts on
// what is their own until they are erased; a person is told it of themselves alone.
func TestAuditTellsFromWhere(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		manager, reader := s.operator(wire.ScopeUsersRead, wire.ScopeUsersWrite), s.operator(wire.ScopeAuditRead)
		p.patch(`{"profile":{"name":"Somebody Else"}}`).user()
		s.Clock.Advance(time.Second)
		manager.act(p.ID, "suspend").is(http.StatusOK)
		manager.act(p.ID, "reactivate").is(http.StatusOK)
		s.recorded()
		from := func(kind string) wire.AuditSource {
			found := reader.audited(wire.ListAuditEntriesParams{UserID: &p.ID, Type: &kind})
			require.Len(t, found, 1, kind)
			return found[0].Source
		}
		require.Equal(t, s.source, from("user.updated").Address.MustGet())
		require.NotEmpty(t, from("user.updated").UserAgent.MustGet())
		require.Equal(t, s.source, from("user.suspended").Address.MustGet())
		require.NotEmpty(t, from("user.suspended").UserAgent.MustGet())

		for _, entry := range p.again().activity(0, "").Items {
			switch entry.Type {
			case "user.updated":
				require.Equal(t, s.source, *entry.Address)
			case "user.suspended", "user.reactivated":
				require.Nil(t, entry.Address, "where operators are is not told")
			}
		}
		manager.deleteUser(p.ID, true).is(http.StatusOK)
		s.recorded()
		require.True(t, from("user.updated").Address.IsNull())
		require.False(t, from("user.suspended").Address.IsNull())
		s.forgetEvents()
	})
}

func TestAuditThatIsRefused(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		reader := s.operator(wire.ScopeAuditRead)
		for query, place := range map[string]string{
			"type=Session": "#query/type", "user_id=usr_01h455vb4pex5vsknk084sn0!q": "#query/user_id", "from=yesterday": "#query/from",
			"order=up": "#query/order", "limit=101": "#query/limit", "after=-1": "#query/after", "cursor=bm9uc2Vuc2U": "#query/cursor",
		} {
			reader.send(http.MethodGet, "/admin/v1/audit?"+query, "").invalid("request_invalid", place)
		}
		reader.send(http.MethodGet, "/admin/v1/audit/entries/99999999", "").refused(http.StatusNotFound, "audit_entry_unknown")
		reader.send(http.MethodGet, "/admin/v1/audit/entries/0", "").invalid("request_invalid", "#path/number")
		s.fired()
	})
}

// Nothing that proves somebody is in a record, nor has the description of any event a
// place for it.
func TestClass_Secrets_NoneIsInTheAudit(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		first := s.first()
		issued := read[wire.IssuedAPIKey](first.createKey(wire.NewAPIKey{Name: "Audited", Scopes: []wire.Scope{wire.ScopeUsersRead}}).is(http.StatusCreated))
		turned := read[wire.IssuedAPIKey](first.rotateKey(issued.APIKey.ID, `"1"`, `{"overlap_seconds":0}`).is(http.StatusCreated))
		s.forgetEvents()
		s.recorded()
		body := ""
		for _, entry := range first.audited(wire.ListAuditEntriesParams{}) {
			body += string(first.got(first.wire.GetAuditEntry(context.Background(), strconv.FormatInt(entry.Number, 10))).is(http.StatusOK).body)
		}
		require.Contains(t, body, issued.APIKey.ID)
		for _, secret := range []string{p.password, p.bearer, issued.Secret, turned.Secret, firstKey} {
			require.NotContains(t, body, secret)
		}
	})
	for _, one := range catalogue(t) {
		for _, schema := range []map[string]any{one.Data, one.Personal} {
			for _, name := range members(schema) {
				for _, word := range []string{"password", "secret", "token", "digest", "private_key"} {
					require.False(t, strings.HasSuffix(name, word), "%s: %s", one.Type, name)
				}
			}
		}
	}
}

// members are the names of all members of an object's schema, and of what is in them.
func members(schema map[string]any) (names []string) {
	properties, _ := schema["properties"].(map[string]any)
	for name, member := range properties {
		inner, _ := member.(map[string]any)
		names = append(append(names, name), members(inner)...)
	}
	if items, ok := schema["items"].(map[string]any); ok {
		names = append(names, members(items)...)
	}
	return names
}
