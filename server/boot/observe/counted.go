package observe

import (
	"context"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/server/platform/tx"
)

// Events stands before the log of events and counts what is committed to it.
func (m *Metrics) Events(log event.Recorder) event.Recorder {
	if m == nil { // an operator's command
		return log
	}
	return countedEvents{log: log, counter: m.events}
}

type countedEvents struct {
	log     event.Recorder
	counter *prometheus.CounterVec
}

// Record passes on, and counts once the event has become true.
func (c countedEvents) Record(ctx context.Context, draft event.Draft) error {
	if err := c.log.Record(ctx, draft); err != nil {
		return err
	}
	tx.AfterCommit(ctx, c.counter.WithLabelValues(draft.Type.Name).Inc)
	return nil
}

// Limiter stands before the limiter and counts what it refuses. Without metrics it is
// the limiter alone.
func (m *Metrics) Limiter(limiter rate.Limiter) rate.Limiter {
	if m == nil {
		return limiter
	}
	return countedLimiter{Limiter: limiter, counter: m.refused}
}

type countedLimiter struct {
	rate.Limiter
	counter *prometheus.CounterVec
}

// Take passes on.
func (c countedLimiter) Take(ctx context.Context, key string, limit rate.Limit, cost int) (rate.Decision, error) {
	decision, err := c.Limiter.Take(ctx, key, limit, cost)
	if err == nil && !decision.Allowed {
		c.counter.WithLabelValues(policyOf(key)).Inc()
	}
	return decision, err
}

// beginnings of the keys that limits are counted by, and how each is called here.
var beginnings = []struct{ key, policy string }{
	{"request|source|", "request_source"},
	{"request|account|", "request_account"},
	{"request|application|", "request_application"},
	{"submit|", "submission"},
	{"guess|", "guess"},
}

const otherPolicy = "other"

func policies() []string {
	var names []string
	for _, b := range beginnings {
		names = append(names, b.policy)
	}
	return append(names, otherPolicy)
}

func policyOf(key string) string {
	for _, b := range beginnings {
		if strings.HasPrefix(key, b.key) {
			return b.policy
		}
	}
	return otherPolicy
}
