package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/tests/api/running"
)

func (c *caller) beginExport() answer {
	c.t.Helper()
	return c.got(c.wire.CreateExport(context.Background()))
}

func (c *caller) readExport(part int32) answer {
	c.t.Helper()
	return c.got(c.wire.GetExportResult(context.Background(), &wire.GetExportResultParams{Part: &part}))
}

// ended waits for the newest export.
func (c *caller) ended() (export wire.UserExport) {
	c.t.Helper()
	require.Eventually(c.t, func() bool {
		export = read[wire.UserExport](c.got(c.wire.GetExport(context.Background())).is(http.StatusOK))
		return !export.FinishedAt.IsNull()
	}, patience, ask, "the export ends")
	return export
}

// exported is a whole export of one's own, from its beginning to its last part.
func (c *caller) exported() (text string) {
	c.t.Helper()
	begun := read[wire.UserExport](c.beginExport().is(http.StatusAccepted))
	done := c.ended()
	require.Equal(c.t, begun.ID, done.ID)
	require.Equal(c.t, "completed", done.Status, done.ErrorCode)
	for part := int32(0); ; {
		result := read[wire.JobResult](c.readExport(part).is(http.StatusOK))
		text += result.Text
		if result.NextPart.IsNull() {
			return text
		}
		part = result.NextPart.MustGet()
	}
}

func (o *operator) exportUser(id string) answer {
	o.t.Helper()
	return o.got(o.wire.ExportUser(context.Background(), id, nil))
}

// document is an export as somebody reads it.
type document struct {
	FormatVersion int                         `json:"format_version"`
	ExportedAt    time.Time                   `json:"exported_at"`
	UserID        string                      `json:"user_id"`
	Sections      map[string][]map[string]any `json:"sections"`
}

func readDocument(t *testing.T, text string) (found document) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&found))
	require.Equal(t, 1, found.FormatVersion)
	return found
}

func TestExportOfOnesOwn(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		p.got(p.wire.GetExport(context.Background())).refused(http.StatusNotFound, "export_unknown")
		p.readExport(0).refused(http.StatusNotFound, "export_unknown")
		s.Clock.Advance(time.Second)
		text := p.exported()
		told := s.fired("job.created", "user.export_requested", "job.completed", "job.result_opened")
		require.Equal(t, p.ID, told[1].Subject)
		require.Equal(t, p.ID, told[1].Actor.ID)
		require.Equal(t, told[0].Subject, data(t, told[1])["job_id"])
		require.Equal(t, "user.export_requested", p.activity(0, "").Items[0].Type)

		found := readDocument(t, text)
		require.Equal(t, p.ID, found.UserID)
		require.Equal(t, s.Clock.Now(), found.ExportedAt)
		names := []string{}
		for name := range found.Sections {
			names = append(names, name)
		}
		require.ElementsMatch(t, []string{"user", "attributes", "password", "consents", "roles", "sessions", "flows", "jobs", "messages", "recoveries", "invitations", "reversals", "passkeys", "passkey_handles", "activity", "key"}, names)
		require.Equal(t, p.name, found.Sections["user"][0]["identifiers"].([]any)[0].(map[string]any)["value"])
		require.Equal(t, p.session, found.Sections["sessions"][0]["id"])
		require.NotEmpty(t, found.Sections["activity"])
		require.Len(t, found.Sections["password"], 1)
		p.readExport(1).refused(http.StatusNotFound, "job_result_unknown")
		for range 4 {
			s.Clock.Advance(time.Second)
			p.exported()
		}
		s.forgetEvents()
		limited := p.beginExport()
		limited.refused(http.StatusTooManyRequests, "export_limited")
		require.NotEmpty(t, limited.header.Get("Retry-After"))
		s.fired()
		p.ended()
	})
}

// An export is its user's alone: nobody else, no session that has ended or proves too
// little, and nobody who acts in the user's name comes near it; nor does it by a side door.
func TestClass_ObjectLevel_AnExportIsItsUsersAlone(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		host := s.secondTenant()
		p, other := s.somebody(), s.somebody()
		p.exported()
		s.forgetEvents()
		own := p.ended()
		for _, stranger := range []*caller{other.caller} {
			stranger.got(stranger.wire.GetExport(context.Background())).refused(http.StatusNotFound, "export_unknown")
			stranger.readExport(0).refused(http.StatusNotFound, "export_unknown")
		}
		there := s.app().at(host).with(p.bearer)
		there.beginExport().refused(http.StatusUnauthorized, "session_invalid")
		there.readExport(0).refused(http.StatusUnauthorized, "session_invalid")
		s.app().with(firstKey).readExport(0).refused(http.StatusUnauthorized, "session_invalid")

		// A key for jobs does not read it; one that may export users does.
		poor := s.operator(wire.ScopeJobsRead, wire.ScopeUsersRead, wire.ScopeUsersWrite)
		poor.got(poor.wire.GetJobResult(context.Background(), own.ID, nil)).refused(http.StatusForbidden, "scope_missing")
		poor.exportUser(p.ID).refused(http.StatusForbidden, "scope_missing")
		s.fired()

		// What an operator has made is no answer to its user.
		o := s.operator(wire.ScopeUsersExport, wire.ScopeJobsRead)
		o.exportUser(madeUp().ids["user_id"]).refused(http.StatusNotFound, "user_unknown")
		s.Clock.Advance(time.Second)
		made := o.finished(o.exportUser(other.ID))
		told := s.fired("job.created", "user.export_requested", "job.completed")
		require.Equal(t, "api_key", string(told[1].Actor.Kind))
		require.Equal(t, "users:export", made.Scope)
		require.Contains(t, o.result(made.ID), other.name)
		s.forgetEvents()
		other.got(other.wire.GetExport(context.Background())).refused(http.StatusNotFound, "export_unknown")
		require.Equal(t, "user.export_requested", other.activity(0, "").Items[0].Type)

		_, secret := s.issue(wire.ScopeUsersImpersonate)
		session := read[wire.Impersonation]((&operator{s.app().with(secret)}).impersonate(p.ID, ticket).is(http.StatusCreated))
		s.forgetEvents()
		acting := s.app().with(session.SessionToken)
		acting.beginExport().refused(http.StatusForbidden, "impersonated")
		acting.readExport(0).refused(http.StatusForbidden, "impersonated")
		acting.got(acting.wire.GetExport(context.Background())).refused(http.StatusForbidden, "impersonated")
		p.endOne(p.session).is(http.StatusNoContent)
		p.readExport(0).refused(http.StatusUnauthorized, "session_invalid")
		s.fired("session.ended")
	})
}

func TestClass_StepUp_AnExport(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		s.Clock.Advance(5*time.Minute + time.Second)
		require.Equal(t, "step_up", p.beginExport().refused(http.StatusForbidden, "step_up_required").StepUp.Journey)
		p.proveAgain()
		p.exported()
		s.Clock.Advance(5*time.Minute + time.Second)
		p.readExport(0).refused(http.StatusForbidden, "step_up_required")
		p.ended() // how far it is may be asked all the same
		p.proveAgain()
		s.forgetEvents()
		p.readExport(0).is(http.StatusOK)
		s.fired("job.result_opened")
	})
}

// Who is erased takes the results along, and is named by no job; others keep theirs.
func TestExportGoesWithItsUser(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p, other := s.somebody(), s.somebody()
		p.exported()
		other.exported()
		own, o := p.ended(), s.operator(wire.ScopeAll)
		made := o.finished(o.exportUser(p.ID))
		o.got(o.wire.DeleteUser(context.Background(), p.ID, &wire.DeleteUserParams{AtOnce: new(true)})).is(http.StatusOK)
		s.forgetEvents()
		for _, id := range []string{own.ID, made.ID} {
			left := read[wire.Job](o.job(id).is(http.StatusOK))
			require.True(t, left.Result.IsNull())
			require.NotContains(t, string(o.job(id).body), p.ID)
			o.got(o.wire.GetJobResult(context.Background(), id, nil)).refused(http.StatusNotFound, "job_result_unknown")
		}
		o.exportUser(p.ID).refused(http.StatusNotFound, "user_unknown")
		s.fired()
		other.readExport(0).is(http.StatusOK)
	})
}

// What a person may not see elsewhere is in no export of their own, and in an operator's.
func TestClass_Secrets_WhatAPersonsOwnExportLeavesOut(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
				withApplications(settings)
				settings.ProfileSchema.Document = []byte(`{"type":"object","additionalProperties":false,"properties":{"name":{"type":"string"},"locale":{"type":"string"},
					"badge":{"type":"string","x-searchable":true},"risk":{"type":"string","x-user-access":"none","x-searchable":true}}}`)
			})
			p, o := s.somebody(), s.operator(wire.ScopeAll)
			badge, risk, hidden, public := "badge-"+newWord(), "risk-"+newWord(), "hidden-"+newWord(), "public-"+newWord()
			etag := o.user(p.ID).is(http.StatusOK).header.Get("ETag")
			o.patchUser(p.ID, etag, `{"profile":{"badge":"`+badge+`","risk":"`+risk+`"},"private_metadata":{"note":"`+hidden+`"},"public_metadata":{"plan":"`+public+`"}}`).is(http.StatusOK)
			start := p.asking("login", p.prove(p.name, p.password))
			start.ClientID = optional("asking") // whose terms keep the flow going
			s.app().start(start).is(http.StatusCreated)
			text, all := p.exported(), o.result(o.finished(o.exportUser(p.ID)).ID)
			for _, seen := range []string{badge, public, p.name} {
				require.Contains(t, text, seen)
				require.Contains(t, all, seen)
			}
			for _, internal := range []string{risk, hidden, "internal", "metadata_updated", `"key_`} {
				require.NotContains(t, text, internal)
				require.Contains(t, all, internal)
			}
			found := readDocument(t, text)
			require.Contains(t, fmt.Sprint(found.Sections["flows"]), badge)
			require.Len(t, found.Sections["attributes"], 1)
			require.Equal(t, "badge", found.Sections["attributes"][0]["name"])
			require.NotContains(t, found.Sections, "audit")
			require.Len(t, readDocument(t, all).Sections["attributes"], 2)
		})
	}
}
