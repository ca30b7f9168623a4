package gateway_test

import (
	"encoding/base64"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"context"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/gateway"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/secret"
)

func TestReportsInOurOwnForm(t *testing.T) {
	now := clock.NewFake(time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC))
	var sentSignature, sentBody string
	place, client := at(t, func(w http.ResponseWriter, r *http.Request) {
		text := make([]byte, 1<<10)
		n, _ := r.Body.Read(text)
		sentSignature, sentBody = r.Header.Get(gateway.Signature), string(text[:n])
		w.WriteHeader(http.StatusNoContent)
	})
	endpoint, err := gateway.NewEndpoint(gateway.Deps{Client: client, Clock: now}, gateway.HTTPConfig{URL: place, Secret: secret.NewText(strings.Repeat("s", 32))})
	require.NoError(t, err)
	other, err := gateway.NewEndpoint(gateway.Deps{Client: client, Clock: now}, gateway.HTTPConfig{URL: place, Secret: secret.NewText(strings.Repeat("o", 32))})
	require.NoError(t, err)
	const body = `{"id":"msg_01h455vb4pex5vsknk084sn02q","status":"delivered"}`
	by := gateway.Callbacks{Endpoints: map[message.Channel]*gateway.Endpoint{message.SMS: endpoint}}
	stamped := func(off time.Duration) string { return strconv.FormatInt(now.Now().Add(off).Unix(), 10) }
	good := gateway.SignReport(endpoint, stamped(0), body)
	for _, off := range []time.Duration{0, -5 * time.Minute, 5 * time.Minute} {
		heard, err := by.Heard(gateway.SignReport(endpoint, stamped(off), body), []byte(body))
		require.NoError(t, err)
		require.Equal(t, []message.Channel{message.SMS}, heard)
	}
	_, err = gateway.NewTexts(endpoint, gateway.Default()).Send(t.Context(), reader, aLetter(), about(t))
	require.NoError(t, err)
	for name, one := range map[string][2]string{
		"unsigned":         {"", body},
		"old":              {gateway.SignReport(endpoint, stamped(-301*time.Second), body), body},
		"early":            {gateway.SignReport(endpoint, stamped(301*time.Second), body), body},
		"another's":        {gateway.SignReport(other, stamped(0), body), body},
		"other body":       {good, strings.Replace(body, "delivered", "bounced", 1)},
		"other time":       {strings.Replace(good, stamped(0), stamped(time.Second), 1), body},
		"cut off":          {good[:len(good)-1], body},
		"shouting":         {strings.ToUpper(good), body},
		"twice":            {good + "," + good, body},
		"no time":          {"v1=" + strings.Repeat("0", 64), body},
		"far away":         {gateway.SignReport(endpoint, "999999999999", body), body},
		"what we had sent": {sentSignature, sentBody},
	} {
		_, err := by.Heard(one[0], []byte(one[1]))
		require.ErrorIs(t, err, gateway.ErrRefused, name)
	}
	_, err = gateway.Callbacks{}.Heard(good, []byte(body))
	require.ErrorIs(t, err, gateway.ErrRefused, "nobody's")
}

// Each gateway speaks for what it is handed; one speaks for both only where both are one.
func TestClass_SideDoor_AGatewaySpeaksForItsOwnMessages(t *testing.T) {
	now := clock.NewFake(time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC))
	_, client := at(t, broken)
	made := func(letter string) *gateway.Endpoint {
		endpoint, err := gateway.NewEndpoint(gateway.Deps{Client: client, Clock: now}, gateway.HTTPConfig{URL: "https://sms.example", Secret: secret.NewText(strings.Repeat(letter, 32))})
		require.NoError(t, err)
		return endpoint
	}
	const body = `{"id":"msg_01h455vb4pex5vsknk084sn02q","status":"delivered"}`
	stamped := strconv.FormatInt(now.Now().Unix(), 10)
	by := gateway.Callbacks{Endpoints: map[message.Channel]*gateway.Endpoint{message.SMS: made("s"), message.Email: made("e")}}
	for channel, signer := range by.Endpoints {
		heard, err := by.Heard(gateway.SignReport(signer, stamped, body), []byte(body))
		require.NoError(t, err)
		require.Equal(t, []message.Channel{channel}, heard)
	}
	by.Endpoints[message.Email] = by.Endpoints[message.SMS]
	heard, err := by.Heard(gateway.SignReport(made("s"), stamped, body), []byte(body))
	require.NoError(t, err)
	require.Equal(t, []message.Channel{message.Email, message.SMS}, heard)
	_, err = by.Heard(gateway.SignReport(made("e"), stamped, body), []byte(body))
	require.ErrorIs(t, err, gateway.ErrRefused)
}

// The example is Twilio's own, of "Validating Signatures from Twilio".
func TestTwilioSignature(t *testing.T) {
	_, client := at(t, broken)
	config := account("https://sms.example")
	config.Twilio.AuthToken = secret.NewText("12345")
	made, err := gateway.NewAccount(gateway.AccountDeps{Client: client, BaseURL: here("https://id.example")}, config)
	require.NoError(t, err)
	require.Equal(t, "0/KCTR6DLpKmkAf8muzZqo1nDgQ=", gateway.SignTwilio(made, "https://mycompany.com/myapp.php?foo=1&bar=2", map[string]string{
		"Digits": "1234", "To": "+18005551212", "From": "+12349013030", "Caller": "+12349013030", "CallSid": "CA1234567890ABCDE",
	}))
}

func TestReportsOfTwilio(t *testing.T) {
	for channel, to := range map[gateway.Channel]string{gateway.SMS: reader, gateway.WhatsApp: "whatsapp:" + reader} {
		t.Run(string(channel), func(t *testing.T) { reportsOfTwilio(t, channel, to) })
	}
}

func reportsOfTwilio(t *testing.T, channel gateway.Channel, to string) {
	t.Helper()
	_, client := at(t, broken)
	config := account("https://sms.example")
	config.Channel = channel
	made, err := gateway.NewAccount(gateway.AccountDeps{Client: client, BaseURL: here("https://id.example/")}, config)
	require.NoError(t, err)
	by, of := gateway.Callbacks{Account: made}, about(t).ID
	called := "https://id.example/v1/message-callbacks/twilio/" + of.String()
	form := func(status, code string) map[string]string {
		return map[string]string{"MessageSid": "SM0c", "MessageStatus": status, "ErrorCode": code, "AccountSid": sid, "To": to, "Body": "ünïcode & more"}
	}
	for status, want := range map[string]message.Outcome{
		"sent": message.Relayed, "delivered": message.Delivered, "read": message.Delivered, "undelivered": message.Bounced, "failed": message.Bounced,
		"canceled": message.Bounced, "queued": "", "sending": "", "accepted": "", "": "", "DELIVERED": "", "unheard of": "",
	} {
		for code, shown := range map[string]string{"30003": "30003", "": "", "0": "", "30003\r\nX: y": "", "<b>": ""} {
			sent := form(status, code)
			got, interesting, err := by.HeardTwilio(t.Context(), of, gateway.SignTwilio(made, called, sent), sent)
			require.NoError(t, err)
			require.Equal(t, want != "", interesting, status)
			require.Equal(t, message.Report{ID: of, Channels: []message.Channel{message.SMS}, Reference: "SM0c", Outcome: want, Code: shown}, got)
		}
	}
	sent := form("delivered", "")
	good := gateway.SignTwilio(made, called, sent)
	more := maps.Clone(sent)
	more["MessageStatus2"] = "failed"
	for name, one := range map[string]struct {
		signature string
		form      map[string]string
	}{
		"unsigned":    {"", sent},
		"other form":  {good, form("failed", "")},
		"more in it":  {good, more},
		"no base64":   {"!" + good, sent},
		"cut off":     {base64.StdEncoding.EncodeToString([]byte(good)[:5]), sent},
		"other place": {gateway.SignTwilio(made, strings.Replace(called, "id.example", "evil.example", 1), sent), sent},
		"plain http":  {gateway.SignTwilio(made, strings.Replace(called, "https", "http", 1), sent), sent},
	} {
		_, _, err := by.HeardTwilio(t.Context(), of, one.signature, one.form)
		require.ErrorIs(t, err, gateway.ErrRefused, name)
	}
	_, _, err = gateway.Callbacks{}.HeardTwilio(t.Context(), of, good, sent)
	require.ErrorIs(t, err, gateway.ErrRefused)
	delete(sent, "MessageSid")
	_, interesting, err := by.HeardTwilio(t.Context(), of, gateway.SignTwilio(made, called, sent), sent)
	require.NoError(t, err)
	require.False(t, interesting, "nobody knows of which message it is")
}

// Twilio is told where to report, as the tenant is configured, and only what it can reach.
func TestClass_HostHeader_WhereTwilioReports(t *testing.T) {
	for base, want := range map[string]string{
		"https://id.example":    "https://id.example/v1/message-callbacks/twilio/msg_01h455vb4pex5vsknk084sn02q",
		"http://localhost:8080": "",
	} {
		var named string
		place, client := at(t, func(w http.ResponseWriter, r *http.Request) {
			named = r.FormValue("StatusCallback")
			w.WriteHeader(http.StatusCreated)
			_, _ = w.Write([]byte(`{"sid": "SM0c"}`))
		})
		made, err := gateway.NewAccount(gateway.AccountDeps{Client: client, BaseURL: here(base)}, account(place))
		require.NoError(t, err)
		_, err = made.Send(t.Context(), reader, aLetter(), about(t))
		require.NoError(t, err)
		require.Equal(t, want, named)
	}
	gone := errors.New("no such tenant")
	_, client := at(t, broken)
	made, err := gateway.NewAccount(gateway.AccountDeps{Client: client, BaseURL: func(context.Context) (string, error) { return "", gone }}, account("https://sms.example"))
	require.NoError(t, err)
	_, err = made.Send(t.Context(), reader, aLetter(), about(t))
	require.ErrorIs(t, err, gone)
	_, _, err = gateway.Callbacks{Account: made}.HeardTwilio(t.Context(), about(t).ID, "", nil)
	require.ErrorIs(t, err, gone)
}
