package user

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/schema"
)

// Adopted tells what comes of the members of one object when it goes into another. What
// both say alike is nowhere in it.
type Adopted struct {
	Taken    []string // the other had none of
	Kept     []string // both had, and the other's stays
	Replaced []string // both had, and the other's goes
	Left     []string // the other had none of, and cannot have
}

// changed names the members that are different from before, sorted.
func (a Adopted) changed() []string {
	return slices.Sorted(slices.Values(slices.Concat(a.Taken, a.Replaced)))
}

// Merged is what one user becomes when another is made part of them.
type Merged struct {
	Source          User
	Target          User         // as it is to be, but for the version
	Moved           []Identifier // as the target has them
	Profile         Adopted
	PublicMetadata  Adopted
	PrivateMetadata Adopted

	profile json.RawMessage // the target's, as it is
	schema  *schema.Schema
}

// MergeStore writes what only a merge changes about users. Both methods follow an
// UpdateUser of both users in the same unit of work.
type MergeStore interface {
	// MergeIdentifiers puts all in the place of what both users have, as the target's;
	// ErrChanged where they have others.
	MergeIdentifiers(ctx context.Context, source, target ID, all []Identifier) error
	// NoteMerged replaces when a user was made, and was last here.
	NoteMerged(ctx context.Context, id ID, created time.Time, lastLogin *time.Time) error
}

// MergerDeps are what a Merger needs.
type MergerDeps struct {
	Users *Service
	Store MergeStore
}

// Merger makes one user of two, as far as this room goes; see merge.
type Merger struct{ deps MergerDeps }

// NewMerger makes a Merger.
func NewMerger(deps MergerDeps) *Merger { return &Merger{deps: deps} }

// Schema is what Plan reads profiles with: the newest, or a newer one that a profile was
// written under.
func (m *Merger) Schema(ctx context.Context, current *schema.Schema, both ...User) (*schema.Schema, error) {
	for _, one := range both {
		if one.SchemaVersion > current.Version() {
			newer, err := m.deps.Users.deps.Schemas.For(ctx, one.SchemaVersion)
			if err != nil {
				return nil, err
			}
			current = newer
		}
	}
	return current, nil
}

// Plan tells what becomes of the target, and writes nothing. The source's identifiers
// move as they are, proven or not, and are the first choice only of a type that the target
// has none of. What both say differently stays the target's, or the source's where that is
// preferred. ErrIdentifierLimit.
func (m *Merger) Plan(current *schema.Schema, target, source User, preferSource bool) (Merged, error) {
	merged := Merged{Source: source, Target: target, profile: target.Profile, schema: current}
	if len(target.Identifiers)+len(source.Identifiers) > m.deps.Users.config.MaxIdentifiers {
		return Merged{}, ErrIdentifierLimit
	}
	for _, moved := range source.Identifiers {
		moved.Primary = moved.Primary && !slices.ContainsFunc(target.Identifiers, moved.sameType)
		merged.Moved = append(merged.Moved, moved)
	}
	merged.Target.Identifiers = slices.Concat(target.Identifiers, merged.Moved)
	slices.SortStableFunc(merged.Target.Identifiers, func(a, b Identifier) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), compareIDs(a.ID, b.ID))
	})
	if source.CreatedAt.Before(target.CreatedAt) {
		merged.Target.CreatedAt = source.CreatedAt
	}
	if target.LastLoginAt == nil || source.LastLoginAt != nil && source.LastLoginAt.After(*target.LastLoginAt) {
		merged.Target.LastLoginAt = source.LastLoginAt
	}
	var err error
	if merged.Profile, err = merged.adoptProfile(preferSource); err != nil {
		return Merged{}, err
	}
	if merged.Target.PublicMetadata, merged.PublicMetadata, err = adoptMetadata(target.PublicMetadata, source.PublicMetadata, preferSource); err != nil {
		return Merged{}, err
	}
	merged.Target.PrivateMetadata, merged.PrivateMetadata, err = adoptMetadata(target.PrivateMetadata, source.PrivateMetadata, preferSource)
	return merged, err
}

// adopt decides which members of an object go into another; put takes one over, or tells
// that it cannot be had.
func adopt(own, theirs map[string]json.RawMessage, preferTheirs bool, put func(name string, value json.RawMessage) (bool, error)) (Adopted, error) {
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

func members(object json.RawMessage) (map[string]json.RawMessage, error) {
	read := map[string]json.RawMessage{}
	if len(object) == 0 {
		return read, nil
	}
	err := json.Unmarshal(object, &read)
	return read, err
}

// adoptProfile takes over what fits the schema.
func (merged *Merged) adoptProfile(preferSource bool) (Adopted, error) {
	own, err := members(merged.Target.Profile)
	if err != nil {
		return Adopted{}, err
	}
	theirs, err := members(merged.Source.Profile)
	if err != nil {
		return Adopted{}, err
	}
	return adopt(own, theirs, preferSource, func(name string, value json.RawMessage) (bool, error) {
		with, err := merged.schema.Put(merged.Target.Profile, name, value)
		if err == nil {
			merged.Target.Profile = with
			return true, nil
		}
		if errors.Is(err, schema.ErrProfileInvalid) {
			return false, nil
		}
		return false, err
	})
}

// adoptMetadata takes over what there is room for. It only adds lengths, as there may be
// many members, and all of them have their one spelling.
func adoptMetadata(held, other json.RawMessage, preferOther bool) (json.RawMessage, Adopted, error) {
	own, err := members(held)
	if err != nil {
		return nil, Adopted{}, err
	}
	theirs, err := members(other)
	if err != nil {
		return nil, Adopted{}, err
	}
	after, size := maps.Clone(own), max(len(held), len("{}"))
	told, err := adopt(own, theirs, preferOther, func(name string, value json.RawMessage) (bool, error) {
		more := len(value) - len(own[name])
		if _, both := own[name]; !both {
			spelled, err := json.Marshal(name) // no shorter than it is stored
			if err != nil {
				return false, err
			}
			more += len(spelled) + len(":,")
		}
		if size+more > maxMetadata {
			return false, nil
		}
		after[name], size = value, size+more
		return true, nil
	})
	if err != nil || len(told.changed()) == 0 {
		return held, told, err
	}
	written, err := json.Marshal(after)
	if err != nil {
		return nil, Adopted{}, err
	}
	with, ok := schema.MergeObjects(nil, written, 8*maxMetadata) // the one spelling, which is shorter
	if !ok {
		return nil, Adopted{}, ErrMetadataInvalid
	}
	return with, told, nil
}

// Apply makes the target what was planned and a tombstone of the source, where both are
// as they were for the plan (ErrChanged), and tells of it; the source's rows are the
// caller's to erase. It joins the caller's unit of work.
func (m *Merger) Apply(ctx context.Context, merged Merged) error {
	store, now := m.deps.Users.deps.Store, m.deps.Users.deps.Clock.Now()
	target, gone := merged.Target, merged.Source
	changes := merged.Profile.changed()
	if len(changes) > 0 {
		target.SchemaVersion, target.IndexedSchema = merged.schema.Version(), merged.schema.Version()
	}
	gone.Status, gone.Profile, gone.PublicMetadata, gone.PrivateMetadata = Deleted, json.RawMessage("{}"), nil, nil
	for _, written := range []User{target, gone} {
		written.UpdatedAt = now
		if err := store.UpdateUser(ctx, written); err != nil {
			return err
		}
	}
	if err := m.deps.Store.MergeIdentifiers(ctx, gone.ID, target.ID, target.Identifiers); err != nil {
		return err
	}
	if err := m.deps.Store.NoteMerged(ctx, target.ID, target.CreatedAt, target.LastLoginAt); err != nil {
		return err
	}
	if len(changes) > 0 {
		attributes, err := merged.schema.Attributes(target.Profile)
		if err != nil {
			return err
		}
		if err := store.ReplaceAttributes(ctx, target.ID, attributes); err != nil {
			return err
		}
	}
	for _, told := range merged.tell(changes) {
		if err := m.deps.Users.deps.Events.Record(ctx, told); err != nil {
			return err
		}
	}
	return nil
}

// tell is what happened to the target.
func (merged *Merged) tell(changes []string) []event.Draft {
	target := merged.Target.ID
	told := []event.Draft{draft(EventMerged, target, MergedData{SourceUserID: merged.Source.ID})}
	for _, moved := range merged.Moved {
		told = append(told, identifierDraft(EventIdentifierAdded, target, moved))
	}
	if len(changes) > 0 {
		told = append(told, updated(target, changes, merged.profile, merged.Target.Profile, merged.schema))
	}
	which := []string{}
	if len(merged.PublicMetadata.changed()) > 0 {
		which = append(which, "public")
	}
	if len(merged.PrivateMetadata.changed()) > 0 {
		which = append(which, "private")
	}
	if len(which) > 0 {
		told = append(told, metadataUpdated(target, which))
	}
	return told
}

// TellGone says that the source is no more, once all about it was erased.
func (m *Merger) TellGone(ctx context.Context, merged Merged) error {
	gone := merged.Source.ID
	for _, told := range []event.Draft{draft(EventMergedInto, gone, MergedIntoData{TargetUserID: merged.Target.ID}), draft(EventDeleted, gone, StatusData{})} {
		if err := m.deps.Users.deps.Events.Record(ctx, told); err != nil {
			return err
		}
	}
	return nil
}
