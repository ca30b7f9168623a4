package recovery

import (
	"context"
	"errors"

	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/user"
)

// Stop ends a recovery of a user over management; one that is over stays as it is.
// user.ErrUnknown, ErrUnknown.
func (s *Service) Stop(ctx context.Context, owner user.ID) error {
	if _, err := s.deps.Users.ByID(ctx, owner); err != nil {
		return err
	}
	found, err := s.deps.Store.RecoveryOf(ctx, owner)
	if err != nil {
		return err
	}
	if err := s.stop(ctx, found); err != nil && !errors.Is(err, ErrUnknown) {
		return err
	}
	return nil
}

// Withdraw ends a recovery of a user who turned out to have a way in, if there is one to end,
// within the unit of work in ctx.
func (s *Service) Withdraw(ctx context.Context, owner user.ID) error {
	found, err := s.deps.Store.RecoveryOf(ctx, owner)
	if err == nil {
		err = s.stop(ctx, found)
	}
	if errors.Is(err, ErrUnknown) {
		return nil
	}
	return err
}

// Follow tells whoever has the link of a notice what it can stop. It spends nothing: a
// program that opens every link does no harm. ErrLink, whatever is wrong with it.
func (s *Service) Follow(ctx context.Context, token secret.Text) (masked string, found Opened, err error) {
	running, err := s.linked(ctx, token)
	if err != nil {
		return "", Opened{}, err
	}
	shown, err := s.opened(ctx, running)
	if err != nil {
		return "", Opened{}, err
	}
	return code.Address{Type: shown.Type, Value: shown.Value, Lookup: ""}.Masked(), shown, nil
}

// Object ends a recovery by the link of a notice, once. ErrLink, whatever is wrong with it.
func (s *Service) Object(ctx context.Context, token secret.Text) error {
	running, err := s.linked(ctx, token)
	if err == nil {
		err = s.stop(ctx, running)
	}
	if errors.Is(err, ErrUnknown) {
		return ErrLink.Because(err)
	}
	return err
}

// linked is the recovery that a token stops, while there is something to stop.
func (s *Service) linked(ctx context.Context, token secret.Text) (Recovery, error) {
	if err := s.deps.Guesses.Submission(ctx); err != nil {
		return Recovery{}, err
	}
	read, ok := secret.ParseToken(tokenPrefix, token.Reveal())
	if !ok {
		return Recovery{}, ErrLink
	}
	found, err := s.deps.Store.RecoveryByToken(ctx, read.Digest())
	if errors.Is(err, ErrUnknown) {
		return Recovery{}, ErrLink.Because(err)
	}
	if stands := found.At(s.now()); err == nil && stands != Waiting && stands != Open {
		return Recovery{}, ErrLink
	}
	return found, err
}

func (s *Service) stop(ctx context.Context, running Recovery) error {
	if stands := running.At(s.now()); stands != Waiting && stands != Open {
		return ErrUnknown
	}
	return s.end(ctx, running, Stopped, EventStopped, StoppedData{UserID: running.UserID})
}

// Complete ends the recovery of a user whose address was proven, within the unit of work in
// ctx. ErrUnknown where it is not open to that address, or no more, or the user has come to
// run the tenant.
func (s *Service) Complete(ctx context.Context, owner user.ID, proven code.Address) error {
	digest, err := s.deps.Finder.digest(ctx, proven.Type, proven.Lookup)
	if err != nil {
		return err
	}
	found, err := s.deps.Store.RecoveryOf(ctx, owner)
	if err != nil {
		return err
	}
	operator, err := s.deps.Operators.IsOperator(ctx, owner)
	if err != nil {
		return err
	}
	if operator || !secret.Digest(found.Address).Equal(digest) || found.At(s.now()) != Open {
		return ErrUnknown
	}
	same, err := s.deps.Finder.sameMailbox(ctx, found, proven.Value)
	if err == nil && !same {
		err = ErrUnknown
	}
	if err != nil {
		return err
	}
	return s.end(ctx, found, Completed, EventCompleted, CompletedData{UserID: owner, IdentifierType: proven.Type})
}

func (s *Service) end(ctx context.Context, running Recovery, status Status, told event.Type, data any) error {
	now := s.now()
	running.Status, running.EndedAt = status, &now
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		if err := s.deps.Store.EndRecovery(ctx, running); err != nil {
			return err
		}
		owner := running.UserID.String()
		return s.deps.Events.Record(ctx, event.Draft{Type: told, Subject: owner, Person: owner, Data: data, Personal: nil})
	})
}
