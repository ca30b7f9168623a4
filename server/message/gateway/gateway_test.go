package gateway_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/gateway"
	"github.com/lintel-id/lintel/server/platform/httpc"
	"github.com/lintel-id/lintel/server/platform/secret"
)

const reader = "+442079460000"

// at starts whoever delivers and gives its address, and a client that may call it.
func at(t *testing.T, handler http.HandlerFunc) (string, *httpc.Client) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	config := httpc.Default()
	config.AllowHTTP, config.AllowedPrefixes = true, []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	config.MaxResponseBytes = 1 << 10
	client, err := httpc.New(config)
	require.NoError(t, err)
	t.Cleanup(client.CloseIdle)
	return server.URL, client
}

func aLetter() message.Letter {
	return message.Letter{Locale: "ja", Text: "海からの便り & more"}
}

func about(t *testing.T) message.Message {
	t.Helper()
	var made message.ID
	require.NoError(t, made.UnmarshalText([]byte("msg_01h455vb4pex5vsknk084sn02q")))
	return message.Message{ID: made, Kind: message.Test, Channel: message.SMS, CreatedAt: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)}
}

// expected is why a message was not taken.
type expected struct {
	code          string
	final, unsure bool
}

func refusedAs(t *testing.T, err error, want expected) {
	t.Helper()
	var refused *message.Refusal
	require.ErrorAs(t, err, &refused)
	require.Equal(t, want, expected{refused.Code, refused.Final, refused.Unsure})
	for _, hidden := range []string{reader, reader[1:], "海から", "a word of theirs"} {
		require.NotContains(t, refused.Error(), hidden, "a log is no list of readers")
	}
}

// broken hangs up without a word.
func broken(w http.ResponseWriter, _ *http.Request) {
	connection, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = connection.Close()
	}
}

func saying(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		w.(http.Flusher).Flush() // so that its length is not told
		_, _ = w.Write([]byte(body))
	}
}

// whatGoesWrong is alike for whoever is spoken to.
func whatGoesWrong(t *testing.T, made func(url string, client *httpc.Client) message.Provider) {
	t.Helper()
	unavailable := expected{message.ProviderUnavailable, false, false}
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		want   expected
	}{
		"a broken connection": {broken, expected{message.ProviderUnavailable, false, true}},
		"no HTTP": {func(w http.ResponseWriter, _ *http.Request) {
			if connection, buffer, err := w.(http.Hijacker).Hijack(); err == nil {
				_, _ = buffer.WriteString("220 a word of theirs\r\n\r\n")
				_ = buffer.Flush()
				_ = connection.Close()
			}
		}, expected{message.ProviderUnavailable, false, true}},
		"busy":      {saying(http.StatusTooManyRequests, "{}"), unavailable},
		"late":      {saying(http.StatusRequestTimeout, ""), unavailable},
		"early":     {saying(http.StatusTooEarly, ""), unavailable},
		"down":      {saying(http.StatusServiceUnavailable, "a word of theirs"), unavailable},
		"in pieces": {saying(http.StatusInternalServerError, strings.Repeat("x", 2<<10)), unavailable},
		"somewhere else": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/there", http.StatusPermanentRedirect)
		}, unavailable},
		"a stranger":    {saying(http.StatusUnauthorized, "{}"), expected{message.CredentialsRefused, false, false}},
		"forbidden":     {saying(http.StatusForbidden, ""), expected{message.CredentialsRefused, false, false}},
		"unwanted":      {saying(http.StatusBadRequest, `{"code": ["a word of theirs"]}`), expected{message.MessageRefused, true, false}},
		"unwanted text": {saying(http.StatusUnprocessableEntity, "a word of theirs "+reader), expected{message.MessageRefused, true, false}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := made(at(t, test.answer)).Send(t.Context(), reader, aLetter(), about(t))
			refusedAs(t, err, test.want)
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		_, client := at(t, broken)
		_, err := made("http://127.0.0.1:1", client).Send(t.Context(), reader, aLetter(), about(t))
		refusedAs(t, err, unavailable)
	})
	t.Run("inside", func(t *testing.T) {
		_, client := at(t, broken)
		_, err := made("http://127.0.0.2:1", client).Send(t.Context(), reader, aLetter(), about(t))
		require.ErrorIs(t, err, httpc.ErrForbiddenAddress)
		refusedAs(t, err, unavailable)
	})
	t.Run("slow", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := made(at(t, func(_ http.ResponseWriter, r *http.Request) {
			_, _ = http.MaxBytesReader(nil, r.Body, 1<<20).Read(make([]byte, 1<<16))
			cancel() // what a bound on the time does
			<-r.Context().Done()
		})).Send(ctx, reader, aLetter(), about(t))
		refusedAs(t, err, expected{message.ProviderUnavailable, false, true})
	})
}

func TestRecipientIsAPhoneNumber(t *testing.T) {
	var by gateway.Inbox
	written, compared, err := by.Recipient("+44 (20) 7946-0000")
	require.NoError(t, err)
	require.Equal(t, []string{reader, reader}, []string{written, compared})
	for _, address := range []string{"", "020 7946 0000", "ada@example.com", reader + "\r\nX: y", "+999 1234567"} {
		_, _, err = by.Recipient(address)
		require.ErrorIs(t, err, message.ErrRecipient, address)
	}
	reference, err := by.Send(t.Context(), reader, aLetter(), about(t))
	require.NoError(t, err)
	require.Empty(t, reference)
}

func TestFolderKeepsAFileForEach(t *testing.T) {
	config := gateway.Default()
	config.Provider, config.Folder = gateway.File, filepath.Join(t.TempDir(), "sms")
	by := gateway.NewFolder(config)
	for range 2 { // whoever sends twice has one
		reference, err := by.Send(t.Context(), reader, aLetter(), about(t))
		require.NoError(t, err)
		require.Equal(t, "msg_01h455vb4pex5vsknk084sn02q.txt", reference)
	}
	path := filepath.Join(config.Folder, "msg_01h455vb4pex5vsknk084sn02q.txt")
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "To: +442079460000\n\n海からの便り & more\n", string(content))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	config.Folder = path
	_, err = gateway.NewFolder(config).Send(t.Context(), reader, aLetter(), about(t))
	require.Error(t, err)
}

func TestConfigIsChecked(t *testing.T) {
	for want, change := range map[string]func(*gateway.Config){
		"sms.provider":           func(c *gateway.Config) { c.Provider = "pigeon" },
		"sms.channel":            func(c *gateway.Config) { c.Channel = "pigeon" },
		"sms.folder":             func(c *gateway.Config) { c.Provider = gateway.File },
		"sms.http.url":           func(c *gateway.Config) { c.HTTP.URL = "https://ada@sms.example" },
		"sms.http.secret":        func(c *gateway.Config) { c.HTTP.Secret = secret.NewText(strings.Repeat("x", 31)) },
		"sms.twilio.account_sid": func(c *gateway.Config) { c.Provider, c.Twilio.AccountSID = gateway.Twilio, "AC/../x" },
		"sms.twilio.auth_token":  func(c *gateway.Config) { c.Provider, c.Twilio.AuthToken = gateway.Twilio, secret.Text{} },
		"sms.twilio.from":        func(c *gateway.Config) { c.Provider, c.Twilio.From = gateway.Twilio, "" },
		"sms.twilio.base_url":    func(c *gateway.Config) { c.Provider, c.Twilio.BaseURL = gateway.Twilio, "https://sms.example?x=y" },
	} {
		config := gateway.Default()
		config.Provider, config.HTTP, config.Twilio = gateway.HTTP, form("https://sms.example"), account("https://sms.example").Twilio
		require.NoError(t, config.Validate())
		change(&config)
		require.ErrorContains(t, config.Validate(), want+": must")
	}
	for from, numbered := range map[string]bool{"+15005550006": true, "MG" + strings.Repeat("0b", 16): true, "Harbour": false, "whatsapp:+15005550006": false, "15005550006": false} {
		config := account("https://sms.example")
		config.Channel, config.Twilio.From = gateway.WhatsApp, from
		if numbered {
			require.NoError(t, config.Validate(), from)
			continue
		}
		require.ErrorContains(t, config.Validate(), "sms.twilio.from: must be a number of yours", from)
	}
	require.Error(t, gateway.Default().Validate(), "somebody chooses")
	none := gateway.Default()
	none.Provider = gateway.None
	require.NoError(t, none.Validate())
}
