package fault_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/tests/fixtures/process"
)

const phrase = "a long walk to the blue harbour"

// caller is one app that talks to one server, from an address of its own.
type caller struct {
	address string
	source  string
	client  *http.Client
}

var sources atomic.Int64

func callerOf(t *testing.T, server *process.Process) *caller {
	t.Helper()
	return callerAt(t, server.Address)
}

func callerAt(t *testing.T, address string) *caller {
	t.Helper()
	transport := &http.Transport{DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	c := &caller{address: address, client: &http.Client{Transport: transport, Timeout: patience}}
	c.move()
	return c
}

// move goes on from another address, so that nobody is slowed down for what others
// have tried.
func (c *caller) move() {
	n := sources.Add(1)
	c.source = fmt.Sprintf("198.%d.%d.%d", 18+n>>16&1, n>>8&0xff, n&0xff)
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// send makes one request; an error means that nobody knows what became of it.
func (c *caller) send(ctx context.Context, method, path, bearer string, body any, headers ...string) (answer, error) {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return answer{}, err
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://"+c.address+path, content)
	if err != nil {
		return answer{}, err
	}
	request.Host = baseURL[len("http://"):]
	request.Header.Set("X-Forwarded-For", c.source)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if method == http.MethodPatch {
		request.Header.Set("Content-Type", "application/merge-patch+json")
	}
	if bearer != "" {
		request.Header.Set("Authorization", "Bearer "+bearer)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := c.client.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	got := answer{status: response.StatusCode, header: response.Header}
	got.body, err = io.ReadAll(response.Body)
	return got, err
}

// must is send where nothing is broken.
func (c *caller) must(t *testing.T, status int, method, path, bearer string, body any, headers ...string) answer {
	t.Helper()
	got, err := c.send(t.Context(), method, path, bearer, body, headers...)
	require.NoError(t, err)
	require.Equal(t, status, got.status, "%s %s: %s", method, path, got.body)
	return got
}

// object is any body.
type object = map[string]any

func registration(email string) object {
	return object{"journey": "registration", "transport": "token", "submit": object{
		"type": "new_password", "identifier": email, "password": phrase, "profile": object{"name": "n0"},
	}}
}

func login(email, password string) object {
	return object{"journey": "login", "transport": "token", "submit": object{
		"type": "password", "identifier": email, "password": password,
	}}
}

// flow is what is read of a flow.
type flow struct {
	ID      string `json:"id"`
	Status  string `json:"status"`
	Token   string `json:"flow_token"`
	Outcome struct {
		Token string `json:"session_token"`
		User  struct {
			ID string `json:"id"`
		} `json:"user"`
		Session struct {
			ID string `json:"id"`
		} `json:"session"`
	} `json:"outcome"`
	Error struct {
		Code string `json:"code"`
	} `json:"error"`
}

func (a answer) flow(t *testing.T) flow {
	t.Helper()
	var f flow
	require.NoError(t, json.Unmarshal(a.body, &f), "%s", a.body)
	return f
}

func (a answer) code() string {
	var problem struct {
		Code string `json:"code"`
	}
	if json.Unmarshal(a.body, &problem) != nil {
		return ""
	}
	return problem.Code
}

// registered makes a user and gives their first session.
func (c *caller) registered(t *testing.T, email string) flow {
	t.Helper()
	f := c.must(t, http.StatusCreated, http.MethodPost, "/v1/flows", "", registration(email)).flow(t)
	require.Equal(t, "completed", f.Status, f.Error.Code)
	return f
}

// loggedIn gives a new session of a user.
func (c *caller) loggedIn(t *testing.T, email, password string) flow {
	t.Helper()
	f := c.must(t, http.StatusCreated, http.MethodPost, "/v1/flows", "", login(email, password)).flow(t)
	require.Equal(t, "completed", f.Status, f.Error.Code)
	return f
}

// ready asks the operations listener until it answers so.
func ready(t *testing.T, server *process.Process, status int) {
	t.Helper()
	client := &http.Client{Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	var last string
	require.Eventually(t, func() bool {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+server.Operations+"/readyz", http.NoBody)
		if err != nil {
			return false
		}
		response, err := client.Do(request)
		if err != nil {
			return false
		}
		defer func() { _ = response.Body.Close() }()
		said, _ := io.ReadAll(response.Body)
		last = string(said)
		return response.StatusCode == status
	}, patience, look, "readyz is not %d", status)
	t.Logf("readyz %d: %s", status, last)
}
