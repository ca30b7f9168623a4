package api

import (
	"context"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/role"
	"github.com/lintel-id/lintel/server/user"
)

// ListRoleUsers lists who has a role.
func (a roleAPI) ListRoleUsers(ctx context.Context, request gen.ListRoleUsersRequestObject) (gen.ListRoleUsersResponseObject, error) {
	wanted, err := fromAPIRoleID(request.RoleID)
	if err != nil {
		return nil, err
	}
	var after user.ID
	limit, err := fromAPIPage(&after, request.Params.Cursor, request.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.roles.Users(ctx, wanted, after, limit)
	if err != nil {
		return nil, err
	}
	out := gen.ListRoleUsers200JSONResponse{Items: make([]gen.RoleUser, len(page.Items)), NextCursor: toAPICursor(page.Next)}
	for i, one := range page.Items {
		out.Items[i] = gen.RoleUser{UserID: one.UserID.String(), AssignedAt: one.AssignedAt}
	}
	return out, nil
}

// ListUserRoles lists what a user has.
func (a roleAPI) ListUserRoles(ctx context.Context, request gen.ListUserRolesRequestObject) (gen.ListUserRolesResponseObject, error) {
	person, err := fromAPIUserID(request.UserID)
	if err != nil {
		return nil, err
	}
	var after role.ID
	limit, err := fromAPIPage(&after, request.Params.Cursor, request.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.roles.OfUser(ctx, person, after, limit)
	if err != nil {
		return nil, err
	}
	out := gen.ListUserRoles200JSONResponse{Items: make([]gen.UserRole, len(page.Items)), NextCursor: toAPICursor(page.Next)}
	for i, one := range page.Items {
		out.Items[i] = toAPIUserRole(one)
	}
	return out, nil
}

// AssignRole gives a user a role.
func (a roleAPI) AssignRole(ctx context.Context, request gen.AssignRoleRequestObject) (gen.AssignRoleResponseObject, error) {
	person, err := fromAPIUserID(request.UserID)
	if err != nil {
		return nil, err
	}
	wanted, err := fromAPIRoleID(request.Body.RoleID)
	if err != nil {
		return nil, err
	}
	held, err := a.roles.Assign(ctx, requestOf(ctx).giver(), person, wanted)
	if err != nil {
		return nil, err
	}
	return gen.AssignRole201JSONResponse(toAPIUserRole(held)), nil
}

// UnassignRole takes a role from a user.
func (a roleAPI) UnassignRole(ctx context.Context, request gen.UnassignRoleRequestObject) (gen.UnassignRoleResponseObject, error) {
	person, err := fromAPIUserID(request.UserID)
	if err != nil {
		return nil, err
	}
	wanted, err := fromAPIRoleID(request.RoleID)
	if err != nil {
		return nil, err
	}
	if err := a.roles.Unassign(ctx, requestOf(ctx).giver(), person, wanted); err != nil {
		return nil, err
	}
	return gen.UnassignRole204Response{}, nil
}

// GetUserPermissions tells what a user can do.
func (a roleAPI) GetUserPermissions(ctx context.Context, request gen.GetUserPermissionsRequestObject) (gen.GetUserPermissionsResponseObject, error) {
	person, err := fromAPIUserID(request.UserID)
	if err != nil {
		return nil, err
	}
	granted, active, err := a.roles.Effective(ctx, person)
	if err != nil {
		return nil, err
	}
	out := gen.GetUserPermissions200JSONResponse{Active: active, Roles: granted.Roles, Permissions: toAPIPermissions(granted.Permissions)}
	if out.Roles == nil {
		out.Roles = []string{}
	}
	return out, nil
}

// CheckUserPermissions tells whether a user can do something.
func (a roleAPI) CheckUserPermissions(ctx context.Context, request gen.CheckUserPermissionsRequestObject) (gen.CheckUserPermissionsResponseObject, error) {
	person, err := fromAPIUserID(request.UserID)
	if err != nil {
		return nil, err
	}
	granted, _, err := a.roles.Effective(ctx, person)
	if err != nil {
		return nil, err
	}
	out := gen.CheckUserPermissions200JSONResponse{Allowed: true, Decisions: make([]gen.PermissionDecision, len(request.Body.Permissions))}
	for i, wanted := range request.Body.Permissions {
		allowed := granted.Can(role.Permission(wanted))
		out.Allowed = out.Allowed && allowed
		out.Decisions[i] = gen.PermissionDecision{Permission: wanted, Allowed: allowed}
	}
	return out, nil
}

func toAPIUserRole(from role.Held) gen.UserRole {
	return gen.UserRole{Role: toAPIRole(from.Role), AssignedAt: from.AssignedAt}
}
