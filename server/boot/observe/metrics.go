package observe

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/storage"
)

// scrapeTimeout bounds what one scrape may ask the database.
const scrapeTimeout = 2 * time.Second

// Metrics counts requests and reads the counters of the rooms when it is scraped.
//
//	lintel_request_duration_seconds   histogram  requests by operation and status class (2xx …)
//	lintel_password_workers           gauge      hashes that may be computed at the same time
//	lintel_password_running           gauge      hashes being computed
//	lintel_password_waiting           gauge      callers in the queue for a hash
//	lintel_password_hashes_total      counter    hashes computed
//	lintel_password_refused_total     counter    callers that were told to come back
//	lintel_session_cached             gauge      sessions in memory
//	lintel_session_pending            gauge      last uses that are not yet written
//	lintel_session_lost_total         counter    last uses that found no room
//	lintel_session_following          gauge      1 while the cache is believed, 0 while it is bypassed
//	lintel_database_units_total       counter    units of work committed
//	lintel_database_commits_total     counter    commits they took
//	lintel_database_rollbacks_total   counter    attempts undone
//	lintel_database_repeats_total     counter    attempts made again after a conflict
//	lintel_sequencer_lag_seconds      gauge      age of the oldest event without a number; 0 when there is none
//	lintel_sequencer_last             gauge      highest number given to an event
//	lintel_audit_lag_seconds          gauge      age of the oldest numbered event without an audit record; 0 when there is none
//	lintel_audit_last                 gauge      highest number of an event that has its audit record
//	lintel_rate_keys                  gauge      addresses and accounts being counted
//	go_*, process_*                              the runtime's and the process's own
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

// NewMetrics counts requests; Watch adds the rooms.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "lintel_request_duration_seconds", Help: "Requests by operation and status class.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 30},
		}, []string{"operation", "status"}),
	}
	m.registry.MustRegister(m.requests, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Observe counts one answered request.
func (m *Metrics) Observe(operation string, status int, seconds float64) {
	m.requests.WithLabelValues(operation, strconv.Itoa(status/100)+"xx").Observe(seconds)
}

// Handler is what is scraped.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2, Timeout: 2 * scrapeTimeout})
}

// Rooms are those whose counters are read.
type Rooms struct {
	Hasher    *password.Hasher
	Sessions  *session.Service
	Database  *storage.DB
	Sequencer *Sequencer
	Limiter   *rate.Memory
	Audit     *audit.Service
}

// Watch reads the rooms at each scrape.
func (m *Metrics) Watch(rooms Rooms) {
	m.registry.MustRegister(&roomCollector{rooms: rooms, descriptions: map[string]*prometheus.Desc{
		"password_workers":         described("password_workers", "Hashes that may be computed at the same time."),
		"password_running":         described("password_running", "Hashes being computed."),
		"password_waiting":         described("password_waiting", "Callers in the queue for a hash."),
		"password_hashes_total":    described("password_hashes_total", "Hashes computed."),
		"password_refused_total":   described("password_refused_total", "Callers that were told to come back."),
		"session_cached":           described("session_cached", "Sessions in memory."),
		"session_pending":          described("session_pending", "Last uses that are not yet written."),
		"session_lost_total":       described("session_lost_total", "Last uses that found no room."),
		"session_following":        described("session_following", "1 while the cache is believed."),
		"database_units_total":     described("database_units_total", "Units of work committed."),
		"database_commits_total":   described("database_commits_total", "Commits they took."),
		"database_rollbacks_total": described("database_rollbacks_total", "Attempts undone."),
		"database_repeats_total":   described("database_repeats_total", "Attempts made again after a conflict."),
		"sequencer_lag_seconds":    described("sequencer_lag_seconds", "Age of the oldest event without a number."),
		"sequencer_last":           described("sequencer_last", "Highest number given to an event."),
		"audit_lag_seconds":        described("audit_lag_seconds", "Age of the oldest numbered event without an audit record."),
		"audit_last":               described("audit_last", "Highest number of an event that has its audit record."),
		"rate_keys":                described("rate_keys", "Addresses and accounts being counted."),
	}})
}

func described(name, help string) *prometheus.Desc {
	return prometheus.NewDesc("lintel_"+name, help, nil, nil)
}

// roomCollector reads the rooms at each scrape, so that nothing is counted twice.
type roomCollector struct {
	rooms        Rooms
	descriptions map[string]*prometheus.Desc
}

// Describe lists what Collect gives.
func (c *roomCollector) Describe(out chan<- *prometheus.Desc) {
	for _, description := range c.descriptions {
		out <- description
	}
}

// Collect reads the counters. What the database does not tell in time is left out.
func (c *roomCollector) Collect(out chan<- prometheus.Metric) {
	tell := func(kind prometheus.ValueType) func(name string, value float64) {
		return func(name string, value float64) {
			out <- prometheus.MustNewConstMetric(c.descriptions[name], kind, value)
		}
	}
	gauge, counter := tell(prometheus.GaugeValue), tell(prometheus.CounterValue)

	load := c.rooms.Hasher.Load()
	gauge("password_workers", float64(load.Workers))
	gauge("password_running", float64(load.Running))
	gauge("password_waiting", float64(load.Waiting))
	counter("password_hashes_total", float64(load.Done))
	counter("password_refused_total", float64(load.Refused))

	sessions := c.rooms.Sessions.Stats()
	following := 0.0
	if sessions.Following {
		following = 1
	}
	gauge("session_cached", float64(sessions.Cached))
	gauge("session_pending", float64(sessions.Pending))
	counter("session_lost_total", float64(sessions.Lost))
	gauge("session_following", following)

	stats := c.rooms.Database.Stats()
	counter("database_units_total", float64(stats.Units))
	counter("database_commits_total", float64(stats.Commits))
	counter("database_rollbacks_total", float64(stats.Rollbacks))
	counter("database_repeats_total", float64(stats.Repeats))
	gauge("rate_keys", float64(c.rooms.Limiter.Len()))

	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	if lag, last, err := c.rooms.Sequencer.lag(ctx); err == nil {
		gauge("sequencer_lag_seconds", lag.Seconds())
		gauge("sequencer_last", float64(last))
	}
	if lag, last, err := c.rooms.Audit.Lag(ctx); err == nil {
		gauge("audit_lag_seconds", lag.Seconds())
		gauge("audit_last", float64(last))
	}
}
