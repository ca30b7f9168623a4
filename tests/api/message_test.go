package api_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/message/mail"
	"github.com/lintel-id/lintel/tests/api/running"
	"github.com/lintel-id/lintel/tests/fixtures/smtp"
)

func (o *operator) tryOut(to string) answer {
	o.t.Helper()
	return o.got(o.wire.SendTestMessage(context.Background(), nil, wire.TestMessage{Channel: wire.MessageChannelEmail, To: to, Locale: optional("fr")}))
}

func (o *operator) text(to string) answer {
	o.t.Helper()
	return o.got(o.wire.SendTestMessage(context.Background(), nil, wire.TestMessage{Channel: wire.MessageChannelSms, To: to, Locale: optional("fr")}))
}

func (o *operator) message(id string) wire.Message {
	o.t.Helper()
	return read[wire.Message](o.got(o.wire.GetMessage(context.Background(), id)).is(http.StatusOK))
}

// settled waits until a message stands where it will.
func (o *operator) settled(id string) (now wire.Message) {
	o.t.Helper()
	require.Eventually(o.t, func() bool {
		now = o.message(id)
		return now.Status != "queued"
	}, patience, ask, "the message is sent or given up")
	return now
}

func (o *operator) messages(params wire.ListMessagesParams) (found []wire.Message) {
	o.t.Helper()
	return read[wire.MessagePage](o.got(o.wire.ListMessages(context.Background(), &params)).is(http.StatusOK)).Items
}

func TestMessageIsTriedOut(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		o := s.operator(wire.ScopeMessagesRead, wire.ScopeMessagesWrite)
		s.forgetEvents()
		to := newWord() + "@bücher.example"
		queued := read[wire.Message](o.tryOut(strings.ToUpper(to)).is(http.StatusCreated))
		require.Equal(t, "fr", queued.Locale)
		require.Equal(t, queued.CreatedAt.Add(24*time.Hour), queued.OutdatedAt)
		sent := o.settled(queued.ID)
		require.Equal(t, "sent", sent.Status)
		require.EqualValues(t, 1, sent.Attempts)
		require.Equal(t, queued.ID+".eml", sent.Reference.MustGet())
		told := s.fired("message.queued", "message.sent")
		require.Equal(t, "api_key", string(told[0].Actor.Kind))
		require.Equal(t, "system", string(told[1].Actor.Kind))
		require.Equal(t, map[string]any{"kind": "test", "channel": "email", "locale": "fr"}, data(t, told[0]))

		require.Equal(t, []wire.Message{sent}, o.messages(wire.ListMessagesParams{To: &to}))
		require.Empty(t, o.messages(wire.ListMessagesParams{To: &to, Status: new(wire.MessageStatusFailed)}))
		page := read[wire.MessagePage](o.got(o.wire.ListMessages(context.Background(), &wire.ListMessagesParams{Limit: new(int32(1))})).is(http.StatusOK))
		require.Equal(t, []wire.Message{sent}, page.Items)

		o.tryOut("nobody").refused(http.StatusUnprocessableEntity, "message_recipient_invalid")
		o.tryOut("ada@example.com\r\nBcc: eve@example.com").refused(http.StatusUnprocessableEntity, "message_recipient_invalid")
		o.got(o.wire.ResendMessage(context.Background(), sent.ID, nil)).refused(http.StatusConflict, "message_not_failed")
		o.got(o.wire.GetMessage(context.Background(), madeUp().ids["message_id"])).refused(http.StatusNotFound, "message_unknown")
		o.send(http.MethodGet, "/test/v1/messages", "").refused(http.StatusNotFound, "not_found")
		s.fired()
	})
}

// A refused message is seen, and sent again when its reason is gone, by a server that is
// spoken to as any other.
func TestMessageReachesAMailServer(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			var full atomic.Bool
			full.Store(true)
			server := smtp.Start(t, smtp.Options{Answer: func(command, _ string) error {
				if command == "rcpt" && full.Load() {
					return &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.EnhancedCode{5, 1, 1}, Message: "nobody here"}
				}
				return nil
			}})
			s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
				withApplications(settings)
				settings.Mail.From = "Harbour <hello@harbour.example>"
				settings.Mail.SMTP.Host, settings.Mail.SMTP.Port, settings.Mail.SMTP.Security = server.Host, server.Port, mail.Plain
			})
			o := s.operator(wire.ScopeMessagesRead, wire.ScopeMessagesWrite)
			s.forgetEvents()
			failed := o.settled(read[wire.Message](o.tryOut("ada@example.com").is(http.StatusCreated)).ID)
			require.Equal(t, "failed", failed.Status)
			require.Equal(t, "recipient_refused", failed.ErrorCode.MustGet())
			told := s.fired("message.queued", "message.failed")
			require.Equal(t, map[string]any{"kind": "test", "channel": "email", "attempts": 1.0, "code": "recipient_refused"}, data(t, told[1]))
			require.Equal(t, []wire.Message{failed}, o.messages(wire.ListMessagesParams{Status: new(wire.MessageStatusFailed)}))

			full.Store(false)
			o.got(o.wire.ResendMessage(context.Background(), failed.ID, nil)).is(http.StatusOK)
			sent := o.settled(failed.ID)
			require.Equal(t, "sent", sent.Status)
			s.fired("message.requeued", "message.sent")
			taken := server.Taken()
			require.Len(t, taken, 1)
			require.Equal(t, "ada@example.com", taken[0].To)
			require.Equal(t, "hello@harbour.example", taken[0].From)
			require.Contains(t, taken[0].Content, "Message-ID: "+sent.Reference.MustGet())
			require.NotContains(t, s.Log.String(), "ada@example.com", "a log is no list of readers")
		})
	}
}

// A front end's own tests read what its users would: nothing leaves the server.
func TestPromise_LoginIsTestable_MessagesAreReadByTheTest(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
				withApplications(settings)
				settings.TestMode = true
			})
			o := s.operator(wire.ScopeMessagesRead, wire.ScopeMessagesWrite)
			inbox := func(params wire.GetTestInboxParams) []wire.ReadableMessage {
				return read[wire.TestInbox](o.got(o.wire.GetTestInbox(context.Background(), &params)).is(http.StatusOK)).Messages
			}
			require.Empty(t, inbox(wire.GetTestInboxParams{}))
			var waiting sync.WaitGroup
			var found []wire.ReadableMessage
			waiting.Go(func() { found = inbox(wire.GetTestInboxParams{To: optional("ADA@example.com"), Wait: new(int32(30))}) })
			first := read[wire.Message](o.tryOut("ada@example.com").is(http.StatusCreated))
			waiting.Wait()
			require.Len(t, found, 1)
			require.Equal(t, first.ID, found[0].ID)
			require.Equal(t, "Un message d’essai de localhost", found[0].Subject)
			require.Contains(t, found[0].HTML, `<html lang="fr" dir="ltr">`)
			require.Contains(t, found[0].Text, "Il est bien arrivé")
			require.Equal(t, "sent", o.settled(first.ID).Status)
			require.Len(t, inbox(wire.GetTestInboxParams{}), 1, "it stays")
			require.Empty(t, inbox(wire.GetTestInboxParams{After: &first.ID}))
			require.Empty(t, inbox(wire.GetTestInboxParams{To: optional("grace@example.com")}))
			o.send(http.MethodGet, "/test/v1/messages?wait=31", "").refused(http.StatusUnprocessableEntity, "request_invalid")
		})
	}
}

// Where nobody delivers, nothing is promised.
func TestMessageWithoutAProvider(t *testing.T) {
	s := privately(t, running.NewPlace(t, running.Engines()[0]), func(settings *config.Config) {
		withApplications(settings)
		settings.Mail.Provider = mail.None
	})
	o := s.operator(wire.ScopeMessagesWrite)
	s.forgetEvents()
	o.tryOut("ada@example.com").refused(http.StatusConflict, "message_channel_unavailable")
	s.fired()
}

// In development a message is a file that mail programs open, and nobody else.
func TestMessageIsAFileInDevelopment(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "post")
	s := privately(t, running.NewPlace(t, running.Engines()[0]), func(settings *config.Config) {
		withApplications(settings)
		settings.Mail.Folder = folder
	})
	o := s.operator(wire.ScopeMessagesRead, wire.ScopeMessagesWrite)
	sent := o.settled(read[wire.Message](o.tryOut("ada@example.com").is(http.StatusCreated)).ID)
	path := filepath.Join(folder, sent.Reference.MustGet())
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(content), "To: <ada@example.com>")
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

// Promise: no address, no caller and no tenant is flooded with messages.
func TestPromise_MessagesAreBudgeted_OverTheAPI(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		o := s.operator(wire.ScopeMessagesRead, wire.ScopeMessagesWrite)
		to := newWord() + "@example.com"
		for range 10 {
			o.settled(read[wire.Message](o.tryOut(to).is(http.StatusCreated)).ID)
		}
		s.forgetEvents()
		refused := o.tryOut(strings.ToUpper(to))
		refused.refused(http.StatusTooManyRequests, "message_budget_spent")
		require.NotEmpty(t, refused.header.Get("Retry-After"))
		s.fired()
		s.Clock.Advance(6 * time.Minute)
		o.settled(read[wire.Message](o.tryOut(to).is(http.StatusCreated)).ID)
		require.Len(t, o.messages(wire.ListMessagesParams{To: &to}), 11)
	})
}
