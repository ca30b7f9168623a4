package own

import (
	"context"
	"slices"

	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/user"
)

// Limiter bounds how often one source may ask what only a look-up can answer; risk
// fills it in.
type Limiter interface {
	// Submission counts one answer from the address in ctx; a fault of kind TooMany
	// when there have been too many.
	Submission(ctx context.Context) error
}

// Mailboxes say which email addresses can be had; mailbox fills it in.
type Mailboxes interface {
	// Check judges an address as it is compared; user.ErrIdentifierInvalid at /identifier.
	Check(ctx context.Context, address string) error
}

// Notices follow what users change about what finds them; reversal fills it in.
type Notices interface {
	// IdentifierChanged tells the owner, within the unit of work of the change. A fault of kind
	// TooMany: a removal has to wait until its way back can be sent.
	IdentifierChanged(ctx context.Context, change Change) error
}

// Change is one that a user made of what finds them.
type Change struct {
	Owner      user.ID
	Identifier user.Identifier // as it is, or as it was where it is removed
	Removed    bool
	From
}

// From is where a change is made.
type From struct {
	Application string // the id of the one that it is made with
}

// Deps are what Identifiers needs.
type Deps struct {
	Users     *user.Service
	Tx        tx.Runner
	Limiter   Limiter
	Mailboxes Mailboxes
	Notices   Notices
}

// Identifiers is the use case of a signed-in user who changes what finds them. The
// caller has made sure that the authentication is fresh.
type Identifiers struct{ deps Deps }

// New makes an Identifiers.
func New(deps Deps) *Identifiers { return &Identifiers{deps: deps} }

// Added is an identifier that a user wants to be found by as well.
type Added struct {
	Type    user.IdentifierType // empty: whatever the text is meant to be
	Value   string              // as it was typed
	Allowed []user.IdentifierType
	From    From
}

// Add gives the user one more identifier, which nothing has proven yet. A type that
// is not allowed is refused before anything is looked up, taken or free. Whoever has
// the identifier already keeps it, and adding it again changes nothing.
// user.ErrIdentifierInvalid, user.ErrIdentifierUnprovable, user.ErrIdentifierLimit, user.ErrIdentifierTaken.
func (s *Identifiers) Add(ctx context.Context, owner user.ID, wanted Added) (user.Identifier, error) {
	if err := s.deps.Limiter.Submission(ctx); err != nil {
		return user.Identifier{}, err
	}
	if wanted.Type == "" {
		wanted.Type = user.Detect(wanted.Value)
	}
	added, err := user.Normalise(wanted.Type, wanted.Value)
	if err != nil {
		return user.Identifier{}, user.Pointing(err, "/value")
	}
	if !slices.Contains(wanted.Allowed, added.Type) {
		return user.Identifier{}, user.ErrIdentifierUnprovable
	}
	if added.Type == user.Email {
		if err := s.deps.Mailboxes.Check(ctx, added.Lookup); err != nil {
			return user.Identifier{}, user.Pointing(err, "/value")
		}
	}
	var made user.Identifier
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		var fresh bool
		if made, fresh, err = s.deps.Users.AddIdentifier(ctx, owner, user.IdentifierInput{Type: added.Type, Value: wanted.Value, VerifiedAt: nil}); err != nil || !fresh {
			return err
		}
		return s.deps.Notices.IdentifierChanged(ctx, Change{Owner: owner, Identifier: made, Removed: false, From: wanted.From})
	})
	return made, err
}

// Remove frees one of the user's identifiers, and tells them of it. user.ErrIdentifierUnknown,
// user.ErrIdentifierLast, and a fault of kind TooMany where its way back cannot be sent for now.
func (s *Identifiers) Remove(ctx context.Context, owner user.ID, identifier user.IdentifierID, from From) error {
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		removed, err := s.deps.Users.RemoveIdentifier(ctx, owner, identifier)
		if err != nil {
			return err
		}
		return s.deps.Notices.IdentifierChanged(ctx, Change{Owner: owner, Identifier: removed, Removed: true, From: from})
	})
}

// MakePrimary makes one of the user's identifiers the first choice of its type;
// making it so again changes nothing. user.ErrIdentifierUnknown.
func (s *Identifiers) MakePrimary(ctx context.Context, owner user.ID, identifier user.IdentifierID) (user.Identifier, error) {
	chosen, _, err := s.deps.Users.ChangeIdentifier(ctx, owner, identifier, nil, user.IdentifierChange{Primary: true, Verified: nil})
	return chosen, err
}
