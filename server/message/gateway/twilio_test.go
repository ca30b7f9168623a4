package gateway_test

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/gateway"
	"github.com/lintel-id/lintel/server/platform/httpc"
	"github.com/lintel-id/lintel/server/platform/secret"
)

var sid = "AC" + strings.Repeat("0a", 16)

func account(url string) gateway.Config {
	config := gateway.Default()
	config.Provider = gateway.Twilio
	config.Twilio = gateway.TwilioConfig{AccountSID: sid, AuthToken: secret.NewText("theirs"), From: "+15005550006", BaseURL: url}
	return config
}

func twilio(t *testing.T, channel gateway.Channel, from string) func(url string, client *httpc.Client) message.Provider {
	t.Helper()
	return func(url string, client *httpc.Client) message.Provider {
		config := account(url)
		config.Channel, config.Twilio.From = channel, from
		made, err := gateway.NewAccount(gateway.AccountDeps{Client: client, BaseURL: here("http://localhost:8080")}, config)
		require.NoError(t, err)
		return made
	}
}

func here(base string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return base, nil }
}

func TestAccountIsHandedAForm(t *testing.T) {
	service := "MG" + strings.Repeat("0b", 16)
	for _, test := range []struct {
		channel gateway.Channel
		from    string
		want    url.Values
	}{
		{gateway.SMS, "+15005550006", url.Values{"To": {reader}, "From": {"+15005550006"}}},
		{gateway.SMS, "Harbour", url.Values{"To": {reader}, "From": {"Harbour"}}},
		{gateway.SMS, service, url.Values{"To": {reader}, "MessagingServiceSid": {service}}},
		{gateway.WhatsApp, "+15005550006", url.Values{"To": {"whatsapp:" + reader}, "From": {"whatsapp:+15005550006"}}},
		{gateway.WhatsApp, service, url.Values{"To": {"whatsapp:" + reader}, "MessagingServiceSid": {service}}},
	} {
		test.want.Set("Body", "海からの便り & more")
		var form url.Values
		var place, user, password string
		reference, err := twilio(t, test.channel, test.from)(at(t, func(w http.ResponseWriter, r *http.Request) {
			_ = r.ParseForm()
			form, place = r.PostForm, r.Method+" "+r.RequestURI
			user, password, _ = r.BasicAuth()
			w.WriteHeader(http.StatusCreated)
			_, _ = w.Write([]byte(`{"sid": "SM0c", "status": "queued", "error_code": null}`))
		})).Send(t.Context(), reader, aLetter(), about(t))
		require.NoError(t, err)
		require.Equal(t, "SM0c", reference)
		require.Equal(t, test.want, form)
		require.Equal(t, []string{"POST /2010-04-01/Accounts/" + sid + "/Messages.json", sid, "theirs"}, []string{place, user, password})
	}
}

func TestAccountRefuses(t *testing.T) {
	whatGoesWrong(t, twilio(t, gateway.SMS, "Harbour"))
	whatGoesWrong(t, twilio(t, gateway.WhatsApp, "+15005550006"))
	for _, test := range []struct {
		status, code int
		want         expected
	}{
		{400, 21211, expected{message.RecipientRefused, true, false}},
		{400, 21610, expected{message.RecipientRefused, true, false}},
		{400, 21614, expected{message.RecipientRefused, true, false}},
		{400, 21606, expected{message.MessageRefused, true, false}},
		{401, 20003, expected{message.CredentialsRefused, false, false}},
		{400, 20003, expected{message.CredentialsRefused, false, false}},
		{429, 20429, expected{message.ProviderUnavailable, false, false}},
		{503, 21211, expected{message.ProviderUnavailable, false, false}},
	} {
		body := `{"code": ` + strconv.Itoa(test.code) + `, "message": "a word of theirs on ` + reader + `", "status": 400}`
		_, err := twilio(t, gateway.SMS, "Harbour")(at(t, saying(test.status, body))).Send(t.Context(), reader, aLetter(), about(t))
		refusedAs(t, err, test.want)
		require.ErrorContains(t, err, strconv.Itoa(test.code), "whoever looks it up finds it")
	}
	_, err := gateway.NewAccount(gateway.AccountDeps{}, account("https://sms.example"))
	require.Error(t, err)
	_, client := at(t, broken)
	_, err = gateway.NewAccount(gateway.AccountDeps{Client: client, BaseURL: here("https://id.example")}, gateway.Config{})
	require.Error(t, err)
}

// Another than Twilio says yes to everything; whether it handed the message on is not known.
func TestAccountIsNotTakenForAnother(t *testing.T) {
	for _, body := range []string{"", "<html>welcome</html>", "{}", `{"sid": "two\nlines"}`, strings.Repeat("x", 2<<10)} {
		_, err := twilio(t, gateway.SMS, "Harbour")(at(t, saying(http.StatusOK, body))).Send(t.Context(), reader, aLetter(), about(t))
		refusedAs(t, err, expected{message.ProviderUnavailable, false, true})
	}
}
