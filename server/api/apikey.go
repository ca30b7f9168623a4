package api

import (
	"context"
	"time"

	"github.com/oapi-codegen/nullable"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// apikeyAPI is the API keys' part of the contract.
type apikeyAPI struct {
	keys *apikey.Service
}

// ListAPIKeys lists the tenant's keys.
func (a apikeyAPI) ListAPIKeys(ctx context.Context, request gen.ListAPIKeysRequestObject) (gen.ListAPIKeysResponseObject, error) {
	var after apikey.ID
	limit, err := fromAPIPage(&after, request.Params.Cursor, request.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.keys.List(ctx, after, limit)
	if err != nil {
		return nil, err
	}
	out := gen.ListAPIKeys200JSONResponse{Items: make([]gen.APIKey, len(page.Items)), NextCursor: toAPICursor(page.Next)}
	for i, key := range page.Items {
		out.Items[i] = toAPIKey(key)
	}
	return out, nil
}

// CreateAPIKey makes a key and shows its secret, this once.
func (a apikeyAPI) CreateAPIKey(ctx context.Context, request gen.CreateAPIKeyRequestObject) (gen.CreateAPIKeyResponseObject, error) {
	made, token, err := a.keys.Create(ctx, requestOf(ctx).keyGiver(), apikey.NewKey{
		Name: request.Body.Name, Scopes: fromAPIScopes(request.Body.Scopes), ExpiresAt: request.Body.ExpiresAt,
	})
	if err != nil {
		return nil, err
	}
	return gen.CreateAPIKey201JSONResponse{
		Body: toAPIIssuedKey(made, token), Headers: gen.CreateAPIKey201ResponseHeaders{ETag: toAPIETag(made.Version)},
	}, nil
}

// GetAPIKey answers a key without its secret.
func (a apikeyAPI) GetAPIKey(ctx context.Context, request gen.GetAPIKeyRequestObject) (gen.GetAPIKeyResponseObject, error) {
	wanted, err := fromAPIKeyID(request.APIKeyID)
	if err != nil {
		return nil, err
	}
	found, err := a.keys.ByID(ctx, wanted)
	if err != nil {
		return nil, err
	}
	return gen.GetAPIKey200JSONResponse{Body: toAPIKey(found), Headers: gen.GetAPIKey200ResponseHeaders{ETag: toAPIETag(found.Version)}}, nil
}

// UpdateAPIKey changes name, scopes and expiry.
func (a apikeyAPI) UpdateAPIKey(ctx context.Context, request gen.UpdateAPIKeyRequestObject) (gen.UpdateAPIKeyResponseObject, error) {
	wanted, version, err := fromAPIKeyVersion(request.APIKeyID, request.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	change := apikey.Change{Name: request.Body.Name, Scopes: fromAPIScopes(request.Body.Scopes), ExpiresAt: nil}
	if given := request.Body.ExpiresAt; given.IsSpecified() {
		var end *time.Time
		if at, err := given.Get(); err == nil {
			end = &at
		}
		change.ExpiresAt = &end
	}
	changed, err := a.keys.Update(ctx, requestOf(ctx).keyGiver(), wanted, version, change)
	if err != nil {
		return nil, err
	}
	return gen.UpdateAPIKey200JSONResponse{
		Body: toAPIKey(changed), Headers: gen.UpdateAPIKey200ResponseHeaders{ETag: toAPIETag(changed.Version)},
	}, nil
}

// DeleteAPIKey ends a key.
func (a apikeyAPI) DeleteAPIKey(ctx context.Context, request gen.DeleteAPIKeyRequestObject) (gen.DeleteAPIKeyResponseObject, error) {
	wanted, err := fromAPIKeyID(request.APIKeyID)
	if err != nil {
		return nil, err
	}
	if err := a.keys.Delete(ctx, requestOf(ctx).keyGiver(), wanted); err != nil {
		return nil, err
	}
	return gen.DeleteAPIKey204Response{}, nil
}

// RotateAPIKey gives a key another secret and shows it, this once.
func (a apikeyAPI) RotateAPIKey(ctx context.Context, request gen.RotateAPIKeyRequestObject) (gen.RotateAPIKeyResponseObject, error) {
	wanted, version, err := fromAPIKeyVersion(request.APIKeyID, request.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	overlap := time.Duration(request.Body.OverlapSeconds) * time.Second
	rotated, token, err := a.keys.Rotate(ctx, requestOf(ctx).keyGiver(), wanted, version, overlap)
	if err != nil {
		return nil, err
	}
	return gen.RotateAPIKey201JSONResponse{
		Body: toAPIIssuedKey(rotated, token), Headers: gen.RotateAPIKey201ResponseHeaders{ETag: toAPIETag(rotated.Version)},
	}, nil
}

// scopes are what whoever asks may do.
func (r *request) scopes() []apikey.Scope { return r.key.Scopes }

// keyGiver is what whoever asks may give to a key.
func (r *request) keyGiver() apikey.Giver {
	return apikey.Giver{Scopes: r.key.Scopes, ExpiresAt: r.key.ExpiresAt}
}

func fromAPIKeyID(text string) (apikey.ID, error) {
	var wanted apikey.ID
	if wanted.UnmarshalText([]byte(text)) != nil {
		return wanted, apikey.ErrUnknown
	}
	return wanted, nil
}

func fromAPIKeyVersion(text, tag string) (apikey.ID, int64, error) {
	wanted, err := fromAPIKeyID(text)
	if err != nil {
		return wanted, 0, err
	}
	version, err := fromAPIETag(&tag)
	if err != nil {
		return wanted, 0, err
	}
	return wanted, *version, nil
}

func fromAPIScopes(scopes []gen.Scope) []apikey.Scope {
	if scopes == nil {
		return nil
	}
	out := make([]apikey.Scope, len(scopes))
	for i, scope := range scopes {
		out[i] = apikey.Scope(scope)
	}
	return out
}

func toAPIIssuedKey(key apikey.Key, token secret.Token) gen.IssuedAPIKey {
	return gen.IssuedAPIKey{APIKey: toAPIKey(key), Secret: token.Reveal()}
}

func toAPIKey(key apikey.Key) gen.APIKey {
	out := gen.APIKey{
		ID: key.ID.String(), Name: key.Name, Scopes: make([]string, len(key.Scopes)), CreatedAt: key.CreatedAt, UpdatedAt: key.UpdatedAt,
		ExpiresAt: toAPITime(key.ExpiresAt), LastUsedAt: toAPITime(key.LastUsedAt),
	}
	for i, scope := range key.Scopes {
		out.Scopes[i] = string(scope)
	}
	return out
}

func toAPITime(at *time.Time) nullable.Nullable[time.Time] {
	if at == nil {
		return nullable.NewNullNullable[time.Time]()
	}
	return nullable.NewNullableWithValue(*at)
}
