package api

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/oapi-codegen/nullable"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/application"
)

// applicationManagementAPI is what whoever manages the tenant does with applications.
type applicationManagementAPI struct {
	applications *application.Service
}

// ListApplications lists the tenant's applications.
func (a applicationManagementAPI) ListApplications(ctx context.Context, request gen.ListApplicationsRequestObject) (gen.ListApplicationsResponseObject, error) {
	var after application.ID
	limit, err := fromAPIPage(&after, request.Params.Cursor, request.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.applications.List(ctx, after, limit)
	if err != nil {
		return nil, err
	}
	out := gen.ListApplications200JSONResponse{Items: make([]gen.Application, len(page.Items)), NextCursor: toAPICursor(page.Next)}
	for i, app := range page.Items {
		if out.Items[i], err = toAPIApplication(app); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// CreateApplication makes an application.
func (a applicationManagementAPI) CreateApplication(ctx context.Context, request gen.CreateApplicationRequestObject) (gen.CreateApplicationResponseObject, error) {
	wanted, err := fromAPIApplication(*request.Body)
	if err != nil {
		return nil, err
	}
	made, err := a.applications.Create(ctx, wanted)
	if err != nil {
		return nil, err
	}
	body, err := toAPIApplication(made)
	return gen.CreateApplication201JSONResponse{Body: body, Headers: gen.CreateApplication201ResponseHeaders{ETag: toAPIETag(made.Version)}}, err
}

// GetApplication answers an application in whatever state.
func (a applicationManagementAPI) GetApplication(ctx context.Context, request gen.GetApplicationRequestObject) (gen.GetApplicationResponseObject, error) {
	wanted, err := fromAPIApplicationID(request.ApplicationID)
	if err != nil {
		return nil, err
	}
	found, err := a.applications.Read(ctx, wanted)
	if err != nil {
		return nil, err
	}
	body, err := toAPIApplication(found)
	return gen.GetApplication200JSONResponse{Body: body, Headers: gen.GetApplication200ResponseHeaders{ETag: toAPIETag(found.Version)}}, err
}

// UpdateApplication merges a patch into the settings.
func (a applicationManagementAPI) UpdateApplication(ctx context.Context, request gen.UpdateApplicationRequestObject) (gen.UpdateApplicationResponseObject, error) {
	wanted, err := fromAPIApplicationID(request.ApplicationID)
	if err != nil {
		return nil, err
	}
	version, err := fromAPIETag(&request.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	changed, err := a.applications.Amend(ctx, wanted, *version, func(stored application.Declaration) (application.Declaration, error) {
		return patchApplication(stored, requestOf(ctx).body)
	})
	if err != nil {
		return nil, err
	}
	body, err := toAPIApplication(changed)
	return gen.UpdateApplication200JSONResponse{Body: body, Headers: gen.UpdateApplication200ResponseHeaders{ETag: toAPIETag(changed.Version)}}, err
}

// DeleteApplication removes an application.
func (a applicationManagementAPI) DeleteApplication(ctx context.Context, request gen.DeleteApplicationRequestObject) (gen.DeleteApplicationResponseObject, error) {
	wanted, err := fromAPIApplicationID(request.ApplicationID)
	if err != nil {
		return nil, err
	}
	if err := a.applications.Delete(ctx, wanted); err != nil {
		return nil, err
	}
	return gen.DeleteApplication204Response{}, nil
}

// ListApplicationSecrets lists what is known of an application's secrets.
func (a applicationManagementAPI) ListApplicationSecrets(ctx context.Context, request gen.ListApplicationSecretsRequestObject) (gen.ListApplicationSecretsResponseObject, error) {
	owner, err := fromAPIApplicationID(request.ApplicationID)
	if err != nil {
		return nil, err
	}
	var after application.SecretID
	limit, err := fromAPIPage(&after, request.Params.Cursor, request.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.applications.ListSecrets(ctx, owner, after, limit)
	if err != nil {
		return nil, err
	}
	out := gen.ListApplicationSecrets200JSONResponse{Items: make([]gen.ApplicationSecret, len(page.Items)), NextCursor: toAPICursor(page.Next)}
	for i, one := range page.Items {
		out.Items[i] = toAPIApplicationSecret(one)
	}
	return out, nil
}

// CreateApplicationSecret makes a secret and shows it, this once.
func (a applicationManagementAPI) CreateApplicationSecret(ctx context.Context, request gen.CreateApplicationSecretRequestObject) (gen.CreateApplicationSecretResponseObject, error) {
	owner, err := fromAPIApplicationID(request.ApplicationID)
	if err != nil {
		return nil, err
	}
	wanted := application.NewSecret{ExpiresAt: request.Body.ExpiresAt}
	if request.Body.OverlapSeconds != nil {
		overlap := time.Duration(*request.Body.OverlapSeconds) * time.Second
		wanted.Overlap = &overlap
	}
	made, token, err := a.applications.CreateSecret(ctx, owner, wanted)
	if err != nil {
		return nil, err
	}
	return gen.CreateApplicationSecret201JSONResponse{ApplicationSecret: toAPIApplicationSecret(made), Secret: token.Reveal()}, nil
}

// DeleteApplicationSecret ends a secret.
func (a applicationManagementAPI) DeleteApplicationSecret(ctx context.Context, request gen.DeleteApplicationSecretRequestObject) (gen.DeleteApplicationSecretResponseObject, error) {
	owner, err := fromAPIApplicationID(request.ApplicationID)
	if err != nil {
		return nil, err
	}
	var wanted application.SecretID
	if wanted.UnmarshalText([]byte(request.ApplicationSecretID)) != nil {
		return nil, application.ErrSecretUnknown
	}
	if err := a.applications.DeleteSecret(ctx, owner, wanted); err != nil {
		return nil, err
	}
	return gen.DeleteApplicationSecret204Response{}, nil
}

func fromAPIApplicationID(text string) (application.ID, error) {
	var wanted application.ID
	if wanted.UnmarshalText([]byte(text)) != nil {
		return wanted, application.ErrNotFound
	}
	return wanted, nil
}

// patchApplication merges a body that fits the contract into what is stored.
func patchApplication(stored application.Declaration, patch []byte) (application.Declaration, error) {
	settable, err := toAPISettable(stored)
	if err != nil {
		return application.Declaration{}, err
	}
	text, err := json.Marshal(settable)
	if err != nil {
		return application.Declaration{}, err
	}
	var before, change map[string]any
	if err := json.Unmarshal(text, &before); err != nil {
		return application.Declaration{}, err
	}
	if err := json.Unmarshal(patch, &change); err != nil {
		return application.Declaration{}, err
	}
	if text, err = json.Marshal(merged(before, change)); err != nil {
		return application.Declaration{}, err
	}
	var after gen.NewApplication
	if err := json.Unmarshal(text, &after); err != nil {
		return application.Declaration{}, fmt.Errorf("patched application: %w", err)
	}
	return fromAPIApplication(after)
}

// merged is one object after a patch. Spec: RFC 7396 §2.
func merged(into, patch map[string]any) map[string]any {
	if into == nil {
		into = map[string]any{}
	}
	for name, value := range patch {
		switch value := value.(type) {
		case nil:
			delete(into, name)
		case map[string]any:
			inner, _ := into[name].(map[string]any)
			into[name] = merged(inner, value)
		default:
			into[name] = value
		}
	}
	return into
}

func toAPIApplicationSecret(from application.Secret) gen.ApplicationSecret {
	return gen.ApplicationSecret{ID: from.ID.String(), CreatedAt: from.CreatedAt, ExpiresAt: toAPITime(from.ExpiresAt)}
}

func toAPIText[T ~string](text T) nullable.Nullable[string] {
	if text == "" {
		return nullable.NewNullNullable[string]()
	}
	return nullable.NewNullableWithValue(string(text))
}
