package template

import (
	"io"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// piece is a token of HTML with the line that it begins on.
type piece struct {
	html.Token

	raw   string
	line  int
	style bool // it is the content of a style element, which is no text
}

// pieces reads HTML as browsers do, which read anything.
func pieces(markup string) (found []piece) {
	tokens := html.NewTokenizer(strings.NewReader(markup))
	line, style := 1, false
	for tokens.Next() != html.ErrorToken {
		raw := string(tokens.Raw())
		token := tokens.Token()
		found = append(found, piece{Token: token, raw: raw, line: line, style: style})
		style = token.Type == html.StartTagToken && token.DataAtom == atom.Style
		line += strings.Count(raw, "\n")
	}
	if err := tokens.Err(); err != io.EOF { //nolint:errorlint // it is that one, or something that cannot be of a string
		found = append(found, piece{Token: html.Token{Type: html.CommentToken, DataAtom: 0, Data: "", Attr: nil}, raw: "", line: line, style: false})
	}
	return found
}

// FillHTML is Fill for HTML: a value is text there, in an attribute too, however the
// attribute was written. A link that leads nowhere a message may is a mistake of ours.
func FillHTML(markup string, values map[string]string) (string, error) {
	var filled strings.Builder
	for _, one := range pieces(markup) {
		if one.style || one.Type == html.DoctypeToken {
			filled.WriteString(one.raw)
			continue
		}
		var err error
		if one.Type == html.TextToken {
			one.Data, err = Fill(one.Data, values)
		}
		for i := range one.Attr {
			opens := one.opens(one.Attr[i])
			if err == nil {
				one.Attr[i].Val, err = Fill(one.Attr[i].Val, values)
			}
			if err == nil && opens && !Leads(one.Attr[i].Val) {
				err = errLink
			}
		}
		if err != nil {
			return "", err
		}
		filled.WriteString(one.String())
	}
	return filled.String(), nil
}

// What mail is made of; whatever else there is is refused.
var (
	elements = []string{
		"html", "head", "meta", "title", "style", "body", "div", "span", "p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6",
		"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col", "a", "img", "ul", "ol", "li", "dl", "dt", "dd",
		"b", "strong", "i", "em", "u", "s", "small", "sub", "sup", "code", "pre", "blockquote", "center", "font", "bdi", "wbr",
		"section", "article", "header", "footer", "main",
	}
	attributes = []string{
		"class", "id", "style", "lang", "dir", "title", "role", "aria-label", "aria-hidden", "align", "valign", "width", "height", "bgcolor",
		"border", "cellpadding", "cellspacing", "colspan", "rowspan", "alt", "src", "href", "target", "rel", "charset", "name", "content",
		"color", "face", "size", "type", "media", "xml:lang", "xmlns",
	}
	addresses   = []string{"src", "href"}
	unsafeStyle = []string{"url(", "@import", "expression(", "behavior", "-moz-binding", "javascript:", "\\", "<"}
)

// problem is why mail cannot have a piece; empty where it can.
func (p piece) problem() string {
	switch p.Type {
	case html.CommentToken, html.ErrorToken:
		return "comment"
	case html.DoctypeToken:
		if !strings.HasPrefix(strings.ToLower(strings.TrimSpace(p.Data)), "html") {
			return "element"
		}
	case html.TextToken:
		if p.style && !styles(p.Data) {
			return "style"
		}
	case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
		return p.tagProblem()
	}
	return ""
}

func (p piece) tagProblem() string {
	if !slices.Contains(elements, p.Data) {
		return "element"
	}
	if p.Type == html.SelfClosingTagToken && (p.DataAtom == atom.Style || p.DataAtom == atom.Title) {
		return "element" // what follows would be its content for some and markup for others
	}
	for _, attribute := range p.Attr {
		switch {
		case !slices.Contains(attributes, attribute.Key):
			return "attribute"
		case attribute.Key == "style" && !styles(attribute.Val):
			return "style"
		case strings.Contains(attribute.Val, linkPlace) && !p.opens(attribute):
			return "address" // for some what stands there is a link, and it could lead past its check
		case slices.Contains(addresses, attribute.Key) && !p.opens(attribute) && !leads(attribute.Key, attribute.Val):
			return "address"
		}
	}
	return ""
}

// opens tells whether an attribute is the address of a link and nothing but the
// placeholder of one.
func (p piece) opens(attribute html.Attribute) bool {
	return p.DataAtom == atom.A && attribute.Key == "href" && attribute.Val == linkPlace
}

// styles tells whether CSS loads and runs nothing.
func styles(css string) bool {
	css = strings.ToLower(css)
	return !slices.ContainsFunc(unsafeStyle, func(part string) bool { return strings.Contains(css, part) })
}

// leads tells whether an address is one that mail may have; a value in it could make it
// lead elsewhere.
func leads(attribute, address string) bool {
	if strings.ContainsAny(address, "{}\\") || strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return false
	}
	schemes := []string{"https://"}
	if attribute == "href" {
		schemes = append(schemes, "mailto:", "tel:", "#")
	}
	return slices.ContainsFunc(schemes, func(scheme string) bool { return strings.HasPrefix(strings.ToLower(address), scheme) })
}
