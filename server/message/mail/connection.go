package mail

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"github.com/lintel-id/lintel/server/message"
)

const (
	// stillThere is how long a kept connection may take to answer: less than a new one, so
	// that there is time for that after it.
	stillThere = 2 * time.Second
	// farewell is how long parting may take.
	farewell = time.Second
)

// connection is a conversation that has got as far as signing in. The library keeps state
// for each, so each has its own client.
type connection struct {
	client  *gomail.Client
	session *smtp.Client
	socket  net.Conn // below TLS: closing it waits for nobody
}

// dial connects, secures the connection and signs in, all within one timeout. The library
// leaves the socket of a conversation that fails open, so it is kept at hand.
func (s *Server) dial(ctx context.Context) (*connection, error) {
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	open, during := &connection{client: nil, session: nil, socket: nil}, func() bool { return true }
	client, err := gomail.NewClient(s.config.Host, append(s.options(), gomail.WithDialContextFunc(
		// The context of the library ends with the dialling.
		func(dialling context.Context, network, address string) (_ net.Conn, err error) {
			if open.socket, err = new(net.Dialer).DialContext(dialling, network, address); err != nil {
				return nil, err
			}
			during = open.endWith(ctx)
			return s.guarded(dialling, open.socket)
		},
	))...)
	if err != nil {
		return nil, fmt.Errorf("mail.smtp: %w", err)
	}
	open.client = client
	open.session, err = client.DialToSMTPClientWithContext(ctx)
	if !during() {
		err = ctx.Err()
	}
	if err == nil {
		return open, nil
	}
	if open.socket != nil {
		open.end()
	}
	return nil, refusedBefore(err, gomail.ErrConnCheck)
}

// guarded is the socket, under TLS where that is spoken from the first byte.
func (s *Server) guarded(ctx context.Context, socket net.Conn) (net.Conn, error) {
	if s.config.Security != TLS {
		return socket, nil
	}
	secured := tls.Client(socket, s.secured)
	if err := secured.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	return secured, nil
}

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

// speak has the conversation take addresses beyond ASCII where there is one, and only there: a
// server further on may not take what does not need it. A server that takes none is not told any.
// Spec: RFC 6531 §3.2, §3.4.
func (c *connection) speak(from, to string) error {
	needed := beyondASCII(from) || beyondASCII(to)
	c.session.SkipSMTPUTF8(!needed)
	switch offered, _ := c.session.Extension("SMTPUTF8"); {
	case offered || !needed:
		return nil
	case beyondASCII(from): // which an operator may mend
		return &message.Refusal{Code: message.MessageRefused, Final: false, Unsure: false, Cause: errASCII}
	}
	return &message.Refusal{Code: message.RecipientRefused, Final: true, Unsure: false, Cause: errASCII}
}

// endWith ends the connection when ctx ends, wherever the conversation is. Whoever is done
// calls stop, which is false where that has happened.
func (c *connection) endWith(ctx context.Context) (stop func() bool) {
	return context.AfterFunc(ctx, c.end)
}

// end leaves without a word.
func (c *connection) end() { _ = c.socket.Close() }

// answers tells whether the server is still there: it ends what is idle for long.
func (c *connection) answers(ctx context.Context, timeout time.Duration) bool {
	during := c.endWith(ctx)
	answered := c.session.UpdateDeadline(min(timeout, stillThere)) == nil && c.session.Noop() == nil
	return during() && answered
}

// leave takes leave and tells whether the server did; one that is rude then has done all
// that was asked of it.
func (c *connection) leave() bool {
	defer c.end()
	return c.session.UpdateDeadline(farewell) == nil && c.client.CloseWithSMTPClient(c.session) == nil
}
