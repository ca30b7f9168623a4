package step

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/invitation"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/user"
)

// Invited is the invitation that a run accepts when it ends, as it was when it was brought, and
// where the run began with it.
type Invited struct {
	ID      invitation.ID   `json:"id"`
	Digest  secret.Digest   `json:"digest"`
	To      code.Address    `json:"to"`
	Proves  bool            `json:"proves,omitempty"`  // whoever brought it reads what is sent there
	ByUser  bool            `json:"by_user,omitempty"` // a user asked for it, and nobody who manages the tenant
	Profile json.RawMessage `json:"profile,omitempty"`
	Node    string          `json:"node"`
	Free    bool            `json:"free,omitempty"`
	Owned   bool            `json:"owned,omitempty"`
	At      time.Time       `json:"at"`
}

// Begin has a state stand where the run began.
func (i *Invited) Begin(state *State) {
	state.Invited, state.Node, state.Free, state.Profile = i, i.Node, i.Free, i.Profile
	state.Identifier = new(Identifier(i.To))
	if i.Owned {
		state.Owned = &Owned{Address: i.To, At: i.At}
	}
}

// Doorway lets in who brings an invitation.
type Doorway struct{ newcomers }

// NewDoorway makes a Doorway.
func NewDoorway(deps Deps) Doorway {
	return Doorway{deps.newcomers()}
}

// Enter notes in a run that begins whom it is about: who has proven the address where that is
// where the invitation went, and who has named it otherwise. What anybody could ask for lets
// nobody in to an account that there is: it proves nothing of its owner then. user.ErrIdentifierTaken,
// user.ErrIdentifierUnprovable and what a mailbox is refused for.
func (d Doorway) Enter(ctx context.Context, run Run, brought *Invited) error {
	to := brought.To
	if !brought.Proves {
		return d.named(ctx, run, to)
	}
	found, err := d.users.ByIdentifier(ctx, to.Type, to.Lookup)
	if err != nil && !errors.Is(err, user.ErrUnknown) {
		return err
	}
	held, _ := found.Holds(to.Type, to.Lookup)
	signsIn := run.Journey.Proof == journey.Either && found.ProvenBy(to.Type, to.Lookup, to.Value)
	if held.VerifiedAt != nil && !signsIn {
		return user.ErrIdentifierTaken
	}
	if signsIn && brought.ByUser {
		brought.Proves = false
		return d.named(ctx, run, to)
	}
	run.State.Identifier = new(Identifier(to))
	if !signsIn {
		run.State.Free, run.State.Owned = true, &Owned{Address: to, At: run.Now}
	}
	return nil
}

// named is for an address that nothing has proven.
func (d Doorway) named(ctx context.Context, run Run, to code.Address) error {
	_, err := identifierStep(d).Answer(ctx, run, IdentifierSubmission{OfferID: "", Identifier: to.Value})
	return err
}

// broughtProof tells whether an answer without anything goes on, since whoever is at the run
// has proven its address by bringing an invitation.
func broughtProof(run Run) bool {
	return run.State.Invited != nil && run.State.Invited.Proves && run.State.Challenge == nil && run.State.Proven == nil
}

// unheld answers whether a run whose address was proven may make a user with it: whoever says
// to have it without having proven it loses it.
func (n newcomers) unheld(ctx context.Context, identifier Identifier) (bool, error) {
	found, err := n.users.ByIdentifier(ctx, identifier.Type, identifier.Lookup)
	if errors.Is(err, user.ErrUnknown) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	if held, _ := found.Holds(identifier.Type, identifier.Lookup); held.VerifiedAt != nil {
		return false, user.ErrIdentifierTaken
	}
	return true, nil
}
