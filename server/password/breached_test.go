package password_test

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/password"
)

func digestOf(n int) [sha1.Size]byte { return sha1.Sum(fmt.Appendf(nil, "password %d", n)) }

func upper(digest [sha1.Size]byte) string { return strings.ToUpper(hex.EncodeToString(digest[:])) }

func write(t testing.TB, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "list.txt")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func TestBreachedFileFindsEveryLineAndNoOther(t *testing.T) {
	for _, ending := range []string{"\n", "\r\n"} {
		for _, count := range []int{1, 2, 3, 7, 64, 1000} {
			lines := []string{}
			for n := range count {
				line := upper(digestOf(n))
				if n%5 != 0 {
					line += ":" + strings.Repeat("9", n%19+1)
				}
				lines = append(lines, line)
			}
			slices.Sort(lines)
			for _, content := range []string{strings.Join(lines, ending), strings.Join(lines, ending) + ending} {
				list, err := password.OpenBreachedFile(write(t, content))
				require.NoError(t, err)
				for n := range count {
					seen, err := list.Seen(t.Context(), digestOf(n))
					require.NoError(t, err)
					require.True(t, seen, "%d of %d", n, count)
				}
				for n := range 200 {
					seen, err := list.Seen(t.Context(), digestOf(-1-n))
					require.NoError(t, err)
					require.False(t, seen)
				}
				for _, edge := range []byte{0x00, 0xff} {
					seen, err := list.Seen(t.Context(), [sha1.Size]byte(slices.Repeat([]byte{edge}, sha1.Size)))
					require.NoError(t, err)
					require.False(t, seen)
				}
				require.NoError(t, list.Close())
			}
		}
	}
}

func TestBreachedFileIsExaminedWhenOpened(t *testing.T) {
	lines := []string{}
	for n := range 200 {
		lines = append(lines, upper(digestOf(n)))
	}
	slices.Sort(lines)
	slices.Reverse(lines)
	for name, content := range map[string]string{
		"empty": "", "not hashes": "hello\nworld\n", "unsorted": strings.Join(lines, "\n"),
		"a bad count": lines[0] + ":many\n", "one endless line": strings.Repeat("A", 1000),
	} {
		_, err := password.OpenBreachedFile(write(t, content))
		require.Error(t, err, name)
	}
	_, err := password.OpenBreachedFile(filepath.Join(t.TempDir(), "none"))
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = password.OpenBreachedFile(t.TempDir())
	require.Error(t, err)
}

func FuzzBreachedFile(f *testing.F) {
	f.Add(upper(digestOf(1))+":3\n", []byte{1})
	f.Fuzz(func(t *testing.T, content string, wanted []byte) {
		list, err := password.OpenBreachedFile(write(t, content))
		if err != nil {
			return
		}
		_, _ = list.Seen(t.Context(), sha1.Sum(wanted))
		require.NoError(t, list.Close())
	})
}

func rangeOver(t *testing.T, handler http.HandlerFunc) *password.BreachedRange {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	client, err := password.NewBreachedRange(password.RangeDeps{Client: server.Client()},
		password.RangeConfig{Endpoint: server.URL + "/range/", Timeout: 5 * time.Second})
	require.NoError(t, err)
	return client
}

// The service learns five digits and nothing else.
func TestBreachedRangeTellsFiveDigits(t *testing.T) {
	digest := digestOf(1)
	suffix := upper(digest)[5:]
	other := upper(digestOf(2))[5:]
	cases := map[string]struct {
		body string
		want bool
	}{
		"there":         {other + ":1\r\n" + suffix + ":42\r\n", true},
		"lower case":    {strings.ToLower(suffix) + ":42", true},
		"only padding":  {suffix + ":0\r\n", false},
		"another":       {other + ":7\n", false},
		"nothing there": {"", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			client := rangeOver(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/range/"+upper(digest)[:5] || r.Header.Get("Add-Padding") != "true" || r.URL.RawQuery != "" {
					w.WriteHeader(http.StatusTeapot)
					return
				}
				_, _ = io.WriteString(w, c.body)
			})
			seen, err := client.Seen(t.Context(), digest)
			require.NoError(t, err)
			require.Equal(t, c.want, seen)
		})
	}
}

func TestBreachedRangeRefusesWhatIsNoRange(t *testing.T) {
	line := upper(digestOf(2))[5:] + ":7\r\n"
	for name, handler := range map[string]http.HandlerFunc{
		"an error":      func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
		"a page":        func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") },
		"endless":       func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat(line, 50_000)) },
		"one long line": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("A", 10_000)) },
	} {
		t.Run(name, func(t *testing.T) {
			_, err := rangeOver(t, handler).Seen(t.Context(), digestOf(1))
			require.Error(t, err)
		})
	}
}

// failing answers as a client whose connection fails: with the URL in the error.
type failing struct{}

func (failing) Do(request *http.Request) (*http.Response, error) {
	return nil, &url.Error{Op: "Get", URL: request.URL.String(), Err: errors.Join(context.DeadlineExceeded)}
}

func TestClass_Secrets_NoDigitOfADigestIsLogged(t *testing.T) {
	client, err := password.NewBreachedRange(password.RangeDeps{Client: failing{}}, password.DefaultRangeConfig())
	require.NoError(t, err)
	_, err = client.Seen(t.Context(), digestOf(1))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.NotContains(t, strings.ToUpper(err.Error()), upper(digestOf(1))[:5])
}

func TestRangeConfigNamesTheField(t *testing.T) {
	for _, endpoint := range []string{"", "ftp://example.com/range/", "https://example.com/range", "/range/", "https:///"} {
		_, err := password.NewBreachedRange(password.RangeDeps{Client: failing{}}, password.RangeConfig{Endpoint: endpoint, Timeout: time.Second})
		require.ErrorContains(t, err, "password.breached_endpoint", endpoint)
	}
	_, err := password.NewBreachedRange(password.RangeDeps{Client: failing{}}, password.RangeConfig{Endpoint: "https://example.com/range/", Timeout: 0})
	require.ErrorContains(t, err, "password.breached_timeout")
}
