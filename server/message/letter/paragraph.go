package letter

import (
	"html/template"
	"strings"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/i18n"
	words "github.com/lintel-id/lintel/server/template"
)

// paragraph is one of a body. One that is nothing but a code or a link is shown as that.
type paragraph struct {
	Text string
	Code bool
	Link template.URL // empty where it is none
}

// paragraphs fills those of a body, which stand between empty lines. One that tells
// something that nobody knows, since its value is empty, is left out.
func (f *filling) paragraphs(body string, direction i18n.Direction) (found []paragraph) {
	for one := range strings.SplitSeq(strings.ReplaceAll(body, "\r\n", "\n"), "\n\n") {
		if one = strings.TrimSpace(one); one == "" || f.unknown(one) {
			continue
		}
		shown := paragraph{Text: "", Code: one == "{"+message.ValueCode+"}", Link: ""}
		if shown.Code || one == "{"+message.ValueLink+"}" {
			shown.Text = f.fill(one)
		} else {
			shown.Text = f.within(one, direction)
		}
		if one == "{"+message.ValueLink+"}" && words.Leads(shown.Text) {
			shown.Link = template.URL(shown.Text) //nolint:gosec // it was examined, and may have a scheme of an application
		}
		found = append(found, shown)
	}
	return found
}

// within fills a text that runs in a direction. From right to left each value keeps its own,
// or an address would come out in another order.
func (f *filling) within(text string, direction i18n.Direction) string {
	if direction != i18n.RightToLeft {
		return f.fill(text)
	}
	return f.with(words.Fill(text, f.isolated))
}

// isolate has a value keep its direction whatever stands around it. Spec: UAX #9 §2.4 (FSI, PDI).
func isolate(value string) string { return "\u2068" + value + "\u2069" }

// unknown tells whether a text asks for a value that is given and empty.
func (f *filling) unknown(text string) bool {
	for name, value := range f.values {
		if value == "" && strings.Contains(text, "{"+name+"}") {
			return true
		}
	}
	return false
}

// text is a page as plain text.
func (p page) text() string {
	parts := []string{p.Heading}
	for _, one := range p.Paragraphs {
		parts = append(parts, one.Text)
	}
	return strings.Join(append(parts, "--\n"+p.Footer), "\n\n") + "\n"
}
