package config

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message/gateway"
)

func TestChosenSMS(t *testing.T) {
	production := []string{
		"LINTEL_MODE=production", "LINTEL_BASE_URL=https://id.example.com", "LINTEL_NO_PROXIES=true", "LINTEL_MAIL_FROM=hello@example.com",
		"LINTEL_ROOT_KEYS=a:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
	}
	endpoint := []string{"LINTEL_SMS_HTTP_URL=https://sms.example.com/", "LINTEL_SMS_HTTP_SECRET=" + strings.Repeat("x", 32)}
	account := []string{"LINTEL_SMS_TWILIO_ACCOUNT_SID=AC" + strings.Repeat("0a", 16), "LINTEL_SMS_TWILIO_AUTH_TOKEN=x", "LINTEL_SMS_TWILIO_FROM=Harbour"}
	for name, test := range map[string]struct {
		environ [][]string
		want    gateway.Choice
		refused string
	}{
		"development":       {nil, gateway.File, ""},
		"a test":            {[][]string{{"LINTEL_TEST_MODE=true"}}, gateway.None, ""},
		"a test in earnest": {[][]string{{"LINTEL_TEST_MODE=true"}, endpoint}, gateway.HTTP, ""},
		"a gateway":         {[][]string{endpoint}, gateway.HTTP, ""},
		"an account":        {[][]string{account}, gateway.Twilio, ""},
		"both":              {[][]string{account, endpoint}, gateway.HTTP, ""},
		"one of both":       {[][]string{account, endpoint, {"LINTEL_SMS_PROVIDER=twilio"}}, gateway.Twilio, ""},
		"neither":           {[][]string{account, endpoint, {"LINTEL_SMS_PROVIDER=none"}}, gateway.None, ""},
		"WhatsApp":          {[][]string{endpoint, {"LINTEL_SMS_CHANNEL=whatsapp"}}, gateway.HTTP, ""},
		"production":        {[][]string{production}, gateway.None, ""},
		"production HTTP":   {[][]string{production, endpoint}, gateway.HTTP, ""},
		"production Twilio": {[][]string{production, account}, gateway.Twilio, ""},

		"a folder in production": {[][]string{production, {"LINTEL_SMS_PROVIDER=file"}}, gateway.File, "sms.provider: must be http, twilio or none in production"},
		"in the clear":           {[][]string{production, {"LINTEL_SMS_HTTP_URL=http://sms.example.com", endpoint[1]}}, gateway.HTTP, "sms.http.url: must begin with https:// in production"},
		"in the clear elsewhere": {[][]string{production, account, {"LINTEL_SMS_TWILIO_BASE_URL=http://sms.example.com"}}, gateway.Twilio, "sms.twilio.base_url: must begin with https:// in production"},
		"unsigned":               {[][]string{endpoint[:1]}, gateway.HTTP, "sms.http.secret: must be at least 32 characters"},
		"at no gateway":          {[][]string{{"LINTEL_SMS_PROVIDER=http"}}, gateway.HTTP, "sms.http.url: must be an absolute"},
		"no account":             {[][]string{{"LINTEL_SMS_PROVIDER=twilio"}}, gateway.Twilio, "sms.twilio.account_sid: must be AC"},
		"a name on WhatsApp":     {[][]string{account, {"LINTEL_SMS_CHANNEL=whatsapp"}}, gateway.Twilio, "sms.twilio.from: must be a number of yours"},
		"from nobody":            {[][]string{account[:2]}, gateway.Twilio, "sms.twilio.from: must be"},
	} {
		t.Run(name, func(t *testing.T) {
			var environ []string
			for _, some := range test.environ {
				environ = append(environ, some...)
			}
			settings, err := Load("", environ)
			require.NoError(t, err)
			require.Equal(t, test.want, settings.ChosenSMS().Provider)
			require.Equal(t, strings.Contains(name, "WhatsApp"), settings.ChosenSMS().Channel == gateway.WhatsApp)
			if test.refused == "" {
				require.NoError(t, settings.Validate())
				return
			}
			require.ErrorContains(t, settings.Validate(), test.refused)
		})
	}
}

func TestAPhoneIsReachedInTwoWays(t *testing.T) {
	_, err := Load("", []string{"LINTEL_SMS_CHANNEL=pigeon"})
	require.ErrorContains(t, err, "sms.channel")
}

func TestSMSFolderIsInTheDataDirectory(t *testing.T) {
	settings, err := Load("", []string{"LINTEL_DATA_DIR=here"})
	require.NoError(t, err)
	require.Equal(t, "here/sms", settings.ChosenSMS().Folder)
	settings.SMS.Folder = "there"
	require.Equal(t, "there", settings.ChosenSMS().Folder)
}
