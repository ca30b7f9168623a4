package member

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Scalar is a single value as text, however the file spelled it.
func Scalar(raw any) (string, bool) {
	switch value := raw.(type) {
	case string:
		return strings.TrimSpace(value), true
	case bool, int, int64, uint64, float64:
		return fmt.Sprint(value), true
	default:
		return "", false
	}
}

// Items are the texts of a list, or of one text with commas.
func Items(raw any) ([]string, error) {
	var items []string
	switch value := raw.(type) {
	case string:
		for item := range strings.SplitSeq(value, ",") {
			if item = strings.TrimSpace(item); item != "" {
				items = append(items, item)
			}
		}
	case []any:
		for _, one := range value {
			item, ok := Scalar(one)
			if !ok || item == "" {
				return nil, errors.New("must be a list of texts")
			}
			items = append(items, item)
		}
	default:
		return nil, errors.New("must be a list of texts")
	}
	return items, nil
}

// Members takes the members of one mapping and complains about those left over.
type Members struct {
	at   string
	left map[string]any
	add  func(key, format string, values ...any)
}

// New takes the members of a mapping that stands at a key; add notes what is wrong with one.
func New(at string, raw any, add func(key, format string, values ...any)) Members {
	found, ok := raw.(map[string]any)
	if !ok {
		add(at, "must hold keys")
	}
	left := map[string]any{}
	maps.Copy(left, found)
	return Members{at: at, left: left, add: add}
}

// Has tells whether a member is left over.
func (m Members) Has(name string) bool { return m.left[name] != nil }

// Refuse notes what is wrong with a member.
func (m Members) Refuse(name, format string, values ...any) { m.add(m.at+"."+name, format, values...) }

// Inner takes the members of a member that is a mapping; false where there is none.
func (m Members) Inner(name string) (Members, bool) {
	raw := m.Take(name)
	if raw == nil {
		return Members{}, false
	}
	return New(m.at+"."+name, raw, m.add), true
}

// Inners takes the members of each mapping of a list.
func (m Members) Inners(name string) []Members {
	raw := m.Take(name)
	items, ok := raw.([]any)
	if raw != nil && !ok {
		m.Refuse(name, "must be a list")
	}
	found := make([]Members, len(items))
	for i, item := range items {
		found[i] = New(m.at+"."+name+"["+strconv.Itoa(i)+"]", item, m.add)
	}
	return found
}

// Take is a member as it was read, which is not left over any more; nil where there is none.
func (m Members) Take(name string) any {
	value := m.left[name]
	delete(m.left, name)
	return value
}

// Text is a member that is one value.
func (m Members) Text(name string) string {
	raw := m.Take(name)
	value, ok := Scalar(raw)
	if raw != nil && !ok {
		m.Refuse(name, "%s", ErrText)
	}
	return value
}

// YesNo is a member that is true or false.
func (m Members) YesNo(name string) bool {
	raw := m.Take(name)
	value, ok := raw.(bool)
	if raw != nil && !ok {
		m.Refuse(name, "must be true or false")
	}
	return value
}

// Texts is a member that is a list of texts.
func (m Members) Texts(name string) []string {
	raw := m.Take(name)
	if raw == nil {
		return nil
	}
	items, err := Items(raw)
	if err != nil {
		m.Refuse(name, "%s", err)
	}
	return items
}

// Number is a member that is a whole number.
func (m Members) Number(name string) int {
	raw := m.Take(name)
	value, ok := raw.(int)
	if raw != nil && !ok {
		m.Refuse(name, "must be a whole number")
	}
	return value
}

// Duration is a member that is one, such as 5m.
func (m Members) Duration(name string) time.Duration {
	text := m.Text(name)
	if text == "" {
		return 0
	}
	value, err := time.ParseDuration(text)
	if err != nil {
		m.Refuse(name, "must be a duration such as 30s or 5m")
	}
	return value
}

// Done complains about the members that nobody has taken.
func (m Members) Done() {
	for _, name := range slices.Sorted(maps.Keys(m.left)) {
		m.Refuse(name, "is not a key of the configuration")
	}
}

// Either takes a list by its name, or by the one it had before.
func (m Members) Either(name, before string) []string {
	_, named := m.left[name]
	if _, both := m.left[before]; named && both {
		m.Refuse(before, "is %s, which is given too", name)
	}
	found := m.Texts(before)
	if named {
		found = m.Texts(name)
	}
	return found
}

// Document takes a mapping as JSON.
func (m Members) Document(name string) json.RawMessage {
	raw := m.Take(name)
	if raw == nil {
		return nil
	}
	text, err := json.Marshal(raw)
	if err != nil {
		m.Refuse(name, "must hold keys")
		return nil
	}
	return text
}
