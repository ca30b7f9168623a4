package mail_test

import (
	"context"
	"errors"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
	by "github.com/lintel-id/lintel/server/message/mail"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/tests/fixtures/smtp"
)

func configured(server *smtp.Server, change func(*by.Config)) by.Config {
	config := by.Default()
	config.Provider, config.From = by.SMTP, "Blue Harbour <hello@harbour.example>"
	config.SMTP.Host, config.SMTP.Port = server.Host, server.Port
	if change != nil {
		change(&config)
	}
	return config
}

func connected(t *testing.T, server *smtp.Server, change func(*by.Config)) *by.Server {
	t.Helper()
	made, err := by.NewServer(configured(server, change), server.Roots)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, made.Close()) })
	return made
}

func signingIn(password string) func(*by.Config) {
	return func(c *by.Config) { c.SMTP.Username, c.SMTP.Password = smtp.Username, secret.NewText(password) }
}

func aLetter() message.Letter {
	return message.Letter{Locale: "ja", Subject: "海からの便り", Text: "text of it\n.\nafter a dot\n", HTML: "<p>html of it</p>"}
}

func about(t *testing.T) message.Message {
	t.Helper()
	var made message.ID
	require.NoError(t, made.UnmarshalText([]byte("msg_01h455vb4pex5vsknk084sn02q")))
	return message.Message{ID: made, CreatedAt: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)}
}

func refusal(t *testing.T, err error) *message.Refusal {
	t.Helper()
	var refused *message.Refusal
	require.ErrorAs(t, err, &refused)
	return refused
}

func TestServerTakesALetter(t *testing.T) {
	for name, test := range map[string]struct {
		options smtp.Options
		change  func(*by.Config)
		secured bool
	}{
		"starttls":  {smtp.Options{}, nil, true},
		"signed in": {smtp.Options{SigningIn: true}, signingIn(smtp.Password), true},
		"by LOGIN":  {smtp.Options{SigningIn: true, Mechanism: "LOGIN"}, signingIn(smtp.Password), true},
		"by SCRAM":  {smtp.Options{SigningIn: true, Mechanism: smtp.ScramSHA256}, signingIn(smtp.Password), true},
		"ASCII":     {smtp.Options{ASCIIOnly: true}, nil, true},
		"tls":       {smtp.Options{TLS: true, SigningIn: true}, func(c *by.Config) { signingIn(smtp.Password)(c); c.SMTP.Security = by.TLS }, true},
		"plain":     {smtp.Options{}, func(c *by.Config) { c.SMTP.Security = by.Plain }, false},
	} {
		t.Run(name, func(t *testing.T) {
			server := smtp.Start(t, test.options)
			sender := connected(t, server, test.change)
			require.NoError(t, sender.Greet(t.Context()))
			for range 3 {
				reference, err := sender.Send(t.Context(), "ada@bücher.example", aLetter(), about(t))
				require.NoError(t, err)
				require.Contains(t, reference, "@harbour.example")
			}
			require.Equal(t, 2, server.Dialled(), "a connection serves again")
			taken := server.Taken()
			require.Len(t, taken, 3)
			require.Equal(t, test.secured, taken[0].Secured)
			require.Equal(t, test.options.SigningIn, taken[0].As == smtp.Username)
			require.False(t, taken[0].UTF8, "what every server understands is not kept from those further on")
			require.Equal(t, "hello@harbour.example", taken[0].From)
			require.Equal(t, "ada@xn--bcher-kva.example", taken[0].To)
			read, err := mail.ReadMessage(strings.NewReader(taken[0].Content))
			require.NoError(t, err)
			require.Equal(t, "auto-generated", read.Header.Get("Auto-Submitted"))
			require.Equal(t, "ja", read.Header.Get("Content-Language"))
			require.Equal(t, `"Blue Harbour" <hello@harbour.example>`, read.Header.Get("From"))
			require.Contains(t, taken[0].Content, "text of it")
			require.Contains(t, taken[0].Content, "after a dot")
			require.Contains(t, taken[0].Content, "<p>html of it</p>")
		})
	}
}

// A certificate of somebody else is no reason to go on without one.
func TestServerIsNotTrustedUnseen(t *testing.T) {
	server := smtp.Start(t, smtp.Options{})
	sender, err := by.NewServer(configured(server, nil), nil)
	require.NoError(t, err)
	_, err = sender.Send(t.Context(), "ada@example.com", aLetter(), about(t))
	require.Equal(t, message.ProviderUnavailable, refusal(t, err).Code)
	require.Empty(t, server.Taken())
}

func TestServerBusyWithOthers(t *testing.T) {
	held, free := make(chan struct{}), make(chan struct{})
	server := smtp.Start(t, smtp.Options{Answer: func(command, _ string) error {
		if command == "data" {
			held <- struct{}{}
			<-free
		}
		return nil
	}})
	sender := connected(t, server, func(c *by.Config) { c.SMTP.Connections = 1 })
	done, first := make(chan error, 1), about(t)
	go func() {
		_, err := sender.Send(context.Background(), "ada@example.com", aLetter(), first)
		done <- err
	}()
	<-held
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := sender.Send(ctx, "grace@example.com", aLetter(), about(t))
	require.Equal(t, message.ProviderUnavailable, refusal(t, err).Code)
	require.ErrorIs(t, errors.Unwrap(refusal(t, err)), context.Canceled)
	close(free)
	require.NoError(t, <-done)
}

// A name of many lines stays one header.
func TestClass_Injection_NothingBeginsAnotherHeader(t *testing.T) {
	server := smtp.Start(t, smtp.Options{})
	sender := connected(t, server, nil)
	letter := aLetter()
	letter.Subject = "hello\r\nBcc: eve@example.com\r\n\r\nand a body"
	_, err := sender.Send(t.Context(), "ada@example.com", letter, about(t))
	require.NoError(t, err)
	read, err := mail.ReadMessage(strings.NewReader(server.Taken()[0].Content))
	require.NoError(t, err)
	require.Empty(t, read.Header.Get("Bcc"))
	for _, address := range []string{"ada@example.com\r\nRCPT TO:<eve@example.com>", "Ada <ada@example.com>", "ada@example.com,eve@example.com", "@", ""} {
		_, _, err := sender.Recipient(address)
		require.ErrorIs(t, err, message.ErrRecipient, address)
	}
	written, compared, err := sender.Recipient("Ada@BÜCHER.example")
	require.NoError(t, err)
	require.Equal(t, "Ada@bücher.example", written)
	require.Equal(t, "ada@xn--bcher-kva.example", compared)
}
