package api_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/tests/api/running"
)

func (o *operator) previewMerge(target, source string, conflicts ...wire.UserMergeConflicts) answer {
	o.t.Helper()
	return o.got(o.wire.PreviewUserMerge(context.Background(), target, merging(source, conflicts)))
}

func (o *operator) mergeUsers(target, source, etag string, conflicts ...wire.UserMergeConflicts) answer {
	o.t.Helper()
	return o.got(o.wire.MergeUsers(context.Background(), target, &wire.MergeUsersParams{IfMatch: etag}, merging(source, conflicts)))
}

func merging(source string, conflicts []wire.UserMergeConflicts) wire.UserMerge {
	wanted := wire.UserMerge{SourceUserID: source}
	if len(conflicts) > 0 {
		wanted.Conflicts = &conflicts[0]
	}
	return wanted
}

// merged previews and merges, and gives what was told and who is left.
func (o *operator) merged(target, source string, conflicts ...wire.UserMergeConflicts) (wire.UserMergePreview, wire.UserRecord) {
	o.t.Helper()
	seen := o.previewMerge(target, source, conflicts...).is(http.StatusOK)
	done := o.mergeUsers(target, source, seen.header.Get("ETag"), conflicts...).is(http.StatusOK)
	require.Equal(o.t, done.header.Get("ETag"), o.user(target).header.Get("ETag"))
	return read[wire.UserMergePreview](seen), read[wire.UserRecord](done)
}

// merger may do what merging takes.
func (s *scenario) merger() *operator {
	return s.operator(wire.ScopeUsersRead, wire.ScopeUsersWrite, wire.ScopeRolesRead, wire.ScopeRolesWrite)
}

func identifierValues(of []wire.Identifier) (values []string) {
	for _, one := range of {
		values = append(values, one.Value)
	}
	return values
}

// A merge does what its preview has told, and a preview does nothing.
func TestMergeDoesWhatItsPreviewTells(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		m, role := s.merger(), read[wire.Role](s.first().createRole(wire.NewRole{Key: newKey(), Name: "A role", Permissions: []string{"invoices:read"}}).is(http.StatusCreated))
		source := s.somebody()
		s.Clock.Advance(time.Hour)
		target := s.somebody()
		m.patchUser(source.ID, m.user(source.ID).header.Get("ETag"), `{"profile":{"name":"Old","locale":"de","nickname":"A"},"public_metadata":{"plan":"gold","seats":2},"private_metadata":{"note":"x"}}`).is(http.StatusOK)
		m.patchUser(target.ID, m.user(target.ID).header.Get("ETag"), `{"profile":{"name":"New","nickname":"A"},"public_metadata":{"plan":"iron"}}`).is(http.StatusOK)
		word := newWord()
		s.Clock.Advance(time.Second)
		m.got(m.wire.AddUserIdentifier(context.Background(), source.ID, &wire.AddUserIdentifierParams{}, wire.NewUserIdentifier{Value: word, Verified: new(true)})).is(http.StatusCreated)
		m.assign(source.ID, role.ID).is(http.StatusCreated)
		s.forgetEvents()

		both := func() [2]string {
			return [2]string{string(m.user(target.ID).body), string(m.user(source.ID).body)}
		}
		before := both()
		preview := read[wire.UserMergePreview](m.previewMerge(target.ID, source.ID).is(http.StatusOK))
		require.Equal(t, before, both())
		s.fired()
		require.Equal(t, []string{source.name, word}, identifierValues(preview.Identifiers))
		require.Equal(t, []bool{false, true}, []bool{preview.Identifiers[0].Primary, preview.Identifiers[1].Primary})
		require.Equal(t, []bool{true, false}, []bool{preview.Identifiers[0].VerifiedAt.IsNull(), preview.Identifiers[1].VerifiedAt.IsNull()})
		require.Equal(t, wire.UserMergeMembers{Taken: []string{"locale"}, Conflicts: []wire.UserMergeConflict{{Name: "name", Stays: "target"}}, Left: []string{}}, preview.Profile)
		require.Equal(t, wire.UserMergeMembers{Taken: []string{"seats"}, Conflicts: []wire.UserMergeConflict{{Name: "plan", Stays: "target"}}, Left: []string{}}, preview.PublicMetadata)
		require.Equal(t, wire.UserMergeMembers{Taken: []string{"note"}, Conflicts: []wire.UserMergeConflict{}, Left: []string{}}, preview.PrivateMetadata)
		require.Equal(t, []wire.UserMergeRole{{ID: role.ID, Key: role.Key, Name: role.Name}}, preview.Roles)
		require.Equal(t, int32(1), preview.SessionsEnded)
		require.Equal(t, wire.UserMergePassword{Stays: true, Dropped: true}, preview.Password)

		told, after := m.merged(target.ID, source.ID)
		require.Equal(t, preview, told)
		require.Equal(t, source.CreatedAt, after.CreatedAt, "the older")
		require.Equal(t, preview.LastLoginAt, after.LastLoginAt, "the newer")
		require.Equal(t, []string{source.name, target.name, word}, identifierValues(after.Identifiers), "oldest first")
		require.Equal(t, []wire.Identifier{preview.Identifiers[0], preview.Identifiers[1]}, []wire.Identifier{after.Identifiers[0], after.Identifiers[2]})
		require.Equal(t, wire.Profile{"name": "New", "locale": "de", "nickname": "A"}, after.Profile)
		require.Equal(t, wire.Metadata{"plan": "iron", "seats": float64(2)}, after.PublicMetadata)
		require.Equal(t, wire.Metadata{"note": "x"}, after.PrivateMetadata)
		require.Equal(t, []string{role.Key}, m.rolesOf(target.ID))
		events := s.fired("user.merged", "user.identifier_added", "user.identifier_added", "user.updated", "user.metadata_updated",
			"session.ended", "role.assigned", "user.merged_into", "user.deleted")
		require.Equal(t, target.ID, events[0].Subject)
		require.Equal(t, map[string]any{"source_user_id": source.ID}, data(t, events[0]))
		require.Equal(t, "user_merge", data(t, events[5])["reason"])
		require.Equal(t, source.ID, events[7].Subject)
		require.Equal(t, map[string]any{"target_user_id": target.ID}, data(t, events[7]))
		require.Equal(t, source.ID, events[8].Subject)
		s.tellsWhoIsLeft(m, target, source, word)
	})
}

// tellsWhoIsLeft is what is seen of a merge from all sides.
func (s *scenario) tellsWhoIsLeft(m *operator, target, source *person, word string) {
	s.t.Helper()
	m.user(source.ID).refused(http.StatusNotFound, "user_unknown")
	source.me().refused(http.StatusUnauthorized, "session_invalid")
	target.me().is(http.StatusOK)
	require.Contains(s.t, happened(target.activity(0, "").Items), "user.merged")
	require.Equal(s.t, "completed", s.tries(source.name, target.password).Status)
	requireRefusal(target.caller, s.tries(source.name, source.password), "credentials_invalid")
	require.Equal(s.t, "completed", s.tries(word, target.password).Status)
	s.recorded()
	about := kinds(s.first().audited(wire.ListAuditEntriesParams{Subject: &source.ID}))
	require.Equal(s.t, []string{"user.deleted", "user.merged_into"}, about[:2], "operators can read where it went")
}

// What the source says counts where that is wanted, and what it proves never more than it
// did; where the target has no password, it gets none.
func TestMergePrefersTheSourceWhereThatIsWanted(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		m, password := s.merger(), newPassword()
		target := read[wire.UserRecord](m.createUser(wire.NewUser{
			Identifiers: []wire.NewUserIdentifier{{Value: newWord()}}, Profile: &wire.Profile{"name": "New", "address": map[string]any{"locality": "A", "country": "B"}},
		}).is(http.StatusCreated))
		source := read[wire.UserRecord](m.createUser(wire.NewUser{
			Identifiers: []wire.NewUserIdentifier{{Value: newName()}}, Profile: &wire.Profile{"name": "Old", "address": map[string]any{"locality": "C"}}, Password: &password,
		}).is(http.StatusCreated))
		s.forgetEvents()
		preview, after := m.merged(target.ID, source.ID, wire.UserMergeConflictsPreferSource)
		require.Equal(t, []wire.UserMergeConflict{{Name: "address", Stays: "source"}, {Name: "name", Stays: "source"}}, preview.Profile.Conflicts)
		require.Equal(t, wire.UserMergePassword{Stays: false, Dropped: true}, preview.Password)
		require.Equal(t, wire.Profile{"name": "Old", "address": map[string]any{"locality": "C"}}, after.Profile, "whole claims, not parts of them")
		require.True(t, after.Identifiers[1].Primary, "the first of its type")
		require.True(t, after.Identifiers[1].VerifiedAt.IsNull())
		s.fired("user.merged", "user.identifier_added", "user.updated", "user.merged_into", "user.deleted")
		requireRefusal(m.caller, s.tries(source.Identifiers[0].Value, password), "credentials_invalid")
	})
}

// What anybody changes of either user after a preview, the merge does not do.
func TestMergeIsStaleAfterAnyChange(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		m, target, source := s.merger(), s.somebody(), s.somebody()
		role := read[wire.Role](m.createRole(wire.NewRole{Key: newKey(), Name: "A role", Permissions: []string{}}).is(http.StatusCreated))
		etag := func() string { return m.previewMerge(target.ID, source.ID).is(http.StatusOK).header.Get("ETag") }
		first := etag()
		require.Equal(t, first, etag())
		for _, change := range map[string]func(){
			"profile":      func() { target.patch(`{"profile":{"nickname":"` + newWord() + `"}}`).is(http.StatusOK) },
			"identifier":   func() { source.addIdentifier(newWord()).is(http.StatusCreated) },
			"session":      func() { require.Equal(t, "completed", s.tries(source.name, source.password).Status) },
			"its role":     func() { m.assign(source.ID, role.ID).is(http.StatusCreated) },
			"their role":   func() { m.assign(target.ID, s.first().builtInless()).is(http.StatusCreated) },
			"its password": func() { m.setPassword(target.ID, newPassword(), true).is(http.StatusNoContent) },
			"expired":      func() { m.expirePassword(target.ID, false).is(http.StatusNoContent) },
		} {
			seen := etag()
			change()
			s.forgetEvents()
			m.mergeUsers(target.ID, source.ID, seen).refused(http.StatusPreconditionFailed, "version_stale")
			s.fired()
			m.user(source.ID).is(http.StatusOK)
		}
		seen := etag()
		m.mergeUsers(target.ID, source.ID, seen, wire.UserMergeConflictsPreferSource).refused(http.StatusPreconditionFailed, "version_stale")
		m.mergeUsers(source.ID, target.ID, seen).refused(http.StatusPreconditionFailed, "version_stale")
		m.mergeUsers(target.ID, source.ID, `"1"`).refused(http.StatusPreconditionFailed, "version_stale")
		m.send(http.MethodPost, "/admin/v1/users/"+target.ID+"/merge", `{"source_user_id":"`+source.ID+`"}`).invalid("request_invalid", "#header/If-Match")
		s.fired()
		m.mergeUsers(target.ID, source.ID, seen).is(http.StatusOK)
		m.mergeUsers(target.ID, source.ID, seen).refused(http.StatusNotFound, "user_unknown")
	})
}

// builtInless is a new role that holds nothing.
func (o *operator) builtInless() string {
	return read[wire.Role](o.createRole(wire.NewRole{Key: newKey(), Name: "Nothing", Permissions: []string{}}).is(http.StatusCreated)).ID
}

// The same request again, with the same key, gets the same answer.
func TestPromise_RetrySafe_AMergeThatWasNotHeardOf(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		m, target, source, once := s.merger(), s.somebody(), s.somebody(), newPassword()
		seen := m.previewMerge(target.ID, source.ID).is(http.StatusOK).header.Get("ETag")
		ask := func() string {
			return string(m.got(m.wire.MergeUsers(context.Background(), target.ID, &wire.MergeUsersParams{IfMatch: seen}, merging(source.ID, nil), key(once))).is(http.StatusOK).body)
		}
		first := ask()
		s.forgetEvents()
		require.Equal(t, first, ask())
		s.fired()
	})
}

// Nobody gets in, or gets rights, by being merged. Each refusal says which it is, to the
// preview and to the merge.
func TestClass_SideGrant_MergesThatAreRefused(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		m, target, source := s.merger(), s.somebody(), s.somebody()
		all := s.first()
		refused := func(by *operator, target, source string, status int, code string) {
			t.Helper()
			s.forgetEvents()
			by.previewMerge(target, source).refused(status, code)
			by.mergeUsers(target, source, `"1"`).refused(status, code)
			s.fired()
		}
		both := func(by *operator, status int, code string) {
			t.Helper()
			refused(by, target.ID, source.ID, status, code)
			refused(by, source.ID, target.ID, status, code)
		}
		const nobody = "usr_01h455vb4pex5vsknk084sn02q"
		refused(m, target.ID, target.ID, http.StatusUnprocessableEntity, "merge_itself")
		refused(m, target.ID, nobody, http.StatusNotFound, "user_unknown")
		refused(m, nobody, source.ID, http.StatusNotFound, "user_unknown")

		m.act(source.ID, "suspend").is(http.StatusOK)
		both(m, http.StatusConflict, "merge_suspended")
		m.act(source.ID, "reactivate").is(http.StatusOK)
		m.deleteUser(source.ID, false).is(http.StatusOK)
		both(m, http.StatusConflict, "merge_deletion_scheduled")
		m.act(source.ID, "restore").is(http.StatusOK)

		acted := read[wire.Impersonation](all.impersonate(source.ID, ticket).is(http.StatusCreated))
		both(m, http.StatusConflict, "merge_impersonated")
		s.app().with(acted.SessionToken).send(http.MethodDelete, "/v1/session", "").is(http.StatusNoContent)
		m.previewMerge(target.ID, source.ID).is(http.StatusOK)

		auditor := all.builtIn("lintel_auditor")
		all.assign(source.ID, auditor.ID).is(http.StatusCreated)
		both(all, http.StatusConflict, "merge_operator")
		all.assign(target.ID, auditor.ID).is(http.StatusCreated)
		both(all, http.StatusConflict, "merge_operator")
		both(m, http.StatusForbidden, "scope_exceeded")
		all.unassign(target.ID, auditor.ID).is(http.StatusNoContent)
		both(m, http.StatusForbidden, "scope_exceeded")
		all.unassign(source.ID, auditor.ID).is(http.StatusNoContent)

		clerk := s.granted(source.ID, "invoices:read")
		refused(s.manager(), target.ID, source.ID, http.StatusForbidden, "scope_exceeded")
		all.assign(target.ID, clerk.ID).is(http.StatusCreated)
		s.manager().previewMerge(target.ID, source.ID).is(http.StatusOK) // it gives nothing
		s.operator(wire.ScopeUsersRead).previewMerge(target.ID, source.ID).refused(http.StatusForbidden, "scope_missing")
	})
}

func TestClass_Exhaustion_MergesBeyondWhatOneUserMayHave(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		m := s.merger()
		many := func(count int) string {
			wanted := wire.NewUser{}
			for range count {
				wanted.Identifiers = append(wanted.Identifiers, wire.NewUserIdentifier{Value: newWord()})
			}
			return read[wire.UserRecord](m.createUser(wanted).is(http.StatusCreated)).ID
		}
		m.previewMerge(many(19), many(2)).refused(http.StatusConflict, "identifier_limit")
		target, source := many(19), many(1)
		for i := range 51 {
			person := target
			if i >= 50 {
				person = source
			}
			m.assign(person, m.builtInless()).is(http.StatusCreated)
		}
		m.previewMerge(target, source).refused(http.StatusConflict, "user_role_limit")
		m.previewMerge(source, target).refused(http.StatusConflict, "user_role_limit")
	})
}

// Two users of two tenants are strangers.
func TestClass_ObjectLevel_MergeKeepsToItsTenant(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		host := s.secondTenant()
		here, there := s.somebody(), s.app().at(host).somebody()
		s.forgetEvents()
		m := s.merger()
		m.previewMerge(here.ID, there.ID).refused(http.StatusNotFound, "user_unknown")
		m.previewMerge(there.ID, here.ID).refused(http.StatusNotFound, "user_unknown")
		m.mergeUsers(here.ID, there.ID, `"1"`).refused(http.StatusNotFound, "user_unknown")
		s.fired()
	})
}

// After a merge no table so much as names the source, but the log, its proof and two
// tombstones, as after an erasure; what moved is the target's, and the log still proves
// itself. A new table with a user's column fails here until it says what moves.
func TestNothingRefersToWhoWasMerged(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
				withApplications(settings)
				settings.ProfileSchema.Document = []byte(`{"type":"object","additionalProperties":false,"properties":{"name":{"type":"string"},
					"locale":{"type":"string"},"family_name":{"type":"string","x-searchable":true}}}`)
			})
			target := s.somebody()
			p, secondName, familyName := s.everythingThereIs()
			before := s.Tables(t)
			require.Eventually(t, func() bool { // what follows the log comes a little later
				before = s.Tables(t)
				return !slices.ContainsFunc(aboutPeople(before), func(table string) bool {
					return !slices.Contains(naming(t, before, p.ID), table)
				})
			}, patience, look, "the person has a row in every table that is about people")
			require.Positive(t, s.opens(p.ID))

			preview, after := s.merger().merged(target.ID, p.ID)
			s.forgetEvents()
			require.Equal(t, int32(1), preview.ConsentsMoved)
			require.ElementsMatch(t, []string{target.name, p.name, secondName}, identifierValues(after.Identifiers))
			s.Clock.Advance(2 * time.Minute) // what another node may keep of a key is that old at most
			tables := s.Tables(t)
			left := naming(t, tables, p.ID)
			require.Equal(t, []string{"audit_records", "events", "seal_user_keys", "users"}, left, "the log, its proof and two tombstones")
			require.Equal(t, []string{"user_attributes", "user_identifiers", "users"}, holding(tables, p.name, secondName, familyName))
			for _, moved := range []string{"consents", "role_assignments", "user_attributes", "user_identifiers"} {
				require.Contains(t, naming(t, tables, target.ID), moved)
			}
			require.Zero(t, s.opens(p.ID))
			found := s.first().send(http.MethodGet, "/admin/v1/users?claim=family_name&claim_value="+familyName, "").is(http.StatusOK)
			require.Contains(t, string(found.body), target.ID, "it can be searched")
			s.recorded()
			ended := s.first().finished(s.first().verify(wire.NewAuditVerification{}))
			require.Equal(t, "completed", ended.Status)
			require.Contains(t, s.first().result(ended.ID), `"holds":true`)
		})
	}
}
