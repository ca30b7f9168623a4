package api

import (
	"context"
	"encoding/json"
	"time"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/invitation"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/user"
)

// invitationAPI is the part of the contract on who is invited.
type invitationAPI struct{ invitations *invitation.Service }

// ListInvitations lists whom somebody has invited.
func (a invitationAPI) ListInvitations(ctx context.Context, request gen.ListInvitationsRequestObject) (gen.ListInvitationsResponseObject, error) {
	var before invitation.ID
	limit, err := fromAPIPage(&before, request.Params.Cursor, request.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.invitations.List(ctx, invitation.Status(given(request.Params.Status)), given(request.Params.Identifier), before, limit)
	if err != nil {
		return nil, err
	}
	out := gen.ListInvitations200JSONResponse{Items: make([]gen.Invitation, len(page.Items)), NextCursor: toAPICursor(page.Next)}
	for i, one := range page.Items {
		out.Items[i] = a.toAPIInvitation(one)
	}
	return out, nil
}

// CreateInvitation invites somebody.
func (a invitationAPI) CreateInvitation(ctx context.Context, request gen.CreateInvitationRequestObject) (gen.CreateInvitationResponseObject, error) {
	body := request.Body
	wanted := invitation.Wanted{
		Type: user.IdentifierType(body.Identifier.Type), Value: body.Identifier.Value, ClientID: body.ClientID, Locale: given(body.Locale), Profile: given(body.Profile),
		Lifetime: time.Duration(given(body.ExpiresInSeconds)) * time.Second, Delivery: invitation.Delivery(given(body.Delivery)),
	}
	issued, err := a.invitations.Create(ctx, wanted)
	if err != nil {
		return nil, err
	}
	return gen.CreateInvitation201JSONResponse(a.toAPIIssued(issued)), nil
}

// GetInvitation answers where an invitation stands.
func (a invitationAPI) GetInvitation(ctx context.Context, request gen.GetInvitationRequestObject) (gen.GetInvitationResponseObject, error) {
	wanted, err := fromAPIInvitationID(request.InvitationID)
	if err != nil {
		return nil, err
	}
	found, err := a.invitations.ByID(ctx, wanted)
	if err != nil {
		return nil, err
	}
	return gen.GetInvitation200JSONResponse(a.toAPIInvitation(found)), nil
}

// RevokeInvitation has an invitation be worth nothing.
func (a invitationAPI) RevokeInvitation(ctx context.Context, request gen.RevokeInvitationRequestObject) (gen.RevokeInvitationResponseObject, error) {
	wanted, err := fromAPIInvitationID(request.InvitationID)
	if err != nil {
		return nil, err
	}
	if err := a.invitations.Revoke(ctx, wanted); err != nil {
		return nil, err
	}
	return gen.RevokeInvitation204Response{}, nil
}

// ResendInvitation delivers another token.
func (a invitationAPI) ResendInvitation(ctx context.Context, request gen.ResendInvitationRequestObject) (gen.ResendInvitationResponseObject, error) {
	wanted, err := fromAPIInvitationID(request.InvitationID)
	if err != nil {
		return nil, err
	}
	issued, err := a.invitations.Send(ctx, wanted)
	if err != nil {
		return nil, err
	}
	return gen.ResendInvitation200JSONResponse(a.toAPIIssued(issued)), nil
}

// OpenInvitation tells whoever has its link what an invitation is for.
func (a invitationAPI) OpenInvitation(ctx context.Context, request gen.OpenInvitationRequestObject) (gen.OpenInvitationResponseObject, error) {
	shown, err := a.invitations.Open(ctx, secret.NewText(request.Body.InvitationToken))
	if err != nil {
		return nil, err
	}
	return gen.OpenInvitation200JSONResponse{
		ClientID: shown.ClientID, Inviter: shown.Inviter, Channel: string(shown.Channel), To: shown.To, ExpiresAt: shown.ExpiresAt,
	}, nil
}

func fromAPIInvitationID(text string) (invitation.ID, error) {
	var wanted invitation.ID
	if wanted.UnmarshalText([]byte(text)) != nil {
		return wanted, invitation.ErrUnknown
	}
	return wanted, nil
}

func (a invitationAPI) toAPIIssued(from invitation.Issued) gen.IssuedInvitation {
	return gen.IssuedInvitation{Invitation: a.toAPIInvitation(from.Opened), InvitationToken: toAPISecret(from.Token), InvitationLink: toAPISecret(from.Link)}
}

func (a invitationAPI) toAPIInvitation(from invitation.Opened) gen.Invitation {
	profile := from.Profile
	if profile == nil {
		profile = json.RawMessage("{}")
	}
	out := gen.Invitation{
		ID: from.ID.String(), ApplicationID: from.Application.String(), Identifier: gen.InvitationAddress{Type: string(from.To.Type), Value: from.To.Value},
		Locale: toAPIText(from.Locale), Profile: profile, Delivery: string(from.Delivery), Status: string(a.invitations.Now(from.Invitation)),
		InvitedBy: gen.InvitationActor{Kind: string(from.By.Kind), ID: optionalText[string](from.By.ID)}, UserID: toAPIText(""),
		CreatedAt: from.CreatedAt, SentAt: from.SentAt, ExpiresAt: from.ExpiresAt, AcceptedAt: toAPITime(from.AcceptedAt), RevokedAt: toAPITime(from.RevokedAt),
	}
	if !from.User.IsZero() {
		out.UserID = toAPIText(from.User.String())
	}
	return out
}

// ListMyInvitations lists whom the signed-in user has invited.
func (a invitationAPI) ListMyInvitations(ctx context.Context, request gen.ListMyInvitationsRequestObject) (gen.ListMyInvitationsResponseObject, error) {
	var before invitation.ID
	limit, err := fromAPIPage(&before, request.Params.Cursor, request.Params.Limit)
	if err != nil {
		return nil, err
	}
	current := requestOf(ctx).session.Session
	page, err := a.invitations.ListOwn(ctx, current.UserID, current.ApplicationID, before, limit)
	if err != nil {
		return nil, err
	}
	out := gen.ListMyInvitations200JSONResponse{Items: make([]gen.MyInvitation, len(page.Items)), NextCursor: toAPICursor(page.Next)}
	for i, one := range page.Items {
		out.Items[i] = a.toAPIMyInvitation(one)
	}
	return out, nil
}

// CreateMyInvitation invites somebody in the name of the signed-in user.
func (a invitationAPI) CreateMyInvitation(ctx context.Context, request gen.CreateMyInvitationRequestObject) (gen.CreateMyInvitationResponseObject, error) {
	signedIn := requestOf(ctx).session
	if err := signedIn.RequirePerson(); err != nil {
		return nil, err
	}
	wanted := invitation.Own{
		By: signedIn.Session.UserID, At: signedIn.Session.ApplicationID, Type: user.IdentifierType(request.Body.Identifier.Type), Value: request.Body.Identifier.Value,
		Locale: given(request.Body.Locale),
	}
	made, err := a.invitations.CreateOwn(ctx, wanted)
	if err != nil {
		return nil, err
	}
	return gen.CreateMyInvitation201JSONResponse(a.toAPIMyInvitation(made)), nil
}

// RevokeMyInvitation has an invitation of the signed-in user be worth nothing.
func (a invitationAPI) RevokeMyInvitation(ctx context.Context, request gen.RevokeMyInvitationRequestObject) (gen.RevokeMyInvitationResponseObject, error) {
	wanted, err := fromAPIInvitationID(request.InvitationID)
	if err != nil {
		return nil, err
	}
	signedIn := requestOf(ctx).session
	if err := signedIn.RequirePerson(); err != nil {
		return nil, err
	}
	if err := a.invitations.RevokeOwn(ctx, signedIn.Session.UserID, wanted); err != nil {
		return nil, err
	}
	return gen.RevokeMyInvitation204Response{}, nil
}

func (a invitationAPI) toAPIMyInvitation(from invitation.Opened) gen.MyInvitation {
	return gen.MyInvitation{
		ID: from.ID.String(), Identifier: gen.InvitationAddress{Type: string(from.To.Type), Value: from.To.Value}, Status: string(a.invitations.Now(from.Invitation)),
		CreatedAt: from.CreatedAt, SentAt: from.SentAt, ExpiresAt: from.ExpiresAt, AcceptedAt: toAPITime(from.AcceptedAt), RevokedAt: toAPITime(from.RevokedAt),
	}
}
