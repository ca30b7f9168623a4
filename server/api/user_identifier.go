package api

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/server/user/own"
)

// ListIdentifiers lists what finds the signed-in user.
func (a userAPI) ListIdentifiers(ctx context.Context, request gen.ListIdentifiersRequestObject) (gen.ListIdentifiersResponseObject, error) {
	var after user.IdentifierID
	limit, err := fromAPIPage(&after, request.Params.Cursor, request.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.users.ListIdentifiers(ctx, requestOf(ctx).session.Session.UserID, after, limit)
	if err != nil {
		return nil, err
	}
	body := gen.ListIdentifiers200JSONResponse{Items: make([]gen.Identifier, len(page.Items)), NextCursor: toAPICursor(page.Next)}
	for i, item := range page.Items {
		body.Items[i] = toAPIIdentifier(item)
	}
	return body, nil
}

// AddIdentifier adds one of a type that the session's application takes.
func (a userAPI) AddIdentifier(ctx context.Context, request gen.AddIdentifierRequestObject) (gen.AddIdentifierResponseObject, error) {
	current := requestOf(ctx).session.Session
	app, err := a.applications.ByID(ctx, current.ApplicationID)
	if err != nil {
		return nil, err
	}
	wanted := own.Added{Type: "", Value: request.Body.Value, Allowed: step.Unproven(app), From: a.from(ctx)}
	if request.Body.Type != nil {
		wanted.Type = user.IdentifierType(*request.Body.Type)
	}
	added, err := a.identifiers.Add(ctx, current.UserID, wanted)
	if err != nil {
		return nil, err
	}
	return gen.AddIdentifier201JSONResponse(toAPIIdentifier(added)), nil
}

// UpdateIdentifier makes an identifier the primary one, which is all that changes.
func (a userAPI) UpdateIdentifier(ctx context.Context, request gen.UpdateIdentifierRequestObject) (gen.UpdateIdentifierResponseObject, error) {
	wanted, err := fromAPIIdentifierID(request.IdentifierID)
	if err != nil {
		return nil, err
	}
	if request.Body.Primary == nil || !*request.Body.Primary {
		return nil, neverSecondary()
	}
	changed, err := a.identifiers.MakePrimary(ctx, requestOf(ctx).session.Session.UserID, wanted)
	if err != nil {
		return nil, err
	}
	return gen.UpdateIdentifier200JSONResponse(toAPIIdentifier(changed)), nil
}

// neverSecondary is for who would make an identifier the second choice.
func neverSecondary() error {
	return ErrInvalid.At(fault.Field{Pointer: "/primary", Code: "enum", Detail: "This is not one of the known values."})
}

// RemoveIdentifier frees an identifier.
func (a userAPI) RemoveIdentifier(ctx context.Context, request gen.RemoveIdentifierRequestObject) (gen.RemoveIdentifierResponseObject, error) {
	wanted, err := fromAPIIdentifierID(request.IdentifierID)
	if err != nil {
		return nil, err
	}
	if err := a.identifiers.Remove(ctx, requestOf(ctx).session.Session.UserID, wanted, a.from(ctx)); err != nil {
		return nil, err
	}
	return gen.RemoveIdentifier204Response{}, nil
}

// from is where the signed-in user makes a change.
func (a userAPI) from(ctx context.Context) own.From {
	return own.From{Application: requestOf(ctx).session.Session.ApplicationID.String()}
}

func fromAPIIdentifierID(text string) (user.IdentifierID, error) {
	var wanted user.IdentifierID
	if err := wanted.UnmarshalText([]byte(text)); err != nil {
		return user.IdentifierID{}, user.ErrIdentifierUnknown
	}
	return wanted, nil
}

func toAPIIdentifier(held user.Identifier) gen.Identifier {
	out := gen.Identifier{ID: held.ID.String(), Type: string(held.Type), Value: held.Value, Primary: held.Primary}
	out.VerifiedAt.SetNull()
	if held.VerifiedAt != nil {
		out.VerifiedAt = nullable.NewNullableWithValue(*held.VerifiedAt)
	}
	return out
}
