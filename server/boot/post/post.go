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

	calls *httpc.Client // nil until somebody is called
}

// Open makes the providers that were chosen; baseURL is what the tenant in scope is called by.
// In test mode nothing leaves the server unless that was asked for. What was opened before it
// failed is closed.
func Open(settings config.Config, now clock.Clock, baseURL func(ctx context.Context) (string, error)) (Post, error) {
	opened := Post{
		Providers: map[message.Channel]message.Provider{}, Closers: nil, calls: nil,
		Heard: gateway.Callbacks{Account: nil, Endpoints: map[message.Channel]*gateway.Endpoint{}},
	}
	err := opened.mail(settings, now)
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

func (p *Post) mail(settings config.Config, now clock.Clock) error {
	switch chosen := settings.MailProvider(); {
	case chosen == mail.SMTP:
		server, err := mail.NewServer(settings.Mail, nil)
		if err != nil {
			return err
		}
		p.Closers = append(p.Closers, server.Close)
		p.Providers[message.Email] = server
	case chosen == mail.HTTP:
		endpoint, err := p.endpoint(settings, now, message.Email, settings.Mail.HTTP)
		if err != nil {
			return err
		}
		letters, err := mail.NewGateway(endpoint, settings.Mail)
		if err != nil {
			return err
		}
		p.Providers[message.Email] = letters
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
	if chosen.Provider == gateway.HTTP {
		endpoint, err := p.endpoint(settings, now, message.SMS, chosen.HTTP)
		if err != nil {
			return err
		}
		p.Providers[message.SMS] = gateway.NewTexts(endpoint, chosen)
		return nil
	}
	client, err := p.client(settings)
	if err != nil {
		return err
	}
	account, err := gateway.NewAccount(gateway.AccountDeps{Client: client, BaseURL: baseURL}, chosen)
	if err != nil {
		return err
	}
	p.Heard.Account, p.Providers[message.SMS] = account, account
	return nil
}

// endpoint is a gateway that takes our own form, whose reports are believed from now on.
func (p *Post) endpoint(settings config.Config, now clock.Clock, channel message.Channel, chosen gateway.HTTPConfig) (*gateway.Endpoint, error) {
	client, err := p.client(settings)
	if err != nil {
		return nil, err
	}
	made, err := gateway.NewEndpoint(gateway.Deps{Client: client, Clock: now}, chosen)
	if err != nil {
		return nil, err
	}
	p.Heard.Endpoints[channel] = made
	return made, nil
}

// client is one for all who are called.
func (p *Post) client(settings config.Config) (*httpc.Client, error) {
	if p.calls != nil {
		return p.calls, nil
	}
	client, err := httpc.New(settings.Outbound)
	if err != nil {
		return nil, err
	}
	p.calls = client
	p.Closers = append(p.Closers, func() error { client.CloseIdle(); return nil })
	return client, nil
}
