package api

import (
	"context"
	"encoding/base64"
	"encoding/json"

	"github.com/oapi-codegen/nullable"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/user"
)

// ListUsers finds users.
func (a userManagementAPI) ListUsers(ctx context.Context, request gen.ListUsersRequestObject) (gen.ListUsersResponseObject, error) {
	query, err := fromAPIUserQuery(request.Params)
	if err != nil {
		return nil, err
	}
	page, err := a.users.Search(ctx, query, fromAPILimit(request.Params.Limit))
	if err != nil {
		return nil, inQuery(err)
	}
	body := gen.ListUsers200JSONResponse{Items: make([]gen.UserRecord, len(page.Users)), NextCursor: toAPIUserCursor(page.Next)}
	for i, found := range page.Users {
		body.Items[i] = toAPIUserRecord(found)
	}
	return body, nil
}

// toAPIUserCursor is where the next page goes on: all of the place, since the user may
// have changed, or be gone, by then.
func toAPIUserCursor(next user.Cursor) nullable.Nullable[string] {
	text, err := json.Marshal(next)
	if err != nil || next.IsZero() {
		return nullable.NewNullNullable[string]()
	}
	return nullable.NewNullableWithValue(base64.RawURLEncoding.EncodeToString(text))
}

func fromAPIUserCursor(text string) (after user.Cursor, err error) {
	if text == "" {
		return after, nil
	}
	plain, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || json.Unmarshal(plain, &after) != nil || !after.Valid() {
		return user.Cursor{}, cursorRefused()
	}
	return after, nil
}

func fromAPIUserQuery(params gen.ListUsersParams) (user.Query, error) {
	query := user.Query{
		Status: user.Status(given(params.Status)), Identifier: given(params.Identifier), IdentifierPrefix: given(params.IdentifierPrefix),
		CreatedFrom: given(params.CreatedFrom), CreatedBefore: given(params.CreatedBefore),
		LastLoginFrom: given(params.LastLoginFrom), LastLoginBefore: given(params.LastLoginBefore),
		Order: user.Order(given(params.Order)),
	}
	if (params.Claim == nil) != (params.ClaimValue == nil) {
		return user.Query{}, ErrInvalid.At(fault.Field{Pointer: "#query/claim_value", Code: "required", Detail: "This is required."})
	}
	if params.Claim != nil {
		query.Claim = &user.ClaimEquals{Path: *params.Claim, Value: fromAPIClaimValue(*params.ClaimValue)}
	}
	var err error
	if query.After, err = fromAPIUserCursor(given(params.Cursor)); err != nil {
		return user.Query{}, err
	}
	return query, nil
}

// given is a value, or none of it.
func given[T any](value *T) T {
	if value == nil {
		var none T
		return none
	}
	return *value
}

// fromAPIClaimValue reads a value as JSON; what is none is a text.
func fromAPIClaimValue(text string) json.RawMessage {
	if value := json.RawMessage(text); json.Valid(value) {
		return value
	}
	quoted, _ := json.Marshal(text) // a text can always be written
	return quoted
}

// inQuery moves the places of a fault to where a query has them.
func inQuery(err error) error {
	found := fault.As(err)
	if found == nil {
		return err
	}
	moved := *found
	moved.Fields = make([]fault.Field, len(found.Fields))
	for i, field := range found.Fields {
		field.Pointer = "#query" + field.Pointer
		moved.Fields[i] = field
	}
	return &moved
}
