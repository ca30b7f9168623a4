package api

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/activity"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/erasure"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/server/user/own"
)

// userAPI is the user's part of the contract.
type userAPI struct {
	users        *user.Service
	identifiers  *own.Identifiers
	erasure      *erasure.Service
	activity     *activity.Service
	applications *application.Service
}

// GetMe answers the signed-in user's own record.
func (a userAPI) GetMe(ctx context.Context, _ gen.GetMeRequestObject) (gen.GetMeResponseObject, error) {
	found, err := a.users.ByID(ctx, requestOf(ctx).session.Session.UserID)
	if err != nil {
		return nil, err
	}
	body, err := a.toAPIOwn(ctx, found)
	return gen.GetMe200JSONResponse{Body: body, Headers: gen.GetMe200ResponseHeaders{ETag: toAPIETag(found.Version)}}, err
}

// UpdateMe changes the signed-in user's profile.
func (a userAPI) UpdateMe(ctx context.Context, request gen.UpdateMeRequestObject) (gen.UpdateMeResponseObject, error) {
	version, err := fromAPIETag(request.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	patch, err := json.Marshal(request.Body.Profile)
	if err != nil {
		return nil, fmt.Errorf("profile patch: %w", err)
	}
	changed, err := a.users.UpdateProfile(ctx, requestOf(ctx).session.Session.UserID, schema.Person, version, patch)
	if err != nil {
		return nil, err
	}
	body, err := a.toAPIOwn(ctx, changed)
	return gen.UpdateMe200JSONResponse{Body: body, Headers: gen.UpdateMe200ResponseHeaders{ETag: toAPIETag(changed.Version)}}, err
}

func (a userAPI) toAPIOwn(ctx context.Context, u user.User) (gen.User, error) {
	own, err := a.users.Own(ctx, u)
	if err != nil {
		return gen.User{}, err
	}
	return toAPIUser(own), nil
}

func toAPIUser(u user.Own) gen.User {
	out := gen.User{
		ID: u.ID.String(), Identifiers: make([]gen.Identifier, len(u.Identifiers)), Profile: toAPIOpen(u.Profile),
		Guest: toAPITruth(u.Guest), CreatedAt: u.CreatedAt, UpdatedAt: u.UpdatedAt,
	}
	for i, identifier := range u.Identifiers {
		out.Identifiers[i] = toAPIIdentifier(identifier)
	}
	return out
}

// toAPITruth says what holds, and leaves out what does not.
func toAPITruth(holds bool) *bool {
	if !holds {
		return nil
	}
	return &holds
}

// toAPIObject opens an object one level; what is inside stays as it was written.
func toAPIObject(text json.RawMessage) (map[string]any, error) {
	var members map[string]json.RawMessage
	if len(text) > 0 {
		if err := json.Unmarshal(text, &members); err != nil {
			return nil, err
		}
	}
	object := make(map[string]any, len(members))
	for name, value := range members {
		object[name] = value
	}
	return object, nil
}

func toAPIETag(version int64) *string {
	tag := strconv.Quote(strconv.FormatInt(version, 10))
	return &tag
}

// fromAPIETag reads the version out of a tag that the contract has let pass; one
// that is no number of ours cannot be the present one.
func fromAPIETag(tag *string) (*int64, error) {
	if tag == nil {
		return nil, nil //nolint:nilnil // no version is demanded
	}
	version, err := strconv.ParseInt(strings.Trim(*tag, `"`), 10, 64)
	if err != nil {
		return nil, user.ErrChanged
	}
	return &version, nil
}
