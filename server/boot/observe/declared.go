package observe

import "slices"

// Kind is how a metric behaves.
type Kind string

// The kinds.
const (
	Counter   Kind = "counter"   // only grows
	Gauge     Kind = "gauge"     // goes up and down
	Histogram Kind = "histogram" // durations, with the trace of some of them as exemplars
)

// Label divides a metric. What it can be is bounded: no id, no address and no name
// that somebody chose is ever a label.
type Label struct {
	Name   string   `json:"name"`
	About  string   `json:"about"`
	Values []string `json:"values,omitempty"` // all that there are, where they are few
}

// Metric is what an operator can ask for.
type Metric struct {
	Name   string  `json:"name"`
	Kind   Kind    `json:"kind"`
	Unit   string  `json:"unit,omitempty"`
	Labels []Label `json:"labels,omitempty"`
	Help   string  `json:"help"`

	buckets []float64
}

// Declared lists every metric of the server's own. The collectors, the reference and
// the check of the dashboard are made from it. The runtime's and the process's
// metrics (go_*, process_*) are documented where they come from.
func Declared() []Metric {
	return slices.Concat(requestMetrics(), passwordMetrics(), sessionMetrics(), databaseMetrics(), eventMetrics(), selfMetrics())
}

func requestMetrics() []Metric {
	operation := Label{"operation", "The operation's id in the API document; page, preflight, unread and the like for all else.", nil}
	return []Metric{
		{"lintel_request_duration_seconds", Histogram, "seconds", []Label{operation, status()},
			"Requests by operation and class of their status.", wide()},
		{"lintel_outbound_duration_seconds", Histogram, "seconds",
			[]Label{{"outcome", "The class of the status, or failed where there was none.", []string{"2xx", "3xx", "4xx", "5xx", "failed"}}},
			"Calls of the server to others, up to the response's header.", wide()},
		{"lintel_rate_keys", Gauge, "", nil, "Addresses and accounts being counted.", nil},
		{"lintel_rate_refused_total", Counter, "",
			[]Label{{"policy", "The limit that was spent.", policies()}},
			"What was refused because there was too much of it.", nil},
	}
}

func status() Label {
	return Label{"status", "The class of the status: 2xx, 3xx, 4xx or 5xx.", nil}
}

func passwordMetrics() []Metric {
	return []Metric{
		{"lintel_password_hash_duration_seconds", Histogram, "seconds", nil, "Hashes computed, without the wait for a worker.", wide()},
		{"lintel_password_wait_duration_seconds", Histogram, "seconds", nil, "The wait of hashes for a worker.", wide()},
		{"lintel_password_workers", Gauge, "", nil, "Hashes that may be computed at the same time.", nil},
		{"lintel_password_running", Gauge, "", nil, "Hashes being computed.", nil},
		{"lintel_password_waiting", Gauge, "", nil, "Callers in the queue for a hash.", nil},
		{"lintel_password_hashes_total", Counter, "", nil, "Hashes computed.", nil},
		{"lintel_password_refused_total", Counter, "", nil, "Callers that were told to come back, since the queue was full.", nil},
	}
}

func sessionMetrics() []Metric {
	return []Metric{
		{"lintel_session_cached", Gauge, "", nil, "Sessions in memory.", nil},
		{"lintel_session_pending", Gauge, "", nil, "Last uses that are not yet written.", nil},
		{"lintel_session_lost_total", Counter, "", nil, "Last uses that found no room.", nil},
		{"lintel_session_following", Gauge, "", nil, "1 while the cache is believed, 0 while it is bypassed.", nil},
	}
}

func databaseMetrics() []Metric {
	return []Metric{
		{"lintel_database_unit_duration_seconds", Histogram, "seconds",
			[]Label{{"outcome", "Whether the unit became true; what a rule refuses is undone as well.", []string{"committed", "undone"}}},
			"Units of work with their turn, their attempts and their commit.", wide()},
		{"lintel_database_units_total", Counter, "", nil, "Units of work committed.", nil},
		{"lintel_database_commits_total", Counter, "", nil, "Commits they took: fewer than units where units share them.", nil},
		{"lintel_database_rollbacks_total", Counter, "", nil, "Attempts of units undone.", nil},
		{"lintel_database_repeats_total", Counter, "", nil, "Attempts made again after a conflict.", nil},
	}
}

func eventMetrics() []Metric {
	return []Metric{
		{"lintel_events_total", Counter, "",
			[]Label{{"type", "The event's type, of the catalogue: session.created is a login, flow.refused one that failed.", nil}},
			"Events committed by this server.", nil},
		{"lintel_sequencer_lag_seconds", Gauge, "seconds", nil, "Age of the oldest event without a number; 0 when there is none.", nil},
		{"lintel_sequencer_last", Gauge, "", nil, "Highest number given to an event.", nil},
		{"lintel_audit_lag_seconds", Gauge, "seconds", nil, "Age of the oldest numbered event without an audit record; 0 when there is none.", nil},
		{"lintel_audit_last", Gauge, "", nil, "Highest number of an event that has its audit record.", nil},
	}
}

func selfMetrics() []Metric {
	return []Metric{
		{"lintel_build_info", Gauge, "", []Label{{"version", "Of the program.", nil}, {"go_version", "Of the language.", nil}}, "Always 1.", nil},
		{"lintel_trace_spans_total", Counter, "",
			[]Label{{"outcome", "What became of it: sent, failed (nobody took it) or dropped (there was no room).", []string{"sent", "failed", "dropped"}}},
			"Spans of traced requests.", nil},
	}
}

// wide buckets serve for a look into memory as for a call to the other end of the world.
func wide() []float64 {
	return []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 30}
}
