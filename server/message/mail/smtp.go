package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"

	gomail "github.com/wneessen/go-mail"

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

var _ message.Provider = (*Server)(nil)

// NewServer makes a Server; nothing is connected yet. Roots are the authorities that vouch
// for it; nil is those of the machine.
func NewServer(config Config, roots *x509.CertPool) (*Server, error) {
	enveloped, err := sealed(config)
	if err != nil {
		return nil, err
	}
	if err := config.SMTP.validate(); err != nil {
		return nil, err
	}
	return &Server{
		envelope: enveloped, config: config.SMTP,
		secured: &tls.Config{ServerName: config.SMTP.Host, MinVersion: tls.VersionTLS12, RootCAs: roots},
		places:  make(chan struct{}, config.SMTP.Connections), idle: make(chan *connection, config.SMTP.Connections),
	}, nil
}

// Send hands a message over. The whole of it ends with ctx, and each part has its own bound
// besides, so that no server can hold on to it.
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
	if refused := open.speak(s.from.Address, deliverable(to)); refused != nil {
		s.put(open, true)
		return "", refused
	}
	during := open.endWith(ctx)
	err = open.client.SendWithSMTPClient(open.session, composed)
	usable := during()
	if err != nil && !composed.IsDelivered() {
		refused := refusalOf(err)
		s.put(open, usable && refused.Final)
		return "", refused
	}
	s.put(open, usable && err == nil)
	return composed.GetMessageID(), nil
}

// Greet connects, signs in and names the sender, for whoever wants to know whether that
// works: many servers say only then whom they want nothing of.
func (s *Server) Greet(ctx context.Context) error {
	open, err := s.dial(ctx)
	if err != nil {
		return err
	}
	defer open.leave()
	defer open.endWith(ctx)()
	if err := open.session.UpdateDeadline(s.config.Timeout); err != nil {
		return unavailable(err)
	}
	if refused := open.speak(s.from.Address, ""); refused != nil {
		return refused
	}
	if err := open.session.Mail("<" + s.from.Address + ">"); err != nil {
		return refusedBefore(err, gomail.ErrSMTPMailFrom)
	}
	if err := open.session.Reset(); err != nil {
		return unavailable(errAnswer)
	}
	return nil
}

// Close ends the connections that nobody uses. It takes leave of no more than one that is dead.
func (s *Server) Close() error {
	for {
		select {
		case open := <-s.idle:
			if !open.leave() {
				s.endIdle()
			}
		default:
			return nil
		}
	}
}

// connection is one that answers: an idle one, or a new one. Where one is dead the others
// are, or would cost as long to find out.
func (s *Server) connection(ctx context.Context) (*connection, error) {
	select {
	case kept := <-s.idle:
		if kept.answers(ctx, s.config.Timeout) {
			return kept, nil
		}
		kept.end()
		s.endIdle()
	default:
	}
	return s.dial(ctx)
}

// endIdle ends what is idle without a word.
func (s *Server) endIdle() {
	for {
		select {
		case open := <-s.idle:
			open.end()
		default:
			return
		}
	}
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
	open.end()
}
