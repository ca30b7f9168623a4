package exchange

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

// Credential is the token that operations take, and what to call it where there is none.
type Credential struct {
	Name string // for an error: "the session's token"
	// Needed refuses to ask without one. Then no cookie goes along either: whoever needs a
	// key acts by nothing else.
	Needed bool
}

// Config says how a server is reached. What is zero is filled in.
type Config struct {
	Credential Credential
	Token      func(ctx context.Context) (string, error) // nil is none
	Locale     string
	Timeout    time.Duration // 30 seconds
	Retries    int           // 2; negative for never
	Header     http.Header
	HTTPClient *http.Client
}

// Client asks one server. It may be used by any number of goroutines.
type Client struct {
	server string // with a slash at its end
	http   *http.Client
	config Config
}

// New makes a client of the server at a base URL.
func New(baseURL string, config Config) (*Client, error) {
	server, err := readBaseURL(baseURL)
	if err == nil && config.Credential.Needed && config.Token == nil {
		err = errors.New(config.Credential.Name + " is missing")
	}
	if err != nil {
		return nil, &Error{Operation: "new", Code: CodeInputInvalid, cause: err}
	}
	if config.Timeout <= 0 {
		config.Timeout = defaultTimeout
	}
	if config.Retries == 0 {
		config.Retries = defaultRetries
	}
	config.Header = config.Header.Clone()
	own := http.Client{}
	if config.HTTPClient != nil {
		own = *config.HTTPClient
	}
	if config.Credential.Needed {
		own.Jar = nil
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{server: server, http: &own, config: config}, nil
}

// Server is where it is, with a slash at the end.
func (c *Client) Server() string { return c.server }

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
