package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/activity"
)

func (c *caller) activity(limit int32, cursor string) wire.ActivityPage {
	c.t.Helper()
	params := &wire.ListActivityParams{Cursor: optional(cursor)}
	if limit > 0 {
		params.Limit = &limit
	}
	return read[wire.ActivityPage](c.got(c.wire.ListActivity(context.Background(), params)).is(http.StatusOK))
}

func happened(entries []wire.ActivityEntry) []string {
	types := []string{}
	for _, one := range entries {
		types = append(types, one.Type)
	}
	return types
}

func TestActivityOfOneself(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		require.Equal(t, []string{"session.created", "password.set", "user.created"}, happened(p.activity(0, "").Items))
		s.Clock.Advance(time.Second)
		elsewhere := s.app()
		elsewhere.source = s.newSource()
		start := elsewhere.asking("login", elsewhere.prove(p.name, p.password))
		start.ClientID = optional("asking")
		agreeing := elsewhere.goOn(elsewhere.start(start, func(_ context.Context, request *http.Request) error {
			request.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0")
			return nil
		}))
		done := elsewhere.completed(agreeing.submit(agreeing.agree("2030-01")).is(http.StatusOK))
		p.setPassword(newPassword()).is(http.StatusNoContent)
		identifier := p.added(newName())
		p.preferIdentifier(identifier.ID).is(http.StatusOK)
		p.patch(`{"profile":{"name":"Ada"}}`).user()
		p.removeIdentifier(identifier.ID).is(http.StatusNoContent)
		s.forgetEvents()

		page := p.activity(100, "")
		require.True(t, page.NextCursor.IsNull())
		require.Equal(t, []string{
			"user.identifier_primary_changed", "user.identifier_removed", "user.updated", "user.identifier_primary_changed",
			"user.identifier_added", "session.ended", "password.changed", "session.created", "consent.given",
			"session.created", "password.set", "user.created",
		}, happened(page.Items))
		there := page.Items[7]
		require.Equal(t, s.Clock.Now(), there.OccurredAt.Truncate(time.Millisecond))
		require.Equal(t, elsewhere.source, *there.Address)
		require.Equal(t, done.Outcome.Session.ID, *there.SessionID)
		require.Equal(t, "asking", *there.ClientID)
		require.Equal(t, done.Outcome.Session.ID, *page.Items[5].SessionID, "which session was ended")
		require.Equal(t, "asking", *page.Items[8].ClientID, "who was agreed with")
		require.Nil(t, page.Items[6].Device)

		var paged []wire.ActivityEntry
		for cursor := ""; ; {
			part := p.activity(5, cursor)
			paged = append(paged, part.Items...)
			if part.NextCursor.IsNull() {
				break
			}
			cursor = part.NextCursor.MustGet()
		}
		require.Equal(t, page.Items, paged)
		p.send(http.MethodGet, "/v1/me/activity?cursor=bm9uZQ", "").invalid("request_invalid", "#query/cursor")
		s.app().send(http.MethodGet, "/v1/me/activity", "").refused(http.StatusUnauthorized, "session_invalid")
		s.fired()
	})
}

// What happened to others is theirs to see, also where both were part of it by turns.
func TestClass_ObjectLevel_ActivityOfOthers(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p, other := s.somebody(), s.somebody()
		own := p.activity(100, "").Items
		for _, theirs := range other.activity(100, "").Items {
			require.NotContains(t, own, theirs)
		}
		// An identifier that moves from one to the other leaves each their own part of it.
		moved := p.added(newName())
		p.removeIdentifier(moved.ID).is(http.StatusNoContent)
		other.added(moved.Value)
		require.Equal(t, []string{"user.identifier_removed", "user.identifier_added"}, happened(p.activity(2, "").Items))
		require.Equal(t, []string{"user.identifier_added", "session.created"}, happened(other.activity(2, "").Items))
		// A cursor is a place in one's own log, whoever's event it names.
		theirs := other.activity(1, "").NextCursor.MustGet()
		for _, entry := range p.activity(100, theirs).Items {
			require.NotContains(t, other.activity(100, "").Items, entry)
		}
		s.forgetEvents()
	})
}

// A deletion that was taken back stands in the log, and who left and when.
func TestActivityAroundADeletion(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		p.leave().is(http.StatusOK)
		c := s.app()
		f := c.goOn(c.start(c.asking("login", c.prove(p.name, p.password))))
		c.completed(f.submit(f.acknowledge()).is(http.StatusOK))
		require.Equal(t, []string{"session.created", "user.deletion_cancelled", "session.ended", "user.deletion_scheduled"}, happened(c.activity(4, "").Items))
		s.forgetEvents()
	})
}

// The table of what is shown, the contract and the catalogue say the same.
func TestPromise_ContractIsServer_TypesOfActivity(t *testing.T) {
	var document struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct {
					Set []string `json:"x-extensible-enum"`
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal(gen.SpecJSON, &document))
	require.ElementsMatch(t, activity.Types(), document.Components.Schemas["ActivityEntry"].Properties["type"].Set)
	described := map[string]bool{}
	for _, one := range catalogue(t) {
		described[one.Type] = true
	}
	for _, shown := range activity.Types() {
		require.True(t, described[shown], shown)
	}
}
