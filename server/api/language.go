package api

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/platform/i18n"
	"github.com/lintel-id/lintel/server/user"
)

// Texts is what the contract says to people, in every language. It is made once, for
// all who speak to them.
func Texts() (*i18n.Catalogue, error) { return i18n.New(gen.LocalesJSON) }

// Locales are the tags of the languages there are.
func Locales() []string { return slices.Clone(gen.Locales) }

// askFor bounds what is asked to find a language: no answer waits for it longer.
const askFor = 250 * time.Millisecond

// speaker chooses the language of an answer.
type speaker struct {
	texts *i18n.Catalogue
	users *user.Service
	flows *flow.Service
	// fallback is where nobody has said anything.
	fallback string
}

// language is what the answer to a request is written in: what its flow was asked to
// speak, else what the signed-in user reads, else what the browser says, else the
// tenant's. It is chosen when there is something to say, and once: most answers have
// no word for people in them.
func (s speaker) language(r *request) *i18n.Language {
	return s.choose(r, s.ofFlow, s.ofUser, s.ofBrowser, s.ofTenant)
}

// calmLanguage is the same for an answer that tells of too much work: it makes none.
func (s speaker) calmLanguage(r *request) *i18n.Language {
	return s.choose(r, s.ofFlow, s.ofBrowser, s.ofTenant)
}

func (s speaker) choose(r *request, wishes ...func(*request) *i18n.Language) *i18n.Language {
	for _, wish := range wishes {
		if r.language != nil {
			return r.language
		}
		r.language = wish(r)
	}
	if r.language == nil {
		r.language = s.texts.Source()
	}
	return r.language
}

// ofFlow is what the flow of a request was asked to speak.
func (s speaker) ofFlow(r *request) *i18n.Language {
	if r.locale == nil && r.flowToken != "" {
		ctx, cancel := context.WithTimeout(&r.Scope, askFor)
		defer cancel()
		asked := s.flows.Locale(ctx, r.flowToken)
		r.locale = &asked
	}
	if r.locale == nil {
		return nil
	}
	return s.texts.Find(*r.locale)
}

func (s speaker) ofUser(r *request) *i18n.Language { return s.texts.Find(s.userLocale(r)) }

// userLocale is what the signed-in user says they read. The request may have run out
// of its time, which is what is to be told then, so this has a little of its own.
func (s speaker) userLocale(r *request) string {
	if r.session == nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(&r.Scope, askFor)
	defer cancel()
	found, err := s.users.ByID(ctx, r.session.Session.UserID)
	if err != nil {
		return "" // the answer is about something else
	}
	own, err := s.users.Own(ctx, found)
	if err != nil {
		return ""
	}
	return own.Locale()
}

func (s speaker) ofBrowser(r *request) *i18n.Language {
	return s.texts.Accept(acceptLanguage(r.header))
}

// ofTenant is the language of the tenant at hand.
func (s speaker) ofTenant(r *request) *i18n.Language {
	return cmp.Or(s.texts.Find(r.settings.Locale), s.texts.Find(s.fallback))
}

// flowLocale is what a new flow will speak: what is asked for, as far as it is spoken
// here, else what the signed-in user reads. Later requests bring no session.
func (s speaker) flowLocale(r *request, asked string) string {
	if s.texts.Find(asked) == nil {
		if reads := s.userLocale(r); reads != "" {
			asked = reads
		}
	}
	r.locale = &asked
	return asked
}

// maxLanguages bounds what is kept of the field: a little more than anybody reads of it.
const maxLanguages = 256

// acceptLanguage is the field as if it had been sent in one line. Spec: RFC 9110 §5.3.
func acceptLanguage(header *fasthttp.RequestHeader) string {
	if header == nil {
		return ""
	}
	return clip(bytes.Join(header.PeekAll(fiber.HeaderAcceptLanguage), []byte(",")), maxLanguages)
}
