package message_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/api"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/letter"
	"github.com/lintel-id/lintel/server/message/mail"
	"github.com/lintel-id/lintel/tests/fixtures/smtp"
)

// BenchmarkHandOver takes queued messages from the embedded database, writes their letters
// and hands them to a mail server on the loopback, all that a server does for one.
func BenchmarkHandOver(b *testing.B) {
	h, server := open(b, nil), smtp.Start(b, smtp.Options{})
	texts, err := api.Texts()
	require.NoError(b, err)
	config := mail.Default()
	config.SMTP.Host, config.SMTP.Port, config.SMTP.Connections = server.Host, server.Port, 8
	by, err := mail.NewServer(config, server.Roots)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, by.Close()) })
	h.deps.Providers = map[message.Channel]message.Provider{message.Email: by}
	h.deps.Writer, err = letter.New(letter.Deps{Texts: texts, Sender: func(context.Context) (string, error) { return "id.example.com", nil }, Fallback: "en"})
	require.NoError(b, err)
	h.Service = h.node(b, nil)
	for b.Loop() {
		b.StopTimer()
		for range 500 {
			_, err := h.Test(h.ctx, message.Email, "ada@example.com", "en")
			require.NoError(b, err)
		}
		b.StartTimer()
		require.NoError(b, h.SendAll(h.ctx))
	}
	b.ReportMetric(float64(500*b.N)/b.Elapsed().Seconds(), "messages/s")
	require.Len(b, server.Taken(), 500*b.N)
}
