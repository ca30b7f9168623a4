package api_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

// find asks for users by a query as it stands in an address.
func (o *operator) find(query url.Values) answer {
	o.t.Helper()
	return o.send(http.MethodGet, "/admin/v1/users?"+query.Encode(), "")
}

// found are the ids of all pages.
func (o *operator) found(query url.Values) []string {
	o.t.Helper()
	ids := []string{}
	for {
		page := read[wire.UserRecordPage](o.find(query).is(http.StatusOK))
		for _, one := range page.Items {
			ids = append(ids, one.ID)
		}
		if page.NextCursor.IsNull() {
			return ids
		}
		query.Set("cursor", page.NextCursor.MustGet())
	}
}

func TestUsersAreFound(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		manager, family := s.manager(), newWord()
		from := s.Clock.Now()
		var people []string
		for i := range 5 {
			s.Clock.Advance(time.Second)
			made := read[wire.UserRecord](manager.createUser(wire.NewUser{
				Identifiers: []wire.NewUserIdentifier{{Value: family + "-" + string(rune('a'+i)) + "@example.com"}},
				Profile:     &wire.Profile{"family_name": family},
			}).is(http.StatusCreated))
			people = append(people, made.ID)
		}
		s.Clock.Advance(time.Second)
		stranger := s.somebody()
		manager.act(people[1], "suspend").is(http.StatusOK)
		manager.deleteUser(people[2], false).is(http.StatusOK)
		manager.deleteUser(people[3], true).is(http.StatusOK)
		s.forgetEvents()
		left := []string{people[0], people[1], people[2], people[4]}
		during := func(more ...string) url.Values {
			query := url.Values{"created_from": {from.Format(time.RFC3339Nano)}, "limit": {"2"}}
			for i := 0; i < len(more); i += 2 {
				query.Set(more[i], more[i+1])
			}
			return query
		}
		require.Equal(t, append(slices.Clone(left), stranger.ID), manager.found(during()))
		backwards := append(slices.Clone(left), stranger.ID)
		slices.Reverse(backwards)
		require.Equal(t, backwards, manager.found(during("order", "created_descending")))
		require.Equal(t, left, manager.found(during("identifier_prefix", family+"-")))
		require.Equal(t, left[:1], manager.found(during("identifier", " "+family+"-A@EXAMPLE.com")))
		require.Equal(t, []string{people[1]}, manager.found(during("status", "suspended")))
		require.Equal(t, []string{people[2]}, manager.found(during("status", "deletion_scheduled")))
		require.Equal(t, []string{people[0], people[4]}, manager.found(during("status", "active", "identifier_prefix", family)))
		require.Equal(t, []string{stranger.ID}, manager.found(during("last_login_from", from.Format(time.RFC3339Nano))))
		require.Equal(t, left, manager.found(during("created_before", s.Clock.Now().Format(time.RFC3339Nano))))
		require.Empty(t, manager.found(during("created_before", from.Format(time.RFC3339Nano))))
		require.Empty(t, manager.found(during("identifier", "nobody-"+family)))

		for _, one := range []struct {
			name, value string
			code        string
			places      []string
		}{
			{"identifier_prefix", "ad", "filter_not_indexed", []string{"#query/identifier_prefix"}},
			{"status", "deleted", "request_invalid", []string{"#query/status"}},
			{"order", "name", "request_invalid", []string{"#query/order"}},
			{"created_from", "yesterday", "request_invalid", []string{"#query/created_from"}},
			{"cursor", "bm9uc2Vuc2U", "request_invalid", []string{"#query/cursor"}},
			{"limit", "101", "request_invalid", []string{"#query/limit"}},
			{"claim", "family_name", "request_invalid", []string{"#query/claim_value"}},
			{"claim_value", "x", "request_invalid", []string{"#query/claim_value"}},
		} {
			manager.find(url.Values{one.name: {one.value}}).invalid(one.code, one.places...)
		}
		manager.find(url.Values{"claim": {"nickname"}, "claim_value": {"Ada"}}).invalid("filter_not_indexed", "#query/claim")
		s.fired()
	})
}

// The private metadata of a user is an operator's own; the person never meets it.
func TestClass_Secrets_PrivateMetadataIsNotThePersons(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		manager, name, password := s.manager(), newName(), newPassword()
		secret := "debt-" + newWord()
		made := manager.createUser(wire.NewUser{
			Identifiers: []wire.NewUserIdentifier{{Value: name}}, Password: &password,
			PublicMetadata: &wire.Metadata{"plan": "gold"}, PrivateMetadata: &wire.Metadata{"note": secret},
		}).is(http.StatusCreated)
		s.fired("user.created", "password.set", "user.metadata_updated")
		record := read[wire.UserRecord](made)
		require.Equal(t, secret, record.PrivateMetadata["note"])
		c := s.app()
		started := c.start(c.asking("login", c.prove(name, password))).is(http.StatusCreated)
		require.NotContains(t, string(started.body), secret)
		c.completed(started)
		for _, path := range []string{"/v1/me", "/v1/session", "/v1/me/activity", "/v1/me/identifiers", "/v1/me/sessions"} {
			seen := c.send(http.MethodGet, path, "").is(http.StatusOK)
			require.NotContains(t, string(seen.body), secret, path)
			require.NotContains(t, string(seen.body), "metadata", path)
		}
		s.forgetEvents()

		seen := manager.user(record.ID).is(http.StatusOK)
		changed := manager.patchUser(record.ID, seen.header.Get("ETag"), `{"profile":{"name":"Ada"},"public_metadata":{"plan":null,"since":2030},"private_metadata":{"note":"paid"}}`).is(http.StatusOK)
		s.fired("user.updated", "user.metadata_updated")
		after := read[wire.UserRecord](changed)
		require.Equal(t, "Ada", after.Profile["name"])
		require.Equal(t, wire.Metadata{"since": float64(2030)}, after.PublicMetadata)
		require.Equal(t, wire.Metadata{"note": "paid"}, after.PrivateMetadata)
		manager.patchUser(record.ID, seen.header.Get("ETag"), `{"private_metadata":{"note":null}}`).refused(http.StatusPreconditionFailed, "version_stale")
		manager.patchUser(record.ID, changed.header.Get("ETag"), `{"private_metadata":{"note":"`+strings.Repeat("x", 17<<10)+`"}}`).invalid("metadata_invalid", "/private_metadata")
		s.fired()
		require.Equal(t, after, read[wire.UserRecord](manager.got(manager.wire.GetUser(context.Background(), record.ID)).is(http.StatusOK)))
	})
}
