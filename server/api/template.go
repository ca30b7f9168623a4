package api

import (
	"context"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/oapi-codegen/nullable"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/message/letter"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/template"
)

// Whose words are.
const (
	sourceTenant  = "tenant"
	sourceBuiltIn = "built_in"
)

// templateAPI is the part of the contract on what messages say.
type templateAPI struct {
	templates *template.Service
	letters   *letter.Writer
}

// ListTemplates lists whose words are where.
func (a templateAPI) ListTemplates(ctx context.Context, request gen.ListTemplatesRequestObject) (gen.ListTemplatesResponseObject, error) {
	after, err := fromAPITemplateCursor(request.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := a.templates.List(ctx, after, fromAPILimit(request.Params.Limit))
	if err != nil {
		return nil, err
	}
	out := gen.ListTemplates200JSONResponse{Items: make([]gen.TemplateHead, len(page.Items)), NextCursor: toAPITemplateCursor(page.Next)}
	for i, one := range page.Items {
		head := gen.TemplateHead{
			Kind: one.Kind, Channel: one.Channel, Locale: one.Locale, Version: nullable.NewNullNullable[int64](), Source: sourceBuiltIn, UpdatedAt: toAPITime(nil),
		}
		if one.Holds() {
			head.Version, head.Source, head.UpdatedAt = nullable.NewNullableWithValue(one.Number), sourceTenant, toAPITime(&one.At)
		}
		out.Items[i] = head
	}
	return out, nil
}

// GetTemplate answers the words that hold.
func (a templateAPI) GetTemplate(ctx context.Context, request gen.GetTemplateRequestObject) (gen.GetTemplateResponseObject, error) {
	latest, err := a.templates.Latest(ctx, template.Key{Kind: request.TemplateKind, Channel: request.TemplateChannel, Locale: request.TemplateLocale})
	if err != nil {
		return nil, err
	}
	body, err := a.holding(ctx, latest)
	return gen.GetTemplate200JSONResponse{Body: body, Headers: gen.GetTemplate200ResponseHeaders{ETag: toAPIETag(latest.Number)}}, err
}

// SetTemplate makes the next version of the tenant's words.
func (a templateAPI) SetTemplate(ctx context.Context, request gen.SetTemplateRequestObject) (gen.SetTemplateResponseObject, error) {
	after, err := fromAPIETag(&request.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	key := template.Key{Kind: request.TemplateKind, Channel: request.TemplateChannel, Locale: request.TemplateLocale}
	made, err := a.templates.Set(ctx, key, *after, fromAPIWords(*request.Body))
	if err != nil {
		return nil, err
	}
	body, err := a.holding(ctx, made)
	return gen.SetTemplate200JSONResponse{Body: body, Headers: gen.SetTemplate200ResponseHeaders{ETag: toAPIETag(made.Number)}}, err
}

// DeleteTemplate has the built-in words again.
func (a templateAPI) DeleteTemplate(ctx context.Context, request gen.DeleteTemplateRequestObject) (gen.DeleteTemplateResponseObject, error) {
	after, err := fromAPIETag(&request.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	key := template.Key{Kind: request.TemplateKind, Channel: request.TemplateChannel, Locale: request.TemplateLocale}
	if err := a.templates.Remove(ctx, key, *after); err != nil {
		return nil, err
	}
	return gen.DeleteTemplate204Response{}, nil
}

// ListTemplateVersions lists how the tenant's words were changed.
func (a templateAPI) ListTemplateVersions(ctx context.Context, request gen.ListTemplateVersionsRequestObject) (gen.ListTemplateVersionsResponseObject, error) {
	before, err := fromAPINumberCursor(request.Params.Cursor)
	if err != nil {
		return nil, err
	}
	key := template.Key{Kind: request.TemplateKind, Channel: request.TemplateChannel, Locale: request.TemplateLocale}
	found, next, err := a.templates.Versions(ctx, key, before, fromAPILimit(request.Params.Limit))
	if err != nil {
		return nil, err
	}
	out := gen.ListTemplateVersions200JSONResponse{Items: make([]gen.TemplateVersionHead, len(found)), NextCursor: toAPINumberCursor(next)}
	for i, one := range found {
		out.Items[i] = gen.TemplateVersionHead{Version: one.Number, Removed: one.Removed, ChangedAt: one.At, ChangedBy: toAPITemplateChanger(one)}
	}
	return out, nil
}

// GetTemplateVersion answers what the tenant's words were.
func (a templateAPI) GetTemplateVersion(ctx context.Context, request gen.GetTemplateVersionRequestObject) (gen.GetTemplateVersionResponseObject, error) {
	number, err := strconv.ParseInt(request.TemplateVersion, 10, 64)
	if err != nil {
		return nil, template.ErrVersionUnknown
	}
	key := template.Key{Kind: request.TemplateKind, Channel: request.TemplateChannel, Locale: request.TemplateLocale}
	found, err := a.templates.VersionByNumber(ctx, key, number)
	if err != nil {
		return nil, err
	}
	return gen.GetTemplateVersion200JSONResponse{
		Version: found.Number, Removed: found.Removed, Words: toAPIWords(found.Words), ChangedAt: found.At, ChangedBy: toAPITemplateChanger(found),
	}, nil
}

// PreviewTemplate shows a message without sending it.
func (a templateAPI) PreviewTemplate(ctx context.Context, request gen.PreviewTemplateRequestObject) (gen.PreviewTemplateResponseObject, error) {
	kind, key, err := a.templates.Known(template.Key{Kind: request.Body.Kind, Channel: request.Body.Channel, Locale: request.Body.Locale})
	if err != nil {
		return nil, err
	}
	var draft *template.Words
	if request.Body.Words != nil {
		draft = new(fromAPIWords(*request.Body.Words))
	}
	shown, err := a.letters.Preview(ctx, kind, key, draft, given(request.Body.Values))
	if err != nil {
		return nil, inWords(err)
	}
	return gen.PreviewTemplate200JSONResponse{Locale: shown.Locale, Subject: shown.Subject, Text: shown.Text, HTML: shown.HTML}, nil
}

// inWords has what is wrong with words point to where they stand in the body.
func inWords(err error) error {
	found := fault.As(err)
	if !errors.Is(err, template.ErrInvalid) || found == nil {
		return err
	}
	fields := make([]fault.Field, len(found.Fields))
	for i, field := range found.Fields {
		if !strings.HasPrefix(field.Pointer, "/values") {
			field.Pointer = "/words" + field.Pointer
		}
		fields[i] = field
	}
	return template.ErrInvalid.At(fields...)
}

// holding are the words that a reader gets, beside the newest version of the tenant's.
func (a templateAPI) holding(ctx context.Context, latest template.Version) (gen.Template, error) {
	kind, key, err := a.templates.Known(latest.Key)
	if err != nil {
		return gen.Template{}, err
	}
	chosen := letter.Chosen{Words: latest.Words, Locale: key.Locale, Own: true}
	if !latest.Holds() {
		if chosen, err = a.letters.Choose(ctx, key); err != nil {
			return gen.Template{}, err
		}
	}
	out := gen.Template{
		Kind: key.Kind, Channel: key.Channel, Locale: key.Locale, Version: latest.Number, Source: sourceBuiltIn, WordsLocale: chosen.Locale,
		Words: toAPIWords(chosen.Words), Placeholders: make([]gen.TemplatePlaceholder, len(kind.Placeholders)), UpdatedAt: toAPITime(nil),
	}
	if chosen.Own {
		out.Source = sourceTenant
	}
	if latest.Number > 0 {
		out.UpdatedAt = toAPITime(&latest.At)
	}
	for i, one := range kind.Placeholders {
		out.Placeholders[i] = gen.TemplatePlaceholder{Name: one.Name, Required: one.Required}
	}
	return out, nil
}

func fromAPIWords(from gen.NewTemplateWords) template.Words {
	return template.Words{
		Subject: from.Subject, Heading: given(from.Heading), Body: given(from.Body), Footer: given(from.Footer), HTML: given(from.HTML), Text: given(from.Text),
	}
}

func toAPIWords(from template.Words) gen.TemplateWords {
	return gen.TemplateWords{
		Subject: from.Subject, Heading: optionalText[string](from.Heading), Body: optionalText[string](from.Body),
		Footer: optionalText[string](from.Footer), HTML: optionalText[string](from.HTML), Text: optionalText[string](from.Text),
	}
}

func toAPITemplateChanger(from template.Version) gen.TemplateChanger {
	return gen.TemplateChanger{Kind: string(from.By.Kind), ID: optionalText[string](from.By.ID)}
}

func toAPITemplateCursor(next template.Key) nullable.Nullable[string] {
	if next == (template.Key{}) {
		return nullable.NewNullNullable[string]()
	}
	return nullable.NewNullableWithValue(base64.RawURLEncoding.EncodeToString([]byte(next.Kind + "/" + next.Channel + "/" + next.Locale)))
}

func fromAPITemplateCursor(cursor *string) (template.Key, error) {
	if cursor == nil {
		return template.Key{}, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(*cursor)
	parts := strings.Split(string(text), "/")
	if err != nil || len(parts) != 3 || strings.ContainsRune(string(text), 0) || !utf8.Valid(text) {
		return template.Key{}, cursorRefused()
	}
	return template.Key{Kind: parts[0], Channel: parts[1], Locale: parts[2]}, nil
}
