package api_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

func (c *caller) record() answer {
	c.t.Helper()
	return c.got(c.wire.GetMe(context.Background()))
}

// patch sends a merge patch as it is written.
func (c *caller) patch(body string, headers ...string) answer {
	c.t.Helper()
	return c.send(http.MethodPatch, "/v1/me", body, append([]string{"Content-Type", "application/merge-patch+json"}, headers...)...)
}

func TestReadAndChangeOneself(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		first := p.record()
		require.Equal(t, p.User, first.user())
		require.Equal(t, `"1"`, first.header.Get("ETag"))

		s.Clock.Advance(time.Minute)
		profile := wire.ProfileUpdate{"name": "Ada", "locale": "en-GB", "address": map[string]any{"locality": "London", "country": "UK"}}
		changed := p.got(p.wire.UpdateMeWithApplicationMergePatchPlusJSONBody(context.Background(), &wire.UpdateMeParams{}, wire.UserUpdate{Profile: &profile}))
		require.Equal(t, wire.Profile(profile), changed.user().Profile)
		require.Equal(t, s.Clock.Now(), changed.user().UpdatedAt)
		require.Equal(t, `"2"`, changed.header.Get("ETag"))
		told := s.fired("user.updated")
		require.Equal(t, p.ID, told[0].Subject)
		require.Equal(t, map[string]any{"fields": []any{"address", "locale", "name"}}, data(t, told[0]), "names, and no value")

		// What is null goes, what is not named stays, on every level.
		changed = p.patch(`{"profile":{"name":null,"address":{"locality":"Marylebone","country":null},"nickname":"Countess"}}`)
		want := wire.Profile{"locale": "en-GB", "address": map[string]any{"locality": "Marylebone"}, "nickname": "Countess"}
		require.Equal(t, want, changed.user().Profile)
		told = s.fired("user.updated")
		require.Equal(t, []any{"address", "name", "nickname"}, data(t, told[0])["fields"])
		require.Equal(t, want, p.record().user().Profile)
		s.fired()
	})
}

// A change that changes nothing is no event.
func TestChangeOfNothing(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		p.patch(`{"profile":{"name":"Ada"}}`).user()
		s.fired("user.updated")
		for _, body := range []string{`{"profile":{"name":"Ada"}}`, `{"profile":{}}`, `{"profile":{"nickname":null}}`} {
			require.Equal(t, wire.Profile{"name": "Ada"}, p.patch(body).user().Profile)
		}
		s.fired()
	})
}

func TestLostUpdate(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		tag := p.record().header.Get("ETag")
		p.patch(`{"profile":{"name":"Ada"}}`, "If-Match", tag).user()
		p.patch(`{"profile":{"name":"Lost"}}`, "If-Match", tag).refused(http.StatusPreconditionFailed, "version_stale")
		p.patch(`{"profile":{"name":"Lost"}}`, "If-Match", `"99999999999999999999"`).refused(http.StatusPreconditionFailed, "version_stale")
		p.patch(`{"profile":{"name":"Lost"}}`, "If-Match", "seven").invalid("request_invalid", "#header/If-Match")
		require.Equal(t, wire.Profile{"name": "Ada"}, p.record().user().Profile)
		s.fired("user.updated")
	})
}

// Of many changes to one version at once exactly one is taken.
func TestClass_SingleUse_OneVersionOneChange(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		taken := 0
		for _, a := range together(16, func() answer {
			return p.patch(`{"profile":{"nickname":"`+newName()+`"}}`, "If-Match", `"1"`)
		}) {
			if a.status == http.StatusOK {
				taken++
				continue
			}
			a.refused(http.StatusPreconditionFailed, "version_stale")
		}
		require.Equal(t, 1, taken)
		s.fired("user.updated")
	})
}

func TestChangeThatDoesNotFit(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		for _, one := range []struct {
			body, code string
			pointers   []string
		}{
			{`{"profile":{"birthdate":"yesterday"}}`, "profile_invalid", []string{"/profile/birthdate"}},
			{`{"profile":{"name":7}}`, "profile_invalid", []string{"/profile/name"}},
			{`{"profile":{"role":"admin"}}`, "profile_invalid", []string{"/profile/role"}},
			{`{"profile":{"sub":"usr_x"}}`, "profile_invalid", []string{"/profile/sub"}},
			{`{"profile":{"address":{"planet":"Mars"}}}`, "profile_invalid", []string{"/profile/address/planet"}},
			{`{"profile":{"website":"javascript:alert(1)"}}`, "profile_invalid", []string{"/profile/website"}},
			{`{"profile":[]}`, "request_invalid", []string{"/profile"}},
			{`{"status":"suspended","profile":{}}`, "request_invalid", []string{"/status"}},
			{`{"identifiers":[],"profile":{}}`, "request_invalid", []string{"/identifiers"}},
			{`{}`, "request_invalid", []string{""}},
			{`[]`, "request_invalid", []string{""}},
			{`null`, "request_invalid", []string{""}},
		} {
			p.patch(one.body).invalid(one.code, one.pointers...)
		}
		for _, kind := range []string{"application/json", "text/plain", "application/merge-patch+json; charset=utf-16", "application/merge-patch+jsonx"} {
			p.patch(`{"profile":{"name":"Ada"}}`, "Content-Type", kind).refused(http.StatusUnsupportedMediaType, "content_type_unsupported")
		}
		p.patch(`{"profile":{"name":"Ada"}}`, "Content-Encoding", "gzip").refused(http.StatusUnsupportedMediaType, "content_type_unsupported")
		s.app().patch(`{"profile":{"name":"Ada"}}`).refused(http.StatusUnauthorized, "session_invalid")
		require.Equal(t, p.User, p.record().user())
		s.fired()
	})
}

// One person's record is another's neither to read nor to change.
func TestClass_ObjectLevel_RecordsOfOthers(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p, other := s.somebody(), s.somebody()
		p.patch(`{"profile":{"name":"Ada"}}`).user()
		told := s.fired("user.updated")
		require.Equal(t, p.ID, told[0].Subject)
		require.Empty(t, other.record().user().Profile)
		require.Equal(t, other.ID, other.record().user().ID)
		p.patch(`{"id":"`+other.ID+`","profile":{"name":"Eve"}}`).invalid("request_invalid", "/id")
		s.fired()
	})
}
