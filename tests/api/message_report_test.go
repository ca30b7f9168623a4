package api_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/message/gateway"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/tests/api/running"
)

const (
	reportSecret  = "a secret of the gateway and of this server"
	reportPath    = "/v1/message-callbacks/http"
	twilioToken   = "theirs and ours"
	twilioReports = "/v1/message-callbacks/twilio/"
)

// signedReport is how a gateway signs, from nothing but the documentation.
func signedReport(at time.Time, body string) string {
	seconds := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(reportSecret))
	mac.Write([]byte(seconds + ".callback." + body))
	return "t=" + seconds + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

func (c *caller) reports(path, kind, body string, headers ...string) answer {
	c.t.Helper()
	return c.send(http.MethodPost, path, body, append([]string{"Content-Type", kind}, headers...)...)
}

// gatewayed has a server whose text messages a gateway of the test takes.
func gatewayed(t *testing.T, engine storage.Engine) (*scenario, *carrier) {
	by := carries(t, http.StatusOK, `{"reference": "ref-1"}`)
	return privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
		texting(settings)
		settings.SMS.HTTP = gateway.HTTPConfig{URL: by.URL, Secret: secret.NewText(reportSecret)}
	}), by
}

func TestMessageIsReported(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s, _ := gatewayed(t, engine)
			o, c := s.first(), s.app()
			sent := o.settled(read[wire.Message](o.text("+442079460000").is(http.StatusCreated)).ID)
			require.True(t, sent.Delivery.IsNull())
			s.forgetEvents()
			reports := func(body string) answer {
				t.Helper()
				return c.reports(reportPath, "application/json", body, "Lintel-Signature", signedReport(s.Clock.Now(), body))
			}
			of := func(rest string) string { return `{"id":"` + sent.ID + `",` + rest + `}` }
			for range 2 { // as it may come twice
				reports(of(`"status":"delivered","reference":"ref-1"`)).is(http.StatusNoContent)
			}
			reports(of(`"status":"relayed"`)).is(http.StatusNoContent)
			told := s.fired("message.delivered")
			require.Equal(t, sent.ID, told[0].Subject)
			require.Equal(t, map[string]any{"kind": "test", "channel": "sms", "code": ""}, data(t, told[0]))
			seen := o.message(sent.ID)
			require.Equal(t, "sent", seen.Status)
			require.Equal(t, wire.MessageDelivery{Status: "delivered", Code: seen.Delivery.MustGet().Code, ReportedAt: s.Clock.Now()}, seen.Delivery.MustGet())
			require.True(t, seen.Delivery.MustGet().Code.IsNull())

			reports(of(`"status":"bounced","code":"unreachable"`)).is(http.StatusNoContent)
			require.Equal(t, "unreachable", o.message(sent.ID).Delivery.MustGet().Code.MustGet())
			s.fired("message.bounced")
			reports(of(`"status":"delivered","reference":"another"`)).refused(http.StatusNotFound, "message_unknown")
			reports(`{"id":"`+madeUp().ids["message_id"]+`","status":"delivered"}`).refused(http.StatusNotFound, "message_unknown")
			s.fired()
		})
	}
}

// What nobody has signed, or somebody else, or too long ago, or elsewhere, changes nothing.
func TestClass_SideDoor_ReportsThatAreNotTheGateways(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s, by := gatewayed(t, engine)
			o, c := s.first(), s.app()
			sent := o.settled(read[wire.Message](o.text("+442079460000").is(http.StatusCreated)).ID)
			s.forgetEvents()
			host := s.secondTenant()
			s.forgetEvents()
			body := `{"id":"` + sent.ID + `","status":"bounced"}`
			good := signedReport(s.Clock.Now(), body)
			for name, signature := range map[string]string{
				"stale":            signedReport(s.Clock.Now().Add(-301*time.Second), body),
				"early":            signedReport(s.Clock.Now().Add(301*time.Second), body),
				"other body":       signedReport(s.Clock.Now(), strings.Replace(body, "bounced", "delivered", 1)),
				"garbage":          "t=now,v1=mine",
				"what it was sent": by.taken[0]["signature"].(string),
			} {
				t.Log(name)
				c.reports(reportPath, "application/json", body, "Lintel-Signature", signature).refused(http.StatusForbidden, "message_callback_refused")
			}
			c.reports(reportPath, "application/json", body).refused(http.StatusForbidden, "message_callback_refused")
			c.reports(twilioReports+sent.ID, "application/x-www-form-urlencoded", "MessageSid=ref-1&MessageStatus=failed", "X-Twilio-Signature", "AAAA").
				refused(http.StatusForbidden, "message_callback_refused") // there is no account there
			for _, garbage := range []string{`{"id":"` + sent.ID + `"`, "", `[]`, `{"id":"` + sent.ID + `","id":"x"}`} {
				require.Contains(t, []int{http.StatusBadRequest, http.StatusUnprocessableEntity},
					c.reports(reportPath, "application/json", garbage, "Lintel-Signature", signedReport(s.Clock.Now(), garbage)).status)
			}
			for _, rest := range []string{`"status":"flown"`, `"status":"bounced","code":"a b"`, `"status":"bounced","code":"=1+1\n"`, `"status":"bounced","at":1`} {
				wrong := `{"id":"` + sent.ID + `",` + rest + `}`
				c.reports(reportPath, "application/json", wrong, "Lintel-Signature", signedReport(s.Clock.Now(), wrong)).refused(http.StatusUnprocessableEntity, "request_invalid")
			}
			c.reports(reportPath, "text/plain", body, "Lintel-Signature", good).refused(http.StatusUnsupportedMediaType, "content_type_unsupported")

			elsewhere := s.app()
			elsewhere.host, elsewhere.base = host, "http://"+host
			elsewhere.reports(reportPath, "application/json", body, "Lintel-Signature", good).refused(http.StatusNotFound, "message_unknown")
			require.True(t, o.message(sent.ID).Delivery.IsNull())
			s.fired()
			c.reports(reportPath, "application/json", body, "Lintel-Signature", good).is(http.StatusNoContent)
			s.fired("message.bounced")
		})
	}
}

// signedForm is how Twilio signs, from nothing but its documentation.
func signedForm(called string, form url.Values) string {
	text := called
	for _, name := range slices.Sorted(maps.Keys(form)) {
		text += name + form.Get(name)
	}
	mac := hmac.New(sha1.New, []byte(twilioToken))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Twilio signs the address that it was told, which is the tenant's as configured: a request's
// host has no say in it.
func TestClass_HostHeader_ReportsOfTwilio(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			by := carries(t, http.StatusCreated, `{"sid": "SM0c", "status": "queued"}`)
			s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
				texting(settings)
				settings.SMS.Twilio = gateway.TwilioConfig{
					AccountSID: "AC" + strings.Repeat("0a", 16), AuthToken: secret.NewText(twilioToken), From: "Harbour", BaseURL: by.URL,
				}
			})
			o, c := s.first(), s.app()
			sent := o.settled(read[wire.Message](o.text("+442079460000").is(http.StatusCreated)).ID)
			s.forgetEvents()
			host, path, ours := s.secondTenant(), twilioReports+sent.ID, s.URL+twilioReports+sent.ID
			s.forgetEvents()
			form := func(status string) url.Values {
				return url.Values{"MessageSid": {"SM0c"}, "MessageStatus": {status}, "ErrorCode": {"30003"}, "To": {"+442079460000"}, "ApiVersion": {"2010-04-01"}}
			}
			reports := func(c *caller, called string, form url.Values) answer {
				t.Helper()
				return c.reports(path, "application/x-www-form-urlencoded; charset=UTF-8", form.Encode(), "X-Twilio-Signature", signedForm(called, form))
			}
			elsewhere := s.app()
			elsewhere.host, elsewhere.base = host, "http://"+host
			reports(elsewhere, "http://"+host+path, form("failed")).refused(http.StatusNotFound, "message_unknown")
			reports(elsewhere, ours, form("failed")).refused(http.StatusForbidden, "message_callback_refused")
			reports(c, "http://"+host+path, form("failed")).refused(http.StatusForbidden, "message_callback_refused")
			reports(c, ours+"?x=1", form("failed")).refused(http.StatusForbidden, "message_callback_refused")
			c.reports(path, "application/x-www-form-urlencoded", form("failed").Encode()).refused(http.StatusForbidden, "message_callback_refused")
			for _, garbage := range []string{"MessageStatus=%zz", "MessageStatus=failed&MessageStatus=sent", "MessageStatus=%ff", "a=%00"} {
				c.reports(path, "application/x-www-form-urlencoded", garbage, "X-Twilio-Signature", "AAAA").refused(http.StatusBadRequest, "request_malformed")
			}
			wrong := form("failed")
			wrong.Set("MessageSid", "SM0d")
			reports(c, ours, wrong).refused(http.StatusNotFound, "message_unknown")
			require.True(t, o.message(sent.ID).Delivery.IsNull())
			s.fired()

			for _, status := range []string{"queued", "sent", "delivered", "sent", "delivered"} {
				reports(c, ours, form(status)).is(http.StatusNoContent)
			}
			s.fired("message.delivered")
			require.Equal(t, []string{"delivered", "30003"}, []string{o.message(sent.ID).Delivery.MustGet().Status, o.message(sent.ID).Delivery.MustGet().Code.MustGet()})
			require.NotContains(t, s.Log.String(), "442079460000", "a log is no list of readers")
		})
	}
}

// Whoever reports before we have noted that it was sent is asked to come back.
func TestMessageIsReportedTooSoon(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s, by := gatewayed(t, engine)
			by.status.Store(http.StatusServiceUnavailable)
			o, c := s.first(), s.app()
			waiting := read[wire.Message](o.text("+442079460000").is(http.StatusCreated))
			body := `{"id":"` + waiting.ID + `","status":"delivered"}`
			early := c.reports(reportPath, "application/json", body, "Lintel-Signature", signedReport(s.Clock.Now(), body))
			early.refused(http.StatusServiceUnavailable, "message_not_noted")
			require.Equal(t, "30", early.header.Get("Retry-After"))
			require.True(t, o.message(waiting.ID).Delivery.IsNull())
		})
	}
}
