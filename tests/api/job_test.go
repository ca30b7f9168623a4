package api_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

func (o *operator) job(id string) answer {
	o.t.Helper()
	return o.got(o.wire.GetJob(context.Background(), id))
}

// finished waits for the end of a job that was just started.
func (o *operator) finished(started answer) (ended wire.Job) {
	o.t.Helper()
	made := read[wire.Job](started.is(http.StatusAccepted))
	require.Eventually(o.t, func() bool {
		ended = read[wire.Job](o.job(made.ID).is(http.StatusOK))
		return !ended.FinishedAt.IsNull()
	}, patience, ask, "the job ends")
	return ended
}

// result reads all parts.
func (o *operator) result(id string) (text string) {
	o.t.Helper()
	params := wire.GetJobResultParams{Part: new(int32(0))}
	for {
		part := read[wire.JobResult](o.got(o.wire.GetJobResult(context.Background(), id, &params)).is(http.StatusOK))
		text += part.Text
		if part.NextPart.IsNull() {
			return text
		}
		params.Part = new(part.NextPart.MustGet())
	}
}

func (o *operator) verify(wanted wire.NewAuditVerification) answer {
	o.t.Helper()
	return o.got(o.wire.VerifyAudit(context.Background(), nil, wanted))
}

func (o *operator) export(wanted wire.NewAuditExport) answer {
	o.t.Helper()
	return o.got(o.wire.CreateAuditExport(context.Background(), nil, wanted))
}

func TestJobVerifiesTheAudit(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		s.somebody()
		s.forgetEvents()
		s.recorded()
		o := s.operator(wire.ScopeAuditRead, wire.ScopeJobsRead)
		head := read[wire.AuditHead](o.got(o.wire.GetAuditHead(context.Background())).is(http.StatusOK))
		s.Clock.Advance(time.Second)
		ended := o.finished(o.verify(wire.NewAuditVerification{Expected: &wire.NotedAuditHead{Number: head.Number, Hash: head.Hash}}))
		require.Equal(t, "completed", ended.Status)
		require.Equal(t, "audit:read", ended.Scope)
		require.Equal(t, "api_key", ended.CreatedBy.Kind)
		require.Equal(t, "application/json", ended.Result.MustGet().ContentType)
		require.Equal(t, ended.FinishedAt.MustGet().Add(24*time.Hour), ended.ExpiresAt.MustGet())
		told := s.fired("job.created", "job.completed")
		require.Equal(t, ended.ID, told[0].Subject)
		require.Equal(t, "system", string(told[1].Actor.Kind))
		var found struct {
			Holds   bool  `json:"holds"`
			Records int64 `json:"records"`
		}
		require.NoError(t, json.Unmarshal([]byte(o.result(ended.ID)), &found))
		require.True(t, found.Holds)
		require.GreaterOrEqual(t, found.Records, head.Number)
		require.Equal(t, map[string]any{"type": "audit_verification", "part": float64(0)}, data(t, s.fired("job.result_opened")[0]))

		other := strings.Repeat("0", 64)
		s.Clock.Advance(time.Second)
		ended = o.finished(o.verify(wire.NewAuditVerification{Expected: &wire.NotedAuditHead{Number: head.Number, Hash: other}}))
		require.Equal(t, "completed", ended.Status)
		require.Contains(t, o.result(ended.ID), `"fault":"rewritten"`)
		s.forgetEvents()
		page := read[wire.JobPage](o.got(o.wire.ListJobs(context.Background(), &wire.ListJobsParams{Limit: new(int32(1))})).is(http.StatusOK))
		require.Equal(t, []wire.Job{ended}, page.Items)
		require.False(t, page.NextCursor.IsNull())
	})
}

// An export has what the list has, and needs the scope of the list to be read.
func TestJobExportsTheAudit(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		s.forgetEvents()
		s.recorded()
		o := s.operator(wire.ScopeAuditRead, wire.ScopeJobsRead, wire.ScopeJobsWrite)
		ended := o.finished(o.export(wire.NewAuditExport{Format: wire.AuditExportFormatNdjson, UserID: &p.ID}))
		s.fired("job.created", "job.completed")
		require.Equal(t, "application/x-ndjson", ended.Result.MustGet().ContentType)
		var lines []wire.AuditEntry
		for text := range strings.Lines(o.result(ended.ID)) {
			var entry wire.AuditEntry
			require.NoError(t, json.Unmarshal([]byte(text), &entry))
			lines = append(lines, entry)
		}
		require.Equal(t, o.audited(wire.ListAuditEntriesParams{UserID: &p.ID, Order: new(wire.AuditOrderOldest)}), lines)
		s.forgetEvents()

		table := o.finished(o.export(wire.NewAuditExport{Format: wire.AuditExportFormatCsv, Type: optional("session"), UserID: &p.ID}))
		rows, err := csv.NewReader(strings.NewReader(o.result(table.ID))).ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, 2)
		require.Equal(t, "text/csv", table.Result.MustGet().ContentType)
		s.forgetEvents()

		poor := s.operator(wire.ScopeJobsRead)
		poor.job(ended.ID).is(http.StatusOK)
		poor.got(poor.wire.GetJobResult(context.Background(), ended.ID, nil)).refused(http.StatusForbidden, "scope_missing")
		o.got(o.wire.GetJobResult(context.Background(), ended.ID, &wire.GetJobResultParams{Part: new(int32(1))})).refused(http.StatusNotFound, "job_result_unknown")
		o.got(o.wire.CancelJob(context.Background(), ended.ID)).refused(http.StatusConflict, "job_finished")
		unknown := madeUp().ids["job_id"]
		o.job(unknown).refused(http.StatusNotFound, "job_unknown")
		o.got(o.wire.CancelJob(context.Background(), unknown)).refused(http.StatusNotFound, "job_unknown")
		o.got(o.wire.GetJobResult(context.Background(), unknown, nil)).refused(http.StatusNotFound, "job_unknown")
		s.fired()

		// Who is erased is in no result any more.
		first := s.first()
		first.got(first.wire.DeleteUser(context.Background(), p.ID, &wire.DeleteUserParams{AtOnce: new(true)})).is(http.StatusOK)
		s.forgetEvents()
		require.True(t, read[wire.Job](o.job(ended.ID).is(http.StatusOK)).Result.IsNull())
		o.got(o.wire.GetJobResult(context.Background(), ended.ID, nil)).refused(http.StatusNotFound, "job_result_unknown")
		s.fired()
	})
}

func TestJobIsStartedOncePerIdempotencyKey(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		o := s.operator(wire.ScopeAuditRead, wire.ScopeJobsRead)
		once := &wire.VerifyAuditParams{IdempotencyKey: optional(newWord() + "-once")}
		made := o.got(o.wire.VerifyAudit(context.Background(), once, wire.NewAuditVerification{}))
		again := o.got(o.wire.VerifyAudit(context.Background(), once, wire.NewAuditVerification{}))
		require.Equal(t, read[wire.Job](made).ID, read[wire.Job](again).ID)
		o.finished(made)
		s.fired("job.created", "job.completed")
	})
}

// A job that is cancelled in time ends so, and one that is over stays what it was.
func TestJobIsCancelled(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		all := s.first()
		cancel := func(id string) answer { return all.got(all.wire.CancelJob(context.Background(), id)) }
		require.Eventually(t, func() bool { // a worker may be faster
			started := all.verify(wire.NewAuditVerification{})
			made := read[wire.Job](started.is(http.StatusAccepted))
			if cancel(made.ID).status != http.StatusOK {
				return false
			}
			require.Equal(t, "cancelled", all.finished(started).Status)
			return true
		}, patience, look)
		s.forgetEvents()
		done := all.finished(all.verify(wire.NewAuditVerification{}))
		s.forgetEvents()
		cancel(done.ID).refused(http.StatusConflict, "job_finished")
		s.fired()
	})
}
