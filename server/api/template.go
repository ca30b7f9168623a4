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
	after.Application = given(request.Params.ApplicationID)
	page, err := a.templates.List(ctx, after, fromAPILimit(request.Params.Limit))
	if err != nil {
		return nil, err
	}
	out := gen.ListTemplates200JSONResponse{Items: make([]gen.TemplateHead, len(page.Items)), NextCursor: toAPITemplateCursor(page.Next)}
	for i, one := range page.Items {
		head := gen.TemplateHead{
			Kind: one.Kind, Channel: one.Channel, Locale: one.Locale, ApplicationID: toAPITemplateOwner(one.Key),
			Version: nullable.NewNullNullable[int64](), Source: string(letter.BuiltIn), UpdatedAt: toAPITime(nil),
		}
		if one.Holds() {
			head.Version, head.Source, head.UpdatedAt = nullable.NewNullableWithValue(one.Number), string(letter.SourceOf(one.Key)), toAPITime(&one.At)
		}
		out.Items[i] = head
	}
	return out, nil
}

// GetTemplate answers the words that hold.
func (a templateAPI) GetTemplate(ctx context.Context, request gen.GetTemplateRequestObject) (gen.GetTemplateResponseObject, error) {
	latest, err := a.templates.Latest(ctx, fromAPITemplateKey(request.TemplateKind, request.TemplateChannel, request.TemplateLocale, request.Params.ApplicationID))
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
	key := fromAPITemplateKey(request.TemplateKind, request.TemplateChannel, request.TemplateLocale, request.Params.ApplicationID)
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
	key := fromAPITemplateKey(request.TemplateKind, request.TemplateChannel, request.TemplateLocale, request.Params.ApplicationID)
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
	key := fromAPITemplateKey(request.TemplateKind, request.TemplateChannel, request.TemplateLocale, request.Params.ApplicationID)
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
	key := fromAPITemplateKey(request.TemplateKind, request.TemplateChannel, request.TemplateLocale, request.Params.ApplicationID)
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
	kind, key, err := a.templates.Known(ctx, fromAPITemplateKey(request.Body.Kind, request.Body.Channel, request.Body.Locale, request.Body.ApplicationID))
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
	kind, key, err := a.templates.Known(ctx, latest.Key)
	if err != nil {
		return gen.Template{}, err
	}
	chosen := letter.Chosen{Words: latest.Words, Locale: key.Locale, Source: letter.SourceOf(key)}
	if !latest.Holds() {
		if chosen, err = a.letters.Choose(ctx, key); err != nil {
			return gen.Template{}, err
		}
	}
	out := gen.Template{
		Kind: key.Kind, Channel: key.Channel, Locale: key.Locale, ApplicationID: toAPITemplateOwner(key), Version: latest.Number,
		Source: string(chosen.Source), WordsLocale: chosen.Locale,
		Words: toAPIWords(chosen.Words), Placeholders: make([]gen.TemplatePlaceholder, len(kind.Placeholders)), UpdatedAt: toAPITime(nil),
	}
	if latest.Number > 0 {
		out.UpdatedAt = toAPITime(&latest.At)
	}
	for i, one := range kind.Placeholders {
		out.Placeholders[i] = gen.TemplatePlaceholder{Name: one.Name, Required: one.Required}
	}
	return out, nil
}

func fromAPITemplateKey(kind, channel, locale string, application *gen.ApplicationID) template.Key {
	return template.Key{Application: given(application), Kind: kind, Channel: channel, Locale: locale}
}

func toAPITemplateOwner(key template.Key) nullable.Nullable[string] {
	if key.Application == "" {
		return nullable.NewNullNullable[string]()
	}
	return nullable.NewNullableWithValue(key.Application)
}

func fromAPIWords(from gen.NewTemplateWords) template.Words {
	return template.Words{
		Subject: given(from.Subject), Heading: given(from.Heading), Body: given(from.Body), Footer: given(from.Footer), HTML: given(from.HTML), Text: given(from.Text),
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
	if next.Kind == "" {
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
	return template.Key{Application: "", Kind: parts[0], Channel: parts[1], Locale: parts[2]}, nil
}
