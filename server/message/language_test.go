package message_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
)

// What a message was asked to be in comes first, then what its reader says they read once they
// are known, then what the browser says of whoever asked, then what is usual.
func TestWhoseLanguageAMessageIsIn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.readers.known = map[string]string{"ada@example.com": "usr_ada"}
		for _, c := range []struct {
			locales              []string
			browser, reads       string
			queued, sent, nobody string
		}{
			{[]string{"de"}, "fr", "ja", "lang-de", "lang-de", "lang-de"},
			{[]string{"xx", "de"}, "fr", "ja", "lang-de", "lang-de", "lang-de"},
			{[]string{""}, "xx, fr;q=0.5", "ja", "lang-fr", "lang-ja", "lang-fr"},
			{nil, "fr", "xx", "lang-fr", "lang-fr", "lang-fr"}, // there is nothing in what they read
			{nil, "fr;q=0.2, pt", "", "lang-pt", "lang-pt", "lang-pt"},
			{[]string{"xx"}, "", "ja", "lang-usual", "lang-ja", "lang-usual"},
			{nil, "", "", "lang-usual", "lang-usual", "lang-usual"},
		} {
			h.readers.reads = c.reads
			draft := message.Draft{
				Kind: message.Test, Channel: message.Email, To: "ada@example.com", Locales: c.locales, Browser: c.browser, ValidFor: time.Hour, HolderOnly: true,
			}
			known, err := h.Queue(h.ctx, draft)
			require.NoError(t, err)
			draft.To = "eve@example.com"
			unknown, err := h.Queue(h.ctx, draft)
			require.NoError(t, err)
			draft.HolderOnly = false
			open, err := h.Queue(h.ctx, draft)
			require.NoError(t, err)
			require.Equal(t, []string{c.queued, c.queued, c.queued}, []string{known.Locale, unknown.Locale, open.Locale}, "nobody can tell yet")
			require.NoError(t, h.SendAll(h.ctx))
			require.Equal(t, []string{c.sent, c.nobody, c.queued}, []string{h.now(t, known.ID).Locale, h.now(t, unknown.ID).Locale, h.now(t, open.ID).Locale}, "%v", c)
		}
	})
}
