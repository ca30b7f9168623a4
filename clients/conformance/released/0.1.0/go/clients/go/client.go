package lintel

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/lintel-id/lintel/clients/go/internal/exchange"
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

// String names the header and leaves out what it holds, which may be a secret.
func (o Options) String() string {
	return fmt.Sprintf("lintel.Options{%q %s %d %q}", o.Locale, o.Timeout, o.Retries, slices.Sorted(maps.Keys(o.Header)))
}

// GoString leaves the same out.
func (o Options) GoString() string { return o.String() }

// LogValue leaves the same out.
func (o Options) LogValue() slog.Value { return slog.StringValue(o.String()) }

// Client asks one server. It may be used by any number of goroutines.
type Client struct{ exchange *exchange.Client }

// New makes a client of the server at a base URL such as https://id.example.com.
func New(baseURL string, options Options) (*Client, error) {
	made, err := exchange.New(baseURL, exchange.Config{
		Credential: exchange.Credential{Name: "the session's token"}, Token: options.Token,
		Locale: options.Locale, Timeout: options.Timeout, Retries: options.Retries,
		Header: options.Header, HTTPClient: options.HTTPClient,
	})
	if err != nil {
		return nil, err
	}
	return &Client{made}, nil
}

// String says which server it asks, and nothing that it asks with.
func (c *Client) String() string { return "lintel.Client{" + c.exchange.Server() + "}" }

// GoString says the same.
func (c *Client) GoString() string { return c.String() }

// LogValue says the same.
func (c *Client) LogValue() slog.Value { return slog.StringValue(c.String()) }

func (c *Client) call(o exchange.Operation, options []CallOption) *exchange.Call {
	made := c.exchange.Call(o)
	for _, one := range options {
		one.apply(made)
	}
	return made
}
