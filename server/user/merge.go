package user

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/user/adoption"
)

// Merged is what one user becomes when another is made part of them.
type Merged struct {
	Source          User
	Target          User         // as it is to be, but for the version
	Moved           []Identifier // as the target has them
	Profile         adoption.Adopted
	PublicMetadata  adoption.Adopted
	PrivateMetadata adoption.Adopted

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
// preferred. ErrIdentifierLimit; ErrGuest where the target is one, who would be found.
func (m *Merger) Plan(current *schema.Schema, target, source User, preferSource bool) (Merged, error) {
	merged := Merged{Source: source, Target: target, profile: target.Profile, schema: current}
	if target.Guest {
		return Merged{}, ErrGuest
	}
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
	if merged.Target.PublicMetadata, merged.PublicMetadata, err = adoption.Metadata(target.PublicMetadata, source.PublicMetadata, preferSource, maxMetadata); err != nil {
		return Merged{}, err
	}
	merged.Target.PrivateMetadata, merged.PrivateMetadata, err = adoption.Metadata(target.PrivateMetadata, source.PrivateMetadata, preferSource, maxMetadata)
	return merged, err
}

// adoptProfile takes over what fits the schema.
func (merged *Merged) adoptProfile(preferSource bool) (adoption.Adopted, error) {
	own, err := adoption.Members(merged.Target.Profile)
	if err != nil {
		return adoption.Adopted{}, err
	}
	theirs, err := adoption.Members(merged.Source.Profile)
	if err != nil {
		return adoption.Adopted{}, err
	}
	return adoption.Decide(own, theirs, preferSource, func(name string, value json.RawMessage) (bool, error) {
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

// Apply makes the target what was planned and a tombstone of the source, where both are
// as they were for the plan (ErrChanged), and tells of it; the source's rows are the
// caller's to erase. It joins the caller's unit of work.
func (m *Merger) Apply(ctx context.Context, merged Merged) error {
	store, now := m.deps.Users.deps.Store, m.deps.Users.deps.Clock.Now()
	target, gone := merged.Target, merged.Source
	changes := merged.Profile.Changed()
	if len(changes) > 0 {
		target.SchemaVersion, target.IndexedSchema = merged.schema.Version(), merged.schema.Version()
	}
	gone.Status, gone.Guest, gone.Profile, gone.PublicMetadata, gone.PrivateMetadata = Deleted, false, json.RawMessage("{}"), nil, nil
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
	if len(merged.PublicMetadata.Changed()) > 0 {
		which = append(which, "public")
	}
	if len(merged.PrivateMetadata.Changed()) > 0 {
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
