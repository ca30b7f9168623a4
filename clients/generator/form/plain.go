package form

import (
	"fmt"
	"regexp"
	"slices"
	"unicode"
)

// plain refuses what would become code where it stands in a generated file: names that are
// none, and texts that do not stay in their line. Descriptions are free, because each
// language writes them as comments by a helper of its own.
func (d *Document) plain() error {
	var faults checked
	faults.line("the title", d.Title)
	faults.line("the version", d.Version)
	for _, o := range d.Operations {
		faults.operation(o)
	}
	for _, t := range d.Types {
		faults.typed(t)
	}
	if len(faults) > 0 {
		return faults[0]
	}
	return nil
}

// checked collects what is wrong.
type checked []error

func (c *checked) matches(what, text, pattern string) {
	if !regexp.MustCompile(`\A(?:` + pattern + `)\z`).MatchString(text) {
		*c = append(*c, fmt.Errorf("%w: %s cannot be %q", ErrContract, what, text))
	}
}

// name is a word that every language can have as a name.
func (c *checked) name(what, text string) { c.matches(what, text, `[A-Za-z][A-Za-z0-9_]*`) }

// value stands in quotes in every language as it is.
func (c *checked) value(what, text string) { c.matches(what, text, `[A-Za-z0-9_.:/+ -]*`) }

// line is a text that ends no comment. U+2028 and U+2029 end a line in some languages.
func (c *checked) line(what, text string) {
	ends := func(r rune) bool {
		return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == unicode.ReplacementChar
	}
	if slices.ContainsFunc([]rune(text), ends) {
		*c = append(*c, fmt.Errorf("%w: %s cannot be %q", ErrContract, what, text))
	}
}

func (c *checked) operation(o Operation) {
	c.name("an operation", o.ID)
	c.matches("a tag", o.Tag, `[a-z][a-z0-9_]*`)
	c.line("the summary of "+o.ID, o.Summary)
	c.value("the scope of "+o.ID, o.Scope)
	c.matches("the path of "+o.ID, o.Path, `(?:/[A-Za-z0-9_.{}-]*)+`)
	for _, p := range o.Parameters {
		c.matches("a parameter of "+o.ID, p.Name, `[A-Za-z][A-Za-z0-9_-]*`)
		c.shape("a parameter of "+o.ID, p.Shape)
	}
	if o.Body != nil {
		c.value("the content type of "+o.ID, o.Body.ContentType)
		c.shape("the body of "+o.ID, o.Body.Shape)
	}
	if o.Result != nil {
		c.shape("the answer of "+o.ID, *o.Result)
	}
}

func (c *checked) typed(t Type) {
	c.name("a schema", t.Name)
	for _, f := range t.Fields {
		c.name("a member of "+t.Name, f.Name)
		c.shape(t.Name+"."+f.Name, f.Shape)
	}
	if t.Kind == Union {
		c.name("the discriminator of "+t.Name, t.Tag)
	}
	for _, v := range t.Variants {
		c.value("a variant of "+t.Name, v.Value)
		c.name("a variant of "+t.Name, v.Name)
	}
	if t.Shape != nil {
		c.shape(t.Name, *t.Shape)
	}
}

func (c *checked) shape(where string, s Shape) {
	if s.Kind == Named {
		c.name("the type of "+where, s.Name)
	}
	for _, value := range s.Values {
		c.value("a value of "+where, value)
		if s.Kind == Boolean {
			c.matches("a value of "+where, value, "true|false")
		}
	}
	if s.Of != nil {
		c.shape(where, *s.Of)
	}
}
