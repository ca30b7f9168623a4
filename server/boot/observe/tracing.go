package observe

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/platform/trace"
)

// TracesConfig says which requests are traced and who takes the traces.
type TracesConfig struct {
	Endpoint    string // of a collector, OTLP over HTTP; empty: nothing is traced
	Headers     secret.Text
	Ratio       float64
	ServiceName string
	// FollowProxies lets trusted proxies decide which requests are traced.
	FollowProxies bool
}

// DefaultTracesConfig traces nothing; with an endpoint one request in twenty.
func DefaultTracesConfig() TracesConfig {
	return TracesConfig{Endpoint: "", Headers: secret.Text{}, Ratio: 0.05, ServiceName: "lintel", FollowProxies: false}
}

var (
	errEndpoint = errors.New("telemetry.traces.endpoint: must be http:// or https:// with a host, and nobody's name in it")
	errHeaders  = errors.New("telemetry.traces.headers: must be name=value, more of them after commas, values percent-encoded")
	errRatio    = errors.New("telemetry.traces.ratio: must be a number from 0 to 1")
	errService  = errors.New("telemetry.traces.service_name: must not be empty")
)

// Validate names the key that cannot be used, and never its value.
func (c TracesConfig) Validate() error {
	var wrong []error
	if _, err := c.address(); c.Endpoint != "" && err != nil {
		wrong = append(wrong, err)
	}
	if _, err := c.header(); err != nil {
		wrong = append(wrong, err)
	}
	if !(c.Ratio >= 0 && c.Ratio <= 1) {
		wrong = append(wrong, errRatio)
	}
	if c.ServiceName == "" {
		wrong = append(wrong, errService)
	}
	return errors.Join(wrong...)
}

// address is where traces are sent; one that names no path gets the usual one.
// Spec: OTLP 1.7, OTLP/HTTP Request.
func (c TracesConfig) address() (string, error) {
	parsed, err := url.Parse(c.Endpoint)
	if err != nil || parsed.Host == "" || parsed.User != nil || parsed.Scheme != "http" && parsed.Scheme != "https" {
		return "", errEndpoint
	}
	if parsed.Path == "" || parsed.Path == "/" {
		parsed.Path = "/v1/traces"
	}
	return parsed.String(), nil
}

// header reads the form that the environment variables of OpenTelemetry have.
func (c TracesConfig) header() (http.Header, error) {
	header := http.Header{}
	for item := range strings.SplitSeq(c.Headers.Reveal(), ",") {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		name, encoded, ok := strings.Cut(item, "=")
		value, err := url.PathUnescape(strings.TrimSpace(encoded))
		if name = strings.TrimSpace(name); !ok || err != nil || !isFieldName(name) || strings.ContainsAny(value, "\r\n\x00") {
			return nil, errHeaders
		}
		header.Set(name, value)
	}
	return header, nil
}

func isFieldName(name string) bool {
	const marks = "!#$%&'*+-.^_`|~"
	for _, r := range name {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(marks, r) {
			return false
		}
	}
	return name != ""
}

// Tracing keeps what requests tell of themselves until a collector has taken it.
type Tracing struct {
	tracer   *trace.Tracer // nil: off
	provider *sdktrace.TracerProvider
	batch    *batch
	sender   *sender
}

// NewTracing begins to send where there is an endpoint, and is nothing otherwise. Stop
// ends it.
func NewTracing(config TracesConfig, logger *slog.Logger) (*Tracing, error) {
	if config.Endpoint == "" {
		return &Tracing{tracer: nil, provider: nil, batch: nil, sender: nil}, nil
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	address, err := config.address()
	if err != nil {
		return nil, err
	}
	header, err := config.header()
	if err != nil {
		return nil, err
	}
	version, _ := build()
	about := resource.NewSchemaless(
		attribute.String("service.name", config.ServiceName), attribute.String("service.version", version),
		attribute.String("service.instance.id", strings.ToLower(rand.Text())),
	)
	t := &Tracing{tracer: nil, provider: nil, batch: nil, sender: newSender(address, header)}
	t.batch = newBatch(t.sender.send, logger)
	t.provider = sdktrace.NewTracerProvider(
		sdktrace.WithSampler(sdktrace.AlwaysSample()), sdktrace.WithIDGenerator(trace.Numbers{}),
		sdktrace.WithResource(about), sdktrace.WithSpanProcessor(t.batch),
	)
	t.tracer, err = trace.New(t.provider, trace.Config{Ratio: config.Ratio, Follow: config.FollowProxies})
	return t, err
}

// Tracer begins the spans of requests; nil where nothing is traced.
func (t *Tracing) Tracer() *trace.Tracer { return t.tracer }

// Stop sends what is left, until ctx ends. What nobody has taken by then is lost.
func (t *Tracing) Stop(ctx context.Context) error {
	if t.provider == nil {
		return nil
	}
	defer t.sender.close()
	if err := t.provider.Shutdown(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("traces: %w", err)
	}
	return nil
}

func (t *Tracing) stats() spanStats {
	if t.batch == nil {
		return spanStats{sent: 0, failed: 0, dropped: 0}
	}
	return t.batch.stats()
}
