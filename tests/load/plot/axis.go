package plot

import (
	"math"
	"strconv"
)

// axis places values between left and right.
type axis struct {
	at      func(value float64) float64
	ticks   []tick
	caption string
}

type tick struct {
	value float64
	label string
}

// percent goes from nothing to all, or to more where something is.
func percent(most float64, caption string) axis {
	end := max(1, math.Ceil(most*5)/5)
	a := axis{caption: caption, at: func(value float64) float64 { return left + (right-left)*value/end }}
	for step := 0; float64(step)*0.2 <= end+1e-9; step++ {
		a.ticks = append(a.ticks, tick{float64(step) * 0.2, strconv.Itoa(step*20) + " %"})
	}
	return a
}

// decades goes over whole powers of ten, with the steps of two and five between.
func decades(least, most float64, caption string) axis {
	from, to := math.Floor(math.Log10(least)), math.Ceil(math.Log10(most))
	if from == to {
		to++
	}
	a := axis{caption: caption, at: func(value float64) float64 {
		return left + (right-left)*(math.Log10(value)-from)/(to-from)
	}}
	for power := from; power <= to; power++ {
		value := math.Pow(10, power)
		a.ticks = append(a.ticks, tick{value, milliseconds(value)})
	}
	return a
}

// milliseconds writes a time as people say it.
func milliseconds(value float64) string {
	switch {
	case value >= 1000:
		return significant(value/1000) + " s"
	case value >= 1:
		return significant(value) + " ms"
	}
	return significant(value*1000) + " µs"
}

// significant keeps two digits, and all before the point.
func significant(value float64) string {
	if value >= 10 {
		return strconv.FormatFloat(math.Round(value), 'f', -1, 64)
	}
	return strconv.FormatFloat(math.Round(value*10)/10, 'f', -1, 64)
}

// draw puts the ticks above what is drawn from top to bottom.
func (a axis) draw(s *sheet, top, bottom float64) {
	for _, t := range a.ticks {
		x := a.at(t.value)
		s.line(x, top, x, bottom, "grid")
		s.text(x, bottom+line-3, "quiet", "middle", t.label)
	}
	s.text((left+right)/2, bottom+2*line-4, "quiet", "middle", a.caption)
}
