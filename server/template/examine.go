package template

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// The bounds of words, in characters.
const (
	maxLine     = 200 // of a subject and of a heading
	maxSentence = 4000
	maxFooter   = 1000
	maxText     = 20000
	maxHTML     = 60000
	maxShort    = 300 // of an SMS, which is sent and paid for in parts
	maxReasons  = 20
)

// Examine tells what keeps words from being those of a kind on a channel; ErrInvalid.
func (k Kind) Examine(channel string, words Words) error {
	e := examination{kind: k, fields: nil, used: map[string]bool{}}
	if channel == Short {
		e.short(words)
	} else {
		e.letter(words)
	}
	if len(e.fields) > 0 {
		return ErrInvalid.At(e.fields[:min(len(e.fields), maxReasons)]...)
	}
	return nil
}

// letter examines what is shown with a subject.
func (e *examination) letter(words Words) {
	sentences := words.Heading != "" || words.Body != "" || words.Footer != ""
	own := words.HTML != "" || words.Text != ""
	e.line("/subject", words.Subject)
	e.used = map[string]bool{} // a subject alone is not read
	switch {
	case own && sentences:
		e.refuse("", "inconsistent", "Give a heading, a body and a footer, or HTML and the same as text.")
	case own:
		e.markup("/html", words.HTML)
		e.complete("/html")
		e.text("/text", words.Text, maxText)
		e.complete("/text")
	default:
		e.line("/heading", words.Heading)
		e.text("/body", words.Body, maxSentence)
		e.complete("/body")
		e.text("/footer", words.Footer, maxFooter)
	}
}

// short examines what is a few lines of plain text. The last line, which has browsers fill
// in a code, is the server's own.
func (e *examination) short(words Words) {
	if words != (Words{Subject: "", Heading: "", Body: "", Footer: "", HTML: "", Text: words.Text}) {
		e.refuse("", "inconsistent", "An SMS has a text and nothing else.")
	}
	if !e.text("/text", words.Text, maxShort) {
		return
	}
	e.complete("/text")
	switch {
	case tag.MatchString(words.Text):
		e.refuse("/text", "html", "An SMS is plain text, without HTML.")
	case boundLine.MatchString(words.Text):
		e.refuse("/text", "format", "The line that binds a code to its host is added by itself.")
	}
}

var (
	tag       = regexp.MustCompile(`<[A-Za-z/!?]`)
	boundLine = regexp.MustCompile(`(?m)^\s*@.*#`)
)

// examination collects what is wrong.
type examination struct {
	kind   Kind
	fields []fault.Field
	used   map[string]bool // the placeholders since complete was asked last
}

func (e *examination) refuse(pointer, code, detail string) {
	e.fields = append(e.fields, fault.Field{Pointer: pointer, Code: code, Detail: detail, Numbers: nil})
}

// line is a text that could stand in a header.
func (e *examination) line(pointer, text string) {
	if !e.text(pointer, text, maxLine) {
		return
	}
	if strings.ContainsFunc(text, unicode.IsControl) || strings.ContainsAny(text, "\u2028\u2029") {
		e.refuse(pointer, "format", "This is one line of visible characters.")
	}
}

// text examines what is no markup, and tells whether it could be read.
func (e *examination) text(pointer, text string, most int) bool {
	if !e.readable(pointer, text, most) {
		return false
	}
	found, stray := names(text)
	e.placeholders(pointer, found, stray)
	return true
}

func (e *examination) readable(pointer, text string, most int) bool {
	switch {
	case strings.TrimSpace(text) == "":
		e.refuse(pointer, "required", "This is required.")
	case utf8.RuneCountInString(text) > most:
		e.fields = append(e.fields, fault.Field{
			Pointer: pointer, Code: "max_length", Detail: "Use at most {count} characters.", Numbers: map[string]float64{"count": float64(most)},
		})
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unwritten):
		e.refuse(pointer, "characters", "This is not readable text.")
	default:
		return true
	}
	return false
}

// unwritten are characters that nobody writes and that change how others are read.
func unwritten(r rune) bool {
	switch {
	case r == '\n' || r == '\r' || r == '\t':
		return false
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069: // they turn the text around
		return true
	}
	return unicode.IsControl(r)
}

func (e *examination) placeholders(pointer string, found []string, stray bool) {
	for _, name := range found {
		e.used[name] = true
		stray = stray || !slices.ContainsFunc(e.kind.Placeholders, func(one Placeholder) bool { return one.Name == name })
	}
	if stray {
		e.refuse(pointer, "placeholder", "Braces stand around the placeholders that this kind of message has, and nowhere else.")
	}
}

// complete refuses a part that lacks what its reader needs.
func (e *examination) complete(pointer string) {
	for _, one := range e.kind.Placeholders {
		if one.Required && !e.used[one.Name] {
			e.refuse(pointer, "placeholder_missing", "A placeholder is missing without which the message is of no use.")
			break
		}
	}
	e.used = map[string]bool{}
}

func (e *examination) markup(pointer, text string) {
	if !e.readable(pointer, text, maxHTML) {
		return
	}
	var found []string
	stray := false
	for _, one := range pieces(text) {
		if problem := one.problem(); problem != "" {
			e.fields = append(e.fields, fault.Field{
				Pointer: pointer, Code: "html", Detail: refusal(problem), Numbers: map[string]float64{"line": float64(one.line)},
			})
			continue
		}
		places := []string{}
		if one.Type == html.TextToken && !one.style {
			places = append(places, one.Data)
		}
		for _, attribute := range one.Attr {
			if attribute.Key != "style" {
				places = append(places, attribute.Val)
			} else if strings.ContainsAny(attribute.Val, "{}") {
				stray = true
			}
		}
		for _, place := range places {
			more, others := names(place)
			found, stray = append(found, more...), stray || others
		}
	}
	e.placeholders(pointer, found, stray)
}

// refusal is what is told about a piece that mail cannot have.
func refusal(problem string) string {
	switch problem {
	case "attribute":
		return "Line {line} has an attribute that mail cannot have, such as an event handler."
	case "address":
		return "Line {line} has an address that is neither https nor, in a link, mailto or tel, or a placeholder other than the link's own as the whole of it."
	case "style":
		return "Line {line} has a style that loads something or could."
	case "comment":
		return "Line {line} has a comment, which some mail programs read as markup."
	default:
		return "Line {line} has an element that mail cannot have, such as a script, a form or a frame."
	}
}
