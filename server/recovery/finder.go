package recovery

import (
	"context"
	"errors"
	"fmt"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/server/user"
)

const (
	addressPurpose   = "recovery.address"
	recipientPurpose = "recovery.recipient"
)

// FinderDeps are what a Finder needs.
type FinderDeps struct {
	Store   Store
	Tenants *tenant.Service
	Clock   clock.Clock
}

// Finder tells which account an address opens. It stands apart from the Service, since
// whoever sends messages asks it, and the Service has messages sent.
type Finder struct{ deps FinderDeps }

// NewFinder makes a Finder.
func NewFinder(deps FinderDeps) (*Finder, error) {
	if deps.Store == nil || deps.Tenants == nil || deps.Clock == nil {
		return nil, errors.New("recovery: a dependency is missing")
	}
	return &Finder{deps: deps}, nil
}

// Opens names the user whose account an address opens now, as it was typed; false where it
// opens none, or where nobody could say which.
func (f *Finder) Opens(ctx context.Context, to user.Identifier) (user.ID, bool, error) {
	digest, err := f.digest(ctx, to.Type, to.Lookup)
	if err != nil {
		return user.ID{}, false, err
	}
	now := f.deps.Clock.Now()
	found, err := f.deps.Store.RecoveriesTo(ctx, digest, now, 2)
	if err != nil || len(found) != 1 || found[0].At(now) != Open {
		return user.ID{}, false, err
	}
	same, err := f.sameMailbox(ctx, found[0], to.Value)
	if err != nil || !same {
		return user.ID{}, false, err
	}
	return found[0].UserID, true, nil
}

// sameMailbox tells whether an address that compares like the one of a recovery is that one.
func (f *Finder) sameMailbox(ctx context.Context, found Recovery, typed string) (bool, error) {
	value, err := f.open(ctx, found)
	return err == nil && user.Identifier{Type: found.Type, Value: value}.SameMailbox(typed), err
}

// open is the address of a recovery.
func (f *Finder) open(ctx context.Context, found Recovery) (string, error) {
	box, err := f.deps.Tenants.Box(ctx)
	if err != nil {
		return "", err
	}
	value, err := box.Open(recipientPurpose, found.Recipient, []byte(found.UserID.String()))
	if err != nil {
		return "", fmt.Errorf("recovery: %w", err)
	}
	return string(value), nil
}

func (f *Finder) digest(ctx context.Context, kind user.IdentifierType, lookup string) ([32]byte, error) {
	box, err := f.deps.Tenants.Box(ctx)
	if err != nil {
		return [32]byte{}, err
	}
	return box.MAC(addressPurpose, []byte(kind), []byte(lookup)), nil
}
