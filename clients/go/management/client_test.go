package management

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/internal/exchange"
)

// server answers every request in the same way, and keeps what it was asked.
type server struct {
	status int
	body   string
	asked  []*http.Request
}

// RoundTrip answers.
func (s *server) RoundTrip(request *http.Request) (*http.Response, error) {
	s.asked = append(s.asked, request)
	header := http.Header{"Content-Type": {"application/json"}, "Set-Cookie": {"lintel_session=ls_1; Path=/"}}
	return &http.Response{StatusCode: s.status, Header: header, Body: io.NopCloser(strings.NewReader(s.body)), Request: request}, nil
}

// against makes a client of a server that answers as told.
func against(t *testing.T, options Options, status int, body string) (*Client, *server) {
	t.Helper()
	answering := &server{status: status, body: body}
	if options.HTTPClient == nil {
		options.HTTPClient = new(http.Client)
	}
	options.HTTPClient.Transport = answering
	client, err := New("https://id.example.com", options)
	require.NoError(t, err)
	return client, answering
}

// act asks for something as a generated operation does, and answers with its id.
func act(ctx context.Context, c *Client, options ...CallOption) (string, error) {
	call := c.call(exchange.Operation{Name: "getThing", Path: []exchange.Segment{{Name: "thing_id", Value: "thg_1"}}, Token: true}, options)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, call.Server()+"admin/v1/things/thg_1", http.NoBody)
	got, err := exchange.Ask[struct{ ID string }](ctx, call, request, err)
	return exchange.Value(got).ID, err
}

// refused requires an error of a code, and gives it.
func refused(t *testing.T, err error, code string) *Error {
	t.Helper()
	found, ok := errors.AsType[*Error](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, code, found.Code)
	return found
}

func TestTheKeyGoesAlong(t *testing.T) {
	client, answering := against(t, Options{Key: StaticKey("lk_1"), Locale: "de"}, http.StatusOK, `{"ID":"thg_1"}`)
	id, err := act(t.Context(), client)
	require.NoError(t, err)
	require.Equal(t, "thg_1", id)
	_, err = act(t.Context(), client, WithKey("lk_2"), WithLocale("en"), WithHeader("X-Team", "ops"))
	require.NoError(t, err)
	require.Equal(t, "/admin/v1/things/thg_1", answering.asked[0].URL.Path)
	require.Equal(t, "Bearer lk_1", answering.asked[0].Header.Get("Authorization"))
	require.Equal(t, "de", answering.asked[0].Header.Get("Accept-Language"))
	require.Equal(t, "Bearer lk_2", answering.asked[1].Header.Get("Authorization"))
	require.Equal(t, "ops", answering.asked[1].Header.Get("X-Team"))
}

// Without a key there is no request, rather than one that says less than it was meant to.
func TestPromise_ClientsWorkNothingIsAskedWithoutAKey(t *testing.T) {
	_, err := New("https://id.example.com", Options{})
	require.EqualError(t, refused(t, err, CodeInputInvalid), "lintel: new: input_invalid: the key is missing")

	none := errors.New("the vault is sealed")
	for want, source := range map[string]KeySource{
		"lintel: getThing: input_invalid: the key is missing":           StaticKey(""),
		"lintel: getThing: input_invalid: the key: the vault is sealed": func(context.Context) (string, error) { return "", none },
	} {
		client, answering := against(t, Options{Key: source}, http.StatusOK, "{}")
		_, err := act(t.Context(), client)
		require.EqualError(t, refused(t, err, CodeInputInvalid), want)
		require.Empty(t, answering.asked)
	}
	client, answering := against(t, Options{Key: StaticKey("lk_1")}, http.StatusOK, "{}")
	_, err = act(t.Context(), client, WithKey(""))
	require.ErrorContains(t, refused(t, err, CodeInputInvalid), "the key is missing")
	require.Empty(t, answering.asked)
}

// A key acts for itself: whoever else the HTTP client has cookies of does not go along.
func TestNoCookieGoesAlong(t *testing.T) {
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	home := &url.URL{Scheme: "https", Host: "id.example.com", Path: "/"}
	jar.SetCookies(home, []*http.Cookie{{Name: "lintel_session", Value: "ls_0"}})
	theirs := &http.Client{Jar: jar}
	client, answering := against(t, Options{Key: StaticKey("lk_1"), HTTPClient: theirs}, http.StatusOK, "{}")
	_, err = act(t.Context(), client)
	require.NoError(t, err)
	require.NotContains(t, answering.asked[0].Header, "Cookie")
	require.Equal(t, "ls_0", jar.Cookies(home)[0].Value, "and none is kept")
	require.NotNil(t, theirs.Jar, "elsewhere it does as it did")
}

func TestARefusalIsAnError(t *testing.T) {
	client, _ := against(t, Options{Key: StaticKey("lk_1")}, http.StatusForbidden, `{"code":"scope_missing","detail":"No.","errors":[{"pointer":"/name","code":"x","detail":"y"}]}`)
	var header http.Header
	_, err := act(t.Context(), client, ReadHeader(&header), WithRetries(0), WithTimeout(1<<30), WithIdempotencyKey("of my own"))
	failure := refused(t, err, "scope_missing")
	require.Equal(t, http.StatusForbidden, failure.Status)
	require.Equal(t, "x", failure.Field("/name").Code)
	require.Equal(t, "application/json", header.Get("Content-Type"))
}

// What a client is made with is printed by mistake one day, and so is the client.
func TestNoSecretIsPrinted(t *testing.T) {
	options := Options{Key: StaticKey("lk_secret"), Locale: "de", Header: http.Header{"X-Proxy-Key": {"lk_secret"}}}
	client, err := New("https://id.example.com", options)
	require.NoError(t, err)
	var log strings.Builder
	for _, one := range []any{options, &options, client} {
		fmt.Fprintf(&log, "%v %+v %#v %s %q\n", one, one, one, one, one)
		slog.New(slog.NewTextHandler(&log, nil)).Info("made", "it", one)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("made", "it", one)
	}
	require.Contains(t, log.String(), "X-Proxy-Key")
	require.Contains(t, log.String(), "Client{https://id.example.com/}")
	require.NotContains(t, log.String(), "lk_secret")
}
