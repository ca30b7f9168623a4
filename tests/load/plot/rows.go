package plot

import (
	"math"

	"github.com/lintel-id/lintel/tests/load/report"
)

const (
	barHeight = 15.0
	rowGap    = 9.0
)

// row is one label and what is set side by side under it.
type row struct {
	label string
	marks []mark
}

// mark is a bar, or the times of one side.
type mark struct {
	class         string
	share         report.Series
	p50, p95, p99 float64
}

// section is some rows under one heading.
type section struct {
	heading string
	rows    []row
}

func (s section) height() float64 {
	height := line + 4
	for _, r := range s.rows {
		height += barHeight*float64(len(r.marks)) + rowGap
	}
	return height
}

// bars draws shares, with the least and the most of all rounds as a whisker.
func (s *sheet) bars(sections []section, caption string) {
	most := 0.0
	eachMark(sections, func(m mark) { most = max(most, m.share.Max) })
	s.rows(sections, percent(most, caption), func(a axis, y float64, m mark) {
		s.rect(left, y+1, a.at(m.share.Median)-left, barHeight-3, m.class)
		if len(m.share.Rounds) > 1 {
			s.line(a.at(m.share.Min), y+barHeight/2, a.at(m.share.Max), y+barHeight/2, "whisker")
		}
		s.text(max(a.at(m.share.Max), a.at(m.share.Median))+6, y+barHeight-3.5, "quiet", "start", percentage(m.share.Median))
	})
}

// spans draws times: the median, and how far it is to the slowest.
func (s *sheet) spans(sections []section, goal float64, said string) {
	least, most := math.Inf(1), goal
	eachMark(sections, func(m mark) {
		if m.p50 > 0 {
			least, most = min(least, m.p50), max(most, m.p99)
		}
	})
	top := s.y
	a := decades(least, most, "from the request to its answer, logarithmic")
	s.rows(sections, a, func(a axis, y float64, m mark) {
		if m.p50 <= 0 {
			return
		}
		middle := y + barHeight/2
		s.rect(a.at(m.p50), middle-1, a.at(m.p99)-a.at(m.p50), 2, m.class)
		s.circle(a.at(m.p50), middle, 4, m.class)
		if m.p95 > 0 {
			s.diamond(a.at(m.p95), middle, 4, m.class)
		}
		s.rect(a.at(m.p99)-1.5, middle-5, 3, 10, m.class)
		s.text(a.at(m.p99)+7, y+barHeight-3.5, "quiet", "start", milliseconds(m.p99))
	})
	if goal > 0 {
		s.line(a.at(goal), top, a.at(goal), s.y-2*line, "goal")
		s.text(a.at(goal)+4, top+4, "quiet", "start", said)
	}
}

func eachMark(sections []section, see func(mark)) {
	for _, part := range sections {
		for _, r := range part.rows {
			for _, m := range r.marks {
				see(m)
			}
		}
	}
}

// rows lays out sections over one axis.
func (s *sheet) rows(sections []section, a axis, draw func(a axis, y float64, m mark)) {
	bottom := s.y
	for _, part := range sections {
		bottom += part.height()
	}
	a.draw(s, s.y, bottom)
	for _, part := range sections {
		s.y += line
		s.text(margin, s.y-4, "head", "start", part.heading)
		s.y += 4
		for _, r := range part.rows {
			height := barHeight * float64(len(r.marks))
			s.text(left-10, s.y+height/2+4, "", "end", r.label)
			for i, m := range r.marks {
				draw(a, s.y+barHeight*float64(i), m)
			}
			s.y += height + rowGap
		}
	}
	s.y = bottom + 2*line
}

func percentage(share float64) string {
	if share < 0.1 {
		return significant(100*share) + " %"
	}
	return significant(math.Round(100*share)) + " %"
}
