package adoption

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/lintel-id/lintel/server/schema"
)

var errTooLong = errors.New("adoption: what was counted does not fit")

// Adopted tells what comes of the members of one object when it goes into another. What
// both say alike is nowhere in it.
type Adopted struct {
	Taken    []string // the other had none of
	Kept     []string // both had, and the other's stays
	Replaced []string // both had, and the other's goes
	Left     []string // the other had none of, and cannot have
}

// Changed names the members that are different from before, sorted.
func (a Adopted) Changed() []string {
	return slices.Sorted(slices.Values(slices.Concat(a.Taken, a.Replaced)))
}

// Decide says which members of an object go into another; put takes one over, or tells
// that it cannot be had.
func Decide(own, theirs map[string]json.RawMessage, preferTheirs bool, put func(name string, value json.RawMessage) (bool, error)) (Adopted, error) {
	var told Adopted
	for _, name := range slices.Sorted(maps.Keys(theirs)) {
		value, both := own[name]
		if both && bytes.Equal(value, theirs[name]) { // there is one spelling
			continue
		}
		had := false
		if !both || preferTheirs {
			var err error
			if had, err = put(name, theirs[name]); err != nil {
				return Adopted{}, err
			}
		}
		switch {
		case had && both:
			told.Replaced = append(told.Replaced, name)
		case had:
			told.Taken = append(told.Taken, name)
		case both:
			told.Kept = append(told.Kept, name)
		default:
			told.Left = append(told.Left, name)
		}
	}
	return told, nil
}

// Members are those of an object as it is stored; none of nothing.
func Members(object json.RawMessage) (map[string]json.RawMessage, error) {
	read := map[string]json.RawMessage{}
	if len(object) == 0 {
		return read, nil
	}
	err := json.Unmarshal(object, &read)
	return read, err
}

// Metadata takes over what there is room for in most bytes. It only adds lengths, as there may be
// many members, and all of them have their one spelling.
func Metadata(held, other json.RawMessage, preferOther bool, most int) (json.RawMessage, Adopted, error) {
	own, err := Members(held)
	if err != nil {
		return nil, Adopted{}, err
	}
	theirs, err := Members(other)
	if err != nil {
		return nil, Adopted{}, err
	}
	after, size := maps.Clone(own), max(len(held), len("{}"))
	told, err := Decide(own, theirs, preferOther, func(name string, value json.RawMessage) (bool, error) {
		more := len(value) - len(own[name])
		if _, both := own[name]; !both {
			spelled, err := json.Marshal(name) // no shorter than it is stored
			if err != nil {
				return false, err
			}
			more += len(spelled) + len(":,")
		}
		if size+more > most {
			return false, nil
		}
		after[name], size = value, size+more
		return true, nil
	})
	if err != nil || len(told.Changed()) == 0 {
		return held, told, err
	}
	written, err := json.Marshal(after)
	if err != nil {
		return nil, Adopted{}, err
	}
	with, ok := schema.MergeObjects(nil, written, 8*most) // the one spelling, which is shorter
	if !ok {
		return nil, Adopted{}, errTooLong
	}
	return with, told, nil
}
