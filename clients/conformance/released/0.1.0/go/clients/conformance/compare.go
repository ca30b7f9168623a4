package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"
)

// Equal tells how one JSON text differs from another.
func Equal(want, got []byte) error { return compare(want, got, false) }

// Fits tells where a JSON text lacks what is wanted. An object may have more members
// than those: a typed language drops what it does not know, another one keeps it.
func Fits(want, got []byte) error { return compare(want, got, true) }

func compare(want, got []byte, more bool) error {
	wanted, err := decode(want)
	if err != nil {
		return fmt.Errorf("what is wanted: %w", err)
	}
	sent, err := decode(got)
	if err != nil {
		return err
	}
	return differs("", wanted, sent, more)
}

func decode(data []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, fmt.Errorf("%q is not JSON: %w", data, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%q goes on after the JSON", data)
	}
	return value, nil
}

// differs compares two values as encoding/json reads them, with numbers as they are written.
func differs(at string, want, got any, more bool) error {
	same := want == nil && got == nil
	switch want := want.(type) {
	case map[string]any:
		got, ok := got.(map[string]any)
		if !ok {
			break
		}
		return membersDiffer(at, want, got, more)
	case []any:
		got, ok := got.([]any)
		if !ok || len(got) != len(want) {
			break
		}
		for i := range want {
			if err := differs(fmt.Sprintf("%s/%d", at, i), want[i], got[i], more); err != nil {
				return err
			}
		}
		return nil
	case json.Number:
		got, ok := got.(json.Number)
		same = ok && sameNumber(want, got)
	case string:
		got, ok := got.(string)
		same = ok && (want == got || more && sameTime(want, got))
	case bool:
		same = want == got
	}
	if same {
		return nil
	}
	return fmt.Errorf("%q is %s and is to be %s", at, spelled(got), spelled(want))
}

func membersDiffer(at string, want, got map[string]any, more bool) error {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		member, there := got[name]
		if !there {
			return fmt.Errorf("%q has no member %q", at, name)
		}
		if err := differs(at+"/"+name, want[name], member, more); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, there := want[name]; !there && !more {
			return fmt.Errorf("%q has a member %q that is not to be there", at, name)
		}
	}
	return nil
}

// sameNumber compares as far as JSON's readers agree on numbers. Spec: RFC 8259 §6.
func sameNumber(a, b json.Number) bool {
	one, err := a.Float64()
	other, bad := b.Float64()
	return err == nil && bad == nil && one == other
}

// sameTime lets a client that reads times write them in its own way.
func sameTime(a, b string) bool {
	one, err := time.Parse(time.RFC3339Nano, a)
	other, bad := time.Parse(time.RFC3339Nano, b)
	return err == nil && bad == nil && one.Equal(other)
}

func spelled(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
