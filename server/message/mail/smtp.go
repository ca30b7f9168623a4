package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/textproto"
	"slices"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"github.com/lintel-id/lintel/server/message"
)

// Server hands mail to an SMTP server over connections that are kept for the next one.
type Server struct {
	envelope

	config  SMTPConfig
	secured *tls.Config
	places  chan struct{}    // one for each connection that may be open
	idle    chan *connection // the open ones that nobody uses
}

// connection is a conversation that has got as far as signing in. The library keeps state
// for each, so each has its own client.
type connection struct {
	client  *gomail.Client
	session *smtp.Client
}

var _ message.Provider = (*Server)(nil)

// NewServer makes a Server; nothing is connected yet. Roots are the authorities that vouch
// for it; nil is those of the machine.
func NewServer(config Config, roots *x509.CertPool) (*Server, error) {
	from, err := mail.ParseAddress(config.From)
	if err != nil {
		return nil, errFrom
	}
	if err := config.SMTP.validate(); err != nil {
		return nil, err
	}
	return &Server{
		envelope: envelope{from: from}, config: config.SMTP,
		secured: &tls.Config{ServerName: config.SMTP.Host, MinVersion: tls.VersionTLS12, RootCAs: roots},
		places:  make(chan struct{}, config.SMTP.Connections), idle: make(chan *connection, config.SMTP.Connections),
	}, nil
}

// Send hands a message over. Each part of the conversation has its own bound, so that no
// server can hold on to it.
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
	open, err := s.connection(ctx)
	if err != nil {
		return "", err
	}
	if err := open.client.SendWithSMTPClient(open.session, composed); err != nil && !composed.IsDelivered() {
		refused := refusalOf(err)
		s.put(open, refused.Final)
		return "", refused
	}
	s.put(open, true)
	return composed.GetMessageID(), nil
}

// Greet connects and signs in, for whoever wants to know whether that works.
func (s *Server) Greet(ctx context.Context) error {
	open, err := s.dial(ctx)
	if err != nil {
		return err
	}
	return open.client.CloseWithSMTPClient(open.session)
}

// Close ends the connections that nobody uses.
func (s *Server) Close() error {
	for {
		select {
		case open := <-s.idle:
			_ = open.client.CloseWithSMTPClient(open.session) // the server may have left before
		default:
			return nil
		}
	}
}

// connection is one that answers: an idle one, or a new one.
func (s *Server) connection(ctx context.Context) (*connection, error) {
	for {
		select {
		case kept := <-s.idle:
			if kept.session.UpdateDeadline(s.config.Timeout) == nil && kept.session.Noop() == nil {
				return kept, nil
			}
			_ = kept.session.Close() // a server ends what is idle for long
		default:
			return s.dial(ctx)
		}
	}
}

// dial connects, secures the connection and signs in. The library leaves the socket of a
// conversation that fails open, so it is kept at hand.
func (s *Server) dial(ctx context.Context) (*connection, error) {
	var opened net.Conn
	client, err := gomail.NewClient(s.config.Host, append(s.options(), gomail.WithDialContextFunc(
		func(ctx context.Context, network, address string) (_ net.Conn, err error) {
			opened, err = s.socket(ctx, network, address)
			return opened, err
		},
	))...)
	if err != nil {
		return nil, fmt.Errorf("mail.smtp: %w", err)
	}
	session, err := client.DialToSMTPClientWithContext(ctx)
	if err == nil {
		return &connection{client: client, session: session}, nil
	}
	if opened != nil {
		_ = opened.Close()
	}
	var answer *textproto.Error
	if !errors.As(err, &answer) {
		return nil, unavailable(err)
	}
	refused := unavailable(fmt.Errorf("%w: %d", errAnswer, answer.Code))
	if slices.Contains(signingIn, answer.Code) {
		refused.Code = message.CredentialsRefused
	}
	return nil, refused
}

// signingIn are the answers to whoever may not. Spec: RFC 4954 §6.
var signingIn = []int{530, 534, 535, 538}

func (s *Server) options() []gomail.Option {
	options := []gomail.Option{
		gomail.WithPort(s.config.Port), gomail.WithTimeout(s.config.Timeout), gomail.WithTLSConfig(s.secured), gomail.WithoutNoop(),
	}
	switch s.config.Security {
	case TLS:
		options = append(options, gomail.WithSSL())
	case StartTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case Plain:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if !s.config.Password.IsZero() {
		options = append(options, gomail.WithUsername(s.config.Username), gomail.WithPassword(s.config.Password.Reveal()),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	return options
}

func (s *Server) socket(ctx context.Context, network, address string) (net.Conn, error) {
	if s.config.Security == TLS {
		dialer := tls.Dialer{NetDialer: nil, Config: s.secured}
		return dialer.DialContext(ctx, network, address)
	}
	var dialer net.Dialer
	return dialer.DialContext(ctx, network, address)
}

// put keeps a connection that can be used again, and ends any other.
func (s *Server) put(open *connection, usable bool) {
	if usable {
		select {
		case s.idle <- open:
			return
		default:
		}
	}
	_ = open.session.Close()
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
