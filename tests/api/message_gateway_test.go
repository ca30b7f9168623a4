package api_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/message/gateway"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/tests/api/running"
)

const mailSecret = "a secret of the gateway for mail and of this server"

// reportedBy is how a gateway signs with its own secret.
func reportedBy(secret string, at time.Time, body string) string {
	seconds := signedReport(at, body)
	seconds = seconds[len("t="):strings.IndexByte(seconds, ',')]
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(seconds + ".callback." + body))
	return "t=" + seconds + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

// bySecret checks what a gateway was sent, from nothing but the documentation.
func bySecret(t *testing.T, secret string, got map[string]any) {
	t.Helper()
	seconds, digest, ok := strings.Cut(strings.TrimPrefix(got["signature"].(string), "t="), ",v1=")
	require.True(t, ok)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(seconds + "." + got["as sent"].(string)))
	require.Equal(t, hex.EncodeToString(mac.Sum(nil)), digest)
}

// offered are the channels that front ends are told of.
func (s *scenario) offered() []string {
	s.t.Helper()
	s.keeper().createApplication(`{"client_id":"shown","name":"Shown"}`).is(http.StatusCreated)
	s.forgetEvents()
	return read[wire.PublicConfiguration](s.app().configuration("shown").is(http.StatusOK)).Code.Channels
}

// Email goes to a gateway as text messages do, with all that an email has; what one gateway
// reports counts for what it was handed only.
func TestEmailReachesAGateway(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			letters, texts := carries(t, http.StatusOK, `{"reference": "mail-1"}`), carries(t, http.StatusOK, `{}`)
			s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
				texting(settings)
				settings.Mail.From = "Blue Harbour <hello@harbour.example>"
				settings.Mail.HTTP = gateway.HTTPConfig{URL: letters.URL, Secret: secret.NewText(mailSecret)}
				settings.SMS.HTTP = gateway.HTTPConfig{URL: texts.URL, Secret: secret.NewText(reportSecret)}
			})
			require.Equal(t, []string{"email", "sms"}, s.offered())
			o, c := s.operator(wire.ScopeMessagesRead, wire.ScopeMessagesWrite), s.app()
			s.forgetEvents()
			sent := o.settled(read[wire.Message](o.tryOut("ada@bücher.example").is(http.StatusCreated)).ID)
			require.Equal(t, []string{"sent", "email", "mail-1"}, []string{sent.Status, sent.Channel, sent.Reference.MustGet()})
			s.fired("message.queued", "message.sent")
			require.Empty(t, texts.taken)
			require.Len(t, letters.taken, 1)
			got := letters.taken[0]
			bySecret(t, mailSecret, got)
			require.Equal(t, []any{sent.ID, sent.ID, "email", "ada@xn--bcher-kva.example", "Blue Harbour <hello@harbour.example>", "fr"},
				[]any{got["id"], got["key"], got["channel"], got["to"], got["from"], got["locale"]})
			require.NotEmpty(t, got["subject"])
			require.Contains(t, got["text"], "localhost")
			require.Contains(t, got["html"], "<html")

			body := `{"id":"` + sent.ID + `","status":"bounced","code":"full"}`
			for secret, refused := range map[string]string{reportSecret: "message_unknown", "nobody's secret": "message_callback_refused"} {
				status := map[string]int{"message_unknown": http.StatusNotFound, "message_callback_refused": http.StatusForbidden}[refused]
				c.reports(reportPath, "application/json", body, "Lintel-Signature", reportedBy(secret, s.Clock.Now(), body)).refused(status, refused)
			}
			require.True(t, o.message(sent.ID).Delivery.IsNull())
			c.reports(reportPath, "application/json", body, "Lintel-Signature", reportedBy(mailSecret, s.Clock.Now(), body)).is(http.StatusNoContent)
			require.Equal(t, []string{"bounced", "full"}, []string{o.message(sent.ID).Delivery.MustGet().Status, o.message(sent.ID).Delivery.MustGet().Code.MustGet()})
			s.fired("message.bounced")

			texted := o.settled(read[wire.Message](o.text("+442079460000").is(http.StatusCreated)).ID)
			bySecret(t, reportSecret, texts.taken[0])
			body = `{"id":"` + texted.ID + `","status":"delivered"}`
			c.reports(reportPath, "application/json", body, "Lintel-Signature", reportedBy(mailSecret, s.Clock.Now(), body)).refused(http.StatusNotFound, "message_unknown")
			for _, hidden := range []string{"ada@", "secret of the gateway"} {
				require.NotContains(t, s.Log.String(), hidden, "a log is no list of readers")
			}
		})
	}
}

// Over WhatsApp the phone is the same one, for whoever asks and for whoever reports.
func TestMessageReachesAPhoneOverWhatsApp(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			by := carries(t, http.StatusCreated, `{"sid": "SM0c", "status": "queued"}`)
			s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
				texting(settings)
				settings.SMS.Channel = gateway.WhatsApp
				settings.SMS.Twilio = gateway.TwilioConfig{
					AccountSID: "AC" + strings.Repeat("0a", 16), AuthToken: secret.NewText(twilioToken), From: "+15005550006", BaseURL: by.URL,
				}
			})
			require.Contains(t, s.offered(), "sms")
			o, c := s.operator(wire.ScopeMessagesRead, wire.ScopeMessagesWrite), s.app()
			sent := o.settled(read[wire.Message](o.text("+442079460000").is(http.StatusCreated)).ID)
			require.Equal(t, []string{"sent", "sms", "+442079460000", "SM0c"}, []string{sent.Status, sent.Channel, sent.To, sent.Reference.MustGet()})
			s.forgetEvents()
			form, err := url.ParseQuery(by.taken[0]["as sent"].(string))
			require.NoError(t, err)
			require.Equal(t, []string{"whatsapp:+442079460000", "whatsapp:+15005550006"}, []string{form.Get("To"), form.Get("From")})

			path := twilioReports + sent.ID
			told := url.Values{
				"MessageSid": {"SM0c"}, "MessageStatus": {"read"}, "To": {"whatsapp:+442079460000"}, "From": {"whatsapp:+15005550006"}, "ChannelPrefix": {"whatsapp"},
			}
			c.reports(path, "application/x-www-form-urlencoded", told.Encode(), "X-Twilio-Signature", signedForm(s.URL+path, told)).is(http.StatusNoContent)
			require.Equal(t, "delivered", o.message(sent.ID).Delivery.MustGet().Status)
			s.fired("message.delivered")
		})
	}
}

// A gateway of one's own is asked for WhatsApp in the form that it knows.
func TestMessageReachesAGatewayForWhatsApp(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			by := carries(t, http.StatusOK, `{"reference": "wa-1"}`)
			s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
				texting(settings)
				settings.SMS.Channel = gateway.WhatsApp
				settings.SMS.HTTP = gateway.HTTPConfig{URL: by.URL, Secret: secret.NewText(reportSecret)}
			})
			o, c := s.operator(wire.ScopeMessagesRead, wire.ScopeMessagesWrite), s.app()
			sent := o.settled(read[wire.Message](o.text("+442079460000").is(http.StatusCreated)).ID)
			require.Equal(t, []string{"sent", "sms", "wa-1"}, []string{sent.Status, sent.Channel, sent.Reference.MustGet()})
			s.forgetEvents()
			bySecret(t, reportSecret, by.taken[0])
			require.Equal(t, []any{"whatsapp", "+442079460000"}, []any{by.taken[0]["channel"], by.taken[0]["to"]})
			body := `{"id":"` + sent.ID + `","reference":"wa-1","status":"delivered"}`
			c.reports(reportPath, "application/json", body, "Lintel-Signature", signedReport(s.Clock.Now(), body)).is(http.StatusNoContent)
			require.Equal(t, "delivered", o.message(sent.ID).Delivery.MustGet().Status)
			s.fired("message.delivered")
		})
	}
}
