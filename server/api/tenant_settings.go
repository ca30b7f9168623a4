package api

import (
	"context"
	"strconv"

	"github.com/oapi-codegen/nullable"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/tenant"
)

// tenantAPI is the tenant's part of the contract.
type tenantAPI struct {
	tenants *tenant.Service
}

// GetSettings answers the settings that hold.
func (a tenantAPI) GetSettings(ctx context.Context, _ gen.GetSettingsRequestObject) (gen.GetSettingsResponseObject, error) {
	found, err := a.tenants.Stored(ctx)
	if err != nil {
		return nil, err
	}
	return gen.GetSettings200JSONResponse{
		Body: toAPISettings(found), Headers: gen.GetSettings200ResponseHeaders{ETag: toAPIETag(found.Revision)},
	}, nil
}

// UpdateSettings merges a patch into what was chosen.
func (a tenantAPI) UpdateSettings(ctx context.Context, request gen.UpdateSettingsRequestObject) (gen.UpdateSettingsResponseObject, error) {
	revision, err := fromAPIETag(&request.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	changed, err := a.tenants.Amend(ctx, *revision, func(chosen tenant.Settings) tenant.Settings {
		amend(&chosen.Locale, request.Body.Locale)
		amendNumber(&chosen.PasswordMinLength, request.Body.PasswordMinLength)
		amendNumber(&chosen.FreshForSeconds, request.Body.FreshForSeconds)
		amendNumber(&chosen.FlowLifetimeSeconds, request.Body.FlowLifetimeSeconds)
		amendNumber(&chosen.DeletionGraceSeconds, request.Body.DeletionGraceSeconds)
		amendNumber(&chosen.AuditRetentionDays, request.Body.AuditRetentionDays)
		amendNumber(&chosen.CodeLength, request.Body.CodeLength)
		amendNumber(&chosen.CodeLifetimeSeconds, request.Body.CodeLifetimeSeconds)
		amendNumber(&chosen.LinkLifetimeSeconds, request.Body.LinkLifetimeSeconds)
		amendNumber(&chosen.CodeResendSeconds, request.Body.CodeResendSeconds)
		amendUndo(&chosen.IdentifierUndoSeconds, request.Body.IdentifierUndoSeconds)
		amend(&chosen.UnknownAddressNotice, request.Body.UnknownAddressNotice)
		countries := chosen.MessageCountries.List()
		amend(&countries, request.Body.MessageCountries)
		chosen.MessageCountries = tenant.CountriesOf(countries)
		return chosen
	})
	if err != nil {
		return nil, err
	}
	return gen.UpdateSettings200JSONResponse{
		Body: toAPISettings(changed), Headers: gen.UpdateSettings200ResponseHeaders{ETag: toAPIETag(changed.Revision)},
	}, nil
}

// RestoreSettings has the settings of an earlier version again.
func (a tenantAPI) RestoreSettings(ctx context.Context, request gen.RestoreSettingsRequestObject) (gen.RestoreSettingsResponseObject, error) {
	revision, err := fromAPIETag(&request.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	changed, err := a.tenants.Restore(ctx, *revision, request.Body.Version)
	if err != nil {
		return nil, err
	}
	return gen.RestoreSettings200JSONResponse{
		Body: toAPISettings(changed), Headers: gen.RestoreSettings200ResponseHeaders{ETag: toAPIETag(changed.Revision)},
	}, nil
}

// ListSettingsVersions lists how the settings were changed.
func (a tenantAPI) ListSettingsVersions(ctx context.Context, request gen.ListSettingsVersionsRequestObject) (gen.ListSettingsVersionsResponseObject, error) {
	before, err := fromAPINumberCursor(request.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, next, err := a.tenants.Revisions(ctx, before, fromAPILimit(request.Params.Limit))
	if err != nil {
		return nil, err
	}
	out := gen.ListSettingsVersions200JSONResponse{Items: make([]gen.SettingsVersion, len(page)), NextCursor: toAPINumberCursor(next)}
	for i, one := range page {
		out.Items[i] = toAPISettingsVersion(one)
	}
	return out, nil
}

// GetSettingsVersion answers one change.
func (a tenantAPI) GetSettingsVersion(ctx context.Context, request gen.GetSettingsVersionRequestObject) (gen.GetSettingsVersionResponseObject, error) {
	number, err := strconv.ParseInt(request.SettingsVersion, 10, 64)
	if err != nil {
		return nil, tenant.ErrRevisionUnknown
	}
	found, err := a.tenants.RevisionByNumber(ctx, number)
	if err != nil {
		return nil, err
	}
	return gen.GetSettingsVersion200JSONResponse(toAPISettingsVersion(found)), nil
}

func amend[T any](into *T, given nullable.Nullable[T]) {
	if !given.IsSpecified() {
		return
	}
	var none T
	*into = none
	if value, err := given.Get(); err == nil {
		*into = value
	}
}

func amendNumber(into *int, given nullable.Nullable[int32]) {
	number := int32(*into)
	amend(&number, given)
	*into = int(number)
}

// amendUndo tells 0, which is not at all, from what is as the server has it.
func amendUndo(into *tenant.Undo, given nullable.Nullable[int32]) {
	if seconds, err := given.Get(); err == nil {
		*into = tenant.UndoOf(int(seconds))
	} else if given.IsNull() {
		*into = 0
	}
}

func toAPISettings(from tenant.Tenant) gen.TenantSettings {
	holding := toAPISettingsValues(from.InForce())
	return gen.TenantSettings{
		Locale: holding.Locale, PasswordMinLength: holding.PasswordMinLength, FreshForSeconds: holding.FreshForSeconds,
		FlowLifetimeSeconds: holding.FlowLifetimeSeconds, DeletionGraceSeconds: holding.DeletionGraceSeconds,
		AuditRetentionDays: holding.AuditRetentionDays, CodeLength: holding.CodeLength, CodeLifetimeSeconds: holding.CodeLifetimeSeconds,
		LinkLifetimeSeconds: holding.LinkLifetimeSeconds, CodeResendSeconds: holding.CodeResendSeconds,
		IdentifierUndoSeconds: holding.IdentifierUndoSeconds, UnknownAddressNotice: holding.UnknownAddressNotice, MessageCountries: holding.MessageCountries, Declared: from.Settings.Names(),
	}
}

func toAPISettingsValues(from tenant.Settings) gen.SettingsValues {
	return gen.SettingsValues{
		Locale: toAPIText(from.Locale), PasswordMinLength: toAPINumber(from.PasswordMinLength), FreshForSeconds: toAPINumber(from.FreshForSeconds),
		FlowLifetimeSeconds: toAPINumber(from.FlowLifetimeSeconds), DeletionGraceSeconds: toAPINumber(from.DeletionGraceSeconds),
		AuditRetentionDays: toAPINumber(from.AuditRetentionDays), CodeLength: toAPINumber(from.CodeLength),
		CodeLifetimeSeconds: toAPINumber(from.CodeLifetimeSeconds), LinkLifetimeSeconds: toAPINumber(from.LinkLifetimeSeconds),
		CodeResendSeconds: toAPINumber(from.CodeResendSeconds), IdentifierUndoSeconds: toAPIUndo(from.IdentifierUndoSeconds),
		UnknownAddressNotice: from.UnknownAddressNotice,
		MessageCountries:     toAPICountries(from.MessageCountries),
	}
}

// toAPICountries is null for all of the server's.
func toAPICountries(from tenant.Countries) nullable.Nullable[[]string] {
	if from == "" {
		return nullable.NewNullNullable[[]string]()
	}
	return nullable.NewNullableWithValue(from.List())
}

func toAPISettingsVersion(from tenant.Revision) gen.SettingsVersion {
	return gen.SettingsVersion{
		Version: from.Number, Settings: toAPISettingsValues(from.Chosen), Before: toAPISettingsValues(from.Before), ChangedAt: from.At,
		ChangedBy: gen.SettingsChanger{Kind: string(from.By.Kind), ID: optionalText[string](from.By.ID)},
	}
}

func toAPIUndo(value tenant.Undo) nullable.Nullable[int32] {
	if value == 0 {
		return nullable.NewNullNullable[int32]()
	}
	return nullable.NewNullableWithValue(int32(value.Seconds()))
}

// toAPINumber is null for the server's own.
func toAPINumber(value int) nullable.Nullable[int32] {
	if value == 0 {
		return nullable.NewNullNullable[int32]()
	}
	return nullable.NewNullableWithValue(int32(value))
}
