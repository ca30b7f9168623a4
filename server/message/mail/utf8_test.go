package mail_test

import (
	"net/mail"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
	by "github.com/lintel-id/lintel/server/message/mail"
	"github.com/lintel-id/lintel/tests/fixtures/smtp"
)

// A mailbox beyond ASCII is written to where the server takes such, and it is told that.
func TestServerThatTakesEveryMailbox(t *testing.T) {
	server := smtp.Start(t, smtp.Options{})
	sender := connected(t, server, nil)
	for to, needed := range map[string]bool{"jürgen@bücher.example": true, "ada@bücher.example": false, "grace@example.com": false} {
		_, err := sender.Send(t.Context(), to, aLetter(), about(t))
		require.NoError(t, err)
		taken := server.Taken()
		last := taken[len(taken)-1]
		require.Equal(t, strings.Replace(to, "bücher", "xn--bcher-kva", 1), last.To)
		require.Equal(t, needed, last.UTF8, to)
		read, err := mail.ReadMessage(strings.NewReader(last.Content))
		require.NoError(t, err)
		found, err := read.Header.AddressList("To")
		require.NoError(t, err)
		require.Equal(t, last.To, found[0].Address)
	}
	require.Equal(t, 1, server.Dialled(), "one connection takes them all")
}

// Where it takes none, it is not told of one, and the message is given up at once; the
// connection serves the next.
func TestServerThatTakesASCIIOnly(t *testing.T) {
	told := []string{}
	server := smtp.Start(t, smtp.Options{ASCIIOnly: true, Answer: func(command, argument string) error {
		if command != "data" {
			told = append(told, argument)
		}
		return nil
	}})
	sender := connected(t, server, nil)
	_, err := sender.Send(t.Context(), "jürgen@bücher.example", aLetter(), about(t))
	sameRefusal(t, message.Refusal{Code: message.RecipientRefused, Final: true}, err)
	require.Empty(t, told)
	_, err = sender.Send(t.Context(), "ada@bücher.example", aLetter(), about(t))
	require.NoError(t, err)
	require.Equal(t, []string{"hello@harbour.example", "ada@xn--bcher-kva.example"}, told)
	require.Equal(t, 1, server.Dialled())
}

// Who mail is from is the operator's to mend, so that messages wait for it.
func TestSenderBeyondASCII(t *testing.T) {
	for from, want := range map[string]*message.Refusal{
		"Hafen <grüße@hafen.example>": {Code: message.MessageRefused},
		"Hafen <hallo@häfen.example>": nil,
	} {
		for _, only := range []bool{true, false} {
			server := smtp.Start(t, smtp.Options{ASCIIOnly: only})
			sender := connected(t, server, func(c *by.Config) { c.From = from })
			_, err := sender.Send(t.Context(), "ada@example.com", aLetter(), about(t))
			greeted := sender.Greet(t.Context())
			if only && want != nil {
				sameRefusal(t, *want, err)
				sameRefusal(t, *want, greeted)
				continue
			}
			require.NoError(t, err)
			require.NoError(t, greeted)
			require.Equal(t, want != nil, server.Taken()[0].UTF8)
			require.NotContains(t, server.Taken()[0].From, "ä", "a domain is written as every server understands it")
		}
	}
}
