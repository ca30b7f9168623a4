package user

import (
	"time"

	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/user/identifier"
)

// Cursor is a place on a walk over users: what the walk goes by, and the user. The key
// is part of it because the user's own may have changed, or be gone, when the walk goes
// on.
type Cursor struct {
	ID     ID             `json:"id"`
	At     time.Time      `json:"at,omitzero"`     // where a time is walked along
	Type   IdentifierType `json:"type,omitempty"`  // where identifiers are
	Lookup string         `json:"lookup,omitzero"` // likewise
}

// IsZero tells whether it is the place before all.
func (c Cursor) IsZero() bool { return c.ID.IsZero() }

// Valid tells whether a walk can go on from there.
func (c Cursor) Valid() bool {
	return !c.IsZero() && (c.Lookup == "" || len(identifier.Prefixes(c.Lookup)) > 0)
}

// WalkBy is the index that a walk goes along.
type WalkBy int

// The indexes.
const (
	ByUserID WalkBy = iota
	ByStatus
	ByCreated
	ByLastLogin
	ByAttribute
	ByLookup // the one user with that identifier
	ByPrefix
)

// Walk is a way along an index of users.
type Walk struct {
	By           WalkBy
	Status       Status           // ByStatus
	From, Before time.Time        // ByCreated, ByLastLogin; zero: no bound
	Attribute    schema.Attribute // ByAttribute
	Type         IdentifierType   // ByLookup, ByPrefix
	Text         string           // likewise, as it is compared
	Descending   bool
	After        Cursor // zero: from the start
}

// Found is a user and the place where a walk came by.
type Found struct {
	Cursor
	User User
}
