package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/mail"
	"net/textproto"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"github.com/lintel-id/lintel/server/message"
)

// Server hands mail to an SMTP server over connections that are kept for the next one.
type Server struct {
	envelope

	config SMTPConfig
	client *gomail.Client
	places chan struct{}     // one for each connection that may be open
	idle   chan *smtp.Client // the open ones that nobody uses
}

var _ message.Provider = (*Server)(nil)

// NewServer makes a Server; nothing is connected yet. Roots are the authorities that vouch
// for it: nil is those of the machine.
func NewServer(config Config, roots *tls.Config) (*Server, error) {
	from, err := mail.ParseAddress(config.From)
	if err != nil {
		return nil, errFrom
	}
	own := config.SMTP
	secured := &tls.Config{ServerName: own.Host, MinVersion: tls.VersionTLS12}
	if roots != nil {
		secured.RootCAs = roots.RootCAs
	}
	options := []gomail.Option{
		gomail.WithPort(own.Port), gomail.WithTimeout(own.Timeout), gomail.WithTLSConfig(secured), gomail.WithoutNoop(),
	}
	switch own.Security {
	case TLS:
		options = append(options, gomail.WithSSL())
	case StartTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case Plain:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if !own.Password.IsZero() {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(own.Username), gomail.WithPassword(own.Password.Reveal()))
	}
	client, err := gomail.NewClient(own.Host, options...)
	if err != nil {
		return nil, fmt.Errorf("mail.smtp: %w", err)
	}
	s := &Server{
		envelope: envelope{from: from}, config: own, client: client,
		places: make(chan struct{}, own.Connections), idle: make(chan *smtp.Client, own.Connections),
	}
	return s, nil
}

// Send hands a message over.
func (s *Server) Send(ctx context.Context, to string, letter message.Letter, about message.Message) (string, error) {
	composed, err := s.compose(to, letter, about)
	if err != nil {
		return "", err
	}
	select {
	case s.places <- struct{}{}:
		defer func() { <-s.places }()
	case <-ctx.Done():
		return "", unavailable(ctx.Err())
	}
	connection, err := s.connection(ctx)
	if err != nil {
		return "", err
	}
	if err := s.client.SendWithSMTPClient(connection, composed); err != nil && !composed.IsDelivered() {
		refused := refusalOf(err)
		s.put(connection, refused.Final)
		return "", refused
	}
	s.put(connection, true)
	return composed.GetMessageID(), nil
}

// Greet connects and signs in, for whoever wants to know whether that works.
func (s *Server) Greet(ctx context.Context) error {
	connection, err := s.dial(ctx)
	if err != nil {
		return err
	}
	return s.client.CloseWithSMTPClient(connection)
}

// Close ends the connections that nobody uses.
func (s *Server) Close() error {
	for {
		select {
		case connection := <-s.idle:
			_ = s.client.CloseWithSMTPClient(connection) // the server may have left before
		default:
			return nil
		}
	}
}

// connection is one that answers: an idle one, or a new one.
func (s *Server) connection(ctx context.Context) (*smtp.Client, error) {
	for {
		select {
		case kept := <-s.idle:
			if kept.UpdateDeadline(s.config.Timeout) == nil && kept.Noop() == nil {
				return kept, nil
			}
			_ = kept.Close() // a server ends what is idle for long
		default:
			return s.dial(ctx)
		}
	}
}

func (s *Server) dial(ctx context.Context) (*smtp.Client, error) {
	connection, err := s.client.DialToSMTPClientWithContext(ctx)
	if err == nil {
		return connection, nil
	}
	var answer *textproto.Error
	if errors.As(err, &answer) && answer.Code >= 500 && answer.Code != 554 { // 554 greets whoever is not wanted now
		return nil, &message.Refusal{Code: message.CredentialsRefused, Final: false, Unsure: false, Cause: fmt.Errorf("%w: %d", errAnswer, answer.Code)}
	}
	return nil, unavailable(err)
}

// put keeps a connection that can be used again, and ends any other.
func (s *Server) put(connection *smtp.Client, usable bool) {
	if usable {
		select {
		case s.idle <- connection:
			return
		default:
		}
	}
	_ = connection.Close()
}

func unavailable(err error) *message.Refusal {
	return &message.Refusal{Code: message.ProviderUnavailable, Final: false, Unsure: false, Cause: err}
}

// refusalOf says what an answer means. Its words are left out: they may repeat the address.
// Spec: RFC 5321 §4.2.1.
func refusalOf(err error) *message.Refusal {
	var sent *gomail.SendError
	if !errors.As(err, &sent) {
		return unavailable(errAnswer)
	}
	refusal := &message.Refusal{
		Code: message.ProviderUnavailable, Final: sent.ErrorCode() >= 500,
		// Whoever is cut off after the last line does not know whether it was read.
		Unsure: sent.Reason == gomail.ErrSMTPDataClose && sent.ErrorCode() == 0,
		Cause:  fmt.Errorf("%w: %s: %d %s", errAnswer, sent.Reason, sent.ErrorCode(), sent.EnhancedStatusCode()),
	}
	switch {
	case !refusal.Final:
	case sent.Reason == gomail.ErrSMTPRcptTo:
		refusal.Code = message.RecipientRefused
	default:
		refusal.Code = message.MessageRefused
	}
	return refusal
}
