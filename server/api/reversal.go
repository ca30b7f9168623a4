package api

import (
	"context"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/reversal"
)

// reversalAPI is the part of the contract about ways back.
type reversalAPI struct {
	reversals *reversal.Service
}

// OpenReversal tells what a link undoes.
func (a reversalAPI) OpenReversal(ctx context.Context, request gen.OpenReversalRequestObject) (gen.OpenReversalResponseObject, error) {
	opened, err := a.reversals.Open(ctx, secret.NewText(request.Body.UndoToken))
	if err != nil {
		return nil, err
	}
	return gen.OpenReversal200JSONResponse{
		Kind: "identifier_removed", IdentifierType: string(opened.Type), Identifier: opened.Masked,
		RemovedAt: opened.RemovedAt, ExpiresAt: opened.ExpiresAt,
	}, nil
}

// UseReversal undoes it.
func (a reversalAPI) UseReversal(ctx context.Context, request gen.UseReversalRequestObject) (gen.UseReversalResponseObject, error) {
	if err := a.reversals.Use(ctx, secret.NewText(request.Body.UndoToken)); err != nil {
		return nil, err
	}
	return gen.UseReversal204Response{}, nil
}
