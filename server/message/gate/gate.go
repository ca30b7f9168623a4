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

// Recoveries know which accounts open to an address that is nobody's; recovery fills it in.
type Recoveries interface {
	// Opens names the user whose account an address opens now, as it was typed; false where it
	// opens none.
	Opens(ctx context.Context, to user.Identifier) (user.ID, bool, error)
}

// Deps are what a Gate needs.
type Deps struct {
	Users      *user.Service
	Holder     Holder
	Recoveries Recoveries
	Clock      clock.Clock
}

// Gate looks addresses up among the users of the tenant in scope.
type Gate struct{ deps Deps }

var _ message.Gate = (*Gate)(nil)

// New makes a Gate.
func New(deps Deps) (*Gate, error) {
	if deps.Users == nil || deps.Holder == nil || deps.Recoveries == nil || deps.Clock == nil {
		return nil, errDeps
	}
	return &Gate{deps: deps}, nil
}

// Holder tells whether an address finds a user who may sign in, and whom. They are held first
// and looked at then, so that nobody is let through whom another unit of work has just erased.
func (g *Gate) Holder(ctx context.Context, channel message.Channel, address string) (reader message.Reader, found bool, err error) {
	kind := user.Email
	if channel == message.SMS {
		kind = user.Phone
	}
	normal, err := user.Normalise(kind, address)
	if errors.Is(err, user.ErrIdentifierInvalid) {
		return message.Reader{}, false, nil
	}
	if err != nil {
		return message.Reader{}, false, err
	}
	holder, err := g.deps.Users.ByIdentifier(ctx, kind, address)
	if err == nil {
		holder, err = g.held(ctx, holder.ID)
	}
	if err == nil && !holder.ProvenBy(kind, normal.Lookup, normal.Value) { // a code would prove nothing
		err = user.ErrUnknown
	}
	if errors.Is(err, user.ErrUnknown) {
		holder, err = g.regaining(ctx, normal)
	}
	switch {
	case errors.Is(err, user.ErrUnknown):
		return message.Reader{}, false, nil
	case err != nil:
		return message.Reader{}, false, err
	case holder.RequireActive() != nil && !holder.Restorable(g.deps.Clock.Now()):
		return message.Reader{}, false, nil
	}
	own, err := g.deps.Users.Own(ctx, holder)
	return message.Reader{Person: holder.ID.String(), Reads: own.Locale()}, err == nil, err
}

// held is a user as they are once nobody else can change them; user.ErrUnknown.
func (g *Gate) held(ctx context.Context, person user.ID) (user.User, error) {
	if err := g.deps.Holder.HoldUser(ctx, person); err != nil {
		return user.User{}, err
	}
	return g.deps.Users.ByID(ctx, person)
}

// regaining is the user whose account opens to an address; user.ErrUnknown.
func (g *Gate) regaining(ctx context.Context, to user.Identifier) (user.User, error) {
	owner, opens, err := g.deps.Recoveries.Opens(ctx, to)
	if err != nil {
		return user.User{}, err
	}
	if !opens {
		return user.User{}, user.ErrUnknown
	}
	return g.held(ctx, owner)
}
