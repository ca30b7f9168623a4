package mail_test

import (
	"bufio"
	"io"
	"maps"
	"net"
	"strings"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
	by "github.com/lintel-id/lintel/server/message/mail"
	"github.com/lintel-id/lintel/tests/fixtures/smtp"
)

func answering(command string, err error) smtp.Options {
	return smtp.Options{Answer: func(asked, _ string) error {
		if asked == command {
			return err
		}
		return nil
	}}
}

func saying(code int, class, subject, detail int) error {
	return &gosmtp.SMTPError{Code: code, EnhancedCode: gosmtp.EnhancedCode{class, subject, detail}, Message: "not ada@example.com here"}
}

func TestServerRefuses(t *testing.T) {
	recipient := message.Refusal{Code: message.RecipientRefused, Final: true}
	letter := message.Refusal{Code: message.MessageRefused, Final: true}
	sender := message.Refusal{Code: message.MessageRefused}
	credentials := message.Refusal{Code: message.CredentialsRefused}
	later := message.Refusal{Code: message.ProviderUnavailable}
	for name, test := range map[string]struct {
		options smtp.Options
		change  func(*by.Config)
		want    message.Refusal
		greeted *message.Refusal // nil is well
	}{
		"the recipient":           {answering("rcpt", saying(550, 5, 1, 1)), nil, recipient, nil},
		"the recipient by policy": {answering("rcpt", saying(550, 5, 7, 1)), nil, recipient, nil},
		"the recipient now":       {answering("rcpt", saying(451, 4, 3, 0)), nil, later, nil},
		"a stranger's recipient":  {answering("rcpt", saying(530, 5, 5, 1)), nil, credentials, nil},
		"our recipients":          {answering("rcpt", saying(550, 5, 7, 0)), nil, credentials, nil},
		"the sender":              {answering("mail", saying(550, 5, 1, 8)), nil, sender, &sender},
		"the sender by policy":    {answering("mail", saying(553, 5, 7, 1)), nil, sender, &sender},
		"the sender now":          {answering("mail", saying(451, 4, 7, 0)), nil, later, &later},
		"a stranger":              {answering("mail", saying(530, 5, 7, 0)), nil, credentials, &credentials},
		"a weak mechanism":        {answering("mail", saying(534, 5, 7, 9)), nil, credentials, &credentials},
		"an old password":         {answering("mail", saying(535, 5, 7, 8)), nil, credentials, &credentials},
		"what is not secured":     {answering("mail", saying(538, 5, 7, 11)), nil, credentials, &credentials},
		"us by policy":            {answering("mail", saying(550, 5, 7, 0)), nil, credentials, &credentials},
		"us by another code":      {answering("mail", saying(550, 5, 7, 8)), nil, credentials, &credentials},
		"nobody's words":          {smtp.Options{SigningIn: true}, nil, credentials, &credentials},
		"the message":             {answering("data", saying(554, 5, 6, 0)), nil, letter, nil},
		"the message by policy":   {answering("data", saying(552, 5, 7, 0)), nil, letter, nil},
		"the message now":         {answering("data", saying(451, 4, 3, 0)), nil, later, nil},
		"and nobody knows":        {answering("data", io.ErrUnexpectedEOF), nil, message.Refusal{Code: message.ProviderUnavailable, Unsure: true}, nil},
		"a wrong password":        {smtp.Options{SigningIn: true}, signingIn("another"), credentials, &credentials},
		"one by LOGIN":            {smtp.Options{SigningIn: true, Mechanism: "LOGIN"}, signingIn("another"), credentials, &credentials},
		"one by SCRAM":            {smtp.Options{SigningIn: true, Mechanism: smtp.ScramSHA256}, signingIn("another"), credentials, &credentials},
		"STARTTLS for nobody":     {smtp.Options{TLS: true}, nil, later, &later},
	} {
		t.Run(name, func(t *testing.T) {
			server := smtp.Start(t, test.options)
			sender := connected(t, server, func(c *by.Config) {
				c.SMTP.Timeout = 4 * time.Second
				if test.change != nil {
					test.change(c)
				}
			})
			_, err := sender.Send(t.Context(), "ada@example.com", aLetter(), about(t))
			sameRefusal(t, test.want, err)
			if err = sender.Greet(t.Context()); test.greeted == nil {
				require.NoError(t, err)
				return
			}
			sameRefusal(t, *test.greeted, err)
		})
	}
}

func sameRefusal(t *testing.T, want message.Refusal, err error) {
	t.Helper()
	refused := *refusal(t, err)
	require.NotContains(t, refused.Error(), "ada@", "what a server says may name the recipient")
	require.NotContains(t, refused.Error(), "another", "nor a password")
	refused.Cause = nil
	require.Equal(t, want, refused)
}

// scripted answers each line by its command, as servers do that are not in the fixture.
func scripted(t *testing.T, greeting string, answers map[string]string) *by.Server {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		c, err := listener.Accept()
		if err != nil {
			return
		}
		defer func() { _ = c.Close() }()
		_, _ = io.WriteString(c, greeting+"\r\n")
		for lines := bufio.NewScanner(c); lines.Scan(); {
			command, _, _ := strings.Cut(lines.Text(), " ")
			answer, ok := answers[command]
			if !ok {
				return
			}
			_, _ = io.WriteString(c, answer+"\r\n")
		}
	}()
	t.Cleanup(func() { _ = listener.Close(); <-ended })
	config := by.Default()
	config.SMTP.Host, config.SMTP.Port, config.SMTP.Timeout = "127.0.0.1", listener.Addr().(*net.TCPAddr).Port, time.Second
	config.SMTP.Security = by.Plain
	made, err := by.NewServer(config, nil)
	require.NoError(t, err)
	return made
}

func TestServerIsGreeted(t *testing.T) {
	well := map[string]string{"EHLO": "250 hello", "MAIL": "250 ok", "RSET": "250 ok"}
	for name, test := range map[string]struct {
		greeting string
		quit     string
		want     string
	}{
		"rude at parting":     {"220 hello", "500 what", ""},
		"gone at parting":     {"220 hello", "", ""},
		"policy at the door":  {"554 5.7.0 not from there", "221 bye", message.CredentialsRefused},
		"nothing at the door": {"554 no mail here", "221 bye", message.ProviderUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			answers := map[string]string{"QUIT": test.quit}
			if test.quit == "" {
				delete(answers, "QUIT")
			}
			maps.Copy(answers, well)
			err := scripted(t, test.greeting, answers).Greet(t.Context())
			if test.want == "" {
				require.NoError(t, err)
				return
			}
			require.Equal(t, test.want, refusal(t, err).Code)
			require.False(t, refusal(t, err).Final)
		})
	}
}
