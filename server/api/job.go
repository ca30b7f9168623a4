package api

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/job"
)

// The types of job.
const (
	JobAuditVerification = "audit_verification"
	JobAuditExport       = "audit_export"
)

// jobAPI is the jobs' part of the contract.
type jobAPI struct {
	jobs *job.Service
}

// ListJobs lists the tenant's jobs.
func (a jobAPI) ListJobs(ctx context.Context, request gen.ListJobsRequestObject) (gen.ListJobsResponseObject, error) {
	var before job.ID
	limit, err := fromAPIPage(&before, request.Params.Cursor, request.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.jobs.List(ctx, before, limit)
	if err != nil {
		return nil, err
	}
	out := gen.ListJobs200JSONResponse{Items: make([]gen.Job, len(page.Items)), NextCursor: toAPICursor(page.Next)}
	for i, one := range page.Items {
		out.Items[i] = toAPIJob(one)
	}
	return out, nil
}

// GetJob answers how far a job is.
func (a jobAPI) GetJob(ctx context.Context, request gen.GetJobRequestObject) (gen.GetJobResponseObject, error) {
	wanted, err := fromAPIJobID(request.JobID)
	if err != nil {
		return nil, err
	}
	found, err := a.jobs.ByID(ctx, wanted)
	if err != nil {
		return nil, err
	}
	return gen.GetJob200JSONResponse(toAPIJob(found)), nil
}

// CancelJob ends a job that has not ended.
func (a jobAPI) CancelJob(ctx context.Context, request gen.CancelJobRequestObject) (gen.CancelJobResponseObject, error) {
	wanted, err := fromAPIJobID(request.JobID)
	if err != nil {
		return nil, err
	}
	cancelled, err := a.jobs.Cancel(ctx, wanted)
	if err != nil {
		return nil, err
	}
	return gen.CancelJob200JSONResponse(toAPIJob(cancelled)), nil
}

// GetJobResult answers a part of what a job has made, to who could have started it.
func (a jobAPI) GetJobResult(ctx context.Context, request gen.GetJobResultRequestObject) (gen.GetJobResultResponseObject, error) {
	wanted, err := fromAPIJobID(request.JobID)
	if err != nil {
		return nil, err
	}
	result, err := a.jobs.Result(ctx, wanted, int(given(request.Params.Part)), func(scope string) error {
		if !apikey.Holds(requestOf(ctx).scopes(), apikey.Scope(scope)) {
			return apikey.ErrScopeMissing.Member("scope", scope)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return gen.GetJobResult200JSONResponse(toAPIJobResult(result)), nil
}

// VerifyAudit has the chain verified.
func (a jobAPI) VerifyAudit(ctx context.Context, request gen.VerifyAuditRequestObject) (gen.VerifyAuditResponseObject, error) {
	asked := audit.VerificationAsked{Number: 0, Hash: ""}
	if noted := request.Body.Expected; noted != nil {
		asked.Number, asked.Hash = noted.Number, noted.Hash
	}
	made, err := a.jobs.Start(ctx, JobAuditVerification, requestOf(ctx).operation.Scope, asked)
	if err != nil {
		return nil, err
	}
	return gen.VerifyAudit202JSONResponse(toAPIJob(made)), nil
}

// CreateAuditExport has what happened exported.
func (a jobAPI) CreateAuditExport(ctx context.Context, request gen.CreateAuditExportRequestObject) (gen.CreateAuditExportResponseObject, error) {
	body := request.Body
	made, err := a.jobs.Start(ctx, JobAuditExport, requestOf(ctx).operation.Scope, audit.ExportAsked{
		Format: string(body.Format), Type: given(body.Type), ActorID: given(body.ActorID), Subject: given(body.Subject), Person: given(body.UserID),
		From: given(body.FromTime), Before: given(body.BeforeTime), Above: given(body.AfterNumber),
	})
	if err != nil {
		return nil, err
	}
	return gen.CreateAuditExport202JSONResponse(toAPIJob(made)), nil
}

func fromAPIJobID(text string) (job.ID, error) {
	var wanted job.ID
	if wanted.UnmarshalText([]byte(text)) != nil {
		return wanted, job.ErrUnknown
	}
	return wanted, nil
}

func toAPIJob(from job.Job) gen.Job {
	return gen.Job{
		ID: from.ID.String(), Type: from.Type, Status: string(from.Status), Progress: gen.JobProgress{Done: from.Done, Total: from.Total},
		Scope: from.Scope, CreatedBy: gen.JobActor{Kind: string(from.By.Kind), ID: toAPIText(from.By.ID)}, ErrorCode: toAPIText(from.Code),
		Result: toAPIOutcome(from), CreatedAt: from.CreatedAt, StartedAt: toAPITime(from.StartedAt),
		FinishedAt: toAPITime(from.FinishedAt), ExpiresAt: toAPITime(from.ExpiresAt),
	}
}

func toAPIJobResult(from job.Result) gen.JobResult {
	out := gen.JobResult{
		ContentType: from.Job.ContentType, Part: int32(from.Part), NextPart: nullable.NewNullNullable[int32](), Text: from.Text,
	}
	if !from.Last {
		out.NextPart = nullable.NewNullableWithValue(int32(from.Part + 1))
	}
	return out
}

func toAPIOutcome(from job.Job) nullable.Nullable[gen.JobOutcome] {
	if from.Status != job.Completed || from.Parts == 0 {
		return nullable.NewNullNullable[gen.JobOutcome]()
	}
	return nullable.NewNullableWithValue(gen.JobOutcome{ContentType: from.ContentType, Parts: int32(from.Parts), Bytes: from.Bytes})
}
