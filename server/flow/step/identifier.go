package step

import (
	"context"
	"errors"
	"slices"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/mailbox"
	"github.com/lintel-id/lintel/server/recovery"
	"github.com/lintel-id/lintel/server/user"
)

type identifierStep struct{ newcomers }

// newcomers decides who may become a user.
type newcomers struct {
	users     *user.Service
	mailboxes *mailbox.Policy
	codes     *code.Service
	opens     *recovery.Finder
}

// Offer needs that nobody was invited, who would be whom it is about.
func (identifierStep) Offer(run Run, id string) (Offer, bool) {
	return IdentifierOffer{ID: id, Types: []user.IdentifierType{user.Email, user.Phone, user.Username}}, run.State.Invited == nil
}

func (h identifierStep) Answer(ctx context.Context, run Run, submission Submission) (journey.Outcome, error) {
	identifier, err := normalise(submission.(IdentifierSubmission).Identifier)
	if err != nil {
		return "", err
	}
	free, err := h.mayRegister(ctx, run, identifier)
	switch {
	case err == nil:
		run.State.Free = free
	case run.Journey.Proof == journey.Registration || !isRefusalToRegister(err):
		return "", err
	default:
		run.State.Free = false // somebody may have it: the run goes on as a login would
	}
	run.State.Identifier = &identifier
	return journey.Identified, nil
}

func normalise(text string) (Identifier, error) {
	kind := user.Detect(text)
	normal, err := user.Normalise(kind, text)
	if err != nil {
		return Identifier{}, err
	}
	return Identifier{Type: kind, Value: normal.Value, Lookup: normal.Lookup}, nil
}

// mayRegister answers whether the run may make a user with this identifier. Where
// an address has to be proven before there is an account, taken and free ones get
// the same refusal before anything is looked up. A login never asks.
func (n newcomers) mayRegister(ctx context.Context, run Run, identifier Identifier) (bool, error) {
	if run.Journey.Proof != journey.Registration && run.Journey.Proof != journey.Either {
		return false, nil
	}
	if owned := run.State.Owned; owned != nil && owned.Type == identifier.Type && owned.Lookup == identifier.Lookup {
		return n.unheld(ctx, identifier)
	}
	if !slices.Contains(Unproven(run.Application), identifier.Type) {
		if run.Journey.Proof == journey.Either {
			return false, nil // whoever has it may sign in with it
		}
		return false, n.mayProve(ctx, run, identifier)
	}
	_, err := n.users.ByIdentifier(ctx, identifier.Type, identifier.Lookup)
	switch {
	case err == nil:
		return false, user.ErrIdentifierTaken
	case !errors.Is(err, user.ErrUnknown):
		return false, err
	case identifier.Type == user.Email:
		if err := n.mailboxes.Check(ctx, identifier.Lookup); err != nil {
			return false, err
		}
	}
	return true, nil
}

// mayProve answers whether somebody may become a user by proving an identifier, whoever has
// it: that is told once it is proven, and not before.
func (n newcomers) mayProve(ctx context.Context, run Run, identifier Identifier) error {
	if !n.codes.Reaches(identifier.Type) || !canProve(run) {
		return user.ErrIdentifierUnprovable
	}
	if identifier.Type != user.Email {
		return nil
	}
	return n.mailboxes.Check(ctx, identifier.Lookup)
}

// canProve tells whether the client shows any of the steps that prove an address.
func canProve(run Run) bool {
	accepts := run.State.Accepts
	return accepts == nil || slices.Contains(accepts, string(journey.Code)) || showsLink(run) && len(run.Application.LinkURIs) > 0
}

// showsLink tells whether the client shows the step that a link answers.
func showsLink(run Run) bool {
	accepts := run.State.Accepts
	return accepts == nil || slices.Contains(accepts, string(journey.Link))
}

// Unproven are the identifiers that a user of the application can have without proving
// them: where addresses have to be proven first, a username.
func Unproven(app application.Application) []user.IdentifierType {
	if app.OwnershipProof == application.Deferred {
		return []user.IdentifierType{user.Email, user.Phone, user.Username}
	}
	return []user.IdentifierType{user.Username}
}

// OwnershipWanted tells whether the address of a run's new user has to be proven still.
func OwnershipWanted(run Run) bool {
	return run.State.Identifier != nil && run.State.Owned == nil && !slices.Contains(Unproven(run.Application), run.State.Identifier.Type)
}

func isRefusalToRegister(err error) bool {
	return errors.Is(err, user.ErrIdentifierTaken) || errors.Is(err, user.ErrIdentifierUnprovable)
}

// named is the identifier that an answer is about: the one given before, or the
// one it brings; never both, so that no answer is about two people.
func named(run Run, text string) (Identifier, error) {
	switch before := run.State.Identifier; {
	case before != nil && text != "":
		return Identifier{}, ErrIdentifierGiven
	case before != nil:
		return *before, nil
	case text == "":
		return Identifier{}, ErrIdentifierMissing
	}
	return normalise(text)
}

func shown(run Run) string {
	if run.State.Identifier == nil {
		return ""
	}
	return run.State.Identifier.Value
}
