package boot

import (
	"context"
	"net/url"

	"github.com/lintel-id/lintel/server/api"
	"github.com/lintel-id/lintel/server/boot/post"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/gate"
	"github.com/lintel-id/lintel/server/message/letter"
	"github.com/lintel-id/lintel/server/template"
	"github.com/lintel-id/lintel/storage"
)

// wireMessages makes the queue, with whoever delivers what is in it.
func (s *services) wireMessages() (err error) {
	if s.texts, err = api.Texts(); err != nil {
		return err
	}
	s.templates, err = template.New(template.Deps{
		Store: storage.NewTemplates(s.db), Tx: s.db, Events: s.recorder, Clock: s.clock, Kinds: letter.Kinds(), Locales: api.Locales(),
	}, template.Default())
	if err != nil {
		return err
	}
	s.letters, err = letter.New(letter.Deps{
		Texts: s.texts, Templates: s.templates, Sender: s.senderName, Default: s.tenantLocale, Fallback: s.config.API.Locale,
	})
	if err != nil {
		return err
	}
	delivered, err := post.Open(s.config, s.clock, s.baseURL)
	if err != nil {
		return err
	}
	s.heard, s.closers = delivered.Heard, append(s.closers, delivered.Closers...)
	own := s.config.Message
	own.KeepContent = s.config.TestMode
	readers, err := gate.New(gate.Deps{Users: s.users, Holder: storage.NewUsers(s.db), Clock: s.clock})
	if err != nil {
		return err
	}
	s.messages, err = message.New(message.Deps{
		Store: storage.NewMessages(s.db), Providers: delivered.Providers, Writer: s.letters, Tenants: s.tenants, Limiter: s.limiter,
		Gate: readers, TellsUnknown: func(context.Context) (bool, error) { return false, nil },
		Tx: s.db, Events: s.recorder, Clock: s.clock, Logger: s.logger,
	}, own)
	return err
}

// senderName is what the people of the tenant in scope know it by: the host they sign in at.
func (s *services) senderName(ctx context.Context) (string, error) {
	base, err := s.baseURL(ctx)
	if err != nil {
		return "", err
	}
	parsed, err := url.Parse(base)
	if err != nil {
		return "", err
	}
	return parsed.Hostname(), nil
}

// baseURL is what the tenant in scope is called by, as it is configured.
func (s *services) baseURL(ctx context.Context) (string, error) {
	here, err := s.tenants.Current(ctx)
	return here.BaseURL, err
}

// tenantLocale is the language of the tenant in scope; empty where it is the server's.
func (s *services) tenantLocale(ctx context.Context) (string, error) {
	here, err := s.tenants.Current(ctx)
	if err != nil {
		return "", err
	}
	return here.InForce().Locale, nil
}
