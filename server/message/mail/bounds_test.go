package mail_test

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
	by "github.com/lintel-id/lintel/server/message/mail"
	"github.com/lintel-id/lintel/tests/fixtures/smtp"
)

func TestServerThatHangsOrTalksNonsense(t *testing.T) {
	for name, behave := range map[string]func(net.Conn){
		"hangs":    func(c net.Conn) { _, _ = io.Copy(io.Discard, c) },
		"nonsense": func(c net.Conn) { _, _ = c.Write([]byte(strings.Repeat("\x00\xff\r\n", 100))) },
		"leaves":   func(net.Conn) {},
	} {
		t.Run(name, func(t *testing.T) {
			listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
			require.NoError(t, err)
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				for {
					c, err := listener.Accept()
					if err != nil {
						return
					}
					behave(c)
					_ = c.Close()
				}
			}()
			t.Cleanup(func() { _ = listener.Close(); <-ended })
			config := by.Default()
			config.SMTP.Host, config.SMTP.Port, config.SMTP.Timeout = "127.0.0.1", listener.Addr().(*net.TCPAddr).Port, time.Second
			sender, err := by.NewServer(config, nil)
			require.NoError(t, err)
			_, err = sender.Send(t.Context(), "ada@example.com", aLetter(), about(t))
			require.Equal(t, message.ProviderUnavailable, refusal(t, err).Code)
			require.False(t, refusal(t, err).Unsure)
		})
	}
}

// An idle connection that the server has ended costs no message.
func TestServerThatEndsIdleConnections(t *testing.T) {
	server := smtp.Start(t, smtp.Options{})
	sender := connected(t, server, nil)
	_, err := sender.Send(t.Context(), "ada@example.com", aLetter(), about(t))
	require.NoError(t, err)
	server.EndAll()
	_, err = sender.Send(t.Context(), "ada@example.com", aLetter(), about(t))
	require.NoError(t, err)
	require.Equal(t, 2, server.Dialled())
}

// patience is well below the timeouts that would count without a context, and far above
// what a busy machine needs.
const patience = 12 * time.Second

// keep makes as many connections as there may be, all of which are idle then.
func keep(t *testing.T, server *smtp.Server, sender *by.Server, held <-chan struct{}, free chan<- struct{}) {
	t.Helper()
	count := by.Default().SMTP.Connections
	done, each := make(chan error, count), about(t)
	for range count {
		go func() {
			_, err := sender.Send(context.Background(), "ada@example.com", aLetter(), each)
			done <- err
		}()
	}
	for range count {
		<-held
	}
	close(free)
	for range count {
		require.NoError(t, <-done)
	}
	require.Equal(t, count, server.Dialled())
}

// However many kept connections are dead, sending ends with its context.
func TestServerThatFreezes(t *testing.T) {
	for name, test := range map[string]struct {
		options smtp.Options
		change  func(*by.Config)
	}{
		"starttls": {smtp.Options{}, nil},
		"tls":      {smtp.Options{TLS: true}, func(c *by.Config) { c.SMTP.Security = by.TLS }},
		"plain":    {smtp.Options{}, func(c *by.Config) { c.SMTP.Security = by.Plain }},
	} {
		t.Run(name, func(t *testing.T) {
			held, free := make(chan struct{}), make(chan struct{})
			test.options.Answer = holding(held, free)
			server := smtp.Start(t, test.options)
			sender := connected(t, server, func(c *by.Config) {
				c.SMTP.Timeout = 30 * time.Second
				if test.change != nil {
					test.change(c)
				}
			})
			keep(t, server, sender, held, free)
			server.FreezeAll()
			for _, bound := range []time.Duration{500 * time.Millisecond, 3 * time.Second} { // in the first question; in the next conversation
				ctx, cancel := context.WithTimeout(t.Context(), bound)
				begun := time.Now()
				_, err := sender.Send(ctx, "ada@example.com", aLetter(), about(t))
				cancel()
				require.Less(t, time.Since(begun), bound+patience)
				require.Equal(t, message.ProviderUnavailable, refusal(t, err).Code)
				require.False(t, refusal(t, err).Unsure)
			}
		})
	}
}

// holding waits in each message until all may go on.
func holding(held chan<- struct{}, free <-chan struct{}) func(string, string) error {
	return func(command, _ string) error {
		if command == "data" {
			select {
			case held <- struct{}{}:
				<-free
			case <-free:
			}
		}
		return nil
	}
}

// One dead connection tells of the others: they cost no time.
func TestServerThatFreezesWhatIsIdle(t *testing.T) {
	held, free := make(chan struct{}), make(chan struct{})
	server := smtp.Start(t, smtp.Options{Answer: holding(held, free)})
	sender := connected(t, server, func(c *by.Config) { c.SMTP.Timeout = 5 * time.Second })
	keep(t, server, sender, held, free)
	server.Freeze()
	begun, dialled := time.Now(), server.Dialled()
	for range 3 {
		_, err := sender.Send(t.Context(), "ada@example.com", aLetter(), about(t))
		require.NoError(t, err)
	}
	require.Less(t, time.Since(begun), patience, "one of them, and not eight")
	require.Equal(t, dialled+1, server.Dialled())
}

// Nor does it outlive its context where the server freezes on the message itself, and then
// nobody knows.
func TestServerThatFreezesOnAMessage(t *testing.T) {
	var server *smtp.Server
	server = smtp.Start(t, smtp.Options{Answer: func(command, _ string) error {
		if command == "data" {
			server.FreezeAll()
		}
		return nil
	}})
	sender := connected(t, server, func(c *by.Config) { c.SMTP.Timeout = 30 * time.Second })
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	begun := time.Now()
	_, err := sender.Send(ctx, "ada@example.com", aLetter(), about(t))
	require.Less(t, time.Since(begun), patience)
	require.True(t, refusal(t, err).Unsure)
	ctx, cancel = context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	require.Equal(t, message.ProviderUnavailable, refusal(t, sender.Greet(ctx)).Code)
	require.Less(t, time.Since(begun), 2*patience)
}
