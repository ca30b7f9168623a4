package running

import (
	"bytes"
	"cmp"
	"io"
	"math"
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
	for _, letter := range s.Letters(tb, to, count) {
		texts = append(texts, letter.Text)
	}
	return texts
}

// Letter is a message as it was handed over.
type Letter struct {
	Header mail.Header
	Text   string
	HTML   string
}

// Letters waits until somebody has been sent so many messages, and gives them whole, the oldest
// first.
func (s *Server) Letters(tb testing.TB, to string, count int) (letters []Letter) {
	tb.Helper()
	folder := filepath.Join(s.place.dir, "mail")
	require.Eventually(tb, func() bool {
		letters = letters[:0]
		for _, path := range s.byAge(tb, folder, "*.eml") {
			if letter, ok := letterTo(tb, path, to); ok {
				letters = append(letters, letter)
			}
		}
		return len(letters) >= count
	}, 10*time.Second, 10*time.Millisecond, "%s has been sent %d messages", to, count)
	return letters
}

// byAge lists files in the order in which they came. Of those that the file system gives one and
// the same time, which may be milliseconds apart, the ones that were seen before are older.
func (s *Server) byAge(tb testing.TB, folder, named string) []string {
	paths, err := filepath.Glob(filepath.Join(folder, named))
	require.NoError(tb, err)
	written := map[string]time.Time{}
	for _, path := range paths {
		info, err := os.Stat(path)
		require.NoError(tb, err)
		written[path] = info.ModTime()
	}
	s.arrivals.Lock()
	defer s.arrivals.Unlock()
	rank := func(path string) int {
		if at, seen := s.arrived[path]; seen {
			return at
		}
		return math.MaxInt
	}
	slices.SortStableFunc(paths, func(a, b string) int {
		return cmp.Or(written[a].Compare(written[b]), cmp.Compare(rank(a), rank(b)))
	})
	for _, path := range paths {
		if _, seen := s.arrived[path]; !seen {
			s.arrived[path] = len(s.arrived)
		}
	}
	return paths
}

// letterTo is a message that is to somebody; false also of one that is being written still.
func letterTo(tb testing.TB, path, to string) (Letter, bool) {
	content, err := os.ReadFile(path)
	require.NoError(tb, err)
	read, err := mail.ReadMessage(bytes.NewReader(content))
	if err != nil || !strings.EqualFold(read.Header.Get("To"), "<"+to+">") {
		return Letter{}, false
	}
	_, params, err := mime.ParseMediaType(read.Header.Get("Content-Type"))
	if err != nil {
		return Letter{}, false
	}
	found := Letter{Header: read.Header}
	parts := multipart.NewReader(read.Body, params["boundary"])
	for _, into := range []*string{&found.Text, &found.HTML} { // the HTML comes after the text
		part, err := parts.NextPart() // it undoes quoted-printable
		if err != nil {
			return Letter{}, false
		}
		text, err := io.ReadAll(part)
		if err != nil {
			return Letter{}, false
		}
		*into = string(text)
	}
	return found, true
}
