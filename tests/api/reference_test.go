package api_test

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/tests/api/running"
)

// belong are what the ids in the reference's examples are ids of.
var belong = map[string]string{
	"usr": "user_id", "rol": "role_id", "app": "application_id", "acs": "application_secret_id", "key": "api_key_id",
	"job": "job_id", "ses": "session_id", "idn": "identifier_id",
}

var exampleID = regexp.MustCompile(`\b([a-z]{3})_01h455vb4pex5vsknk084sn02q\b`)

// about is the attempt with the operation's example for its body, about what is somebody's.
func (a attempt) about(s *scenario, has belongings) attempt {
	s.t.Helper()
	a.body = exampleID.ReplaceAllStringFunc(a.example, func(found string) string {
		require.Contains(s.t, has.ids, belong[found[:3]], a.id)
		return has.ids[belong[found[:3]]]
	})
	a.body = strings.ReplaceAll(a.body, "usr_01h455vb4pex5vsknk084sn03r", has.ids["source_user_id"])
	return a
}

// tried is the answer to the operation's example, as somebody sends it who puts in what
// is theirs.
func (a attempt) tried(s *scenario, has belongings) answer {
	s.t.Helper()
	a = a.about(s, has)
	switch {
	case a.id == "mergeUsers": // what it changes has the version that its preview tells
		preview := a
		preview.path, preview.matched = a.path+"/preview", false
		has.etag = preview.with(s.app(), has).is(http.StatusOK).header.Get("ETag")
	case a.matched:
		has.etag = a.version(s, has)
	}
	return a.with(s.app(), has)
}

// version is that of what the operation changes: of its path, or of what that is part of.
func (a attempt) version(s *scenario, has belongings) string {
	a.method, a.body, a.matched = http.MethodGet, "", false
	for a.path != "" {
		current := a
		current.path += "/current"
		for _, one := range []attempt{a, current} {
			if got := one.with(s.app(), has); got.status == http.StatusOK && got.header.Get("ETag") != "" {
				return got.header.Get("ETag")
			}
		}
		a.path = a.path[:strings.LastIndex(a.path, "/")]
	}
	require.Fail(s.t, "nothing has this version", a.id)
	return ""
}

// Promise: the examples of the reference's management part run.
func TestTheReferencesExamplesRun(t *testing.T) {
	// What the owner has of these is not like that: a job that has ended, one identifier, a message that was sent.
	refused := map[string]string{"cancelJob": "job_finished", "removeUserIdentifier": "identifier_last", "resendMessage": "message_not_failed"}
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
				withApplications(settings)
				settings.Applications = append(settings.Applications, application.Declaration{ // as its examples call it
					ClientID: "default", Default: true, OwnershipProof: application.Deferred, LinkURIs: []string{"https://front.example/link"},
				})
			})
			all := slices.DeleteFunc(attempts(t), func(one attempt) bool { return one.scope == "" })
			require.Greater(t, len(all), 50)
			// What profiles hold changes for everybody, so that comes last.
			slices.SortStableFunc(all, func(one, other attempt) int {
				return strings.Compare(strconv.FormatBool(one.id == "createSchema"), strconv.FormatBool(other.id == "createSchema"))
			})
			var has belongings
			for i, one := range all {
				if i == 0 || all[i-1].method != http.MethodGet {
					s.Clock.Advance(time.Hour) // nobody registers so often
					_, _, has = s.owner()      // what was theirs may be gone
				}
				got := one.tried(s, has)
				if code := refused[one.id]; code != "" {
					got.refused(http.StatusConflict, code)
				} else {
					require.Less(t, got.status, http.StatusBadRequest, "%s: %s", one.id, got.body)
				}
				s.forgetEvents()
			}
		})
	}
}

// Promise: so do those on tenants, of whoever runs the server.
func TestTheReferencesExamplesOnTenantsRun(t *testing.T) {
	// What has to have happened to the tenant before.
	first := map[string]string{"reactivateTenant": "suspendTenant", "restoreTenant": "deleteTenant"}
	all := slices.DeleteFunc(attempts(t), func(one attempt) bool { return !one.operator })
	require.Greater(t, len(all), 8)
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), withApplications)
			created := ""
			for _, one := range all {
				made, _ := s.tenantOverAPI()
				has := belongings{key: operatorKey, ids: map[string]string{"tenant_id": made.Tenant.ID}}
				if one.id == "updateTenant" { // whose host is another's otherwise
					has.ids["tenant_id"] = created
				}
				for _, before := range all {
					if before.id == first[one.id] {
						before.tried(s, has).is(http.StatusOK)
					}
				}
				got := one.tried(s, has)
				require.Less(t, got.status, http.StatusBadRequest, "%s: %s", one.id, got.body)
				if one.id == "createTenant" {
					created = read[wire.CreatedTenant](got).Tenant.ID
				}
				s.forgetEvents()
			}
		})
	}
}
