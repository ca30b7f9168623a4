package jose

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

const maxJSONDepth = 32

// readObject reads a JSON object strictly: valid UTF-8, bounded depth, and no
// member twice at any level, since two readers could each take another one.
// Spec: RFC 7515 §4, RFC 7519 §4.
func readObject(data []byte) (map[string]json.RawMessage, error) {
	if !utf8.Valid(data) || !json.Valid(data) {
		return nil, ErrMalformed
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := checkMembers(decoder, 0); err != nil {
		return nil, err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil || members == nil {
		return nil, ErrMalformed
	}
	return members, nil
}

func checkMembers(decoder *json.Decoder, depth int) error {
	if depth > maxJSONDepth {
		return ErrMalformed
	}
	token, err := decoder.Token()
	if err != nil {
		return ErrMalformed
	}
	open, ok := token.(json.Delim)
	if !ok {
		return nil
	}
	seen := map[string]bool{}
	for decoder.More() {
		if open == '{' {
			name, err := decoder.Token()
			if err != nil {
				return ErrMalformed
			}
			text, _ := name.(string)
			if seen[text] {
				return ErrMalformed
			}
			seen[text] = true
		}
		if err := checkMembers(decoder, depth+1); err != nil {
			return err
		}
	}
	if _, err := decoder.Token(); err != nil {
		return ErrMalformed
	}
	return nil
}

// stringMember reads a member that must be a string where it is present.
func stringMember(members map[string]json.RawMessage, name string) (string, error) {
	raw, ok := members[name]
	if !ok {
		return "", nil
	}
	var value *string
	if err := json.Unmarshal(raw, &value); err != nil || value == nil {
		return "", ErrMalformed
	}
	return *value, nil
}
