package gateway_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/gateway"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/httpc"
	"github.com/lintel-id/lintel/server/platform/secret"
)

var signing = strings.Repeat("blue harbour ", 3)

func form(url string) gateway.HTTPConfig {
	return gateway.HTTPConfig{URL: url, Secret: secret.NewText(signing)}
}

func endpoint(t *testing.T, channel gateway.Channel) func(url string, client *httpc.Client) message.Provider {
	t.Helper()
	return func(url string, client *httpc.Client) message.Provider {
		now := clock.NewFake(time.Unix(1893553446, 0))
		made, err := gateway.NewEndpoint(gateway.Deps{Client: client, Clock: now}, form(url))
		require.NoError(t, err)
		return gateway.NewTexts(made, gateway.Config{Channel: channel})
	}
}

// A gateway can know that it is us, and that it got the same message before.
func TestEndpointIsHandedASignedForm(t *testing.T) {
	var got []http.Header
	var bodies []string
	by := endpoint(t, gateway.SMS)(at(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got, bodies = append(got, r.Header), append(bodies, r.Method+" "+string(body))
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write([]byte(`{"reference": "ref-1", "more": true}`))
	}))
	for range 2 {
		reference, err := by.Send(t.Context(), reader, aLetter(), about(t))
		require.NoError(t, err)
		require.Equal(t, "ref-1", reference)
	}
	require.Len(t, got, 2)
	require.Equal(t, bodies[0], bodies[1])
	method, body, _ := strings.Cut(bodies[0], " ")
	require.Equal(t, http.MethodPost, method)
	require.JSONEq(t, `{"id": "msg_01h455vb4pex5vsknk084sn02q", "kind": "test", "channel": "sms", "to": "+442079460000", "locale": "ja",
		"text": "海からの便り & more", "created_at": "2030-01-02T03:04:05Z"}`, body)
	mac := hmac.New(sha256.New, []byte(signing))
	mac.Write([]byte("1893553446." + body))
	for _, header := range got {
		require.Equal(t, "t=1893553446,v1="+hex.EncodeToString(mac.Sum(nil)), header.Get("Lintel-Signature"))
		require.Equal(t, "msg_01h455vb4pex5vsknk084sn02q", header.Get("Idempotency-Key"))
		require.Equal(t, "application/json", header.Get("Content-Type"))
	}
}

// A phone that is written to over WhatsApp is the same phone, and the form is.
func TestEndpointIsAskedForWhatsApp(t *testing.T) {
	var got map[string]any
	by := endpoint(t, gateway.WhatsApp)(at(t, func(_ http.ResponseWriter, r *http.Request) { _ = json.NewDecoder(r.Body).Decode(&got) }))
	_, err := by.Send(t.Context(), reader, aLetter(), about(t))
	require.NoError(t, err)
	require.Equal(t, map[string]any{
		"id": "msg_01h455vb4pex5vsknk084sn02q", "kind": "test", "channel": "whatsapp", "to": reader, "locale": "ja",
		"text": "海からの便り & more", "created_at": "2030-01-02T03:04:05Z",
	}, got)
}

// What is taken is taken, whatever is said about it.
func TestEndpointNeedNotSayAnything(t *testing.T) {
	for _, body := range []string{"", "{}", "taken", `{"reference": 7}`, `{"reference": "two\nlines"}`, strings.Repeat("x", 2<<10)} {
		reference, err := endpoint(t, gateway.SMS)(at(t, saying(http.StatusOK, body))).Send(t.Context(), reader, aLetter(), about(t))
		require.NoError(t, err, body)
		require.Empty(t, reference)
	}
}

func TestEndpointRefuses(t *testing.T) {
	whatGoesWrong(t, endpoint(t, gateway.SMS))
	whatGoesWrong(t, endpoint(t, gateway.WhatsApp))
	_, err := endpoint(t, gateway.SMS)(at(t, saying(http.StatusNotFound, `{"code": "recipient_refused"}`))).Send(t.Context(), reader, aLetter(), about(t))
	refusedAs(t, err, expected{message.RecipientRefused, true, false})
	_, err = endpoint(t, gateway.SMS)(at(t, saying(http.StatusServiceUnavailable, `{"code": "recipient_refused"}`))).Send(t.Context(), reader, aLetter(), about(t))
	refusedAs(t, err, expected{message.ProviderUnavailable, false, false})

	_, err = gateway.NewEndpoint(gateway.Deps{}, form("https://sms.example"))
	require.Error(t, err)
	_, client := at(t, broken)
	_, err = gateway.NewEndpoint(gateway.Deps{Client: client, Clock: clock.NewFake(time.Unix(0, 0))}, gateway.HTTPConfig{})
	require.Error(t, err)
}
