package observe

import (
	"context"
	"net/http"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/lintel-id/lintel/server/platform/trace"
)

// scrapeTimeout bounds what one scrape may ask the database.
const scrapeTimeout = 2 * time.Second

// Metrics measures what rooms tell and reads the counters of others when it is
// scraped; Declared says what there is.
type Metrics struct {
	registry *prometheus.Registry
	declared map[string]Metric

	requests, hashes, waits, units, calls *prometheus.HistogramVec
	events, refused                       *prometheus.CounterVec
}

// NewMetrics measures; Watch adds the rooms.
func NewMetrics() *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(), declared: map[string]Metric{}}
	for _, metric := range Declared() {
		m.declared[metric.Name] = metric
	}
	m.requests = m.histogram("lintel_request_duration_seconds")
	m.hashes = m.histogram("lintel_password_hash_duration_seconds")
	m.waits = m.histogram("lintel_password_wait_duration_seconds")
	m.units = m.histogram("lintel_database_unit_duration_seconds")
	m.calls = m.histogram("lintel_outbound_duration_seconds")
	m.events = m.counter("lintel_events_total")
	m.refused = m.counter("lintel_rate_refused_total")
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *Metrics) histogram(name string) *prometheus.HistogramVec {
	metric := m.declared[name]
	made := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: metric.Help, Buckets: metric.buckets}, metric.labels())
	m.registry.MustRegister(made)
	metric.eachKnown(func(values ...string) { made.WithLabelValues(values...) })
	return made
}

func (m *Metrics) counter(name string) *prometheus.CounterVec {
	metric := m.declared[name]
	made := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: metric.Help}, metric.labels())
	m.registry.MustRegister(made)
	metric.eachKnown(func(values ...string) { made.WithLabelValues(values...) })
	return made
}

// description is of a metric that is read when it is asked for.
func (m *Metrics) description(name string) *prometheus.Desc {
	return prometheus.NewDesc(name, m.declared[name].Help, m.declared[name].labels(), nil)
}

func (m Metric) labels() []string {
	names := make([]string, len(m.Labels))
	for i, label := range m.Labels {
		names[i] = label.Name
	}
	return names
}

// eachKnown names what can be shown before it happens, so that a rate does not miss
// the first time.
func (m Metric) eachKnown(show func(values ...string)) {
	switch len(m.Labels) {
	case 0:
		show()
	case 1:
		for _, value := range m.Labels[0].Values {
			show(value)
		}
	}
}

// Observe measures one answered request.
func (m *Metrics) Observe(ctx context.Context, operation string, status int, seconds float64) {
	if m == nil { // an operator's command
		return
	}
	observe(ctx, m.requests.WithLabelValues(operation, class(status)), seconds)
}

// class is the first digit of a status, which is all that a series is kept for.
func class(status int) string {
	switch status / 100 {
	case 2:
		return "2xx"
	case 4:
		return "4xx"
	case 5:
		return "5xx"
	}
	return strconv.Itoa(status/100) + "xx"
}

// ObserveHash measures one hash.
func (m *Metrics) ObserveHash(ctx context.Context, waited, took time.Duration) {
	observe(ctx, m.waits.WithLabelValues(), waited.Seconds())
	observe(ctx, m.hashes.WithLabelValues(), took.Seconds())
}

// ObserveUnit measures one unit of work.
func (m *Metrics) ObserveUnit(ctx context.Context, outcome string, took time.Duration) {
	observe(ctx, m.units.WithLabelValues(outcome), took.Seconds())
}

// ObserveCall measures one call to somebody else.
func (m *Metrics) ObserveCall(ctx context.Context, outcome string, took time.Duration) {
	observe(ctx, m.calls.WithLabelValues(outcome), took.Seconds())
}

// observe leaves the trace as an exemplar where there is one to look at.
func observe(ctx context.Context, histogram prometheus.Observer, seconds float64) {
	traced, span := trace.IDs(ctx)
	exemplary, ok := histogram.(prometheus.ExemplarObserver)
	if traced == "" || !ok {
		histogram.Observe(seconds)
		return
	}
	exemplary.ObserveWithExemplar(seconds, prometheus.Labels{"trace_id": traced, "span_id": span})
}

// Handler is what is scraped; exemplars are in the OpenMetrics form of it.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		MaxRequestsInFlight: 2, Timeout: 2 * scrapeTimeout, EnableOpenMetrics: true,
	})
}

// build is the program's version and that of the language.
func build() (version, language string) {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "unknown", runtime.Version()
	}
	return info.Main.Version, runtime.Version()
}
