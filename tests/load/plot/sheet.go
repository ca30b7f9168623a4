package plot

import (
	"fmt"
	"html"
	"strings"
)

const (
	width  = 880.0
	left   = 240.0 // where the axis begins
	right  = 790.0 // where it ends; values are written behind it
	margin = 20.0
	line   = 18.0
)

// style colours by class, since a drawing does not know on what it will lie.
const style = `<style>
text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:#1f2328}
.title{font-size:17px;font-weight:600}.head{font-weight:600}.quiet{fill:#59636e;font-size:12px}
.paper{fill:#fff}.grid{stroke:#d1d9e0}.whisker{stroke:#1f2328;opacity:.65}.goal{stroke:#59636e;stroke-dasharray:5 4}
.a{fill:#2563b8;stroke:#2563b8}.b{fill:#d9730d;stroke:#d9730d}.c{fill:#6e7781;stroke:#6e7781}
@media (prefers-color-scheme:dark){
text{fill:#e6edf3}.quiet{fill:#9198a1}.paper{fill:#0d1117}.grid{stroke:#30363d}.whisker{stroke:#e6edf3}.goal{stroke:#9198a1}
.a{fill:#6ea8fe;stroke:#6ea8fe}.b{fill:#f0a35e;stroke:#f0a35e}.c{fill:#9198a1;stroke:#9198a1}}
</style>
`

// sheet is a drawing that grows downwards.
type sheet struct {
	title string
	body  strings.Builder
	y     float64 // where the next line goes
}

func newSheet(title, subtitle string) *sheet {
	s := &sheet{title: title, y: margin + line}
	s.text(margin, s.y, "title", "start", title)
	s.y += line + 4
	s.text(margin, s.y, "quiet", "start", subtitle)
	s.y += line + 8
	return s
}

// svg is the whole drawing.
func (s *sheet) svg() []byte {
	height := s.y + margin
	head := fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s" role="img" aria-label="%s">`+"\n",
		short(width), short(height), short(width), short(height), html.EscapeString(s.title))
	paper := fmt.Sprintf(`<rect class="paper" width="%s" height="%s" rx="6"/>`+"\n", short(width), short(height))
	return []byte(head + style + paper + s.body.String() + "</svg>\n")
}

func (s *sheet) text(x, y float64, class, anchor, words string) {
	_, _ = fmt.Fprintf(&s.body, `<text x="%s" y="%s" class="%s" text-anchor="%s">%s</text>`+"\n",
		short(x), short(y), class, anchor, html.EscapeString(words))
}

func (s *sheet) rect(x, y, width, height float64, class string) {
	_, _ = fmt.Fprintf(&s.body, `<rect x="%s" y="%s" width="%s" height="%s" class="%s"/>`+"\n",
		short(x), short(y), short(max(width, 0)), short(height), class)
}

func (s *sheet) line(x1, y1, x2, y2 float64, class string) {
	_, _ = fmt.Fprintf(&s.body, `<line x1="%s" y1="%s" x2="%s" y2="%s" class="%s"/>`+"\n",
		short(x1), short(y1), short(x2), short(y2), class)
}

func (s *sheet) circle(x, y, r float64, class string) {
	_, _ = fmt.Fprintf(&s.body, `<circle cx="%s" cy="%s" r="%s" class="%s"/>`+"\n", short(x), short(y), short(r), class)
}

// diamond stands on its corner.
func (s *sheet) diamond(x, y, r float64, class string) {
	_, _ = fmt.Fprintf(&s.body, `<path d="M%s %sl%s %sl%s %sl%s %sz" class="%s"/>`+"\n", short(x), short(y-r),
		short(r), short(r), short(-r), short(r), short(-r), short(-r), class)
}

// legend names the classes, each behind a spot of its colour.
func (s *sheet) legend(names []named) {
	x := left
	for _, n := range names {
		s.rect(x, s.y-10, 12, 12, n.class)
		s.text(x+18, s.y, "", "start", n.name)
		x += 36 + 7.5*float64(len(n.name))
	}
	s.y += line
}

type named struct{ class, name string }

// footer is small print.
func (s *sheet) footer(lines ...string) {
	s.y += 6
	for _, words := range lines {
		s.y += line - 2
		s.text(margin, s.y, "quiet", "start", words)
	}
}

// short is a number without what no eye sees.
func short(value float64) string {
	text := strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.1f", value), "0"), ".")
	if text == "-0" {
		return "0"
	}
	return text
}
