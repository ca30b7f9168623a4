package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
)

// compared is a figure that has a goal.
type compared struct {
	series
	Goal float64 `json:"goal"`
	// Most says that less is better, and that the goal is a mark and no bound.
	Most bool `json:"most"`
}

func (c compared) reached() bool {
	return len(c.Rounds) > 0 && (c.Most && c.Median <= c.Goal || !c.Most && c.Median >= c.Goal)
}

// results are what one run has found.
type results struct {
	Machine  machine    `json:"machine"`
	Settings settings   `json:"settings"`
	Ratios   []compared `json:"ratios"`
	Shares   []series   `json:"cpu_shares"`
	Marks    []compared `json:"marks"`
	Figures  []series   `json:"figures"`
	Notes    []string   `json:"notes,omitempty"`
}

func (r *results) ratio(name string, goal float64, rounds []float64) {
	r.Ratios = append(r.Ratios, compared{series: newSeries(name, "", rounds), Goal: goal, Most: false})
}

func (r *results) about(name, unit string, goal float64, rounds []float64) {
	r.Marks = append(r.Marks, compared{series: newSeries(name, unit, rounds), Goal: goal, Most: true})
}

func (r *results) figure(name, unit string, rounds []float64) {
	r.Figures = append(r.Figures, newSeries(name, unit, rounds))
}

// cpuShare stands beside a ratio without a goal of its own: it leaves out what other
// processes did, so it holds on a busy machine too, and hides what they did for us.
func (r *results) cpuShare(name string, rounds []float64) {
	percent := make([]float64, len(rounds))
	for i, share := range rounds {
		percent[i] = 100 * share
	}
	r.Shares = append(r.Shares, newSeries(name, "%", percent))
}

func (r *results) note(text string) { r.Notes = append(r.Notes, text) }

// missed tells whether a ratio is below its goal. Marks depend on the machine.
func (r *results) missed() bool {
	for _, ratio := range r.Ratios {
		if !ratio.reached() {
			return true
		}
	}
	return false
}

// print shows what has a goal first, and the absolute figures after it.
func (r *results) print(out io.Writer) {
	m := r.Machine
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	line := func(format string, values ...any) { _, _ = fmt.Fprintf(table, format+"\n", values...) }
	line("%s, %d cores, %d MB, %s, load %.1f before; %d rounds of %gs; medians (least to most)",
		m.CPU, m.Cores, m.MemoryMB, m.Go, m.Load, r.Settings.Rounds, r.Settings.Seconds)
	line("")
	for _, c := range r.Ratios {
		line("%s\t%.1f %%\t(%.1f to %.1f)\tgoal ≥ %.0f %%\t%s",
			c.Name, 100*c.Median, 100*c.Min, 100*c.Max, 100*c.Goal, verdict(c))
	}
	for _, s := range r.Shares {
		line("%s\t%.1f %%\t(%.1f to %.1f)", s.Name, s.Median, s.Min, s.Max)
	}
	for _, c := range r.Marks {
		line("%s\t%s %s\t(%s to %s)\tgoal near %g %s\t%s",
			c.Name, number(c.Median), c.Unit, number(c.Min), number(c.Max), c.Goal, c.Unit, verdict(c))
	}
	line("")
	for _, s := range r.Figures {
		if len(s.Rounds) == 1 {
			line("%s\t%s %s", s.Name, number(s.Median), s.Unit)
			continue
		}
		line("%s\t%s %s\t(%s to %s)", s.Name, number(s.Median), s.Unit, number(s.Min), number(s.Max))
	}
	for _, note := range r.Notes {
		line("%s", note)
	}
	_ = table.Flush() // nobody is left to tell
}

func verdict(c compared) string {
	switch {
	case c.reached():
		return "reached"
	case c.Most:
		return "above"
	}
	return "MISSED"
}

// number shows about three digits, and all before the point.
func number(value float64) string {
	switch {
	case value >= 100:
		return fmt.Sprintf("%.0f", value)
	case value >= 10:
		return fmt.Sprintf("%.1f", value)
	case value >= 0.1 || value == 0:
		return fmt.Sprintf("%.2f", value)
	}
	return fmt.Sprintf("%.4f", value)
}

// write keeps the results for whoever compares them later.
func (r *results) write(path string) error {
	content, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(content, '\n'), 0o644)
}
