package lintel_test

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	lintel "github.com/lintel-id/lintel/clients/go"
)

// reply is what a server answers once.
type reply struct {
	status int
	header http.Header
	body   string
	fail   error         // instead of an answer
	hang   bool          // until the client leaves
	cut    bool          // ends in the middle of the body
	after  time.Duration // what it takes
}

var errLost = errors.New("connection reset")

// script is a server without a network: it answers in turn, and keeps what it was asked.
type script struct {
	mu      sync.Mutex
	replies []reply
	asked   []*http.Request
	bodies  []string
	times   []time.Time
}

// RoundTrip answers with the next reply, and with the last one for ever.
func (s *script) RoundTrip(request *http.Request) (*http.Response, error) {
	s.mu.Lock()
	next := s.replies[min(len(s.asked), len(s.replies)-1)]
	body := ""
	if request.Body != nil {
		raw, err := io.ReadAll(request.Body)
		if err != nil {
			s.mu.Unlock()
			return nil, err
		}
		body = string(raw)
	}
	s.asked, s.bodies, s.times = append(s.asked, request), append(s.bodies, body), append(s.times, time.Now())
	s.mu.Unlock()
	if next.hang {
		<-request.Context().Done()
		return nil, request.Context().Err()
	}
	if next.after > 0 {
		<-time.After(next.after)
	}
	if next.fail != nil {
		return nil, next.fail
	}
	header := http.Header{"Content-Type": {"application/json"}}
	if next.header != nil {
		header = next.header
	}
	var content io.Reader = strings.NewReader(next.body)
	if next.cut {
		content = io.MultiReader(content, broken{})
	}
	return &http.Response{StatusCode: next.status, Header: header, Body: io.NopCloser(content), Request: request}, nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// pauses are the times between the requests.
func (s *script) pauses() (between []time.Duration) {
	for i := 1; i < len(s.times); i++ {
		between = append(between, s.times[i].Sub(s.times[i-1]))
	}
	return between
}

// against makes a client of a scripted server.
func against(t *testing.T, options lintel.Options, replies ...reply) (*lintel.Client, *script) {
	t.Helper()
	server := &script{replies: replies}
	options.HTTPClient = &http.Client{Transport: server}
	client, err := lintel.New("https://id.example.com", options)
	require.NoError(t, err)
	return client, server
}

// problem is a refusal as the server writes it.
func problem(status int, code string) reply {
	return reply{
		status: status, header: http.Header{"Content-Type": {"application/problem+json; charset=utf-8"}},
		body: `{"type":"https://id.example.com/problems/` + code + `","title":"T","status":` + strconv.Itoa(status) + `,"detail":"It did not work.","code":"` + code + `","trace_id":"x"}`,
	}
}

// failure requires an error of a code, and gives it.
func failure(t *testing.T, err error, code string) *lintel.Error {
	t.Helper()
	found, ok := errors.AsType[*lintel.Error](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, code, found.Code)
	return found
}

// failed is the same for those who do not want it.
func failed(t *testing.T, err error, code string) {
	t.Helper()
	require.NotNil(t, failure(t, err, code))
}

const session = `{"id":"ses_1","acr":"aal1","amr":["pwd"],"created_at":"2030-01-02T03:04:05.678901Z"}`
