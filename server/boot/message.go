package boot

import (
	"context"
	"net/url"

	"github.com/lintel-id/lintel/server/api"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/gate"
	"github.com/lintel-id/lintel/server/message/gateway"
	"github.com/lintel-id/lintel/server/message/letter"
	"github.com/lintel-id/lintel/server/message/mail"
	"github.com/lintel-id/lintel/server/platform/httpc"
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
	providers := map[message.Channel]message.Provider{}
	if by, err := s.openMail(); err != nil {
		return err
	} else if by != nil {
		providers[message.Email] = by
	}
	if by, err := s.openSMS(); err != nil {
		return err
	} else if by != nil {
		providers[message.SMS] = by
	}
	own := s.config.Message
	own.KeepContent = s.config.TestMode
	readers, err := gate.New(gate.Deps{Users: s.users, Holder: storage.NewUsers(s.db), Clock: s.clock})
	if err != nil {
		return err
	}
	s.messages, err = message.New(message.Deps{
		Store: storage.NewMessages(s.db), Providers: providers, Writer: s.letters, Tenants: s.tenants, Limiter: s.limiter,
		Gate: readers, TellsUnknown: func(context.Context) (bool, error) { return false, nil },
		Tx: s.db, Events: s.recorder, Clock: s.clock, Logger: s.logger,
	}, own)
	return err
}

// openMail makes the provider of email that was chosen; nil where none was. In test mode
// nothing leaves the server unless that was asked for.
func (s *services) openMail() (message.Provider, error) {
	switch chosen := s.config.MailProvider(); {
	case chosen == mail.SMTP:
		server, err := mail.NewServer(s.config.Mail, nil)
		if err != nil {
			return nil, err
		}
		s.closers = append(s.closers, server.Close)
		return server, nil
	case chosen == mail.File:
		return mail.NewFolder(s.config.MailFolder())
	case s.config.TestMode:
		return mail.Inbox{}, nil
	}
	return nil, nil //nolint:nilnil // nobody delivers
}

// openSMS makes the provider of text messages that was chosen; nil where none was.
func (s *services) openSMS() (message.Provider, error) {
	chosen := s.config.ChosenSMS()
	switch {
	case chosen.Provider == gateway.File:
		return gateway.NewFolder(chosen), nil
	case chosen.Provider == gateway.None && s.config.TestMode:
		return gateway.Inbox{}, nil
	case chosen.Provider == gateway.None:
		return nil, nil //nolint:nilnil // nobody delivers
	}
	client, err := httpc.New(s.config.Outbound)
	if err != nil {
		return nil, err
	}
	s.closers = append(s.closers, func() error { client.CloseIdle(); return nil })
	if chosen.Provider == gateway.Twilio {
		s.heard.Account, err = gateway.NewAccount(gateway.AccountDeps{Client: client, BaseURL: s.baseURL}, chosen.Twilio)
		return s.heard.Account, err
	}
	s.heard.Endpoint, err = gateway.NewEndpoint(gateway.Deps{Client: client, Clock: s.clock}, chosen.HTTP)
	return s.heard.Endpoint, err
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
