package running

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Mail waits until somebody has been sent so many messages, and gives their plain texts, the
// oldest first.
func (s *Server) Mail(tb testing.TB, to string, count int) (texts []string) {
	tb.Helper()
	folder := filepath.Join(s.place.dir, "mail")
	require.Eventually(tb, func() bool {
		texts = texts[:0]
		for _, path := range byAge(tb, folder) {
			if text, ok := plainTo(tb, path, to); ok {
				texts = append(texts, text)
			}
		}
		return len(texts) >= count
	}, 10*time.Second, 10*time.Millisecond, "%s has been sent %d messages", to, count)
	return texts
}

func byAge(tb testing.TB, folder string) []string {
	paths, err := filepath.Glob(filepath.Join(folder, "*.eml"))
	require.NoError(tb, err)
	written := map[string]time.Time{}
	for _, path := range paths {
		info, err := os.Stat(path)
		require.NoError(tb, err)
		written[path] = info.ModTime()
	}
	slices.SortFunc(paths, func(a, b string) int { return written[a].Compare(written[b]) })
	return paths
}

// plainTo is the plain text of a message that is to somebody; false also of one that is being
// written still.
func plainTo(tb testing.TB, path, to string) (string, bool) {
	content, err := os.ReadFile(path)
	require.NoError(tb, err)
	read, err := mail.ReadMessage(bytes.NewReader(content))
	if err != nil || !strings.EqualFold(read.Header.Get("To"), "<"+to+">") {
		return "", false
	}
	_, params, err := mime.ParseMediaType(read.Header.Get("Content-Type"))
	if err != nil {
		return "", false
	}
	parts := multipart.NewReader(read.Body, params["boundary"])
	part, err := parts.NextPart() // it undoes quoted-printable
	if err != nil {
		return "", false
	}
	text, err := io.ReadAll(part)
	if err != nil {
		return "", false
	}
	if _, err := parts.NextPart(); err != nil { // the HTML comes after it
		return "", false
	}
	return string(text), true
}
