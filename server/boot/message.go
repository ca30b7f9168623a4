package boot

import (
	"context"
	"net/url"

	"github.com/lintel-id/lintel/server/api"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/boot/post"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/budget"
	"github.com/lintel-id/lintel/server/message/gate"
	"github.com/lintel-id/lintel/server/message/letter"
	"github.com/lintel-id/lintel/server/recovery"
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
		Application: s.hasApplication,
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
	s.budgets, err = budget.New(budget.Deps{
		Store: storage.NewMessageBudgets(s.db), Tenants: s.tenants, Limiter: s.limiter, Tx: s.db, Events: s.recorder, Clock: s.clock, Logger: s.logger,
	}, s.config.Budget)
	if err != nil {
		return err
	}
	own := s.config.Message
	own.KeepContent = s.config.TestMode
	if s.opens, err = recovery.NewFinder(recovery.FinderDeps{Store: storage.NewRecoveries(s.db), Tenants: s.tenants, Clock: s.clock}); err != nil {
		return err
	}
	readers, err := gate.New(gate.Deps{Users: s.users, Holder: storage.NewUsers(s.db), Recoveries: s.opens, Clock: s.clock})
	if err != nil {
		return err
	}
	s.messages, err = message.New(message.Deps{
		Store: storage.NewMessages(s.db), Providers: delivered.Providers, Writer: s.letters, Tenants: s.tenants, Budgets: s.budgets,
		Gate: readers, TellsUnknown: s.tellsUnknown,
		Tx: s.db, Events: s.recorder, Clock: s.clock, Logger: s.logger,
	}, own)
	return err
}

// hasApplication tells whether the tenant in scope has an application, a disabled one too.
func (s *services) hasApplication(ctx context.Context, id string) error {
	var wanted application.ID
	if wanted.UnmarshalText([]byte(id)) != nil {
		return application.ErrNotFound
	}
	_, err := s.applications.Read(ctx, wanted)
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

// tellsUnknown is whether the tenant in scope writes to addresses that have no account.
func (s *services) tellsUnknown(ctx context.Context) (bool, error) {
	settings, err := s.tenants.Settings(ctx)
	return settings.UnknownAddressNotice, err
}
