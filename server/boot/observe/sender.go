package observe

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"google.golang.org/protobuf/proto"
)

const (
	sendAttempts = 4
	firstWait    = 500 * time.Millisecond
	longestWait  = 5 * time.Second
	answerBytes  = 64 << 10
)

// sender speaks OTLP over HTTP with a collector. The operator names it, so the rule
// about calls to strangers is not applied: it mostly stands next door.
// Spec: OTLP 1.7, OTLP/HTTP.
type sender struct {
	address string
	header  http.Header
	client  *http.Client
}

func newSender(address string, header http.Header) *sender {
	header.Set("Content-Type", "application/x-protobuf")
	header.Set("Content-Encoding", "gzip")
	header.Set("User-Agent", "lintel")
	return &sender{address: address, header: header, client: &http.Client{
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute,
			TLSHandshakeTimeout: sendWithin, ResponseHeaderTimeout: sendWithin, MaxResponseHeaderBytes: answerBytes,
			ForceAttemptHTTP2: true,
		},
		// The headers hold what the collector lets us in by, and go nowhere else.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (s *sender) close() { s.client.CloseIdleConnections() }

// send delivers, and tries again what the collector may take later.
func (s *sender) send(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	body, err := packed(spans)
	if err != nil {
		return err
	}
	wait := firstWait
	for attempt := 1; ; attempt++ {
		later, err := s.post(ctx, body)
		if err == nil || later == never || attempt == sendAttempts {
			return err
		}
		timer := time.NewTimer(min(max(wait, later), longestWait))
		select {
		case <-ctx.Done():
			timer.Stop()
			return err
		case <-timer.C:
		}
		wait *= 2
	}
}

func packed(spans []sdktrace.ReadOnlySpan) ([]byte, error) {
	message, err := proto.Marshal(toOTLP(spans))
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	zip := gzip.NewWriter(&body)
	if _, err := zip.Write(message); err != nil {
		return nil, err
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	return body.Bytes(), nil
}

// never says that trying again is of no use.
const never = time.Duration(-1)

// post sends once. On an error it tells how long to wait before the next time at least.
// Spec: OTLP 1.7, OTLP/HTTP Response.
func (s *sender) post(ctx context.Context, body []byte) (later time.Duration, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.address, bytes.NewReader(body))
	if err != nil {
		return never, err
	}
	request.Header = s.header.Clone()
	response, err := s.client.Do(request)
	if err != nil {
		if wrapped, ok := errors.AsType[*url.Error](err); ok { // the address may hold a key
			err = wrapped.Err
		}
		return 0, err
	}
	_, _ = io.CopyN(io.Discard, response.Body, answerBytes) // so that the connection serves again
	if err := response.Body.Close(); err != nil {
		return 0, err
	}
	switch response.StatusCode {
	case http.StatusOK:
		return 0, nil
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		seconds, _ := strconv.Atoi(response.Header.Get("Retry-After")) // a date is not worth its reading
		return time.Duration(max(seconds, 0)) * time.Second, fmt.Errorf("the collector answers %d", response.StatusCode)
	default:
		return never, fmt.Errorf("the collector answers %d", response.StatusCode)
	}
}
