package running

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Texts waits until a phone has been sent so many text messages, and gives them whole, the
// oldest first.
func (s *Server) Texts(tb testing.TB, to string, count int) (texts []string) {
	tb.Helper()
	folder := filepath.Join(s.place.dir, "sms")
	require.Eventually(tb, func() bool {
		texts = texts[:0]
		for _, path := range s.byAge(tb, folder, "*.txt") {
			content, err := os.ReadFile(path)
			require.NoError(tb, err)
			if text, ok := strings.CutPrefix(string(content), "To: "+to+"\n\n"); ok {
				texts = append(texts, strings.TrimSuffix(text, "\n"))
			}
		}
		return len(texts) >= count
	}, 10*time.Second, 10*time.Millisecond, "%s has been sent %d text messages", to, count)
	return texts
}
