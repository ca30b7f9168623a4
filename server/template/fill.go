package template

import (
	"fmt"
	"regexp"
	"strings"
)

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// Fill puts values in the place of their names, each once: a value that looks like a
// placeholder stays as it is. A value that is missing is a mistake of ours.
func Fill(text string, values map[string]string) (filled string, err error) {
	filled = placeholder.ReplaceAllStringFunc(text, func(found string) string {
		value, given := values[strings.Trim(found, "{}")]
		if !given && err == nil {
			err = fmt.Errorf("%w: %s", errValue, found)
		}
		return value
	})
	return filled, err
}

// names are the placeholders in a text, and whether there are braces that are none.
func names(text string) (found []string, stray bool) {
	for _, one := range placeholder.FindAllString(text, -1) {
		found = append(found, strings.Trim(one, "{}"))
	}
	return found, strings.ContainsAny(placeholder.ReplaceAllString(text, ""), "{}")
}
