package user

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/user/adoption"
)

// Own is a user as they may see themselves.
type Own struct{ User }

// Own leaves out of a user what is not theirs to see.
func (s *Service) Own(ctx context.Context, user User) (Own, error) {
	current, err := s.deps.Schemas.For(ctx, user.SchemaVersion)
	if err != nil {
		return Own{}, err
	}
	user.PrivateMetadata = nil
	user.Profile, err = current.Shown(user.Profile)
	return Own{User: user}, err
}

// Locale is the language that the person says they read, as a BCP 47 tag; empty when
// they do not say. What is hidden from them is nothing that they say.
func (u Own) Locale() string {
	var claims struct {
		Locale string `json:"locale"`
	}
	if json.Unmarshal(u.Profile, &claims) != nil {
		return "" // a schema may keep something else under this name
	}
	return claims.Locale
}

// Schema is what profiles of the tenant in scope are checked with.
func (s *Service) Schema(ctx context.Context) (*schema.Schema, error) {
	return s.deps.Schemas.Current(ctx)
}

// Profile reads the profile of a user who is yet to be created, as they give it;
// schema.ErrProfileInvalid.
func (s *Service) Profile(ctx context.Context, profile json.RawMessage) (json.RawMessage, error) {
	current, err := s.deps.Schemas.Current(ctx)
	if err != nil {
		return nil, err
	}
	return current.Check(profile, schema.Person)
}

// MergeProfile applies their patch to such a profile; schema.ErrProfileInvalid.
func (s *Service) MergeProfile(ctx context.Context, profile, patch json.RawMessage) (json.RawMessage, error) {
	current, err := s.deps.Schemas.Current(ctx)
	if err != nil {
		return nil, err
	}
	merged, _, err := current.MergePatch(profile, patch, schema.Person)
	return merged, err
}

// UpdateProfile merges a patch into the profile, as its person or an operator makes it.
// A version that is given must be the stored one (ErrChanged); without one the patch
// goes onto whatever is there. A patch that changes nothing writes nothing.
func (s *Service) UpdateProfile(ctx context.Context, id ID, by schema.Writer, version *int64, patch json.RawMessage) (User, error) {
	current, err := s.deps.Schemas.Current(ctx) // from memory, which a unit of work does not ask
	if err != nil {
		return User{}, err
	}
	return s.amend(ctx, id, version, func(ctx context.Context, user *User) (amendment, error) {
		if current, err = s.reads(ctx, current, *user); err != nil {
			return amendment{}, err
		}
		profile, fields, err := current.MergePatch(user.Profile, patch, by)
		if err != nil || len(fields) == 0 {
			return amendment{}, err
		}
		told := updated(id, fields, user.Profile, profile, current)
		attributes, err := current.Attributes(profile)
		if err != nil {
			return amendment{}, err
		}
		user.Profile, user.SchemaVersion, user.IndexedSchema = profile, current.Version(), current.Version()
		return amendment{
			told:  []event.Draft{told},
			write: func(ctx context.Context) error { return s.deps.Store.ReplaceAttributes(ctx, id, attributes) },
		}, nil
	})
}

// reads is the newest schema, or a newer one that the user's profile was written under.
func (s *Service) reads(ctx context.Context, current *schema.Schema, of User) (*schema.Schema, error) {
	if of.SchemaVersion <= current.Version() {
		return current, nil
	}
	return s.deps.Schemas.For(ctx, of.SchemaVersion)
}

// updated names the claims that changed, with what they were and are sealed. Where none is
// the person's to see, the event is not told to them, and no key of theirs seals anything.
func updated(id ID, fields []string, before, after json.RawMessage, current *schema.Schema) event.Draft {
	told := draft(EventUpdated, id, UpdatedData{Fields: fields})
	told.Personal = UpdatedPersonal{ClaimsBefore: among(fields, before), ClaimsAfter: among(fields, after)}
	if !slices.ContainsFunc(fields, current.Shows) {
		told.Person, told.Personal = "", nil
	}
	return told
}

func among(names []string, object json.RawMessage) map[string]json.RawMessage {
	all, _ := adoption.Members(object) // it was written as one
	maps.DeleteFunc(all, func(name string, _ json.RawMessage) bool { return !slices.Contains(names, name) })
	return all
}

// Words are the texts of a profile, so that a password can be told apart from them.
func Words(profile json.RawMessage) []string {
	var claims map[string]any
	if json.Unmarshal(profile, &claims) != nil {
		return nil
	}
	words := []string{}
	for _, value := range claims {
		if text, ok := value.(string); ok {
			words = append(words, text)
		}
	}
	slices.Sort(words)
	return words
}

// Words are those of the profile, and what finds the user.
func (u User) Words() []string {
	words := Words(u.Profile)
	for _, identifier := range u.Identifiers {
		words = append(words, identifier.Value)
	}
	return words
}
