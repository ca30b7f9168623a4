package i18n

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"
)

const (
	// MaxTag bounds a language tag that somebody sends. Spec: RFC 5646 §4.4.1.
	MaxTag = 35
	// maxHeader and maxRanges bound what is read of an Accept-Language header: more than
	// any browser sends.
	maxHeader = 200
	maxRanges = 10
)

// Find gives the language that suits a tag, nil when none does: de for de-AT.
func (c *Catalogue) Find(tag string) *Language {
	if tag == "" || len(tag) > MaxTag {
		return nil
	}
	wanted, err := language.Parse(tag)
	if err != nil {
		return nil
	}
	return c.match(wanted)
}

// Accept gives the language that suits an Accept-Language header best, nil when none
// does. What cannot be read of the header is left out, and so is its end when it is
// longer than anybody's. Spec: RFC 9110 §12.5.4, RFC 4647 §3.4.
func (c *Catalogue) Accept(header string) *Language {
	if header == "" {
		return nil
	}
	return c.match(ranges(header)...)
}

func (c *Catalogue) match(wanted ...language.Tag) *Language {
	if len(wanted) == 0 {
		return nil
	}
	_, at, confidence := c.matcher.Match(wanted...)
	if confidence == language.No {
		return nil
	}
	return c.languages[at]
}

// Ranges are the tags of an Accept-Language header as Accept reads it, the most wanted
// first, for whoever has texts in more languages than the catalogue.
func Ranges(header string) []string {
	wanted := ranges(header)
	tags := make([]string, len(wanted))
	for i, one := range wanted {
		tags[i] = one.String()
	}
	return tags
}

// ranges are the languages of a header, the most wanted first. "*" asks for nothing in
// particular, and a weight of 0 for anything else.
func ranges(header string) []language.Tag {
	if len(header) > maxHeader {
		end := max(strings.LastIndexByte(header[:maxHeader], ','), 0)
		header = header[:end]
	}
	type weighted struct {
		tag    language.Tag
		weight float64
	}
	var found []weighted
	for _, part := range strings.SplitN(header, ",", maxRanges+1)[:min(strings.Count(header, ",")+1, maxRanges)] {
		name, parameter, has := strings.Cut(part, ";")
		weight, ok := 1.0, true
		if has {
			weight, ok = weightOf(parameter)
		}
		name = strings.Trim(name, " \t")
		if !ok || weight == 0 || name == "" || len(name) > MaxTag {
			continue
		}
		if tag, err := language.Parse(name); err == nil {
			found = append(found, weighted{tag, weight})
		}
	}
	slices.SortStableFunc(found, func(a, b weighted) int {
		switch {
		case a.weight > b.weight:
			return -1
		case a.weight < b.weight:
			return 1
		}
		return 0
	})
	tags := make([]language.Tag, len(found))
	for i, one := range found {
		tags[i] = one.tag
	}
	return tags
}

// weightOf reads q=0 to q=1 with at most three decimals. Spec: RFC 9110 §12.4.2.
func weightOf(parameter string) (float64, bool) {
	name, value, _ := strings.Cut(strings.Trim(parameter, " \t"), "=")
	if !strings.EqualFold(name, "q") || value == "" || len(value) > len("0.000") || strings.Trim(value, "0123456789.") != "" {
		return 0, false
	}
	weight, err := strconv.ParseFloat(value, 64)
	return weight, err == nil && weight <= 1
}
