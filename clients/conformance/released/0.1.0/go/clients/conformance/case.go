package conformance

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// Case is one thing that every client does alike.
type Case struct {
	// Name is that of the file.
	Name string `json:"-"`
	// About says what a client has to do, for whoever sees it fail.
	About string `json:"about"`
	// Promise is the slug of the line of tests/README.md that the case protects.
	Promise string `json:"promise,omitempty"`
	Client  Client `json:"client,omitzero"`
	Call    Call   `json:"call"`
	// Callers is how many call at once with one client; each exchange is met that often.
	Callers int `json:"callers,omitempty"`
	// Pages asks for all items of a list rather than for one page.
	Pages  bool       `json:"pages,omitempty"`
	Wire   []Exchange `json:"wire"`
	Expect Expect     `json:"expect"`
}

// Client is how the client is made.
type Client struct {
	// Token is the session's; without one it travels in a cookie.
	Token     string `json:"token,omitempty"`
	Locale    string `json:"locale,omitempty"`
	TimeoutMS int    `json:"timeout_ms,omitempty"`
	Retries   *int   `json:"retries,omitempty"`
}

// Call is what is asked of the client. Input has the parameters by their names on the
// wire, in small letters and with _ for -, flow_token, and body.
type Call struct {
	Operation      string                     `json:"operation"`
	Input          map[string]json.RawMessage `json:"input,omitempty"`
	IdempotencyKey string                     `json:"idempotency_key,omitempty"`
	// Driven calls it by what starts flows in that language, which fills in what can be shown.
	Driven bool `json:"driven,omitempty"`
}

// Exchange is one request and what it is answered with.
type Exchange struct {
	Request  Request  `json:"request"`
	Response Response `json:"response"`
}

// Request is what a client has to send.
type Request struct {
	Method string `json:"method"`
	// Path is as it is escaped on the wire.
	Path string `json:"path"`
	// Query is all of it.
	Query map[string][]string `json:"query,omitempty"`
	// Headers by their names in small letters; "*" is any value.
	Headers map[string]string `json:"headers,omitempty"`
	// Absent headers are not sent.
	Absent []string `json:"absent,omitempty"`
	// Same headers are sent as with the exchange before.
	Same []string `json:"same,omitempty"`
	// Body is all of it; nothing is sent without it.
	Body json.RawMessage `json:"body,omitempty"`
}

// Response is what the stub does.
type Response struct {
	Status int `json:"status,omitempty"`
	// Headers by their names in small letters; an empty content-type is none at all.
	Headers map[string]string `json:"headers,omitempty"`
	// Body is JSON; its content type is that of its status unless a header says another.
	Body json.RawMessage `json:"body,omitempty"`
	// Text is anything else.
	Text *string `json:"text,omitempty"`
	// Cut closes the connection after so many bytes of a body that was announced whole.
	Cut int `json:"cut,omitempty"`
	// Hang does not answer until the client leaves.
	Hang bool `json:"hang,omitempty"`
	// Close closes the connection without an answer.
	Close bool `json:"close,omitempty"`
}

// Expect is what the caller gets; one of them.
type Expect struct {
	// Value has the members that count.
	Value   json.RawMessage   `json:"value,omitempty"`
	Nothing bool              `json:"nothing,omitempty"`
	Items   []json.RawMessage `json:"items,omitempty"`
	Error   *Failure          `json:"error,omitempty"`
}

// Failure is an error of the client's; what is not named does not count.
type Failure struct {
	Code       string `json:"code"`
	Status     *int   `json:"status,omitempty"`
	RetryAfter *int   `json:"retry_after,omitempty"`
	// Field is what the error tells of one place of the input.
	Field *Field `json:"field,omitempty"`
	// Problem has the members that count of what the server said.
	Problem json.RawMessage `json:"problem,omitempty"`
}

// Field is one wrong place.
type Field struct {
	Pointer string `json:"pointer"`
	Code    string `json:"code"`
}

// ErrCase says that a file is no case.
var ErrCase = errors.New("not a case")

//go:embed cases/*.json
var files embed.FS

// Cases are all of this release, in the order of their names.
func Cases() ([]Case, error) {
	folder, err := fs.Sub(files, "cases")
	if err != nil {
		return nil, err
	}
	return Read(folder)
}

// Read reads a folder of cases. A member that is not known is an error: a case that says
// something nobody looks at would be kept by a client that does not do it.
func Read(folder fs.FS) ([]Case, error) {
	names, err := fs.Glob(folder, "*.json")
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%w: the folder has none", ErrCase)
	}
	cases := make([]Case, len(names))
	for i, name := range names {
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		cases[i], err = read(strings.TrimSuffix(path.Base(name), ".json"), data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return cases, nil
}

var (
	caseName   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	headerName = regexp.MustCompile(`^[a-z0-9-]+$`)
)

func read(name string, data []byte) (Case, error) {
	c := Case{Name: name}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return c, fmt.Errorf("%w: %w", ErrCase, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return c, fmt.Errorf("%w: it goes on after the JSON", ErrCase)
	}
	err := c.check()
	return c, err
}

// check finds what makes a case mean nothing, or two things.
func (c *Case) check() error {
	var wrong []error
	say := func(bad bool, text string) {
		if bad {
			wrong = append(wrong, fmt.Errorf("%w: %s", ErrCase, text))
		}
	}
	say(!caseName.MatchString(c.Name), "its name has other than small letters, digits and hyphens")
	say(!strings.HasSuffix(c.About, "."), "about is no sentence")
	say(c.Call.Operation == "", "it calls no operation")
	say(c.Call.Driven && c.Call.Operation != "createFlow", "only a flow is driven")
	say(c.Callers < 0 || c.Callers > 1 && len(c.Wire) != 1, "callers at once come in no order, so there is one exchange for them")
	say(count(c.Expect.Value != nil, c.Expect.Nothing, c.Expect.Items != nil, c.Expect.Error != nil) != 1, "it expects one of value, nothing, items, error")
	say(c.Pages != (c.Expect.Items != nil) && c.Expect.Error == nil, "items are what comes of pages")
	say(c.Expect.Error != nil && c.Expect.Error.Code == "", "an error has a code")
	unsent := c.Expect.Error != nil && c.Expect.Error.Code == "input_invalid"
	say(unsent != (len(c.Wire) == 0), "nothing is sent where the input is invalid, and only there")
	for i, exchange := range c.Wire {
		exchange.Request.check(i == 0, say)
		exchange.Response.check(say)
	}
	return errors.Join(wrong...)
}

func (r *Request) check(first bool, say func(bool, string)) {
	say(r.Method == "" || !strings.HasPrefix(r.Path, "/"), "a request has a method and a path")
	say(first && len(r.Same) > 0, "the first request is the same as none")
	for name := range r.Headers {
		say(!headerName.MatchString(name), "header names are in small letters")
	}
	for _, name := range append(r.Absent, r.Same...) {
		say(!headerName.MatchString(name), "header names are in small letters")
	}
}

func (r *Response) check(say func(bool, string)) {
	silent := r.Hang || r.Close
	say(count(r.Body != nil, r.Text != nil, r.Hang, r.Close) > 1, "a response has one of body, text, hang, close")
	say(silent == (r.Status != 0), "a response has a status, unless it hangs or closes")
	say(silent && r.Headers != nil, "what does not answer has no headers")
	say(r.Text != nil && !has(r.Headers, "content-type"), "a text has a content type, which may be empty")
	say(r.Cut < 0 || r.Cut > 0 && r.Cut >= len(r.content()), "what is cut is shorter than the whole")
	for name := range r.Headers {
		say(!headerName.MatchString(name), "header names are in small letters")
	}
}

// content is what there is to send.
func (r *Response) content() []byte {
	if r.Text != nil {
		return []byte(*r.Text)
	}
	return r.Body
}

func has(headers map[string]string, name string) bool {
	_, found := headers[name]
	return found
}

func count(all ...bool) (n int) {
	for _, one := range all {
		if one {
			n++
		}
	}
	return n
}
