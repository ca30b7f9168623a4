package httpc_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/httpc"
)

// names is a resolver whose answers change from look-up to look-up, as an
// attacker's can; the last answer of a name stays.
type names struct {
	mu      sync.Mutex
	answers map[string][][]string
	asked   int
}

func (n *names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.asked++
	answers := n.answers[host]
	if len(answers) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	if len(answers) > 1 {
		n.answers[host] = answers[1:]
	}
	var addrs []netip.Addr
	for _, text := range answers[0] {
		addrs = append(addrs, netip.MustParseAddr(text))
	}
	return addrs, nil
}

// lenient reaches the test server's address only; 127.0.0.2 stands for everything
// else inside.
func lenient(answers map[string][][]string) httpc.Config {
	config := httpc.Default()
	config.AllowHTTP = true
	config.AllowedPrefixes = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	config.Resolver = &names{answers: answers}
	return config
}

func newClient(t *testing.T, config httpc.Config) *httpc.Client {
	t.Helper()
	client, err := httpc.New(config)
	require.NoError(t, err)
	t.Cleanup(client.CloseIdle)
	return client
}

func serve(t *testing.T, handler http.HandlerFunc) (address, port string) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)
	return server.URL, port
}

func get(t *testing.T, client *httpc.Client, address string) (string, error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	require.NoError(t, err)
	response, err := client.Do(request)
	if err != nil {
		return "", err
	}
	body, err := httpc.ReadAll(response)
	return string(body), err
}

func hello(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }

func TestDoReachesWhatIsAllowed(t *testing.T) {
	address, port := serve(t, hello)
	client := newClient(t, lenient(map[string][][]string{"good.test": {{"127.0.0.1"}}, "mapped.test": {{"::ffff:127.0.0.1"}}}))
	for _, one := range []string{address, "http://good.test:" + port, "http://mapped.test:" + port} {
		body, err := get(t, client, one)
		require.NoError(t, err, one)
		require.Equal(t, "hello", body)
	}
}

// Class ssrf: nothing inside is reached with the configuration a server starts with.
func TestClass_SSRFDefaultRefusesInside(t *testing.T) {
	reached := false
	_, port := serve(t, func(http.ResponseWriter, *http.Request) { reached = true })
	config := httpc.Default()
	config.AllowHTTP = true
	config.Resolver = &names{answers: map[string][][]string{
		"inside.test": {{"127.0.0.1"}}, "inside6.test": {{"::1"}}, "mapped.test": {{"::ffff:127.0.0.1"}}, "meta.test": {{"169.254.169.254"}},
		"split.test": {{"10.0.0.1", "127.0.0.1", "fd00::1", "::1"}}, "nat64.test": {{"64:ff9b::7f00:1"}}, "localhost": {{"127.0.0.1"}},
	}}
	client := newClient(t, config)
	for _, host := range []string{
		"127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[::]", "0.0.0.0", "localhost", "inside.test", "inside6.test", "mapped.test",
		"meta.test", "split.test", "nat64.test",
	} {
		_, err := get(t, client, "http://"+host+":"+port)
		require.ErrorIs(t, err, httpc.ErrForbiddenAddress, host)
	}
	for _, host := range []string{"2130706433", "0x7f.1", "017700000001", "127.1", "１２７.0.0.1", "user:secret@127.0.0.1"} {
		_, err := get(t, client, "http://"+host+":"+port)
		require.ErrorIs(t, err, httpc.ErrForbiddenURL, host)
		require.NotContains(t, err.Error(), "secret")
	}
	require.False(t, reached)
}

// Class ssrf: a name that is harmless when it is looked at first and points inside
// later is refused later, and no connection uses another answer than the checked one.
func TestClass_SSRFRebinding(t *testing.T) {
	hits := 0
	_, port := serve(t, func(w http.ResponseWriter, r *http.Request) {
		hits++
		w.Header().Set("Connection", "close") // so that the next request resolves again
		hello(w, r)
	})
	resolver := &names{answers: map[string][][]string{"evil.test": {{"127.0.0.1"}, {"127.0.0.2"}}}}
	config := lenient(nil)
	config.Resolver = resolver
	client := newClient(t, config)
	body, err := get(t, client, "http://evil.test:"+port)
	require.NoError(t, err)
	require.Equal(t, "hello", body)
	require.Equal(t, 1, resolver.asked, "one look-up per connection: nothing can change in between")
	_, err = get(t, client, "http://evil.test:"+port)
	require.ErrorIs(t, err, httpc.ErrForbiddenAddress)
	require.Equal(t, 1, hits)
}

// Class ssrf: an answer that mixes good and bad addresses opens only the good ones.
func TestClass_SSRFMixedAnswer(t *testing.T) {
	_, port := serve(t, hello)
	client := newClient(t, lenient(map[string][][]string{"mixed.test": {{"127.0.0.2", "10.0.0.1", "127.0.0.1"}}}))
	body, err := get(t, client, "http://mixed.test:"+port)
	require.NoError(t, err)
	require.Equal(t, "hello", body)
}

// Class ssrf: each hop of a redirect is checked like the first request.
func TestClass_SSRFRedirect(t *testing.T) {
	var port string
	address, port := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if to := r.URL.Query().Get("to"); to != "" {
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusFound)
			return
		}
		hello(w, r)
	})
	client := newClient(t, lenient(map[string][][]string{"good.test": {{"127.0.0.1"}}, "evil.test": {{"127.0.0.2"}}}))
	for to, want := range map[string]error{
		"/plain": nil, "http://good.test:" + port: nil, "http://good.test:" + port + "/?to=/": nil,
		"http://127.0.0.2:" + port: httpc.ErrForbiddenAddress, "http://evil.test:" + port: httpc.ErrForbiddenAddress,
		"http://[::1]:" + port: httpc.ErrForbiddenAddress, "http://169.254.169.254/latest/meta-data/": httpc.ErrForbiddenAddress,
		"http://good.test:" + port + "/?to=" + url.QueryEscape("http://evil.test:"+port): httpc.ErrForbiddenAddress,
		"http://2130706433/": httpc.ErrForbiddenURL, "file:///etc/passwd": httpc.ErrForbiddenURL, "gopher://good.test/": httpc.ErrForbiddenURL,
		"http://user:secret@good.test:" + port: httpc.ErrForbiddenURL, "http://[bad": httpc.ErrForbiddenURL, "http://%zz": httpc.ErrForbiddenURL,
	} {
		_, err := get(t, client, address+"/?to="+url.QueryEscape(to))
		require.ErrorIs(t, err, want, to)
		if err != nil {
			require.NotContains(t, err.Error(), "secret")
			require.NotContains(t, err.Error(), "to=")
		}
	}
}

func TestRedirectsAreBounded(t *testing.T) {
	address, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/next", http.StatusTemporaryRedirect)
	})
	_, err := get(t, newClient(t, lenient(nil)), address)
	require.ErrorIs(t, err, httpc.ErrTooManyRedirects)

	none := lenient(nil)
	none.MaxRedirects = 0
	for _, c := range []struct {
		config httpc.Config
		method string
	}{{none, http.MethodGet}, {lenient(nil), http.MethodPost}, {lenient(nil), http.MethodPut}} {
		request, err := http.NewRequestWithContext(t.Context(), c.method, address, strings.NewReader("body"))
		require.NoError(t, err)
		response, err := newClient(t, c.config).Do(request)
		require.NoError(t, err)
		require.Equal(t, http.StatusTemporaryRedirect, response.StatusCode, "the caller gets the redirect")
		require.NoError(t, response.Body.Close())
	}
}

func TestRedirectNeverLeavesTLS(t *testing.T) {
	plain, _ := serve(t, hello)
	server := httptest.NewUnstartedServer(http.RedirectHandler(plain, http.StatusFound))
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // it reports the refused handshake
	server.StartTLS()
	t.Cleanup(server.Close)
	config := lenient(nil)
	config.RootCAs = x509.NewCertPool()
	config.RootCAs.AddCert(server.Certificate())
	_, err := get(t, newClient(t, config), server.URL)
	require.ErrorIs(t, err, httpc.ErrForbiddenURL)
	config.RootCAs = x509.NewCertPool()
	_, err = get(t, newClient(t, config), server.URL)
	require.Error(t, err, "an unknown certificate is refused")
	require.NotErrorIs(t, err, httpc.ErrForbiddenURL)
}

// Class secrets: what a caller sends to one origin is not handed to another, not
// even when the chain comes back.
func TestClass_SecretsDoNotFollowRedirects(t *testing.T) {
	seen := map[string]http.Header{}
	_, port := serve(t, func(w http.ResponseWriter, r *http.Request) {
		host, _, _ := net.SplitHostPort(r.Host)
		seen[host+r.URL.Path] = r.Header.Clone()
		switch host + r.URL.Path {
		case "a.test/start":
			http.Redirect(w, r, "/same", http.StatusFound)
		case "a.test/same":
			_, p, _ := net.SplitHostPort(r.Host)
			http.Redirect(w, r, "http://b.test:"+p+"/other", http.StatusFound)
		case "b.test/other":
			_, p, _ := net.SplitHostPort(r.Host)
			http.Redirect(w, r, "http://a.test:"+p+"/back", http.StatusFound)
		}
	})
	client := newClient(t, lenient(map[string][][]string{"a.test": {{"127.0.0.1"}}, "b.test": {{"127.0.0.1"}}}))
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://a.test:"+port+"/start?secret=1", nil)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer x")
	request.Header.Set("X-Api-Key", "x")
	request.Header.Set("Cookie", "a=b")
	request.Header.Set("Accept", "text/plain")
	response, err := client.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Len(t, seen, 4)
	require.Equal(t, "x", seen["a.test/same"].Get("X-Api-Key"))
	for _, place := range []string{"b.test/other", "a.test/back"} {
		for _, name := range []string{"Authorization", "X-Api-Key", "Cookie", "Referer"} {
			require.Empty(t, seen[place].Get(name), "%s at %s", name, place)
		}
		require.Equal(t, "text/plain", seen[place].Get("Accept"))
	}
	require.Empty(t, seen["a.test/same"].Get("Referer"))
}

func TestAllowedHostsAreExact(t *testing.T) {
	_, port := serve(t, hello)
	config := lenient(map[string][][]string{"idp.test": {{"127.0.0.1"}}, "x.idp.test": {{"127.0.0.1"}}})
	config.AllowedPrefixes = nil
	config.AllowedHosts = []string{"IDP.test"}
	client := newClient(t, config)
	_, err := get(t, client, "http://idp.test:"+port)
	require.NoError(t, err)
	for _, host := range []string{"x.idp.test", "127.0.0.1"} {
		_, err = get(t, client, "http://"+host+":"+port)
		require.ErrorIs(t, err, httpc.ErrForbiddenAddress, host)
	}
}

// Class exhaustion: a response is bounded, whatever it says about its own size.
func TestClass_ExhaustionResponseSize(t *testing.T) {
	var bomb bytes.Buffer
	writer := gzip.NewWriter(&bomb)
	_, _ = writer.Write(make([]byte, 1<<20))
	require.NoError(t, writer.Close())
	address, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/fits":
			_, _ = w.Write(make([]byte, 1000))
		case "/declared":
			_, _ = w.Write(make([]byte, 1001))
		case "/streamed":
			for range 100 {
				_, _ = w.Write(make([]byte, 100))
				w.(http.Flusher).Flush()
			}
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		case "/header":
			w.Header().Set("X-Long", strings.Repeat("x", 1<<17))
		}
	})
	config := lenient(nil)
	config.MaxResponseBytes = 1000
	client := newClient(t, config)
	body, err := get(t, client, address+"/fits")
	require.NoError(t, err)
	require.Len(t, body, 1000)
	for _, path := range []string{"/declared", "/streamed"} {
		_, err := get(t, client, address+path)
		require.ErrorIs(t, err, httpc.ErrTooLarge, path)
	}
	config.MaxResponseBytes = int64(bomb.Len()) + 1
	_, err = get(t, newClient(t, config), address+"/bomb")
	require.ErrorIs(t, err, httpc.ErrTooLarge)
	_, err = get(t, client, address+"/header")
	require.Error(t, err)
}

// Class exhaustion: a server that never answers, or never ends, holds nobody.
func TestClass_ExhaustionTimeouts(t *testing.T) {
	end := make(chan struct{})
	address, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			_, _ = io.WriteString(w, "begin")
			w.(http.Flusher).Flush()
		}
		<-end
	})
	t.Cleanup(func() { close(end) })
	config := lenient(nil)
	config.HeaderTimeout = 20 * time.Millisecond
	_, err := get(t, newClient(t, config), address+"/header")
	require.Error(t, err)
	config = lenient(nil)
	config.Timeout = 50 * time.Millisecond
	_, err = get(t, newClient(t, config), address+"/body")
	require.Error(t, err)
	var timeout net.Error
	require.True(t, errors.As(err, &timeout) && timeout.Timeout(), "%v", err)
}

// The environment's proxy would resolve and connect for us, past every check.
func TestClass_SSRFNoProxyFromEnvironment(t *testing.T) {
	proxied := false
	proxy, _ := serve(t, func(http.ResponseWriter, *http.Request) { proxied = true })
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"} {
		t.Setenv(name, proxy)
	}
	_, err := get(t, newClient(t, lenient(nil)), "http://absent.test/")
	var missing *net.DNSError
	require.ErrorAs(t, err, &missing)
	require.False(t, proxied)
}

func TestNoCookiesAndNoSecretsInErrors(t *testing.T) {
	cookies := 0
	address, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		cookies += len(r.Cookies())
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
	})
	client := newClient(t, lenient(nil))
	for range 2 {
		_, err := get(t, client, address)
		require.NoError(t, err)
	}
	require.Zero(t, cookies)
	_, err := get(t, client, "http://absent.test/path-secret?token=secret")
	require.ErrorContains(t, err, "absent.test")
	require.NotContains(t, err.Error(), "secret")
	standard, err := client.HTTP().Get("http://127.0.0.2/")
	require.ErrorIs(t, err, httpc.ErrForbiddenAddress)
	require.Nil(t, standard)
}

func TestConfigIsChecked(t *testing.T) {
	for want, change := range map[string]func(*httpc.Config){
		"timeout":            func(c *httpc.Config) { c.Timeout = 0 },
		"dial_timeout":       func(c *httpc.Config) { c.DialTimeout = -1 },
		"tls_timeout":        func(c *httpc.Config) { c.TLSTimeout = 0 },
		"header_timeout":     func(c *httpc.Config) { c.HeaderTimeout = 0 },
		"max_redirects":      func(c *httpc.Config) { c.MaxRedirects = 11 },
		"max_response_bytes": func(c *httpc.Config) { c.MaxResponseBytes = 0 },
		"allowed_hosts[0]":   func(c *httpc.Config) { c.AllowedHosts = []string{"*.test"} },
		"allowed_hosts[1]":   func(c *httpc.Config) { c.AllowedHosts = []string{"a.test", "127.0.0.1"} },
		"allowed_prefixes":   func(c *httpc.Config) { c.AllowedPrefixes = []netip.Prefix{{}} },
	} {
		config := httpc.Default()
		change(&config)
		_, err := httpc.New(config)
		require.ErrorContains(t, err, want)
	}
	_, err := httpc.New(httpc.Default())
	require.NoError(t, err)
	_, err = httpc.New(httpc.Config{})
	require.Error(t, err, "the zero value has no bounds")
}
