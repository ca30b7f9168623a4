package reversal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/notice"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// Opened is what a link would undo, for whoever has it.
type Opened struct {
	Type      user.IdentifierType
	Masked    string // the identifier, with most of it left out
	RemovedAt time.Time
	ExpiresAt time.Time
}

// Open tells what a link would undo. It spends nothing: a program that opens every link does
// no harm. ErrInvalid, whatever is wrong with it.
func (s *Service) Open(ctx context.Context, token secret.Text) (Opened, error) {
	found, err := s.find(ctx, token)
	if err != nil {
		return Opened{}, err
	}
	if err := s.leads(ctx, found); err != nil {
		return Opened{}, err
	}
	removed, err := s.Removed(ctx, found)
	if err != nil {
		return Opened{}, err
	}
	return Opened{Type: removed.Type, Masked: addressOf(removed).Masked(), RemovedAt: found.CreatedAt, ExpiresAt: found.ExpiresAt}, nil
}

func addressOf(held user.Identifier) code.Address {
	return code.Address{Type: held.Type, Value: held.Value, Lookup: held.Lookup}
}

// Use undoes it, once. ErrInvalid, whatever is wrong with the link; user.ErrIdentifierTaken
// where somebody else has proven the address since.
func (s *Service) Use(ctx context.Context, token secret.Text) error {
	found, err := s.find(ctx, token)
	if err != nil {
		return err
	}
	removed, err := s.Removed(ctx, found)
	if err != nil {
		return err
	}
	ctx = reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.User, ID: found.UserID.String()})
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		// The user's row comes first, as it does where they are erased.
		if err := s.deps.Holder.HoldUser(ctx, found.UserID); err != nil {
			return invalidWhereGone(err)
		}
		if err := s.leads(ctx, found); err != nil {
			return err
		}
		switch first, err := s.deps.Store.DeleteReversal(ctx, found.ID); {
		case err != nil:
			return fmt.Errorf("spend reversal: %w", err)
		case !first:
			return ErrInvalid
		}
		return s.undo(ctx, found, removed)
	})
}

// find is the way back that a link opens, as long as it does.
func (s *Service) find(ctx context.Context, text secret.Text) (Reversal, error) {
	if err := s.deps.Guesses.Submission(ctx); err != nil {
		return Reversal{}, err
	}
	token, ok := secret.ParseToken(tokenPrefix, text.Reveal())
	if !ok {
		return Reversal{}, ErrInvalid
	}
	found, err := s.deps.Store.ReversalByDigest(ctx, token.Digest())
	if err == nil && !s.deps.Clock.Now().Before(found.ExpiresAt) {
		err = ErrInvalid
	}
	return found, err
}

// leads tells whether a way back leads anywhere: who is suspended is kept out by whoever
// manages the tenant, and no link changes that. ErrInvalid.
func (s *Service) leads(ctx context.Context, of Reversal) error {
	who, err := s.deps.Users.ByID(ctx, of.UserID)
	if err == nil && who.Status != user.Active && !who.Restorable(s.deps.Clock.Now()) {
		err = ErrInvalid
	}
	return invalidWhereGone(err)
}

func invalidWhereGone(err error) error {
	if errors.Is(err, user.ErrUnknown) {
		return ErrInvalid.Because(err)
	}
	return err
}

// undo gives the address back and takes away what whoever removed it may have.
func (s *Service) undo(ctx context.Context, spent Reversal, removed user.Identifier) error {
	since := spent.CreatedAt.Add(-spent.ExpiresAt.Sub(spent.CreatedAt))
	loser, err := s.deps.Reclaims.Reclaim(ctx, spent.UserID, removed, since)
	if err != nil {
		return err
	}
	if !loser.IsZero() {
		if _, err := s.deps.Sessions.EndOthers(ctx, loser, session.ID{}, session.IdentifierProven); err != nil {
			return err
		}
	}
	if err := s.deps.Passwords.Remove(ctx, spent.UserID); err != nil {
		return err
	}
	if err := s.deps.Passkeys.RemoveSince(ctx, spent.UserID, since, passkey.ByReversal); err != nil {
		return err
	}
	if _, err := s.deps.Sessions.EndOthers(ctx, spent.UserID, session.ID{}, session.IdentifierRestored); err != nil {
		return err
	}
	if err := s.withdraw(ctx, spent, removed, since); err != nil {
		return err
	}
	if err := s.deps.Recoveries.Withdraw(ctx, spent.UserID); err != nil { // whoever has it back was not told of one
		return err
	}
	if err := s.record(ctx, EventUsed, spent, removed, EndedData{UserID: spent.UserID.String(), IdentifierType: removed.Type}); err != nil {
		return err
	}
	return s.deps.Notices.Tell(ctx, notice.Notice{
		Owner: spent.UserID, Kind: message.AccountRecovered, Application: spent.ApplicationID.String(), Locale: "", Values: nil,
	})
}

// withdraw ends the user's other ways back to the same address, and to those that were added or
// proven since, later than this one.
func (s *Service) withdraw(ctx context.Context, spent Reversal, removed user.Identifier, since time.Time) error {
	others, err := s.deps.Store.ReversalsOfUser(ctx, spent.UserID)
	if err != nil {
		return fmt.Errorf("find reversals: %w", err)
	}
	for _, other := range others {
		held, err := s.Removed(ctx, other)
		if err != nil {
			return err
		}
		same := held.Type == removed.Type && held.Lookup == removed.Lookup
		if !same && (!held.Since(since) || !held.VerifiedAt.After(*removed.VerifiedAt)) {
			continue
		}
		if err := s.end(ctx, other, held); err != nil {
			return err
		}
	}
	return nil
}

// end ends a way back that nobody has gone.
func (s *Service) end(ctx context.Context, other Reversal, held user.Identifier) error {
	if _, err := s.deps.Store.DeleteReversal(ctx, other.ID); err != nil {
		return fmt.Errorf("withdraw reversal: %w", err)
	}
	return s.record(ctx, EventWithdrawn, other, held, EndedData{UserID: other.UserID.String(), IdentifierType: held.Type})
}

// WithdrawAll ends all ways back of a user, within the unit of work in ctx.
func (s *Service) WithdrawAll(ctx context.Context, owner user.ID) error {
	all, err := s.deps.Store.ReversalsOfUser(ctx, owner)
	if err != nil {
		return fmt.Errorf("find reversals: %w", err)
	}
	for _, one := range all {
		held, err := s.Removed(ctx, one)
		if err != nil {
			return err
		}
		if err := s.end(ctx, one, held); err != nil {
			return err
		}
	}
	return nil
}
