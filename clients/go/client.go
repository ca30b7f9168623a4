package lintel

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	defaultTimeout = 30 * time.Second
	defaultRetries = 2
)

// TokenSource gives the token of the session that a request is made in, from the context of
// the call where one client serves many people. Empty is none.
type TokenSource func(ctx context.Context) (string, error)

// StaticToken is the source of one token.
func StaticToken(token string) TokenSource {
	return func(context.Context) (string, error) { return token, nil }
}

// Options say how a server is reached. The zero value will do.
type Options struct {
	// Token is sent with the operations that take a session; nil where it travels in a cookie,
	// for which HTTPClient needs a jar.
	Token TokenSource
	// Locale is the language to be answered in, as a BCP 47 tag.
	Locale string
	// Timeout bounds a call with all its repetitions; 30 seconds without it.
	Timeout time.Duration
	// Retries is how often to repeat at most what may be repeated; 2 without it, negative for
	// never.
	Retries int
	// Header is sent with every request.
	Header http.Header
	// HTTPClient sends the requests; the standard library's without it. It follows no
	// redirects, whatever it does elsewhere. Its own Timeout bounds a single attempt.
	HTTPClient *http.Client
}

// Client asks one server. It may be used by any number of goroutines.
type Client struct {
	server  string // with a slash at its end
	http    *http.Client
	options Options
}

// New makes a client of the server at a base URL such as https://id.example.com.
func New(baseURL string, options Options) (*Client, error) {
	server, err := readBaseURL(baseURL)
	if err != nil {
		return nil, &Error{Operation: "new", Code: CodeInputInvalid, cause: err}
	}
	if options.Timeout <= 0 {
		options.Timeout = defaultTimeout
	}
	if options.Retries == 0 {
		options.Retries = defaultRetries
	}
	options.Header = options.Header.Clone()
	own := http.Client{}
	if options.HTTPClient != nil {
		own = *options.HTTPClient
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{server: server, http: &own, options: options}, nil
}

func readBaseURL(baseURL string) (string, error) {
	parsed, err := url.Parse(baseURL)
	switch {
	case err != nil:
		return "", err
	case parsed.Scheme != "http" && parsed.Scheme != "https", parsed.Host == "":
		return "", errors.New("the base URL is not one of http or https")
	case parsed.User != nil, parsed.RawQuery != "", parsed.Fragment != "":
		return "", errors.New("the base URL has more than a scheme, a host and a path")
	}
	return strings.TrimSuffix(parsed.String(), "/") + "/", nil
}
