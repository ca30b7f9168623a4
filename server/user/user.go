package user

import (
	"context"
	"encoding/json"
	"time"

	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/schema"
)

type idKind struct{}

func (idKind) Prefix() string { return "usr" }

// ID names a user.
type ID = id.Of[idKind]

// Status tells whether a user may have sessions.
type Status string

// The states of a user.
const (
	Active            Status = "active"
	Suspended         Status = "suspended"
	DeletionScheduled Status = "deletion_scheduled"
	Deleted           Status = "deleted" // a tombstone: nothing but the id is left
)

type identifierKind struct{}

func (identifierKind) Prefix() string { return "idn" }

// IdentifierID names an identifier to whoever holds it; it never changes.
type IdentifierID = id.Of[identifierKind]

// Identifier finds a user. Within a tenant, type and lookup value are unique.
type Identifier struct {
	ID         IdentifierID
	Type       IdentifierType
	Value      string // as it is shown
	Lookup     string // as it is compared
	Primary    bool   // one per type
	VerifiedAt *time.Time
	CreatedAt  time.Time
}

// User is a person who signs in.
type User struct {
	ID            ID
	Status        Status
	Guest         bool         `json:",omitempty"` // nothing finds them, and nothing proves them but the session they have
	Identifiers   []Identifier // in order of creation
	Profile       json.RawMessage
	SchemaVersion int        // that the profile was last written or indexed under
	IndexedSchema int        // that the attributes follow; a later one than SchemaVersion: see the room filler
	DeleteAt      *time.Time // when all about the user is to be erased; nil: never
	LastLoginAt   *time.Time // to the minute; nil: not since this is noted

	PublicMetadata  json.RawMessage `json:",omitempty"` // what operators keep about the user, as an object; nil: nothing
	PrivateMetadata json.RawMessage `json:"-"`          // likewise, and never the person's to see

	CreatedAt time.Time
	UpdatedAt time.Time
	Version   int64
}

// Store keeps users and their identifiers.
type Store interface {
	// InsertUser adds a user with identifiers; ErrIdentifierTaken when one of them
	// finds somebody else.
	InsertUser(ctx context.Context, user User) error
	// UserByID finds a user of any status; ErrUnknown.
	UserByID(ctx context.Context, id ID) (User, error)
	// UserByIdentifier finds the user an identifier belongs to; ErrUnknown.
	UserByIdentifier(ctx context.Context, kind IdentifierType, lookup string) (User, error)
	// UpdateUser replaces status, profile, metadata, schema versions and the time of
	// deletion where the stored version is user.Version, and raises it; ErrChanged otherwise.
	UpdateUser(ctx context.Context, user User) error
	// InsertIdentifier adds one after those that the user has; ErrIdentifierTaken.
	// This and the next two follow an UpdateUser in the same unit of work, which keeps
	// other changes of the user out.
	InsertIdentifier(ctx context.Context, id ID, added Identifier) error
	// DeleteIdentifier frees one of the user's; ErrIdentifierUnknown.
	DeleteIdentifier(ctx context.Context, id ID, removed Identifier) error
	// UpdateIdentifier replaces VerifiedAt and Primary of one of the user's; a primary one
	// takes the place of any other of its type. ErrIdentifierUnknown.
	UpdateIdentifier(ctx context.Context, id ID, changed Identifier) error
	// ReplaceAttributes puts what a user can be found by in the place of what there was;
	// it too follows a write of the user in the same unit of work.
	ReplaceAttributes(ctx context.Context, id ID, attributes []schema.Attribute) error
	// UsersByAttribute lists who has an attribute, by id, after the one that is given
	// (zero: from the start).
	UsersByAttribute(ctx context.Context, wanted schema.Attribute, after ID, limit int) ([]ID, error)
	// SearchUsers goes along a walk and gives whom it comes by, of any status, from the
	// walk's After. An index gives them in order.
	SearchUsers(ctx context.Context, walk Walk, limit int) ([]Found, error)
}
