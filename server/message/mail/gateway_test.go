package mail_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/gateway"
	by "github.com/lintel-id/lintel/server/message/mail"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/httpc"
	"github.com/lintel-id/lintel/server/platform/secret"
)

var signing = strings.Repeat("blue harbour ", 3)

// posting sends to a gateway of the test.
func posting(t *testing.T, takes http.HandlerFunc) *by.Gateway {
	t.Helper()
	server := httptest.NewServer(takes)
	t.Cleanup(server.Close)
	outbound := httpc.Default()
	outbound.AllowHTTP, outbound.AllowedPrefixes = true, []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	client, err := httpc.New(outbound)
	require.NoError(t, err)
	t.Cleanup(client.CloseIdle)
	config := by.Default()
	config.Provider, config.From = by.HTTP, "Blue Harbour <hello@harbour.example>"
	config.HTTP = gateway.HTTPConfig{URL: server.URL, Secret: secret.NewText(signing)}
	require.NoError(t, config.Validate())
	endpoint, err := gateway.NewEndpoint(gateway.Deps{Client: client, Clock: clock.NewFake(time.Unix(1893553446, 0))}, config.HTTP)
	require.NoError(t, err)
	made, err := by.NewGateway(endpoint, config)
	require.NoError(t, err)
	return made
}

func anEmail(t *testing.T) message.Message {
	t.Helper()
	made := about(t)
	made.Kind, made.Channel = message.Test, message.Email
	return made
}

// A gateway gets all of an email in the form that it knows from text messages, and can know that
// it is us.
func TestGatewayIsHandedASignedLetter(t *testing.T) {
	var header http.Header
	var body []byte
	sender := posting(t, func(w http.ResponseWriter, r *http.Request) {
		header = r.Header
		body, _ = io.ReadAll(r.Body)
		_, _ = w.Write([]byte(`{"reference": "ref-1"}`))
	})
	reference, err := sender.Send(t.Context(), "jürgen@bücher.example", aLetter(), anEmail(t))
	require.NoError(t, err)
	require.Equal(t, "ref-1", reference)
	require.JSONEq(t, `{"id": "msg_01h455vb4pex5vsknk084sn02q", "kind": "test", "channel": "email", "to": "jürgen@xn--bcher-kva.example",
		"from": "Blue Harbour <hello@harbour.example>", "locale": "ja", "subject": "海からの便り", "text": "text of it\n.\nafter a dot\n",
		"html": "<p>html of it</p>", "created_at": "2030-01-02T03:04:05Z"}`, string(body))
	mac := hmac.New(sha256.New, []byte(signing))
	mac.Write([]byte("1893553446." + string(body)))
	require.Equal(t, "t=1893553446,v1="+hex.EncodeToString(mac.Sum(nil)), header.Get("Lintel-Signature"))
	require.Equal(t, "msg_01h455vb4pex5vsknk084sn02q", header.Get("Idempotency-Key"))
}

func TestGatewayRefuses(t *testing.T) {
	for status, want := range map[int]message.Refusal{
		http.StatusUnprocessableEntity: {Code: message.RecipientRefused, Final: true},
		http.StatusUnauthorized:        {Code: message.CredentialsRefused},
		http.StatusServiceUnavailable:  {Code: message.ProviderUnavailable},
	} {
		_, err := posting(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = w.Write([]byte(`{"code": "recipient_refused", "about": "ada@example.com"}`))
		}).Send(t.Context(), "ada@example.com", aLetter(), anEmail(t))
		sameRefusal(t, want, err)
	}
}

// What a gateway makes a header of is one line.
func TestClass_Injection_NothingBeginsAnotherHeaderAtAGateway(t *testing.T) {
	var got map[string]any
	sender := posting(t, func(_ http.ResponseWriter, r *http.Request) { _ = json.NewDecoder(r.Body).Decode(&got) })
	letter := aLetter()
	letter.Subject = "hello\r\nBcc: eve@example.com\r\n\r\nand a body\x00"
	_, err := sender.Send(t.Context(), "ada@example.com", letter, anEmail(t))
	require.NoError(t, err)
	require.Equal(t, "hello Bcc: eve@example.com and a body", got["subject"])
	_, _, err = sender.Recipient("ada@example.com\r\nBcc: eve@example.com")
	require.ErrorIs(t, err, message.ErrRecipient)
}

func TestGatewayIsConfigured(t *testing.T) {
	good := by.Default()
	good.Provider, good.HTTP = by.HTTP, gateway.HTTPConfig{URL: "https://mail.example", Secret: secret.NewText(signing)}
	require.NoError(t, good.Validate())
	for want, change := range map[string]func(*by.Config){
		"mail.http.url: must be an absolute":         func(c *by.Config) { c.HTTP.URL = "mail.example" },
		"mail.http.secret: must be at least 32":      func(c *by.Config) { c.HTTP.Secret = secret.NewText("short") },
		"mail.from: must be an address":              func(c *by.Config) { c.From = "Lintel" },
		"mail.provider: must be smtp, http, file or": func(c *by.Config) { c.Provider = "" },
	} {
		config := good
		change(&config)
		require.ErrorContains(t, config.Validate(), want)
	}
	_, err := by.NewGateway(nil, good)
	require.Error(t, err)
	nobody := good
	nobody.From = "Lintel"
	_, err = by.NewGateway(&gateway.Endpoint{}, nobody)
	require.Error(t, err)
}
