package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Print shows what has a goal first, the other ratios next, and the absolute figures
// after them.
func (r *Results) Print(out io.Writer) {
	m := r.Machine
	_, _ = fmt.Fprintf(out, "%s, %d cores, %d MB, %s, kernel %s, load %.1f before; %d rounds of %gs; medians (least to most)\n",
		m.CPU, m.Cores, m.MemoryMB, m.Go, m.Kernel, m.Load, r.Settings.Rounds, r.Settings.Seconds)
	for _, part := range []func(line func(string, ...any)){
		r.goals, r.shares, r.scale, r.operations, r.overload, r.figures,
	} {
		table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		part(func(format string, values ...any) { _, _ = fmt.Fprintf(table, format+"\n", values...) })
		_ = table.Flush() // nobody is left to tell
	}
}

func (r *Results) goals(line func(string, ...any)) {
	for i, c := range r.Goals {
		if i == 0 {
			line("\nGoals")
		}
		sign := map[Bound]string{Least: "≥", Most: "≤", Near: "near"}[c.Bound]
		line("%s\t%s\t%s\tgoal %s %s\t%s", c.Name, value(c.Median, c.Unit), spread(c.Series), sign, value(c.Goal, c.Unit), verdict(c))
	}
}

func verdict(c Compared) string {
	switch {
	case c.Reached():
		return "reached"
	case c.Bound == Near:
		return "above"
	}
	return "MISSED"
}

// shares are told in one line for an operation on an engine, whatever the connections.
func (r *Results) shares(line func(string, ...any)) {
	title := []string{"\nRate of what it is set against; p99 as a multiple\t\t"}
	for _, connections := range r.Settings.Connections {
		title = append(title, Connections(connections))
	}
	told := map[[2]string]bool{}
	for _, o := range r.Operations {
		if key := [2]string{o.Name, o.Engine}; !told[key] && len(o.Shares) > 0 {
			if len(told) == 0 {
				line("%s", strings.Join(title, "\t"))
			}
			told[key] = true
			for _, share := range o.Shares {
				line("%s\t%s\tof %s%s", o.Name, o.Engine, share.Of, r.acrossConnections(o, share.Of))
			}
		}
	}
}

func (r *Results) acrossConnections(of Operation, limit string) (cells string) {
	for _, o := range r.Operations {
		for _, share := range o.Shares {
			if o.Name == of.Name && o.Engine == of.Engine && share.Of == limit {
				cells += fmt.Sprintf("\t%s %s, p99 %s", value(share.Rate.Median, "of 1"), spreadIn(share.Rate, "of 1"), value(share.P99.Median, "×"))
			}
		}
	}
	return cells
}

func (r *Results) scale(line func(string, ...any)) {
	for i, s := range r.Scale {
		if i == 0 {
			line("\nMedian latency, large database of the small\t\tconnections\tratio\t\tsmall\tlarge")
		}
		line("%s\t%s\t%d\t%s\t%s\t%s\t%s", s.Operation, s.Engine, s.Connections, value(s.Ratio.Median, "×"),
			spreadIn(s.Ratio, "×"), value(s.Small.Median, "ms"), value(s.Large.Median, "ms"))
	}
}

func (r *Results) operations(line func(string, ...any)) {
	for i, o := range r.Operations {
		if i == 0 {
			line("\nAbsolute\t\tconnections\trate\t\tp50\tp95\tp99\tserver's CPU each")
		}
		line("%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s", o.Name, o.Engine, o.Connections, value(o.Rate.Median, "/s"), spread(o.Rate),
			value(o.P50.Median, "ms"), value(o.P95.Median, "ms"), value(o.P99.Median, "ms"), value(o.CPU.Median, "ms"))
	}
}

func (r *Results) overload(line func(string, ...any)) {
	for _, o := range r.Overload {
		line("\nOverload, %s", o.Engine)
		for _, s := range []struct {
			name string
			Series
		}{
			{"session checks alone", o.Peak}, {"logins alone", o.Capacity},
			{"session checks offered", o.OfferedChecks}, {"logins offered", o.OfferedLogins},
			{"session checks answered", o.Answered}, {"logins admitted, of alone", o.Admitted}, {"logins lost", o.Lost},
			{"session check p50", o.Check.P50}, {"session check p99", o.Check.P99},
			{"admitted login p50", o.Login.P50}, {"admitted login p99", o.Login.P99},
			{"refusal p50", o.Refusal.P50}, {"refusal p99", o.Refusal.P99}, {"sent later than planned, p99", o.Late},
		} {
			line("%s\t%s\t%s", s.name, value(s.Median, s.Unit), spread(s.Series))
		}
	}
}

func (r *Results) figures(line func(string, ...any)) {
	for i, s := range r.Figures {
		if i == 0 {
			line("\nFigures")
		}
		line("%s\t%s\t%s", s.Name, value(s.Median, s.Unit), spread(s))
	}
	for _, note := range r.Notes {
		line("%s", note)
	}
}

// Connections says how many there are.
func Connections(count int) string {
	if count == 1 {
		return "1 connection"
	}
	return fmt.Sprintf("%d connections", count)
}

func spread(s Series) string { return spreadIn(s, s.Unit) }

// spreadIn is empty where there is nothing to spread.
func spreadIn(s Series, unit string) string {
	if len(s.Rounds) < 2 {
		return ""
	}
	return "(" + number(s.Min, unit) + " to " + number(s.Max, unit) + ")"
}

func value(value float64, unit string) string {
	if unit == "of 1" {
		return number(value, unit) + " %"
	}
	return number(value, unit) + " " + unit
}

// number shows about three digits, and all before the point; what is of 1 in percent.
func number(value float64, unit string) string {
	if unit == "of 1" {
		return fmt.Sprintf("%.1f", 100*value)
	}
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
