package exact

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	maxNesting  = 32
	maxNumeral  = 32
	maxExponent = 99
)

// ErrUnreadable says no more than that: what was read may be about a person.
var ErrUnreadable = errors.New("exact: this is not JSON that is read here")

// Read reads one value and its end. It refuses what readers disagree about, a name
// that stands twice, and what is dear to work with: deep nesting, and numbers whose few
// characters stand for millions of digits.
func Read(text []byte) (any, error) {
	if !utf8.Valid(text) {
		return nil, ErrUnreadable
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	value, err := readValue(decoder, maxNesting)
	if err != nil {
		return nil, ErrUnreadable
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, ErrUnreadable
	}
	return value, nil
}

func readValue(decoder *json.Decoder, left int) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Number:
		if !isNumeral(token) {
			return nil, ErrUnreadable
		}
	case json.Delim:
		if left == 0 {
			return nil, ErrUnreadable
		}
		if token == '{' {
			return readMembers(decoder, left-1)
		}
		return readItems(decoder, left-1)
	}
	return token, nil
}

func readMembers(decoder *json.Decoder, left int) (map[string]any, error) {
	members := map[string]any{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string)
		if _, twice := members[name]; twice {
			return nil, ErrUnreadable
		}
		if members[name], err = readValue(decoder, left); err != nil {
			return nil, err
		}
	}
	_, err := decoder.Token()
	return members, err
}

func readItems(decoder *json.Decoder, left int) ([]any, error) {
	items := []any{}
	for decoder.More() {
		item, err := readValue(decoder, left)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	_, err := decoder.Token()
	return items, err
}

func isNumeral(number json.Number) bool {
	_, exponent, scaled := strings.Cut(strings.ToLower(number.String()), "e")
	if len(number) > maxNumeral || !scaled {
		return len(number) <= maxNumeral
	}
	power, err := strconv.Atoi(exponent)
	return err == nil && power >= -maxExponent && power <= maxExponent
}

// Write gives a value's one spelling.
func Write(value any) (json.RawMessage, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimRight(out.Bytes(), "\n"), nil
}
