package api

import (
	"context"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// OpenLink tells what a link is for.
func (a flowAPI) OpenLink(ctx context.Context, request gen.OpenLinkRequestObject) (gen.OpenLinkResponseObject, error) {
	link, err := fromAPILink(request.FlowID, request.Body.LinkToken)
	if err != nil {
		return nil, err
	}
	opened, err := a.flows.OpenLink(ctx, link)
	if err != nil {
		return nil, err
	}
	return gen.OpenLink200JSONResponse{
		Journey: opened.Journey, ClientID: opened.ClientID, Device: opened.AskedBy.Device, Address: opened.AskedBy.Address,
		Elsewhere: string(opened.Elsewhere), OneTimeCode: toAPISecret(opened.Code), ExpiresAt: opened.ExpiresAt,
	}, nil
}

// ApproveLink lets the flow of a link go on.
func (a flowAPI) ApproveLink(ctx context.Context, request gen.ApproveLinkRequestObject) (gen.ApproveLinkResponseObject, error) {
	link, err := fromAPILink(request.FlowID, request.Body.LinkToken)
	if err != nil {
		return nil, err
	}
	if err := a.flows.ApproveLink(ctx, link); err != nil {
		return nil, err
	}
	return gen.ApproveLink204Response{}, nil
}

func fromAPILink(flowID, token string) (flow.Link, error) {
	link := flow.Link{ID: flow.ID{}, Token: secret.NewText(token)}
	if err := link.ID.UnmarshalText([]byte(flowID)); err != nil {
		return flow.Link{}, code.ErrLink
	}
	return link, nil
}
