package fault_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/mail"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/tests/fixtures/process"
	"github.com/lintel-id/lintel/tests/fixtures/smtp"
)

const messageKey = "lk_QSBrZXkgb2YgdGhlIGZhdWx0IHRlc3RzIG9mIHBvc3Q"

type posted struct {
	ID       string `json:"id"`
	Status   string `json:"status"`
	Attempts int    `json:"attempts"`
	Repeated bool   `json:"may_have_repeated"`
}

func (c *caller) posted(t *testing.T, id string) (now posted) {
	t.Helper()
	require.NoError(t, json.Unmarshal(c.must(t, http.StatusOK, http.MethodGet, "/admin/v1/messages/"+id, messageKey, nil).body, &now))
	return now
}

// A server that is killed after a mail server took a message, and before it was noted, sends
// it once more, under the same name, and says that this may be so.
func TestPromise_OneCommitPoint_AKilledServerSendsOnceMoreAtMost(t *testing.T) {
	for _, engine := range []storage.Engine{storage.SQLite, storage.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			var running atomic.Pointer[process.Process]
			by := smtp.Start(t, smtp.Options{Answer: func(command, _ string) error {
				if command == "data" {
					if doomed := running.Swap(nil); doomed != nil {
						doomed.Kill()
					}
				}
				return nil
			}})
			here := newPlace(t, engine)
			with := []string{
				"LINTEL_BOOTSTRAP_KEY=" + messageKey, "LINTEL_TEST_MODE=true", "LINTEL_MAIL_SMTP_HOST=" + by.Host,
				fmt.Sprintf("LINTEL_MAIL_SMTP_PORT=%d", by.Port), "LINTEL_MAIL_SMTP_SECURITY=none",
			}
			first := here.serve(t, with...)
			running.Store(first)
			var queued posted
			asked := callerOf(t, first).must(t, http.StatusCreated, http.MethodPost, "/admin/v1/messages", messageKey, object{"channel": "email", "to": "ada@fault.example"})
			require.NoError(t, json.Unmarshal(asked.body, &queued))
			require.Error(t, first.Wait(), "it was killed")
			require.Eventually(t, func() bool { return len(by.Taken()) == 1 }, patience, time.Millisecond)

			second := here.serve(t, with...)
			c := callerOf(t, second)
			require.Equal(t, "queued", c.posted(t, queued.ID).Status)
			c.must(t, http.StatusOK, http.MethodPost, "/test/v1/clock", "", object{"seconds": 180})
			require.Eventually(t, func() bool { return c.posted(t, queued.ID).Status == "sent" }, patience, 20*time.Millisecond)
			now := c.posted(t, queued.ID)
			require.True(t, now.Repeated)
			require.Equal(t, 2, now.Attempts)
			require.NoError(t, second.Stop())
			taken := by.Taken()
			require.Len(t, taken, 2)
			names := map[string]bool{}
			for _, one := range taken {
				read, err := mail.ReadMessage(strings.NewReader(one.Content))
				require.NoError(t, err)
				names[read.Header.Get("Message-ID")] = true
			}
			require.Len(t, names, 1, "whoever got both can tell")
		})
	}
}
