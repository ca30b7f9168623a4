package report

import (
	"encoding/json"
	"fmt"
	"os"
)

// What operations are set against.
const (
	HelloWorld     = "hello world"
	HashAlone      = "password hash alone"
	SignatureAlone = "ES256 signature alone"
)

// Bound says which side of a goal is the good one.
type Bound string

// The bounds.
const (
	Least Bound = "least"
	Most  Bound = "most"
	Near  Bound = "near" // less is better, and missing it is no failure: the machine has a say
)

// Compared is a figure that has a goal.
type Compared struct {
	Series
	Goal  float64 `json:"goal"`
	Bound Bound   `json:"bound"`
}

// Reached tells whether the median is on the good side.
func (c Compared) Reached() bool {
	switch {
	case len(c.Rounds) == 0:
		return false
	case c.Bound == Least:
		return c.Median >= c.Goal
	}
	return c.Median <= c.Goal
}

// Rounds is what one side has found, round by round; times in ms.
type Rounds struct {
	Rate, P50, P95, P99, CPU []float64
}

// Operation is what one operation has come to under one number of connections.
type Operation struct {
	Name        string  `json:"name"`
	Engine      string  `json:"engine,omitempty"` // none has what operations are set against
	Connections int     `json:"connections"`
	Rate        Series  `json:"rate"`
	P50         Series  `json:"p50"`
	P95         Series  `json:"p95"`
	P99         Series  `json:"p99"`
	CPU         Series  `json:"cpu"` // of the server for one
	Shares      []Share `json:"shares,omitempty"`
}

// Share sets an operation against what could be done at most.
type Share struct {
	Of   string `json:"of"`
	Rate Series `json:"rate"`
	P99  Series `json:"p99"` // a multiple, not a share
	CPU  Series `json:"cpu"` // how much of the operation's CPU time the other needs
}

// NewOperation sums up rounds.
func NewOperation(name, engine string, connections int, found Rounds) Operation {
	return Operation{
		Name: name, Engine: engine, Connections: connections,
		Rate: NewSeries("", "/s", found.Rate), P50: NewSeries("", "ms", found.P50),
		P95: NewSeries("", "ms", found.P95), P99: NewSeries("", "ms", found.P99),
		CPU: NewSeries("", "ms", found.CPU), Shares: nil,
	}
}

// Against adds what the operation is of another, which took turns with it.
func (o *Operation) Against(of string, ours, other Rounds) Share {
	share := Share{
		Of: of, Rate: NewSeries("", "", Quotients(ours.Rate, other.Rate)),
		P99: NewSeries("", "", Quotients(ours.P99, other.P99)), CPU: NewSeries("", "", Quotients(other.CPU, ours.CPU)),
	}
	o.Shares = append(o.Shares, share)
	return share
}

// Latency is how long some waited, in ms.
type Latency struct {
	P50 Series `json:"p50"`
	P99 Series `json:"p99"`
}

// Overload is what becomes of session checks and logins while far more logins are
// offered than can be hashed.
type Overload struct {
	Engine        string  `json:"engine"`
	Peak          Series  `json:"checks_alone"` // /s in a closed loop
	Capacity      Series  `json:"logins_alone"`
	OfferedChecks Series  `json:"checks_offered"` // /s by the clock, whatever is answered
	OfferedLogins Series  `json:"logins_offered"`
	Answered      Series  `json:"checks_answered"` // the share of those offered
	Admitted      Series  `json:"logins_admitted"` // their rate, of that alone
	Lost          Series  `json:"logins_lost"`     // the share neither admitted nor refused as it should be
	Late          Series  `json:"sent_late"`       // p99 of how much later than planned we sent, in ms
	Check         Latency `json:"check"`
	Login         Latency `json:"login"`
	Refusal       Latency `json:"refusal"`
}

// Scale is one operation on a small and a large database, side by side.
type Scale struct {
	Engine      string `json:"engine"`
	Operation   string `json:"operation"`
	Connections int    `json:"connections"`
	Small       Series `json:"small"` // median latency in ms
	Large       Series `json:"large"`
	Ratio       Series `json:"ratio"`
}

// Results are what one run has found.
type Results struct {
	Machine    Machine     `json:"machine"`
	Settings   Settings    `json:"settings"`
	Goals      []Compared  `json:"goals"`
	Operations []Operation `json:"operations,omitempty"`
	Overload   []Overload  `json:"overload,omitempty"`
	Scale      []Scale     `json:"scale,omitempty"`
	Figures    []Series    `json:"figures"`
	Notes      []string    `json:"notes,omitempty"`
}

// Settings say how much was measured.
type Settings struct {
	Short       bool    `json:"short"`
	Rounds      int     `json:"rounds"`
	Seconds     float64 `json:"seconds_per_round"`
	Connections []int   `json:"connections"`
}

// Goal adds a figure that has one.
func (r *Results) Goal(name, unit string, bound Bound, goal float64, rounds []float64) {
	r.Goals = append(r.Goals, Compared{Series: NewSeries(name, unit, rounds), Goal: goal, Bound: bound})
}

// Figure adds one that says nothing about other machines.
func (r *Results) Figure(name, unit string, rounds ...float64) {
	r.Figures = append(r.Figures, NewSeries(name, unit, rounds))
}

// Note adds what a reader has to know.
func (r *Results) Note(text string) { r.Notes = append(r.Notes, text) }

// Missed tells whether a goal that is a bound was missed.
func (r *Results) Missed() bool {
	for _, goal := range r.Goals {
		if goal.Bound != Near && !goal.Reached() {
			return true
		}
	}
	return false
}

// Write keeps the results for whoever compares them later.
func (r *Results) Write(path string) error {
	content, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(folded(content), '\n'), 0o644)
}

// Read takes what Write kept.
func Read(path string) (*Results, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	found := &Results{}
	if err := json.Unmarshal(content, found); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return found, nil
}
