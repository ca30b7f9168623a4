package post

import (
	"context"
	"errors"

	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/gateway"
	"github.com/lintel-id/lintel/server/message/mail"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/httpc"
)

// Post is whoever delivers.
type Post struct {
	// Providers has none for a channel that nobody delivers on.
	Providers map[message.Channel]message.Provider
	Heard     gateway.Callbacks
	Closers   []func() error
}

// Open makes the providers that were chosen; baseURL is what the tenant in scope is called by.
// In test mode nothing leaves the server unless that was asked for. What was opened before it
// failed is closed.
func Open(settings config.Config, now clock.Clock, baseURL func(ctx context.Context) (string, error)) (Post, error) {
	opened := Post{
		Providers: map[message.Channel]message.Provider{}, Heard: gateway.Callbacks{Account: nil, Endpoint: nil}, Closers: nil,
	}
	err := opened.mail(settings)
	if err == nil {
		err = opened.texts(settings, now, baseURL)
	}
	if err != nil {
		for _, closes := range opened.Closers {
			err = errors.Join(err, closes())
		}
		return Post{}, err
	}
	return opened, nil
}

func (p *Post) mail(settings config.Config) error {
	switch chosen := settings.MailProvider(); {
	case chosen == mail.SMTP:
		server, err := mail.NewServer(settings.Mail, nil)
		if err != nil {
			return err
		}
		p.Closers = append(p.Closers, server.Close)
		p.Providers[message.Email] = server
	case chosen == mail.File:
		folder, err := mail.NewFolder(settings.MailFolder())
		if err != nil {
			return err
		}
		p.Providers[message.Email] = folder
	case settings.TestMode:
		p.Providers[message.Email] = mail.Inbox{}
	}
	return nil
}

func (p *Post) texts(settings config.Config, now clock.Clock, baseURL func(ctx context.Context) (string, error)) error {
	chosen := settings.ChosenSMS()
	switch {
	case chosen.Provider == gateway.File:
		p.Providers[message.SMS] = gateway.NewFolder(chosen)
		return nil
	case chosen.Provider == gateway.None && settings.TestMode:
		p.Providers[message.SMS] = gateway.Inbox{}
		return nil
	case chosen.Provider == gateway.None:
		return nil
	}
	client, err := httpc.New(settings.Outbound)
	if err != nil {
		return err
	}
	p.Closers = append(p.Closers, func() error { client.CloseIdle(); return nil })
	if chosen.Provider == gateway.Twilio {
		p.Heard.Account, err = gateway.NewAccount(gateway.AccountDeps{Client: client, BaseURL: baseURL}, chosen.Twilio)
		p.Providers[message.SMS] = p.Heard.Account
		return err
	}
	p.Heard.Endpoint, err = gateway.NewEndpoint(gateway.Deps{Client: client, Clock: now}, chosen.HTTP)
	p.Providers[message.SMS] = p.Heard.Endpoint
	return err
}
