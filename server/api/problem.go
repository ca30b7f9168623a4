package api

import (
	"encoding/json"
	"errors"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/i18n"
)

const problemType = "application/problem+json"

// fail renders what went wrong and gives back the fault that was shown, with what
// only we are told inside.
func (e *edge) fail(c *fiber.Ctx, r *request, err error) error {
	shown := faultOf(err)
	r.cache = line{}
	if shown.Kind == fault.NotAllowed && len(e.methods(c.Path())) == 0 { // the router knows more paths than are served
		shown = ErrNotFound
	}
	status := shown.Kind.Status()
	header := &c.Response().Header
	switch shown.Kind {
	case fault.Unauthenticated:
		header.Set(fiber.HeaderWWWAuthenticate, challenge(r))
	case fault.NotAllowed:
		header.Set(fiber.HeaderAllow, strings.Join(e.methods(c.Path()), ", "))
	default:
	}
	if shown.RetryAfter > 0 {
		header.Set(fiber.HeaderRetryAfter, strconv.FormatInt(seconds(shown.RetryAfter), 10))
	}
	language := e.languageOf(r, shown)
	body, failed := json.Marshal(e.problem(r, language, shown, status))
	if failed != nil { // a member that cannot be written is a mistake of ours
		body, _ = json.Marshal(e.problem(r, language, ErrInternal, fiber.StatusInternalServerError))
		status = fiber.StatusInternalServerError
	}
	c.Response().ResetBody()
	c.Response().SetBodyRaw(body)
	header.SetContentType(problemType)
	c.Status(status)
	return shown
}

// languageOf is the language to tell a fault in. Where there is too much to do, or
// something is broken, nothing more is begun for it.
func (e *edge) languageOf(r *request, shown *fault.Error) *i18n.Language {
	switch shown.Kind {
	case fault.TooMany, fault.Internal, fault.Unavailable:
		return e.speaker.calmLanguage(r)
	default:
		return e.speaker.language(r)
	}
}

// problem is the body. Its type is the address of a page of the tenant's; where
// there is no tenant there is no such page, and the code has to speak for itself.
// Spec: RFC 9457 §3.1, §4.2.1.
func (e *edge) problem(r *request, language *i18n.Language, shown *fault.Error, status int) map[string]any {
	kind := "about:blank"
	if r.base != "" {
		kind = r.base + "/problems/" + shown.Code
	}
	body := map[string]any{}
	maps.Copy(body, shown.Members)
	body["type"], body["title"], body["status"] = kind, language.Word(i18n.Titles, shown.Code), status
	body["detail"], body["code"], body["trace_id"] = language.Say(i18n.Details, shown.Code, shown.Message, nil), shown.Code, r.Trace
	if len(shown.Fields) > 0 {
		body["errors"] = toAPIFieldErrors(language, shown.Fields)
	}
	return body
}

func toAPIFieldErrors(language *i18n.Language, fields []fault.Field) []gen.FieldError {
	errs := make([]gen.FieldError, len(fields))
	for i, field := range fields {
		errs[i] = gen.FieldError{
			Pointer: field.Pointer, Code: field.Code, Detail: language.Say(i18n.Fields, field.Code, field.Detail, field.Numbers),
		}
	}
	return errs
}

// challenge names the way to authenticate. Spec: RFC 9110 §11.6.1, RFC 6750 §3.
func challenge(r *request) string {
	switch {
	case r.operation != nil && r.operation.Flow:
		return `Lintel-Flow realm="lintel"`
	case r.presented:
		return `Bearer realm="lintel", error="invalid_token"`
	}
	return `Bearer realm="lintel"`
}

// faultOf is the fault that stands for an error. What is none, and is not known
// here, is our mistake.
func faultOf(err error) *fault.Error {
	if known := fault.As(err); known != nil {
		return known
	}
	if parameter, ok := errors.AsType[*gen.ParameterError](err); ok {
		if parameter.Name == "" {
			return ErrMalformed
		}
		return ErrInvalid.At(fault.Field{
			Pointer: "#" + parameter.In + "/" + parameter.Name, Code: "format", Detail: "This does not have the right form.",
		})
	}
	if status, ok := errors.AsType[*fiber.Error](err); ok {
		switch status.Code {
		case fiber.StatusNotFound:
			return ErrNotFound
		case fiber.StatusMethodNotAllowed:
			return ErrMethod
		}
	}
	if isOurs(err) {
		return ErrBusy.Because(err).After(time.Second)
	}
	return ErrInternal.Because(err)
}
