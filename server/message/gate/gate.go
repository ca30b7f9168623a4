package gate

import (
	"context"
	"errors"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/user"
)

// Holder keeps everybody else from changing or erasing a user, until a unit of work is over.
type Holder interface {
	// HoldUser locks the user's row; user.ErrUnknown for who is deleted.
	HoldUser(ctx context.Context, person user.ID) error
}

// Deps are what a Gate needs.
type Deps struct {
	Users  *user.Service
	Holder Holder
	Clock  clock.Clock
}

// Gate looks addresses up among the users of the tenant in scope.
type Gate struct{ deps Deps }

var _ message.Gate = (*Gate)(nil)

// New makes a Gate.
func New(deps Deps) (*Gate, error) {
	if deps.Users == nil || deps.Holder == nil || deps.Clock == nil {
		return nil, errDeps
	}
	return &Gate{deps: deps}, nil
}

// Holder tells whether an address finds a user who may sign in, and whom. They are held first
// and looked at then, so that nobody is let through whom another unit of work has just erased.
func (g *Gate) Holder(ctx context.Context, channel message.Channel, address string) (person string, found bool, err error) {
	kind := user.Email
	if channel == message.SMS {
		kind = user.Phone
	}
	holder, err := g.deps.Users.ByIdentifier(ctx, kind, address)
	if err == nil {
		err = g.deps.Holder.HoldUser(ctx, holder.ID)
	}
	if err == nil {
		holder, err = g.deps.Users.ByID(ctx, holder.ID)
	}
	switch {
	case errors.Is(err, user.ErrUnknown), errors.Is(err, user.ErrIdentifierInvalid):
		return "", false, nil
	case err != nil:
		return "", false, err
	case holder.RequireActive() != nil && !holder.Restorable(g.deps.Clock.Now()), !provenBy(holder, kind, address):
		return "", false, nil
	}
	return holder.ID.String(), true, nil
}

// provenBy tells whether whoever reads the address proves to be its holder. Where they do not,
// a code would prove nothing.
func provenBy(holder user.User, kind user.IdentifierType, address string) bool {
	normal, err := user.Normalise(kind, address)
	return err == nil && holder.ProvenBy(kind, normal.Lookup, normal.Value)
}
