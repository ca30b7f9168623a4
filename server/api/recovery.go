package api

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/recovery"
)

// recoveryAPI is the recovery's part of the contract.
type recoveryAPI struct{ recoveries *recovery.Service }

// StartUserRecovery starts the recovery of an account.
func (a recoveryAPI) StartUserRecovery(ctx context.Context, request gen.StartUserRecoveryRequestObject) (gen.StartUserRecoveryResponseObject, error) {
	owner, err := fromAPIUserID(request.UserID)
	if err != nil {
		return nil, err
	}
	started, err := a.recoveries.Start(ctx, recovery.Start{
		Owner: owner, Value: request.Body.Value, ClientID: given(request.Body.ClientID),
		Waiting: time.Duration(given(request.Body.WaitingSeconds)) * time.Second,
	})
	if err != nil {
		return nil, err
	}
	return gen.StartUserRecovery201JSONResponse(toAPIRecovery(started)), nil
}

// GetUserRecovery reads the last recovery of an account.
func (a recoveryAPI) GetUserRecovery(ctx context.Context, request gen.GetUserRecoveryRequestObject) (gen.GetUserRecoveryResponseObject, error) {
	owner, err := fromAPIUserID(request.UserID)
	if err != nil {
		return nil, err
	}
	found, err := a.recoveries.Read(ctx, owner)
	if err != nil {
		return nil, err
	}
	return gen.GetUserRecovery200JSONResponse(toAPIRecovery(found)), nil
}

// StopUserRecovery ends the recovery of an account.
func (a recoveryAPI) StopUserRecovery(ctx context.Context, request gen.StopUserRecoveryRequestObject) (gen.StopUserRecoveryResponseObject, error) {
	owner, err := fromAPIUserID(request.UserID)
	if err != nil {
		return nil, err
	}
	if err := a.recoveries.Stop(ctx, owner); err != nil {
		return nil, err
	}
	return gen.StopUserRecovery204Response{}, nil
}

// OpenRecovery tells what the link of a notice can stop.
func (a recoveryAPI) OpenRecovery(ctx context.Context, request gen.OpenRecoveryRequestObject) (gen.OpenRecoveryResponseObject, error) {
	masked, found, err := a.recoveries.Follow(ctx, secret.NewText(request.Body.RecoveryToken))
	if err != nil {
		return nil, err
	}
	return gen.OpenRecovery200JSONResponse{Masked: masked, OpensAt: found.OpensAt, ExpiresAt: found.ExpiresAt}, nil
}

// StopRecovery ends a recovery by the link of a notice.
func (a recoveryAPI) StopRecovery(ctx context.Context, request gen.StopRecoveryRequestObject) (gen.StopRecoveryResponseObject, error) {
	if err := a.recoveries.Object(ctx, secret.NewText(request.Body.RecoveryToken)); err != nil {
		return nil, err
	}
	return gen.StopRecovery204Response{}, nil
}

func toAPIRecovery(from recovery.Opened) gen.Recovery {
	return gen.Recovery{
		UserID: from.UserID.String(), Status: string(from.Stands), IdentifierType: string(from.Type), Value: from.Value, ClientID: from.ClientID,
		CreatedAt: from.CreatedAt, OpensAt: from.OpensAt, ExpiresAt: from.ExpiresAt, EndedAt: from.EndedAt,
	}
}
