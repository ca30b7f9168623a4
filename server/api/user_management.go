package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/erasure"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/provisioning"
	"github.com/lintel-id/lintel/server/user"
)

// userManagementAPI is what whoever manages the tenant does with users.
type userManagementAPI struct {
	users        *user.Service
	provisioning *provisioning.Service
	erasure      *erasure.Service
	clock        clock.Clock
}

// CreateUser makes a user.
func (a userManagementAPI) CreateUser(ctx context.Context, request gen.CreateUserRequestObject) (gen.CreateUserResponseObject, error) {
	input := provisioning.NewUser{
		Profile:  fromAPIOpen(request.Body.Profile),
		Metadata: provisioning.Metadata{Public: fromAPIOpen(request.Body.PublicMetadata), Private: fromAPIOpen(request.Body.PrivateMetadata)},
	}
	for _, given := range request.Body.Identifiers {
		input.Identifiers = append(input.Identifiers, a.fromAPIIdentifier(given))
	}
	if request.Body.Password != nil {
		input.Password = secret.NewText(*request.Body.Password)
	}
	made, err := a.provisioning.Create(ctx, input)
	if err != nil {
		return nil, err
	}
	return gen.CreateUser201JSONResponse{Body: toAPIUserRecord(made), Headers: gen.CreateUser201ResponseHeaders{ETag: toAPIETag(made.Version)}}, nil
}

// GetUser answers a user of any status.
func (a userManagementAPI) GetUser(ctx context.Context, request gen.GetUserRequestObject) (gen.GetUserResponseObject, error) {
	wanted, err := fromAPIUserID(request.UserID)
	if err != nil {
		return nil, err
	}
	found, err := a.users.ByID(ctx, wanted)
	if err != nil {
		return nil, err
	}
	return gen.GetUser200JSONResponse{Body: toAPIUserRecord(found), Headers: gen.GetUser200ResponseHeaders{ETag: toAPIETag(found.Version)}}, nil
}

// UpdateUser merges a patch into the profile.
func (a userManagementAPI) UpdateUser(ctx context.Context, request gen.UpdateUserRequestObject) (gen.UpdateUserResponseObject, error) {
	wanted, err := fromAPIUserID(request.UserID)
	if err != nil {
		return nil, err
	}
	version, err := fromAPIETag(&request.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	profile, metadata := json.RawMessage("{}"), provisioning.Metadata{}
	err = errors.Join(
		fromAPIMap(&profile, request.Body.Profile), fromAPIMap(&metadata.Public, request.Body.PublicMetadata),
		fromAPIMap(&metadata.Private, request.Body.PrivateMetadata),
	)
	if err != nil {
		return nil, err
	}
	changed, err := a.provisioning.Change(ctx, wanted, *version, profile, metadata)
	if err != nil {
		return nil, err
	}
	return gen.UpdateUser200JSONResponse{Body: toAPIUserRecord(changed), Headers: gen.UpdateUser200ResponseHeaders{ETag: toAPIETag(changed.Version)}}, nil
}

// DeleteUser deletes a user, or schedules it.
func (a userManagementAPI) DeleteUser(ctx context.Context, request gen.DeleteUserRequestObject) (gen.DeleteUserResponseObject, error) {
	wanted, err := fromAPIUserID(request.UserID)
	if err != nil {
		return nil, err
	}
	deletion, err := a.erasure.Discard(ctx, wanted, given(request.Params.AtOnce))
	if err != nil {
		return nil, err
	}
	return gen.DeleteUser200JSONResponse{Status: string(deletion.Status), DeleteAt: deletion.DeleteAt}, nil
}

// SuspendUser keeps a user out.
func (a userManagementAPI) SuspendUser(ctx context.Context, request gen.SuspendUserRequestObject) (gen.SuspendUserResponseObject, error) {
	body, etag, err := changed(ctx, request.UserID, a.users.Suspend)
	return gen.SuspendUser200JSONResponse{Body: body, Headers: gen.SuspendUser200ResponseHeaders{ETag: etag}}, err
}

// ReactivateUser lets a suspended user back in.
func (a userManagementAPI) ReactivateUser(ctx context.Context, request gen.ReactivateUserRequestObject) (gen.ReactivateUserResponseObject, error) {
	body, etag, err := changed(ctx, request.UserID, a.users.Reactivate)
	return gen.ReactivateUser200JSONResponse{Body: body, Headers: gen.ReactivateUser200ResponseHeaders{ETag: etag}}, err
}

// RestoreUser takes back a deletion.
func (a userManagementAPI) RestoreUser(ctx context.Context, request gen.RestoreUserRequestObject) (gen.RestoreUserResponseObject, error) {
	body, etag, err := changed(ctx, request.UserID, a.users.Restore)
	return gen.RestoreUser200JSONResponse{Body: body, Headers: gen.RestoreUser200ResponseHeaders{ETag: etag}}, err
}

// changed is the user that the id names, after what is done to them.
func changed(ctx context.Context, text string, alter func(ctx context.Context, id user.ID) (user.User, error)) (gen.UserRecord, *string, error) {
	wanted, err := fromAPIUserID(text)
	if err != nil {
		return gen.UserRecord{}, nil, err
	}
	after, err := alter(ctx, wanted)
	if err != nil {
		return gen.UserRecord{}, nil, err
	}
	return toAPIUserRecord(after), toAPIETag(after.Version), nil
}

// AddUserIdentifier gives a user one more identifier.
func (a userManagementAPI) AddUserIdentifier(ctx context.Context, request gen.AddUserIdentifierRequestObject) (gen.AddUserIdentifierResponseObject, error) {
	wanted, err := fromAPIUserID(request.UserID)
	if err != nil {
		return nil, err
	}
	added, _, err := a.users.AddIdentifier(ctx, wanted, a.fromAPIIdentifier(*request.Body))
	if err != nil {
		return nil, err
	}
	return gen.AddUserIdentifier201JSONResponse(toAPIIdentifier(added)), nil
}

// UpdateUserIdentifier changes one of a user's identifiers.
func (a userManagementAPI) UpdateUserIdentifier(ctx context.Context, request gen.UpdateUserIdentifierRequestObject) (gen.UpdateUserIdentifierResponseObject, error) {
	wanted, err := fromAPIUserID(request.UserID)
	if err != nil {
		return nil, err
	}
	identifier, err := fromAPIIdentifierID(request.IdentifierID)
	if err != nil {
		return nil, err
	}
	version, err := fromAPIETag(&request.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	if request.Body.Primary != nil && !*request.Body.Primary {
		return nil, neverSecondary()
	}
	changed, after, err := a.users.ChangeIdentifier(ctx, wanted, identifier, version, user.IdentifierChange{
		Primary: given(request.Body.Primary), Verified: request.Body.Verified,
	})
	if err != nil {
		return nil, err
	}
	return gen.UpdateUserIdentifier200JSONResponse{
		Body: toAPIIdentifier(changed), Headers: gen.UpdateUserIdentifier200ResponseHeaders{ETag: toAPIETag(after)},
	}, nil
}

// RemoveUserIdentifier frees one of a user's identifiers.
func (a userManagementAPI) RemoveUserIdentifier(ctx context.Context, request gen.RemoveUserIdentifierRequestObject) (gen.RemoveUserIdentifierResponseObject, error) {
	wanted, err := fromAPIUserID(request.UserID)
	if err != nil {
		return nil, err
	}
	identifier, err := fromAPIIdentifierID(request.IdentifierID)
	if err != nil {
		return nil, err
	}
	if _, err := a.users.RemoveIdentifier(ctx, wanted, identifier); err != nil {
		return nil, err
	}
	return gen.RemoveUserIdentifier204Response{}, nil
}

func (a userManagementAPI) fromAPIIdentifier(given gen.NewUserIdentifier) user.IdentifierInput {
	input := user.IdentifierInput{Type: user.Detect(given.Value), Value: given.Value, VerifiedAt: nil}
	if given.Type != nil {
		input.Type = user.IdentifierType(*given.Type)
	}
	if given.Verified != nil && *given.Verified {
		now := a.clock.Now()
		input.VerifiedAt = &now
	}
	return input
}

// fromAPIMap writes an open object into a text, where there is one.
func fromAPIMap[M ~map[string]any](into *json.RawMessage, object *M) error {
	if object == nil {
		return nil
	}
	text, err := json.Marshal(object)
	if err != nil {
		return fmt.Errorf("object: %w", err)
	}
	*into = text
	return nil
}

func fromAPIUserID(text string) (user.ID, error) {
	var wanted user.ID
	if wanted.UnmarshalText([]byte(text)) != nil {
		return wanted, user.ErrUnknown
	}
	return wanted, nil
}

// fromAPIOpen is an open object as it was written, which the edge has read already;
// none where there is none.
func fromAPIOpen(object *json.RawMessage) json.RawMessage {
	if object == nil {
		return nil
	}
	return *object
}

// toAPIOpen is an open object as it was written.
func toAPIOpen(text json.RawMessage) json.RawMessage {
	if len(text) == 0 {
		return json.RawMessage("{}")
	}
	return text
}

func toAPIUserRecord(u user.User) gen.UserRecord {
	out := gen.UserRecord{
		ID: u.ID.String(), Status: string(u.Status), Guest: toAPITruth(u.Guest), Identifiers: make([]gen.Identifier, len(u.Identifiers)), Profile: toAPIOpen(u.Profile),
		PublicMetadata: toAPIOpen(u.PublicMetadata), PrivateMetadata: toAPIOpen(u.PrivateMetadata), LastLoginAt: toAPITime(u.LastLoginAt),
		DeleteAt: toAPITime(u.DeleteAt), CreatedAt: u.CreatedAt, UpdatedAt: u.UpdatedAt,
	}
	for i, identifier := range u.Identifiers {
		out.Identifiers[i] = toAPIIdentifier(identifier)
	}
	return out
}
