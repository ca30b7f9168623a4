package schema

import (
	"encoding/json"
	"math/big"
	"slices"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/schema/exact"
)

// maxAttributeBytes bounds a value that can be searched, as it is compared.
const maxAttributeBytes = 256

// Attribute is a claim of a profile that its user can be found by.
type Attribute struct {
	Name  string
	Value string // as it is compared
}

// Attributes are those of a profile, by name. A value from before the claim could be
// searched that is too long to be compared is left out.
func (s *Schema) Attributes(profile json.RawMessage) ([]Attribute, error) {
	claims, err := readObject(profile, maxStoredBytes)
	if err != nil {
		return nil, err
	}
	found := []Attribute{}
	for name, value := range claims {
		if !s.claims[name].searchable {
			continue
		}
		if spelled, ok := compared(value); ok {
			found = append(found, Attribute{Name: name, Value: spelled})
		}
	}
	slices.SortFunc(found, func(a, b Attribute) int { return strings.Compare(a.Name, b.Name) })
	return found, nil
}

// Wanted reads what somebody searches a claim for; ErrNotIndexed where nobody can be
// found by it, and false where it can have no such value.
func (s *Schema) Wanted(name, text string) (Attribute, bool, error) {
	claim := s.claims[name]
	if !claim.searchable {
		return Attribute{}, false, ErrNotIndexed
	}
	var value any = text
	if claim.kind != "string" {
		read, err := exact.Read([]byte(text))
		if err != nil {
			return Attribute{}, false, nil //nolint:nilerr // no claim of this type has such a value
		}
		value = read
	}
	spelled, ok := compared(value)
	return Attribute{Name: name, Value: spelled}, ok, nil
}

// WantedJSON is Wanted for a value that is JSON.
func (s *Schema) WantedJSON(name string, text json.RawMessage) (Attribute, bool, error) {
	claim := s.claims[name]
	if !claim.searchable {
		return Attribute{}, false, ErrNotIndexed
	}
	if len(text) > maxProfileBytes {
		return Attribute{}, false, nil
	}
	value, err := exact.Read(text)
	if err != nil || !slices.Contains([]string{"", kindOf(value)}, strings.Replace(claim.kind, "integer", "number", 1)) {
		return Attribute{}, false, nil //nolint:nilerr // no claim has such a value
	}
	spelled, ok := compared(value)
	return Attribute{Name: name, Value: spelled}, ok, nil
}

func kindOf(value any) string {
	switch value.(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	case json.Number:
		return "number"
	default:
		return "none"
	}
}

// unsearchable are the values that the index could not hold.
func (s *Schema) unsearchable(claims map[string]any) (fields []fault.Field) {
	for name, value := range claims {
		text, isText := value.(string)
		if !s.claims[name].searchable || !isText {
			continue
		}
		if _, ok := compared(text); !ok {
			fields = append(fields, profileField(pointer([]string{name}), "max_length"))
		}
	}
	return fields
}

// compared is a value in the one spelling in which it is looked for: text in NFC and
// without case, a number as a whole one. Spec: Unicode Standard §3.13 (D145).
func compared(value any) (string, bool) {
	var text string
	switch value := value.(type) {
	case string:
		if len(value) > maxProfileBytes {
			return "", false
		}
		text = norm.NFC.String(cases.Fold().String(norm.NFC.String(value)))
	case bool:
		text = "false"
		if value {
			text = "true"
		}
	case json.Number:
		number, ok := new(big.Rat).SetString(value.String())
		if !ok || !number.IsInt() {
			return "", false
		}
		text = number.Num().String()
	default:
		return "", false
	}
	// PostgreSQL keeps no NUL in a text.
	return text, len(text) <= maxAttributeBytes && !strings.ContainsRune(text, 0)
}
