package httpc

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

const maxHeaderBytes = 64 << 10

// Client makes calls to the outside. It is safe for concurrent use.
type Client struct {
	http http.Client
}

// New builds a client that stays inside the rule.
func New(config Config) (*Client, error) {
	if err := config.Validate(); err != nil {
		return nil, fmt.Errorf("httpc: %w", err)
	}
	rules, err := newPolicy(config)
	if err != nil {
		return nil, err
	}
	resolver := config.Resolver
	if resolver == nil {
		resolver = &net.Resolver{}
	}
	dial := &dialer{policy: rules, resolver: resolver, timeout: config.DialTimeout}
	transport := &http.Transport{
		Proxy:                  nil, // a proxy from the environment would resolve for us
		DialContext:            dial.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: config.RootCAs},
		TLSHandshakeTimeout:    config.TLSTimeout,
		ResponseHeaderTimeout:  config.HeaderTimeout,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: maxHeaderBytes,
		MaxIdleConns:           64,
		MaxIdleConnsPerHost:    4,
		MaxConnsPerHost:        64,
		IdleConnTimeout:        30 * time.Second,
		ForceAttemptHTTP2:      true,
	}
	guarded := &guard{policy: rules, next: transport, maxBytes: config.MaxResponseBytes, observer: config.Observer, told: config.TraceparentHosts}
	return &Client{http: http.Client{
		Transport: guarded, CheckRedirect: redirects(config.MaxRedirects), Jar: nil, Timeout: config.Timeout,
	}}, nil
}

// Do sends the request. The body of the response is bounded and must be closed.
// Redirects are followed for GET and HEAD only: repeating a body somewhere else is
// for the caller to decide, who gets the 3xx.
func (c *Client) Do(request *http.Request) (*http.Response, error) {
	response, err := c.http.Do(request)
	if err != nil {
		return nil, silent(request, err)
	}
	return response, nil
}

// HTTP gives the same rules to a library that wants the standard client. Its errors
// hold the whole URL, so they are not for logs.
func (c *Client) HTTP() *http.Client {
	copied := c.http
	return &copied
}

// CloseIdle ends the connections nobody uses, for a clean shutdown.
func (c *Client) CloseIdle() { c.http.CloseIdleConnections() }

// ReadAll reads the whole body and closes it; ErrTooLarge when it is over the
// client's bound.
func ReadAll(response *http.Response) ([]byte, error) {
	data, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return nil, err
	}
	return data, nil
}

// silent takes the URL out of the error: paths and queries hold secrets.
func silent(request *http.Request, err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	host := ""
	if request.URL != nil {
		host = request.URL.Hostname()
	}
	return fmt.Errorf("httpc: %s %q: %w", request.Method, host, err)
}

// guard checks every hop's URL and bounds every response.
type guard struct {
	policy   *policy
	next     *http.Transport
	maxBytes int64
	observer Observer
	told     []string // the hosts that hear of the trace
}

// RoundTrip refuses before anything is resolved or sent.
func (g *guard) RoundTrip(request *http.Request) (*http.Response, error) {
	call, request := g.begin(request)
	response, err := g.exchange(request)
	call.end(response, err)
	return response, err
}

func (g *guard) exchange(request *http.Request) (*http.Response, error) {
	if err := g.policy.url(request.URL); err != nil {
		if request.Body != nil {
			_ = request.Body.Close()
		}
		return nil, err
	}
	response, err := g.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	if err := g.readable(request, response); err != nil {
		_ = response.Body.Close()
		return nil, err
	}
	response.Body = &bounded{body: response.Body, left: g.maxBytes}
	return response, nil
}

// readable refuses early what could only fail later; the standard client would put
// a Location it cannot parse into its error.
func (g *guard) readable(request *http.Request, response *http.Response) error {
	if request.Method != http.MethodHead && response.ContentLength > g.maxBytes {
		return ErrTooLarge
	}
	if location := response.Header.Get("Location"); location != "" {
		if _, err := request.URL.Parse(location); err != nil {
			return ErrForbiddenURL
		}
	}
	return nil
}

// CloseIdleConnections lets http.Client reach the transport.
func (g *guard) CloseIdleConnections() { g.next.CloseIdleConnections() }

// bounded fails on the first byte over the bound instead of cutting silently.
type bounded struct {
	body io.ReadCloser
	left int64
}

// Read gives at most what is left and asks for one byte more to notice an excess.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, ErrTooLarge
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.body.Read(p)
	b.left -= int64(n)
	if b.left < 0 {
		return n - 1, ErrTooLarge
	}
	return n, err
}

// Close ends the body.
func (b *bounded) Close() error { return b.body.Close() }
