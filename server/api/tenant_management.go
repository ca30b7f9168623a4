package api

import (
	"context"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/provisioning"
	"github.com/lintel-id/lintel/server/tenant"
)

// operatorAPI is the tenants' part of the contract, for operators of the server.
type operatorAPI struct {
	tenants *tenant.Service
	makes   *provisioning.Tenants
}

// ListTenants lists all tenants.
func (a operatorAPI) ListTenants(ctx context.Context, request gen.ListTenantsRequestObject) (gen.ListTenantsResponseObject, error) {
	var after id.Tenant
	limit, err := fromAPIPage(&after, request.Params.Cursor, request.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.tenants.List(ctx, after, limit)
	if err != nil {
		return nil, err
	}
	out := gen.ListTenants200JSONResponse{Items: make([]gen.Tenant, len(page.Items)), NextCursor: toAPICursor(page.Next)}
	for i, one := range page.Items {
		out.Items[i] = toAPITenant(one)
	}
	return out, nil
}

// CreateTenant makes a tenant and shows the secret of its first key, this once.
func (a operatorAPI) CreateTenant(ctx context.Context, request gen.CreateTenantRequestObject) (gen.CreateTenantResponseObject, error) {
	made, err := a.makes.Create(ctx, tenant.Declaration{Name: request.Body.Name, BaseURL: request.Body.BaseURL, Hosts: request.Body.Hosts})
	if err != nil {
		return nil, err
	}
	return gen.CreateTenant201JSONResponse{
		Body:    gen.CreatedTenant{Tenant: toAPITenant(made.Tenant), APIKey: toAPIIssuedKey(made.Key, made.Secret)},
		Headers: gen.CreateTenant201ResponseHeaders{ETag: toAPIETag(made.Tenant.Version)},
	}, nil
}

// GetTenant answers how a tenant stands.
func (a operatorAPI) GetTenant(ctx context.Context, request gen.GetTenantRequestObject) (gen.GetTenantResponseObject, error) {
	found, err := on(ctx, request.TenantID, a.tenants.Find)
	if err != nil {
		return nil, err
	}
	return gen.GetTenant200JSONResponse{Body: toAPITenant(found), Headers: gen.GetTenant200ResponseHeaders{ETag: toAPIETag(found.Version)}}, nil
}

// UpdateTenant moves a tenant.
func (a operatorAPI) UpdateTenant(ctx context.Context, request gen.UpdateTenantRequestObject) (gen.UpdateTenantResponseObject, error) {
	version, err := fromAPIETag(&request.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	move := tenant.Move{BaseURL: request.Body.BaseURL, Hosts: nil}
	if hosts := request.Body.Hosts; hosts != nil {
		move.Hosts = &hosts
	}
	changed, err := on(ctx, request.TenantID, func(ctx context.Context, which id.Tenant) (tenant.Tenant, error) {
		return a.tenants.Update(ctx, which, *version, move)
	})
	if err != nil {
		return nil, err
	}
	return gen.UpdateTenant200JSONResponse{Body: toAPITenant(changed), Headers: gen.UpdateTenant200ResponseHeaders{ETag: toAPIETag(changed.Version)}}, nil
}

// SuspendTenant has a tenant answer nobody.
func (a operatorAPI) SuspendTenant(ctx context.Context, request gen.SuspendTenantRequestObject) (gen.SuspendTenantResponseObject, error) {
	changed, err := on(ctx, request.TenantID, a.tenants.Suspend)
	if err != nil {
		return nil, err
	}
	return gen.SuspendTenant200JSONResponse{Body: toAPITenant(changed), Headers: gen.SuspendTenant200ResponseHeaders{ETag: toAPIETag(changed.Version)}}, nil
}

// ReactivateTenant has a suspended tenant answer again.
func (a operatorAPI) ReactivateTenant(ctx context.Context, request gen.ReactivateTenantRequestObject) (gen.ReactivateTenantResponseObject, error) {
	changed, err := on(ctx, request.TenantID, a.tenants.Reactivate)
	if err != nil {
		return nil, err
	}
	return gen.ReactivateTenant200JSONResponse{Body: toAPITenant(changed), Headers: gen.ReactivateTenant200ResponseHeaders{ETag: toAPIETag(changed.Version)}}, nil
}

// DeleteTenant schedules the deletion of a tenant.
func (a operatorAPI) DeleteTenant(ctx context.Context, request gen.DeleteTenantRequestObject) (gen.DeleteTenantResponseObject, error) {
	atOnce := request.Params.AtOnce != nil && *request.Params.AtOnce
	leaving, err := on(ctx, request.TenantID, func(ctx context.Context, which id.Tenant) (tenant.Tenant, error) {
		return a.tenants.Delete(ctx, which, atOnce)
	})
	if err != nil {
		return nil, err
	}
	return gen.DeleteTenant200JSONResponse{Body: toAPITenant(leaving), Headers: gen.DeleteTenant200ResponseHeaders{ETag: toAPIETag(leaving.Version)}}, nil
}

// RestoreTenant undoes a deletion.
func (a operatorAPI) RestoreTenant(ctx context.Context, request gen.RestoreTenantRequestObject) (gen.RestoreTenantResponseObject, error) {
	staying, err := on(ctx, request.TenantID, a.tenants.Undelete)
	if err != nil {
		return nil, err
	}
	return gen.RestoreTenant200JSONResponse{Body: toAPITenant(staying), Headers: gen.RestoreTenant200ResponseHeaders{ETag: toAPIETag(staying.Version)}}, nil
}

// CreateTenantAPIKey gives a tenant another key and shows its secret, this once.
func (a operatorAPI) CreateTenantAPIKey(ctx context.Context, request gen.CreateTenantAPIKeyRequestObject) (gen.CreateTenantAPIKeyResponseObject, error) {
	which, err := fromAPITenantID(request.TenantID)
	if err != nil {
		return nil, err
	}
	key, token, err := a.makes.AddKey(ctx, which, request.Body.Name)
	if err != nil {
		return nil, err
	}
	return gen.CreateTenantAPIKey201JSONResponse(toAPIIssuedKey(key, token)), nil
}

// on acts on the tenant that a path names.
func on(ctx context.Context, text string, act func(ctx context.Context, which id.Tenant) (tenant.Tenant, error)) (tenant.Tenant, error) {
	which, err := fromAPITenantID(text)
	if err != nil {
		return tenant.Tenant{}, err
	}
	return act(ctx, which)
}

func fromAPITenantID(text string) (which id.Tenant, err error) {
	if which.UnmarshalText([]byte(text)) != nil {
		return which, tenant.ErrNotFound
	}
	return which, nil
}

func toAPITenant(from tenant.Tenant) gen.Tenant {
	return gen.Tenant{
		ID: from.ID.String(), Name: from.Name, BaseURL: from.BaseURL, Hosts: from.Hosts, Status: string(from.Status),
		ManagedBy: string(from.ManagedBy), DeleteAt: toAPITime(from.DeleteAt), CreatedAt: from.CreatedAt, UpdatedAt: from.UpdatedAt,
	}
}
