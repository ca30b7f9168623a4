package api

import (
	"context"
	"time"

	"github.com/oapi-codegen/nullable"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/role"
)

// roleAPI is the roles' part of the contract.
type roleAPI struct {
	roles *role.Service
}

// ListRoles lists the tenant's roles.
func (a roleAPI) ListRoles(ctx context.Context, request gen.ListRolesRequestObject) (gen.ListRolesResponseObject, error) {
	var after role.ID
	limit, err := fromAPIPage(&after, request.Params.Cursor, request.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.roles.List(ctx, request.Params.Key, after, limit)
	if err != nil {
		return nil, err
	}
	out := gen.ListRoles200JSONResponse{Items: make([]gen.Role, len(page.Items)), NextCursor: toAPICursor(page.Next)}
	for i, one := range page.Items {
		out.Items[i] = toAPIRole(one)
	}
	return out, nil
}

// CreateRole makes a role.
func (a roleAPI) CreateRole(ctx context.Context, request gen.CreateRoleRequestObject) (gen.CreateRoleResponseObject, error) {
	made, err := a.roles.Create(ctx, requestOf(ctx).giver(), role.NewRole{
		Key: request.Body.Key, Name: request.Body.Name, Description: given(request.Body.Description), Permissions: fromAPIPermissions(request.Body.Permissions),
	})
	if err != nil {
		return nil, err
	}
	return gen.CreateRole201JSONResponse{Body: toAPIRole(made), Headers: gen.CreateRole201ResponseHeaders{ETag: toAPIETag(made.Version)}}, nil
}

// GetRole answers a role.
func (a roleAPI) GetRole(ctx context.Context, request gen.GetRoleRequestObject) (gen.GetRoleResponseObject, error) {
	wanted, err := fromAPIRoleID(request.RoleID)
	if err != nil {
		return nil, err
	}
	found, err := a.roles.ByID(ctx, wanted)
	if err != nil {
		return nil, err
	}
	return gen.GetRole200JSONResponse{Body: toAPIRole(found), Headers: gen.GetRole200ResponseHeaders{ETag: toAPIETag(found.Version)}}, nil
}

// UpdateRole changes name, description and permissions.
func (a roleAPI) UpdateRole(ctx context.Context, request gen.UpdateRoleRequestObject) (gen.UpdateRoleResponseObject, error) {
	wanted, err := fromAPIRoleID(request.RoleID)
	if err != nil {
		return nil, err
	}
	version, err := fromAPIETag(&request.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	change := role.Change{Name: request.Body.Name, Description: request.Body.Description, Permissions: nil}
	if request.Body.Permissions != nil {
		permissions := fromAPIPermissions(request.Body.Permissions)
		change.Permissions = &permissions
	}
	changed, err := a.roles.Update(ctx, requestOf(ctx).giver(), wanted, *version, change)
	if err != nil {
		return nil, err
	}
	return gen.UpdateRole200JSONResponse{Body: toAPIRole(changed), Headers: gen.UpdateRole200ResponseHeaders{ETag: toAPIETag(changed.Version)}}, nil
}

// DeleteRole removes a role.
func (a roleAPI) DeleteRole(ctx context.Context, request gen.DeleteRoleRequestObject) (gen.DeleteRoleResponseObject, error) {
	wanted, err := fromAPIRoleID(request.RoleID)
	if err != nil {
		return nil, err
	}
	if err := a.roles.Delete(ctx, requestOf(ctx).giver(), wanted); err != nil {
		return nil, err
	}
	return gen.DeleteRole204Response{}, nil
}

// giver is what whoever asks may put into a role.
func (r *request) giver() []role.Permission {
	scopes := r.scopes()
	held := make([]role.Permission, len(scopes))
	for i, scope := range scopes {
		held[i] = role.OfScope(string(scope))
	}
	return held
}

func fromAPIRoleID(text string) (role.ID, error) {
	var wanted role.ID
	if wanted.UnmarshalText([]byte(text)) != nil {
		return wanted, role.ErrUnknown
	}
	return wanted, nil
}

func fromAPIPermissions(names []string) []role.Permission {
	permissions := make([]role.Permission, len(names))
	for i, name := range names {
		permissions[i] = role.Permission(name)
	}
	return permissions
}

func toAPIPermissions(permissions []role.Permission) []string {
	names := make([]string, len(permissions))
	for i, permission := range permissions {
		names[i] = string(permission)
	}
	return names
}

func toAPIRole(from role.Role) gen.Role {
	out := gen.Role{
		ID: from.ID.String(), Key: from.Key, Name: from.Name, Description: from.Description, Permissions: toAPIPermissions(from.Permissions),
		BuiltIn: from.BuiltIn, CreatedAt: nullable.NewNullNullable[time.Time](), UpdatedAt: nullable.NewNullNullable[time.Time](),
	}
	if !from.BuiltIn {
		out.CreatedAt, out.UpdatedAt = nullable.NewNullableWithValue(from.CreatedAt), nullable.NewNullableWithValue(from.UpdatedAt)
	}
	return out
}
