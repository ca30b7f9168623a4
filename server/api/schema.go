package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/oapi-codegen/nullable"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/user"
)

// sampled is how many profiles a trial looks at.
const sampled = 100

// schemaAPI is the profile schema's part of the contract.
type schemaAPI struct {
	schemas *schema.Service
	users   *user.Service
	speaker speaker
}

// ListSchemas lists the versions.
func (a schemaAPI) ListSchemas(ctx context.Context, request gen.ListSchemasRequestObject) (gen.ListSchemasResponseObject, error) {
	before, err := fromAPINumberCursor(request.Params.Cursor)
	if err != nil {
		return nil, err
	}
	head, err := a.schemas.Head(ctx)
	if err != nil {
		return nil, err
	}
	page, err := a.schemas.List(ctx, int(before), fromAPILimit(request.Params.Limit))
	if err != nil {
		return nil, err
	}
	out := gen.ListSchemas200JSONResponse{Items: make([]gen.ProfileSchemaHead, len(page.Items)), NextCursor: toAPINumberCursor(int64(page.Next))}
	for i, one := range page.Items {
		out.Items[i] = gen.ProfileSchemaHead{
			Version: int32(one.Number), ManagedBy: string(one.ManagedBy), Current: one.Number == head.Number, CreatedAt: toAPICreation(one),
		}
	}
	return out, nil
}

// GetCurrentSchema answers the version that holds.
func (a schemaAPI) GetCurrentSchema(ctx context.Context, _ gen.GetCurrentSchemaRequestObject) (gen.GetCurrentSchemaResponseObject, error) {
	newest, err := a.schemas.Newest(ctx)
	if err != nil {
		return nil, err
	}
	body, err := toAPIProfileSchema(newest, newest)
	return gen.GetCurrentSchema200JSONResponse{Body: body, Headers: gen.GetCurrentSchema200ResponseHeaders{ETag: toAPIETag(int64(newest.Number))}}, err
}

// GetSchema answers one version.
func (a schemaAPI) GetSchema(ctx context.Context, request gen.GetSchemaRequestObject) (gen.GetSchemaResponseObject, error) {
	number, err := strconv.Atoi(request.SchemaVersion)
	if err != nil {
		return nil, schema.ErrUnknown
	}
	found, err := a.schemas.ByNumber(ctx, number)
	if err != nil {
		return nil, err
	}
	head, err := a.schemas.Head(ctx)
	if err != nil {
		return nil, err
	}
	body, err := toAPIProfileSchema(found, head)
	return gen.GetSchema200JSONResponse{Body: body, Headers: gen.GetSchema200ResponseHeaders{ETag: toAPIETag(int64(found.Number))}}, err
}

// CreateSchema makes a document the next version.
func (a schemaAPI) CreateSchema(ctx context.Context, request gen.CreateSchemaRequestObject) (gen.CreateSchemaResponseObject, error) {
	after, err := fromAPIETag(&request.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	document, err := fromAPIDocument(ctx)
	if err != nil {
		return nil, err
	}
	made, err := a.schemas.Create(ctx, int(*after), document)
	if err != nil {
		return nil, inDocument(err)
	}
	body, err := toAPIProfileSchema(made, made)
	return gen.CreateSchema201JSONResponse{Body: body, Headers: gen.CreateSchema201ResponseHeaders{ETag: toAPIETag(int64(made.Number))}}, err
}

// ValidateSchema tells what would come of a document. How profiles would fit tells of
// them, and so needs the scope to read them.
func (a schemaAPI) ValidateSchema(ctx context.Context, _ gen.ValidateSchemaRequestObject) (gen.ValidateSchemaResponseObject, error) {
	document, err := fromAPIDocument(ctx)
	if err != nil {
		return nil, err
	}
	trial, err := a.schemas.Try(ctx, document)
	if err != nil {
		return nil, err
	}
	r := requestOf(ctx)
	out := gen.ValidateSchema200JSONResponse{
		Valid: trial.Valid(), Errors: toAPIFieldErrors(a.speaker.language(r), trial.Errors),
		Changes: make([]gen.ProfileSchemaChange, len(trial.Changes)), Sample: nullable.NewNullNullable[gen.ProfileSchemaSample](),
	}
	for i, one := range trial.Changes {
		out.Changes[i] = gen.ProfileSchemaChange{Claim: one.Claim, Change: one.Change}
	}
	if trial.Valid() && apikey.Holds(r.scopes(), apikey.Scope(gen.ScopeUsersRead)) {
		sample, err := a.sample(ctx, trial)
		if err != nil {
			return nil, err
		}
		out.Sample = nullable.NewNullableWithValue(sample)
	}
	return out, nil
}

func (a schemaAPI) sample(ctx context.Context, trial schema.Trial) (gen.ProfileSchemaSample, error) {
	page, err := a.users.Search(ctx, user.Query{Order: user.OrderCreatedDescending}, sampled)
	if err != nil {
		return gen.ProfileSchemaSample{}, err
	}
	profiles := make([]json.RawMessage, len(page.Users))
	for i, one := range page.Users {
		profiles[i] = one.Profile
	}
	found, err := trial.Misfits(ctx, profiles)
	if err != nil {
		return gen.ProfileSchemaSample{}, err
	}
	out := gen.ProfileSchemaSample{
		Checked: int32(found.Checked), Failing: int32(found.Failing), Reasons: make([]gen.ProfileSchemaMisfit, len(found.Reasons)),
	}
	for i, one := range found.Reasons {
		out.Reasons[i] = gen.ProfileSchemaMisfit{Claim: one.Claim, Code: one.Code, Count: int32(one.Count)}
	}
	return out, nil
}

// fromAPIDocument is the document as it was sent: its numbers keep their digits.
func fromAPIDocument(ctx context.Context) (json.RawMessage, error) {
	var body struct {
		Document json.RawMessage `json:"document"`
	}
	if err := json.Unmarshal(requestOf(ctx).body, &body); err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	return body.Document, nil
}

// inDocument has what is wrong with a document point to where it stands in the body.
func inDocument(err error) error {
	found := fault.As(err)
	if !errors.Is(err, schema.ErrInvalid) || found == nil {
		return err
	}
	fields := make([]fault.Field, len(found.Fields))
	for i, field := range found.Fields {
		field.Pointer = "/document" + field.Pointer
		fields[i] = field
	}
	return schema.ErrInvalid.At(fields...)
}

func toAPICreation(of schema.Version) nullable.Nullable[time.Time] {
	if of.ManagedBy == schema.BuiltIn {
		return toAPITime(nil)
	}
	return toAPITime(&of.CreatedAt)
}

func toAPIProfileSchema(of, head schema.Version) (gen.ProfileSchemaVersion, error) {
	document, err := toAPIObject(of.Document)
	if err != nil {
		return gen.ProfileSchemaVersion{}, fmt.Errorf("profile schema %d: %w", of.Number, err)
	}
	return gen.ProfileSchemaVersion{
		Version: int32(of.Number), ManagedBy: string(of.ManagedBy), Current: of.Number == head.Number,
		CreatedAt: toAPICreation(of), Document: document,
	}, nil
}
