package api

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/lintel-id/lintel/server/platform/fault"
)

const maxDepth = 32

// readJSON reads one JSON text as strictly as RFC 8259 lets a reader be, so that
// nobody before or after us can read it in another way: UTF-8, one value and
// nothing behind it, no member twice, no half of a surrogate pair, no NUL, a bound
// on nesting. Numbers keep the digits they came with.
// Spec: RFC 8259 §4, §8; RFC 7493 §2.
func readJSON(text []byte) (any, error) {
	if !utf8.Valid(text) {
		return nil, malformed("The body is not UTF-8.")
	}
	r := jsonReader{text: text, at: 0}
	value, err := r.value(0)
	if err != nil {
		return nil, err
	}
	if r.space(); r.at < len(text) {
		return nil, malformed("The body goes on after its end.")
	}
	return value, nil
}

// bind reads a body that has been read and checked before into the wire's type.
func bind(c *fiber.Ctx, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(requestOf(c.UserContext()).body))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return ErrMalformed.Because(err)
	}
	return nil
}

func malformed(detail string) error {
	return ErrMalformed.At(fault.Field{Pointer: "", Code: "malformed", Detail: detail})
}

type jsonReader struct {
	text []byte
	at   int
}

func (r *jsonReader) space() {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return
		}
	}
}

func (r *jsonReader) broken() error { return malformed("The body is not JSON.") }

// next skips space and tells the byte that follows; 0 at the end.
func (r *jsonReader) next() byte {
	r.space()
	if r.at == len(r.text) {
		return 0
	}
	return r.text[r.at]
}

func (r *jsonReader) value(depth int) (any, error) {
	switch first := r.next(); {
	case (first == '{' || first == '[') && depth == maxDepth:
		return nil, malformed("The body is nested too deeply.")
	case first == '{':
		return r.object(depth + 1)
	case first == '[':
		return r.array(depth + 1)
	case first == '"':
		return r.quoted()
	case first == '-' || first >= '0' && first <= '9':
		return r.number()
	}
	for word, value := range map[string]any{"true": true, "false": false, "null": nil} {
		if bytes.HasPrefix(r.text[r.at:], []byte(word)) {
			r.at += len(word)
			return value, nil
		}
	}
	return nil, r.broken()
}

func (r *jsonReader) object(depth int) (any, error) {
	object := map[string]any{}
	r.at++
	if r.next() == '}' {
		r.at++
		return object, nil
	}
	for {
		if r.next() != '"' {
			return nil, r.broken()
		}
		name, err := r.quoted()
		if err != nil {
			return nil, err
		}
		if _, twice := object[name]; twice {
			return nil, malformed("The body has a member twice.")
		}
		if r.next() != ':' {
			return nil, r.broken()
		}
		r.at++
		if object[name], err = r.value(depth); err != nil {
			return nil, err
		}
		if more, err := r.more('}'); err != nil || !more {
			return object, err
		}
	}
}

func (r *jsonReader) array(depth int) (any, error) {
	array := []any{}
	r.at++
	if r.next() == ']' {
		r.at++
		return array, nil
	}
	for {
		value, err := r.value(depth)
		if err != nil {
			return nil, err
		}
		array = append(array, value)
		if more, err := r.more(']'); err != nil || !more {
			return array, err
		}
	}
}

// more reads what stands between two elements, or the end.
func (r *jsonReader) more(end byte) (bool, error) {
	switch r.next() {
	case ',':
		r.at++
		return true, nil
	case end:
		r.at++
		return false, nil
	}
	return false, r.broken()
}

// quoted reads a string from its opening quote to past its closing one.
func (r *jsonReader) quoted() (string, error) {
	r.at++
	start := r.at
	for ; r.at < len(r.text); r.at++ {
		switch b := r.text[r.at]; {
		case b == '"':
			r.at++
			return string(r.text[start : r.at-1]), nil
		case b == '\\':
			return r.escaped(append([]byte(nil), r.text[start:r.at]...))
		case b < ' ':
			return "", r.broken()
		}
	}
	return "", r.broken()
}

// escaped goes on with a string that has escapes.
func (r *jsonReader) escaped(out []byte) (string, error) {
	for r.at < len(r.text) {
		switch b := r.text[r.at]; {
		case b == '"':
			r.at++
			return string(out), nil
		case b < ' ':
			return "", r.broken()
		case b != '\\':
			out = append(out, b)
			r.at++
			continue
		}
		char, err := r.escape()
		if err != nil {
			return "", err
		}
		out = utf8.AppendRune(out, char)
	}
	return "", r.broken()
}

func (r *jsonReader) escape() (rune, error) {
	if r.at+1 >= len(r.text) {
		return 0, r.broken()
	}
	kind := r.text[r.at+1]
	r.at += 2
	switch kind {
	case '"', '\\', '/':
		return rune(kind), nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'u':
		return r.unicode()
	}
	return 0, r.broken()
}

func (r *jsonReader) unicode() (rune, error) {
	first, ok := r.hex()
	if !ok {
		return 0, r.broken()
	}
	switch {
	case first == 0:
		return 0, malformed("The body holds a NUL.")
	case !utf16.IsSurrogate(first):
		return first, nil
	case r.at+1 < len(r.text) && r.text[r.at] == '\\' && r.text[r.at+1] == 'u':
		r.at += 2
		if second, ok := r.hex(); ok {
			if whole := utf16.DecodeRune(first, second); whole != utf8.RuneError {
				return whole, nil
			}
		}
	}
	return 0, malformed("The body holds half of a character.")
}

func (r *jsonReader) hex() (rune, bool) {
	if r.at+4 > len(r.text) {
		return 0, false
	}
	digits := r.text[r.at : r.at+4]
	for _, b := range digits {
		if (b < '0' || b > '9') && (b < 'a' || b > 'f') && (b < 'A' || b > 'F') {
			return 0, false
		}
	}
	r.at += 4
	value, err := strconv.ParseUint(string(digits), 16, 16)
	return rune(value), err == nil
}

// number reads -? int frac? exp? and keeps it as it was written. Spec: RFC 8259 §6.
func (r *jsonReader) number() (any, error) {
	start := r.at
	r.skip('-')
	switch {
	case r.skip('0'):
	case !r.digits():
		return nil, r.broken()
	}
	if r.skip('.') && !r.digits() {
		return nil, r.broken()
	}
	if r.skip('e') || r.skip('E') {
		_ = r.skip('+') || r.skip('-')
		if !r.digits() {
			return nil, r.broken()
		}
	}
	return json.Number(r.text[start:r.at]), nil
}

func (r *jsonReader) skip(b byte) bool {
	if r.at < len(r.text) && r.text[r.at] == b {
		r.at++
		return true
	}
	return false
}

func (r *jsonReader) digits() bool {
	start := r.at
	for r.at < len(r.text) && r.text[r.at] >= '0' && r.text[r.at] <= '9' {
		r.at++
	}
	return r.at > start
}
