package api

import (
	"net"
	"net/netip"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/lintel-id/lintel/server/platform/trace"
)

const parentTrace = "4bf92f3577b34da6a3ce929d0e0e4736"

// begun is what an edge that follows its proxies makes of a request from the address.
func begun(t *testing.T, from, parent string, ratio float64) (*request, *tracetest.SpanRecorder) {
	t.Helper()
	recorder := tracetest.NewSpanRecorder()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder), sdktrace.WithIDGenerator(trace.Numbers{}))
	tracer, err := trace.New(provider, trace.Config{Ratio: ratio, Follow: true})
	require.NoError(t, err)
	config := DefaultConfig()
	config.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	e := &edge{config: config, deps: Deps{Tracer: tracer}}
	app := fiber.New()
	context := &fasthttp.RequestCtx{}
	context.SetRemoteAddr(&net.TCPAddr{IP: net.ParseIP(from)})
	context.Request.Header.SetMethod("BREW")
	if parent != "" {
		context.Request.Header.Set("Traceparent", parent)
	}
	c := app.AcquireCtx(context)
	defer app.ReleaseCtx(c)
	r := e.begin(c)
	endSpan(c, r, fiber.StatusNotImplemented)
	return r, recorder
}

// The sampled flag counts where it comes from a proxy that is trusted, whatever the
// header of a stranger says about where it has been.
func TestClass_Exhaustion_TheSampledFlagOfAStrangerCountsForNothing(t *testing.T) {
	const yes, no = "00-" + parentTrace + "-00f067aa0ba902b7-01", "00-" + parentTrace + "-00f067aa0ba902b7-00"
	for _, test := range []struct {
		from, parent string
		ratio        float64
		want         bool
	}{
		{"10.1.2.3", yes, 0, true},
		{"10.1.2.3", no, 1, false},
		{"203.0.113.7", yes, 0, false},
		{"203.0.113.7", no, 1, true},
		{"10.1.2.3", "", 0, false},
		{"10.1.2.3", "", 1, true},
		{"10.1.2.3", "00-" + parentTrace + "-00f067aa0ba902b7-zz", 0, false},
	} {
		r, recorder := begun(t, test.from, test.parent, test.ratio)
		require.Equal(t, test.want, len(recorder.Ended()) == 1, "%+v", test)
		if test.want {
			require.Equal(t, r.Trace, recorder.Ended()[0].SpanContext().TraceID().String(), "a problem names the trace")
		}
	}
}

// What a caller invents does not become a name in a trace.
func TestAnInventedMethodIsNotTold(t *testing.T) {
	_, recorder := begun(t, "203.0.113.7", "", 1)
	ended := recorder.Ended()[0]
	require.Equal(t, unmatched, ended.Name())
	require.ElementsMatch(t, []attribute.KeyValue{
		attribute.String("lintel.operation", unmatched), attribute.String("http.request.method", "_OTHER"),
		attribute.Int("http.response.status_code", 501), attribute.String("error.type", "501"),
	}, ended.Attributes())
}
