package export

import (
	"context"

	"github.com/lintel-id/lintel/server/user"
)

// Subject is whom an export is about, and for whom it is made.
type Subject struct {
	// User is what the profile section tells: reduced to what is the person's to see in an
	// export of their own.
	User user.User
	// Own tells that the person reads it, and not whoever manages the tenant.
	Own bool
	// Shows tells whether a claim of the profile is the reader's to see.
	Shows func(claim string) bool
}

// Held is what a holder says that it holds.
type Held struct {
	// Section is the name in the document.
	Section string
	// Tables are those whose rows about a person are told there; each table is some one
	// holder's.
	Tables []string
	// Operators tells that the section is in no export of the person's own.
	Operators bool
}

// Give takes a record: what is told to every reader, an object with a member at least,
// and what stands under its member internal for whoever manages the tenant; nil: nothing
// does.
type Give func(record, internal any) error

// Holder is whoever holds something about people.
type Holder interface {
	// Held names what it holds.
	Held() Held
	// ExportUser gives all that is held about the person, the oldest first, without a
	// secret, a bounded page of rows in memory at a time.
	ExportUser(ctx context.Context, about Subject, give Give) error
}
