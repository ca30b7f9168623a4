package cli_test

import (
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	gosmtp "github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/cli"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/tests/fixtures/smtp"
)

// messageLife goes through all verbs.
func messageLife(t *testing.T, environ []string) {
	t.Helper()
	made := must(t, environ, "message", "test", "ada@example.com", "--locale", "ar", "--wait")
	require.Regexp(t, `(?m)^STATUS +sent$`, made)
	require.Regexp(t, `(?m)^LOCALE +ar$`, made)
	require.Regexp(t, `(?m)^DELIVERY +-$`, made)
	id := strings.Fields(must(t, environ, "message", "list", "-q"))[0]
	require.Regexp(t, `(?m)^REFERENCE +`+id+`\.eml$`, made)
	require.Regexp(t, `(?m)^`+id+` +test +email +sent +\S+Z +ada@example\.com +-$`, must(t, environ, "message", "list", "--to", "ADA@example.com"))
	require.NotContains(t, must(t, environ, "message", "list", "--status", "failed"), id)
	require.Contains(t, must(t, environ, "message", "list", "--json"), `"id":"`+id+`"`)
	require.Equal(t, made, must(t, environ, "message", "show", id))
	code, _, errs := run(t.Context(), environ, "message", "resend", id, "--wait")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "(message_not_failed)")
	code, _, errs = run(t.Context(), environ, "message", "test", "nobody")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "(message_recipient_invalid)")
	require.Regexp(t, `^msg_\w{26}\n$`, must(t, environ, "message", "test", "ada@example.com", "-q"))

	texted := must(t, environ, "message", "test", "+44 20 7946 0000", "--wait") // the form of the address says how
	require.Regexp(t, `(?m)^CHANNEL +sms$`, texted)
	require.Regexp(t, `(?m)^TO +\+442079460000$`, texted)
	require.Regexp(t, `(?m)^REFERENCE +msg_\w{26}\.txt$`, texted)
	for channel, to := range map[string]string{"sms": "ada@example.com", "email": "+442079460000"} {
		code, _, errs = run(t.Context(), environ, "message", "test", to, "--channel", channel)
		require.Equal(t, cli.Failed, code)
		require.Contains(t, errs, "(message_recipient_invalid)")
	}
}

func TestMessageOnTheLocalDatabaseAndAtAServer(t *testing.T) {
	for engine, environ := range places(t) {
		t.Run(engine, func(t *testing.T) {
			first := secret.NewToken(apikey.Prefix).Reveal()
			must(t, environ, "migrate")
			address, stop := serving(t, append([]string{"LINTEL_BOOTSTRAP_KEY=" + first}, environ...))
			messageLife(t, append([]string{"LINTEL_SERVER=" + address, "LINTEL_KEY=" + first}, environ...))
			stop()
			queuedOnly(t, environ)
		})
	}
}

// queuedOnly is what a command on the database does: nothing leaves from there, neither its
// own message nor any other that waits.
func queuedOnly(t *testing.T, environ []string) {
	t.Helper()
	id := strings.TrimSpace(must(t, environ, "message", "test", "grace@example.com", "-q"))
	for range 3 {
		require.Regexp(t, `(?m)^STATUS +queued$`, must(t, environ, "message", "show", id))
	}
	code, out, errs := run(t.Context(), environ, "message", "test", "grace@example.com", "--wait")
	require.Equal(t, cli.Misused, code)
	require.Empty(t, out)
	require.Contains(t, errs, "--wait is for a server")
}

// What was refused for good is sent again when somebody says so.
func TestMessageIsSentAgain(t *testing.T) {
	var here atomic.Bool
	by := smtp.Start(t, smtp.Options{Answer: func(command, _ string) error {
		if command == "rcpt" && !here.Load() {
			return &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.EnhancedCode{5, 1, 1}, Message: "nobody here"}
		}
		return nil
	}})
	first := secret.NewToken(apikey.Prefix).Reveal()
	environ := append([]string{
		"LINTEL_MAIL_SMTP_HOST=" + by.Host, "LINTEL_MAIL_SMTP_PORT=" + strconv.Itoa(by.Port), "LINTEL_MAIL_SMTP_SECURITY=none",
	}, places(t)["sqlite"]...)
	address, _ := serving(t, append([]string{"LINTEL_BOOTSTRAP_KEY=" + first}, environ...))
	environ = append([]string{"LINTEL_SERVER=" + address, "LINTEL_KEY=" + first}, environ...)
	code, _, errs := run(t.Context(), environ, "message", "test", "ada@example.com", "--wait")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "it was not sent (recipient_refused)")
	id := strings.TrimSpace(must(t, environ, "message", "list", "--status", "failed", "-q"))
	here.Store(true)
	require.Regexp(t, `(?m)^STATUS +sent$`, must(t, environ, "message", "resend", id, "--wait"))
	require.Len(t, by.Taken(), 1)
}

// Nobody is there to take it: the command says so, and the message waits.
func TestMessageThatIsNotTaken(t *testing.T) {
	first := secret.NewToken(apikey.Prefix).Reveal()
	away := append([]string{"LINTEL_MAIL_SMTP_HOST=127.0.0.1", "LINTEL_MAIL_SMTP_PORT=1"}, places(t)["sqlite"]...)
	address, _ := serving(t, append([]string{"LINTEL_BOOTSTRAP_KEY=" + first}, away...))
	away = append([]string{"LINTEL_SERVER=" + address, "LINTEL_KEY=" + first}, away...)
	code, out, errs := run(t.Context(), away, "message", "test", "ada@example.com", "--wait")
	require.Equal(t, cli.Failed, code)
	require.Regexp(t, `(?m)^STATUS +queued$`, out)
	require.Contains(t, errs, "it was not sent (provider_unavailable)")
	code, out, _ = run(t.Context(), away, "doctor")
	require.Equal(t, cli.Failed, code)
	require.Contains(t, out, "127.0.0.1: provider_unavailable")
}

// Whom messages are handed to over HTTP is told; nobody is asked, for that would send one.
func TestDoctorTellsWhoIsHandedMessages(t *testing.T) {
	signing := strings.Repeat("x", 32)
	environ := append([]string{
		"LINTEL_MAIL_HTTP_URL=https://mail.example.com/in", "LINTEL_MAIL_HTTP_SECRET=" + signing,
		"LINTEL_SMS_HTTP_URL=https://sms.example.com/in", "LINTEL_SMS_HTTP_SECRET=" + signing, "LINTEL_SMS_CHANNEL=whatsapp",
	}, places(t)["sqlite"]...)
	must(t, environ, "migrate")
	_, out, _ := run(t.Context(), environ, "doctor")
	require.Contains(t, out, "is handed to mail.example.com; lintel message test ADDRESS --wait tries it")
	require.Contains(t, out, "are handed to sms.example.com over WhatsApp, for all countries")
	require.NotContains(t, out, signing)
	_, out, _ = run(t.Context(), append([]string{"LINTEL_MAIL_HTTP_URL=http://mail.example.com/in"}, environ[1:]...), "doctor")
	require.Contains(t, out, "mail.example.com is not called over plain http")
}

// A range of numbers that somebody makes up is stopped, shown and lifted.
func TestMessageRangeIsLifted(t *testing.T) {
	for engine, environ := range places(t) {
		t.Run(engine, func(t *testing.T) {
			environ = append([]string{"LINTEL_MESSAGE_NEW_NUMBERS_COUNT=2"}, environ...)
			first := secret.NewToken(apikey.Prefix).Reveal()
			must(t, environ, "migrate")
			address, stop := serving(t, append([]string{"LINTEL_BOOTSTRAP_KEY=" + first}, environ...))
			rangeLife(t, append([]string{"LINTEL_SERVER=" + address, "LINTEL_KEY=" + first}, environ...), "3361200")
			stop()
			rangeLife(t, environ, "3361300")
		})
	}
}

func rangeLife(t *testing.T, environ []string, digits string) {
	t.Helper()
	prefix := digits[:6]
	require.Empty(t, must(t, environ, "message", "ranges", "-q"))
	for _, to := range []string{"+" + digits + "0001", "+" + digits + "0002"} {
		must(t, environ, "message", "test", to)
	}
	for _, to := range []string{"+" + digits + "0002", "+" + digits + "0003"} {
		code, _, errs := run(t.Context(), environ, "message", "test", to)
		require.Equal(t, cli.Failed, code)
		require.Contains(t, errs, "(message_budget_spent)")
	}
	require.Regexp(t, `(?m)^`+prefix+` +FR +2 +\S+Z +\S+Z$`, must(t, environ, "message", "ranges"))
	require.Contains(t, must(t, environ, "message", "ranges", "--json"), `"prefix":"`+prefix+`"`)
	require.Equal(t, prefix+"\n", must(t, environ, "message", "ranges", "-q"))
	require.Equal(t, prefix+" is written to again.\n", must(t, environ, "message", "lift", prefix))
	code, _, errs := run(t.Context(), environ, "message", "lift", prefix)
	require.Equal(t, cli.Failed, code)
	require.Contains(t, errs, "(message_range_unknown)")
	must(t, environ, "message", "test", "+"+digits+"0002")
}
