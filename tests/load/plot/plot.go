package plot

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lintel-id/lintel/tests/load/report"
)

// Drawn is one drawing.
type Drawn struct {
	Name string
	SVG  []byte
}

// All draws what the results have something about.
func All(r *report.Results) (drawn []Drawn) {
	if len(r.Operations) > 0 {
		drawn = append(drawn, Drawn{"throughput", throughput(r)}, Drawn{"latency", latency(r)})
	}
	if len(r.Overload) > 0 {
		drawn = append(drawn, Drawn{"overload", overload(r)})
	}
	return drawn
}

func machine(r *report.Results) string {
	m := r.Machine
	date, _, _ := strings.Cut(m.Date, "T")
	cores := fmt.Sprintf("%d cores", m.Cores)
	if m.Cores == 1 {
		cores = "1 core"
	}
	return fmt.Sprintf("%s, %s, shared by server, database and load; %d GB; %s; Linux %s; %s", m.CPU, cores, (m.MemoryMB+512)/1024, m.Go, m.Kernel, date)
}

// classes give each engine a colour, in the order of their appearance.
type classes []named

func (c *classes) of(engine string) string {
	if engine == "" {
		return "c"
	}
	at := slices.IndexFunc(*c, func(n named) bool { return n.name == engine })
	if at < 0 {
		at = len(*c)
		*c = append(*c, named{string(rune('a' + at%2)), engine})
	}
	return (*c)[at].class
}

// busiest are the operations under the most connections, in the order of the file:
// those that have a limit of their own may have had fewer.
func busiest(r *report.Results) (found []report.Operation) {
	most := map[string]int{}
	for _, o := range r.Operations {
		most[o.Name] = max(most[o.Name], o.Connections)
	}
	for _, o := range r.Operations {
		if o.Connections == most[o.Name] {
			found = append(found, o)
		}
	}
	return found
}

func connections(r *report.Results) int {
	if len(r.Settings.Connections) == 0 {
		return 0
	}
	return slices.Max(r.Settings.Connections)
}

// throughput is how much of what could be done at most is done.
func throughput(r *report.Results) []byte {
	var colours classes
	var sections []section
	for _, limit := range []string{report.HelloWorld, report.SignatureAlone, report.HashAlone} {
		part := section{heading: "of “" + limit + "”"}
		for _, o := range busiest(r) {
			for _, share := range o.Shares {
				if share.Of == limit {
					part.rows = beside(part.rows, o.Name, mark{class: colours.of(o.Engine), share: share.Rate})
				}
			}
		}
		if len(part.rows) > 0 {
			sections = append(sections, part)
		}
	}
	s := newSheet("Requests per second, as a share of what the machine can do",
		fmt.Sprintf("%s; medians of %d interleaved rounds, whiskers from the least to the most; longer is better", report.Connections(connections(r)), r.Settings.Rounds))
	s.legend(colours)
	s.bars(sections, "requests per second, as a share of the limit’s")
	s.footer("“hello world” is the same HTTP library doing nothing; the hash is argon2id (19 MiB, t=2, p=1), once for each login.", machine(r))
	return s.svg()
}

// beside puts marks of one label into one row.
func beside(rows []row, label string, m mark) []row {
	for i := range rows {
		if rows[i].label == label {
			rows[i].marks = append(rows[i].marks, m)
			return rows
		}
	}
	return append(rows, row{label, []mark{m}})
}

// latency is how long callers wait, beside the bare server.
func latency(r *report.Results) []byte {
	var colours classes
	goal := 0.0
	floor, rest := section{heading: "The bare server"}, section{heading: "Lintel"}
	for _, o := range busiest(r) {
		m := mark{class: colours.of(o.Engine), p50: o.P50.Median, p95: o.P95.Median, p99: o.P99.Median}
		switch {
		case o.Name == report.HelloWorld:
			goal = 3 * o.P99.Median
			floor.rows = beside(floor.rows, o.Name, m)
		case o.Engine != "":
			rest.rows = beside(rest.rows, o.Name, m)
		}
	}
	s := newSheet("How long callers wait", fmt.Sprintf(
		"%s that all ask without a pause; ● p50, ◆ p95, ▌p99 (written out); medians of %d rounds; further left is better",
		report.Connections(connections(r)), r.Settings.Rounds))
	s.legend(colours)
	s.spans([]section{floor, rest}, goal, "3 × hello world’s p99")
	s.footer(machine(r))
	return s.svg()
}

// overload is what becomes of everybody while too many log in.
func overload(r *report.Results) []byte {
	var colours classes
	shares := section{heading: "Served"}
	times := section{heading: "Time to the answer"}
	for _, o := range r.Overload {
		class := colours.of(o.Engine)
		shares.rows = beside(shares.rows, "session checks, of offered", mark{class: class, share: o.Answered})
		shares.rows = beside(shares.rows, "logins, of those alone", mark{class: class, share: o.Admitted})
		for _, one := range []struct {
			label string
			report.Latency
		}{{"session check", o.Check}, {"refused login (503)", o.Refusal}, {"admitted login", o.Login}} {
			times.rows = beside(times.rows, one.label, mark{class: class, p50: one.P50.Median, p99: one.P99.Median})
		}
	}
	s := newSheet("Four times as many logins as can be hashed, while sessions are checked",
		"sent by the clock, whatever is answered; session checks at 5 % of what the server does alone; ● p50, ▌p99")
	s.legend(colours)
	s.bars([]section{shares}, "requests per second, as a share")
	s.y += 10
	s.spans([]section{times}, 0, "")
	s.footer(machine(r))
	return s.svg()
}
