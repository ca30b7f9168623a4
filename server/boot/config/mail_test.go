package config

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message/mail"
)

func TestMailProvider(t *testing.T) {
	production := []string{
		"LINTEL_MODE=production", "LINTEL_BASE_URL=https://id.example.com", "LINTEL_NO_PROXIES=true", "LINTEL_MAIL_FROM=hello@example.com",
		"LINTEL_ROOT_KEYS=a:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
	}
	posted := []string{"LINTEL_MAIL_HTTP_URL=https://mail.example.com/", "LINTEL_MAIL_HTTP_SECRET=" + strings.Repeat("x", 32)}
	for name, test := range map[string]struct {
		environ []string
		want    mail.Choice
		refused string
	}{
		"development":     {nil, mail.File, ""},
		"a test":          {[]string{"LINTEL_TEST_MODE=true"}, mail.None, ""},
		"a test by post":  {[]string{"LINTEL_TEST_MODE=true", "LINTEL_MAIL_SMTP_HOST=localhost"}, mail.SMTP, ""},
		"a server":        {[]string{"LINTEL_MAIL_SMTP_HOST=mail.example.com"}, mail.SMTP, ""},
		"no server":       {[]string{"LINTEL_MAIL_SMTP_HOST=mail.example.com", "LINTEL_MAIL_PROVIDER=none"}, mail.None, ""},
		"production":      {production, mail.None, ""},
		"production SMTP": {append([]string{"LINTEL_MAIL_SMTP_HOST=mail.example.com"}, production...), mail.SMTP, ""},
		"beside it":       {append([]string{"LINTEL_MAIL_SMTP_HOST=127.0.0.1", "LINTEL_MAIL_SMTP_SECURITY=none"}, production...), mail.SMTP, ""},

		"a gateway":         {posted, mail.HTTP, ""},
		"a test in earnest": {append([]string{"LINTEL_TEST_MODE=true"}, posted...), mail.HTTP, ""},
		"one of both":       {append([]string{"LINTEL_MAIL_SMTP_HOST=mail.example.com", "LINTEL_MAIL_PROVIDER=http"}, posted...), mail.HTTP, ""},
		"the other of both": {append([]string{"LINTEL_MAIL_SMTP_HOST=mail.example.com", "LINTEL_MAIL_PROVIDER=smtp"}, posted...), mail.SMTP, ""},
		"production HTTP":   {slices.Concat(posted, production), mail.HTTP, ""},

		"both":                   {append([]string{"LINTEL_MAIL_SMTP_HOST=mail.example.com"}, posted...), "", "mail.provider: must be smtp, http, file or none, and be given where both"},
		"unsigned":               {posted[:1], mail.HTTP, "mail.http.secret: must be at least 32 characters"},
		"at no gateway":          {[]string{"LINTEL_MAIL_PROVIDER=http"}, mail.HTTP, "mail.http.url: must be an absolute"},
		"plain http":             {append([]string{"LINTEL_MAIL_HTTP_URL=http://mail.example.com", posted[1]}, production...), mail.HTTP, "mail.http.url: must begin with https:// in production"},
		"posted from nobody":     {slices.Concat(posted, []string{"LINTEL_MAIL_FROM=Lintel <lintel@localhost>"}, production), mail.HTTP, "mail.from: must be given in production"},
		"a folder in production": {append([]string{"LINTEL_MAIL_PROVIDER=file"}, production...), mail.File, "mail.provider: must be smtp, http or none in production"},
		"in the clear":           {append([]string{"LINTEL_MAIL_SMTP_HOST=mail.example.com", "LINTEL_MAIL_SMTP_SECURITY=none"}, production...), mail.SMTP, "mail.smtp.security: must be starttls or tls in production"},
		"from nobody":            {append([]string{"LINTEL_MAIL_SMTP_HOST=mail.example.com", "LINTEL_MAIL_FROM=Lintel <lintel@localhost>"}, production...), mail.SMTP, "mail.from: must be given in production"},
		"SMTP at no server":      {[]string{"LINTEL_MAIL_PROVIDER=smtp"}, mail.SMTP, "mail.smtp.host: must be given"},
		"no address":             {[]string{"LINTEL_MAIL_FROM=Lintel"}, mail.File, "mail.from: must be an address"},
		"a name alone":           {[]string{"LINTEL_MAIL_SMTP_HOST=x", "LINTEL_MAIL_SMTP_USERNAME=ada"}, mail.SMTP, "mail.smtp: username and password go together"},
		"a password for all": {
			[]string{"LINTEL_MAIL_SMTP_HOST=x", "LINTEL_MAIL_SMTP_USERNAME=ada", "LINTEL_MAIL_SMTP_PASSWORD=p", "LINTEL_MAIL_SMTP_SECURITY=none"},
			mail.SMTP, "mail.smtp.security: must not be none",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var environ []string // the later of two counts in a shell, and here no variable is there twice
			for _, entry := range test.environ {
				if entry != "LINTEL_MAIL_FROM=hello@example.com" || !strings.HasSuffix(name, "from nobody") {
					environ = append(environ, entry)
				}
			}
			settings, err := Load("", environ)
			require.NoError(t, err)
			require.Equal(t, test.want, settings.MailProvider())
			if test.refused == "" {
				require.NoError(t, settings.Validate())
				return
			}
			require.ErrorContains(t, settings.Validate(), test.refused)
		})
	}
}

func TestProductionRefusesMailFromThisMachine(t *testing.T) {
	for from, refused := range map[string]bool{
		"Lintel <lintel@localhost>": true, "Blue Harbour <hello@LOCALHOST>": true, "hello@mail.localhost": true, "hello@localhost.localdomain": true,
		"hello@[127.0.0.1]": true, "hello@[127.1.2.3]": true, "hello@[IPv6:::1]": true, "hello@127.0.0.1": true,
		"hello@harbour.example": false, "hello@localhost.example": false, "hello@notlocalhost": false,
	} {
		t.Run(from, func(t *testing.T) {
			config := productionConfig(t)
			config.Mail.SMTP.Host, config.Mail.From = "mail.example.com", from
			if refused {
				require.ErrorContains(t, config.Validate(), "mail.from: must be")
				return
			}
			require.NoError(t, config.Validate())
		})
	}
}

// Messages that wait for a connection wait out of the time they have.
func TestEveryWorkerHasItsConnection(t *testing.T) {
	config := Default()
	require.Equal(t, config.Message.Workers, config.Mail.SMTP.Connections)
	config.Mail.SMTP.Host, config.Mail.SMTP.Timeout = "mail.example.com", 31*time.Second
	require.ErrorContains(t, config.Validate(), "timeout 1s to 30s")
	_, err := Load("", []string{"LINTEL_MAIL_SMTP_TIMEOUT=31s"})
	require.ErrorContains(t, err, "mail.smtp.timeout")
}

func TestMailFolderIsInTheDataDirectory(t *testing.T) {
	settings, err := Load("", []string{"LINTEL_DATA_DIR=here"})
	require.NoError(t, err)
	require.Equal(t, "here/mail", settings.MailFolder().Folder)
	settings.Mail.Folder = "there"
	require.Equal(t, "there", settings.MailFolder().Folder)
}
