package api

import (
	"context"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/export"
	"github.com/lintel-id/lintel/server/job"
	"github.com/lintel-id/lintel/server/session"
)

// userExportAPI is what people, and whoever manages the tenant, have exported.
type userExportAPI struct{ export *export.Service }

// CreateExport begins an export for the signed-in user.
func (a userExportAPI) CreateExport(ctx context.Context, _ gen.CreateExportRequestObject) (gen.CreateExportResponseObject, error) {
	begun, err := a.export.BeginOwn(ctx, requestOf(ctx).session.Session.UserID)
	if err != nil {
		return nil, err
	}
	return gen.CreateExport202JSONResponse(toAPIExport(begun)), nil
}

// GetExport answers how far the signed-in user's newest export is, and nobody who acts in
// their name.
func (a userExportAPI) GetExport(ctx context.Context, _ gen.GetExportRequestObject) (gen.GetExportResponseObject, error) {
	own := requestOf(ctx).session.Session
	if own.Act != nil {
		return nil, session.ErrImpersonated
	}
	found, err := a.export.Own(ctx, own.UserID)
	if err != nil {
		return nil, err
	}
	return gen.GetExport200JSONResponse(toAPIExport(found)), nil
}

// GetExportResult answers a part of it.
func (a userExportAPI) GetExportResult(ctx context.Context, request gen.GetExportResultRequestObject) (gen.GetExportResultResponseObject, error) {
	result, err := a.export.OwnResult(ctx, requestOf(ctx).session.Session.UserID, int(given(request.Params.Part)))
	if err != nil {
		return nil, err
	}
	return gen.GetExportResult200JSONResponse(toAPIJobResult(result)), nil
}

// ExportUser begins an export of a user for whoever manages the tenant.
func (a userExportAPI) ExportUser(ctx context.Context, request gen.ExportUserRequestObject) (gen.ExportUserResponseObject, error) {
	wanted, err := fromAPIUserID(request.UserID)
	if err != nil {
		return nil, err
	}
	begun, err := a.export.Begin(ctx, wanted)
	if err != nil {
		return nil, err
	}
	return gen.ExportUser202JSONResponse(toAPIJob(begun)), nil
}

func toAPIExport(from job.Job) gen.UserExport {
	return gen.UserExport{
		ID: from.ID.String(), Status: string(from.Status), Progress: gen.JobProgress{Done: from.Done, Total: from.Total},
		ErrorCode: toAPIText(from.Code), Result: toAPIOutcome(from), CreatedAt: from.CreatedAt,
		FinishedAt: toAPITime(from.FinishedAt), ExpiresAt: toAPITime(from.ExpiresAt),
	}
}
