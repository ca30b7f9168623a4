package schema

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/lintel-id/lintel/server/platform/fault"
)

// What can become different about a claim.
const (
	ClaimAdded      = "added"
	ClaimRemoved    = "removed"
	ClaimAccess     = "access"
	ClaimSearchable = "searchable"
	ClaimRequired   = "required"
	ClaimDefinition = "definition"
)

// Difference is one change of a claim.
type Difference struct{ Claim, Change string }

// Misfit is a claim that does not fit, and in how many profiles.
type Misfit struct {
	Claim, Code string
	Count       int
}

// Trial is what would come of a document.
type Trial struct {
	Errors  []fault.Field // what keeps it from being the next version
	Changes []Difference  // of the newest version, by claim

	tried *Schema // nil: it cannot be the next version
}

// Valid tells whether the document could be the next version.
func (t Trial) Valid() bool { return t.tried != nil }

// Try tells what would come of a document as the next version, and changes nothing.
func (s *Service) Try(ctx context.Context, text []byte) (Trial, error) {
	wanted, err := parse(text)
	if err != nil {
		if found := fault.As(err); errors.Is(err, ErrInvalid) && found != nil {
			return Trial{Errors: found.Fields, Changes: nil, tried: nil}, nil //nolint:nilerr // that is the answer
		}
		return Trial{}, err
	}
	known, err := s.known(ctx)
	if err != nil {
		return Trial{}, err
	}
	if fields := known.refuse(wanted); len(fields) > 0 {
		return Trial{Errors: fields, Changes: nil, tried: nil}, nil
	}
	tried, err := open(append(known.documents, wanted))
	if err != nil {
		return Trial{}, err
	}
	return Trial{Errors: nil, Changes: differences(known.documents[known.newest.Number-1], wanted), tried: tried}, nil
}

// mostTried bounds the profiles of one trial together: what a pattern may cost each
// character, nobody is to have done to a million of them.
const mostTried = 128 << 10 // bytes

// Sample is how profiles would fit.
type Sample struct {
	Checked, Failing int
	Reasons          []Misfit
}

// Misfits tells which claims of profiles would not fit if each were written anew, and how
// many of the profiles that are. It looks at the first of them, until they are too long
// together. Claims that have left the schema are no matter.
func (t Trial) Misfits(ctx context.Context, profiles []json.RawMessage) (Sample, error) {
	sample, counts, left := Sample{}, map[Misfit]int{}, mostTried
	for _, profile := range profiles {
		if left -= len(profile); left < 0 {
			break
		}
		if err := ctx.Err(); err != nil {
			return Sample{}, err
		}
		sample.Checked++
		claims, err := readObject(profile, maxStoredBytes)
		if err != nil {
			return Sample{}, err
		}
		for name := range t.tried.past {
			delete(claims, name)
		}
		err = t.tried.fits(claims, append(slices.Collect(maps.Keys(claims)), t.tried.required...), Operator)
		if err == nil {
			continue
		}
		found := fault.As(err)
		if found == nil || !errors.Is(err, ErrProfileInvalid) {
			return Sample{}, err
		}
		sample.Failing++
		once := map[Misfit]bool{}
		for _, field := range found.Fields {
			claim, _, _ := strings.Cut(strings.TrimPrefix(field.Pointer, "/profile/"), "/")
			once[Misfit{Claim: claim, Code: field.Code, Count: 0}] = true
		}
		for one := range once {
			counts[one]++
		}
	}
	for one, count := range counts {
		one.Count = count
		sample.Reasons = append(sample.Reasons, one)
	}
	slices.SortFunc(sample.Reasons, func(a, b Misfit) int {
		return cmp.Or(strings.Compare(a.Claim, b.Claim), strings.Compare(a.Code, b.Code))
	})
	return sample, nil
}

// differences are those of a document from the one before it.
func differences(before, after document) []Difference {
	found := []Difference{}
	was, is := before.claims(), after.claims()
	names := slices.Sorted(maps.Keys(was))
	names = append(names, slices.Collect(maps.Keys(is))...)
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		old, had := was[name]
		now, has := is[name]
		tell := func(change string, differs bool) {
			if differs {
				found = append(found, Difference{Claim: name, Change: change})
			}
		}
		tell(ClaimAdded, !had)
		tell(ClaimRemoved, !has)
		if had && has {
			tell(ClaimAccess, old.access != now.access)
			tell(ClaimSearchable, old.searchable != now.searchable)
			tell(ClaimDefinition, !reflect.DeepEqual(before.meaning(name), after.meaning(name)))
		}
		tell(ClaimRequired, slices.Contains(before.required(), name) != slices.Contains(after.required(), name))
	}
	return found
}

// meaning is what a document says of a claim, with all that it refers to, without what
// has a word of its own.
func (d document) meaning(name string) [2]any {
	said, _ := d.properties()[name].(map[string]any)
	reached := map[string]any{}
	d.reach(said, reached)
	return [2]any{withoutNotes(said), reached}
}
