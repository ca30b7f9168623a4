package observe

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/lintel-id/lintel/server/audit"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/storage"
)

// Rooms are those whose counters are read.
type Rooms struct {
	Hasher    *password.Hasher
	Sessions  *session.Service
	Database  *storage.DB
	Sequencer *Sequencer
	Limiter   *rate.Memory
	Audit     *audit.Service
	Tracing   *Tracing
}

// Watch reads the rooms at each scrape.
func (m *Metrics) Watch(rooms Rooms) {
	m.registry.MustRegister(&roomCollector{rooms: rooms, metrics: m})
}

// roomCollector reads the rooms at each scrape, so that nothing is counted twice.
type roomCollector struct {
	rooms   Rooms
	metrics *Metrics
}

// Describe promises nothing, so that what cannot be read may be left out.
func (c *roomCollector) Describe(chan<- *prometheus.Desc) {}

// Collect reads the counters. What the database does not tell in time is left out.
func (c *roomCollector) Collect(out chan<- prometheus.Metric) {
	tell := func(name string, value float64, labels ...string) {
		kind := prometheus.GaugeValue
		if c.metrics.declared[name].Kind == Counter {
			kind = prometheus.CounterValue
		}
		out <- prometheus.MustNewConstMetric(c.metrics.description(name), kind, value, labels...)
	}
	version, language := build()
	tell("lintel_build_info", 1, version, language)
	c.proofs(tell)

	stats := c.rooms.Database.Stats()
	tell("lintel_database_units_total", float64(stats.Units))
	tell("lintel_database_commits_total", float64(stats.Commits))
	tell("lintel_database_rollbacks_total", float64(stats.Rollbacks))
	tell("lintel_database_repeats_total", float64(stats.Repeats))
	tell("lintel_rate_keys", float64(c.rooms.Limiter.Len()))
	spans := c.rooms.Tracing.stats()
	tell("lintel_trace_spans_total", float64(spans.sent), "sent")
	tell("lintel_trace_spans_total", float64(spans.failed), "failed")
	tell("lintel_trace_spans_total", float64(spans.dropped), "dropped")

	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	if lag, last, err := c.rooms.Sequencer.lag(ctx); err == nil {
		tell("lintel_sequencer_lag_seconds", lag.Seconds())
		tell("lintel_sequencer_last", float64(last))
	}
	if lag, last, err := c.rooms.Audit.Lag(ctx); err == nil {
		tell("lintel_audit_lag_seconds", lag.Seconds())
		tell("lintel_audit_last", float64(last))
	}
}

func (c *roomCollector) proofs(tell func(name string, value float64, labels ...string)) {
	load := c.rooms.Hasher.Load()
	tell("lintel_password_workers", float64(load.Workers))
	tell("lintel_password_running", float64(load.Running))
	tell("lintel_password_waiting", float64(load.Waiting))
	tell("lintel_password_hashes_total", float64(load.Done))
	tell("lintel_password_refused_total", float64(load.Refused))

	sessions := c.rooms.Sessions.Stats()
	following := 0.0
	if sessions.Following {
		following = 1
	}
	tell("lintel_session_cached", float64(sessions.Cached))
	tell("lintel_session_pending", float64(sessions.Pending))
	tell("lintel_session_lost_total", float64(sessions.Lost))
	tell("lintel_session_following", following)
}
