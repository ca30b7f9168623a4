package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/message/gateway"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/tests/api/running"
)

// carrier is a gateway as an operator writes one.
type carrier struct {
	*httptest.Server

	status atomic.Int64
	answer atomic.Value
	mu     sync.Mutex
	taken  []map[string]any
}

func carries(t *testing.T, status int, answer string) *carrier {
	t.Helper()
	c := &carrier{}
	c.status.Store(int64(status))
	c.answer.Store(answer)
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got := map[string]any{"signature": r.Header.Get("Lintel-Signature"), "key": r.Header.Get("Idempotency-Key"), "as sent": string(body)}
		_ = json.Unmarshal(body, &got)
		c.mu.Lock()
		c.taken = append(c.taken, got)
		c.mu.Unlock()
		w.WriteHeader(int(c.status.Load()))
		_, _ = io.WriteString(w, c.answer.Load().(string))
	}))
	t.Cleanup(c.Close)
	return c
}

// texting lets a server call whoever delivers on this machine.
func texting(settings *config.Config) {
	withApplications(settings)
	settings.Outbound.AllowHTTP = true
	settings.Outbound.AllowedPrefixes = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
}

func TestMessageReachesAGateway(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			by := carries(t, http.StatusUnprocessableEntity, `{"code": "recipient_refused"}`)
			s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
				texting(settings)
				settings.SMS.HTTP = gateway.HTTPConfig{URL: by.URL, Secret: secret.NewText(strings.Repeat("blue harbour ", 3))}
			})
			o := s.operator(wire.ScopeMessagesRead, wire.ScopeMessagesWrite)
			s.forgetEvents()
			queued := read[wire.Message](o.text("+44 20 7946 0000").is(http.StatusCreated))
			require.Equal(t, []string{"sms", "+442079460000", "fr"}, []string{queued.Channel, queued.To, queued.Locale})
			failed := o.settled(queued.ID)
			require.Equal(t, "failed", failed.Status)
			require.Equal(t, "recipient_refused", failed.ErrorCode.MustGet())
			told := s.fired("message.queued", "message.failed")
			require.Equal(t, map[string]any{"kind": "test", "channel": "sms", "locale": "fr"}, data(t, told[0]))
			require.Equal(t, []wire.Message{failed}, o.messages(wire.ListMessagesParams{To: optional("+44 (20) 7946-0000")}))

			by.status.Store(http.StatusOK)
			by.answer.Store(`{"reference": "ref-1"}`)
			o.got(o.wire.ResendMessage(t.Context(), failed.ID, nil)).is(http.StatusOK)
			sent := o.settled(failed.ID)
			require.Equal(t, "sent", sent.Status)
			require.Equal(t, "ref-1", sent.Reference.MustGet())
			s.fired("message.requeued", "message.sent")

			require.Len(t, by.taken, 2)
			last := by.taken[1]
			require.Equal(t, sent.ID, last["key"])
			require.Equal(t, []any{sent.ID, "test", "sms", "+442079460000", "fr"}, []any{last["id"], last["kind"], last["channel"], last["to"], last["locale"]})
			require.Equal(t, "Un message d'essai de localhost. Rien à faire.", last["text"])
			require.Regexp(t, `^t=\d+,v1=[0-9a-f]{64}$`, last["signature"])
			for _, hidden := range []string{"442079460000", "message d’essai", "blue harbour"} {
				require.NotContains(t, s.Log.String(), hidden, "a log is no list of readers")
			}

			o.text("ada@example.com").refused(http.StatusUnprocessableEntity, "message_recipient_invalid")
			o.text("020 7946 0000").refused(http.StatusUnprocessableEntity, "message_recipient_invalid")
			o.tryOut("+442079460000").refused(http.StatusUnprocessableEntity, "message_recipient_invalid")
			s.fired()
		})
	}
}

func TestMessageReachesTwilio(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			by := carries(t, http.StatusUnauthorized, `{"code": 20003, "message": "Authenticate", "status": 401}`)
			s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
				texting(settings)
				settings.SMS.Twilio = gateway.TwilioConfig{
					AccountSID: "AC" + strings.Repeat("0a", 16), AuthToken: secret.NewText("theirs and ours"), From: "Harbour", BaseURL: by.URL,
				}
			})
			o := s.operator(wire.ScopeMessagesRead, wire.ScopeMessagesWrite)
			waiting := read[wire.Message](o.text("+442079460000").is(http.StatusCreated))
			require.Eventually(t, func() bool { return !o.message(waiting.ID).ErrorCode.IsNull() }, patience, look)
			seen := o.message(waiting.ID)
			require.Equal(t, []string{"queued", "provider_credentials_refused"}, []string{seen.Status, seen.ErrorCode.MustGet()}, "an operator may mend it")
			require.NotContains(t, s.Log.String(), "theirs and ours")

			by.status.Store(http.StatusCreated)
			by.answer.Store(`{"sid": "SM0c", "status": "queued"}`)
			sent := o.settled(read[wire.Message](o.text("+442079460000").is(http.StatusCreated)).ID)
			require.Equal(t, []string{"sent", "SM0c"}, []string{sent.Status, sent.Reference.MustGet()})
		})
	}
}

// A front end's own tests read what its users would, with nothing in it that a phone does not show.
func TestPromise_LoginIsTestable_TextMessagesAreReadByTheTest(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
				withApplications(settings)
				settings.TestMode = true
			})
			o := s.operator(wire.ScopeMessagesRead, wire.ScopeMessagesWrite)
			o.settled(read[wire.Message](o.tryOut("ada@example.com").is(http.StatusCreated)).ID)
			first := o.settled(read[wire.Message](o.text("+44 20 7946 0000").is(http.StatusCreated)).ID)
			found := read[wire.TestInbox](o.got(o.wire.GetTestInbox(t.Context(), &wire.GetTestInboxParams{To: optional("+442079460000")})).is(http.StatusOK)).Messages
			require.Len(t, found, 1)
			require.Equal(t, []string{first.ID, "sms", "", ""}, []string{found[0].ID, found[0].Channel, found[0].Subject, found[0].HTML})
			require.Equal(t, "Un message d'essai de localhost. Rien à faire.", found[0].Text)
		})
	}
}

// Where nobody delivers, nothing is promised, and in development it is a file.
func TestTextMessageWithoutAGateway(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "post")
	for provider, status := range map[gateway.Choice]int{gateway.None: http.StatusConflict, "": http.StatusCreated} {
		s := privately(t, running.NewPlace(t, running.Engines()[0]), func(settings *config.Config) {
			withApplications(settings)
			settings.SMS.Provider, settings.SMS.Folder = provider, folder
		})
		o := s.operator(wire.ScopeMessagesRead, wire.ScopeMessagesWrite)
		answer := o.text("+442079460000").is(status)
		if status == http.StatusConflict {
			answer.refused(status, "message_channel_unavailable")
			o.tryOut("ada@example.com").is(http.StatusCreated)
			continue
		}
		sent := o.settled(read[wire.Message](answer).ID)
		content, err := os.ReadFile(filepath.Join(folder, sent.Reference.MustGet()))
		require.NoError(t, err)
		require.Equal(t, "To: +442079460000\n\nUn message d'essai de localhost. Rien à faire.\n", string(content))
	}
}
