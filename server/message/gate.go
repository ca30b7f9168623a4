package message

import (
	"context"
	"fmt"
	"maps"

	"github.com/lintel-id/lintel/server/user"
)

// Gate knows who may be written to.
type Gate interface {
	// Holder tells whether an address finds a user of the tenant who may sign in, and whom.
	// It is asked in a unit of work, and until that is over nobody erases that user.
	Holder(ctx context.Context, channel Channel, address string) (reader Reader, found bool, err error)
}

// Reader is whom an address finds.
type Reader struct {
	Person string // the id of the user
	Reads  string // the language that they say they read; empty: they do not
}

// admit finds whose address a message goes to that is for a user only, and tells whether it is
// sent. What it finds is noted before anything is: whoever is erased while a message to them is
// under way leaves none behind.
func (s *Service) admit(ctx context.Context, claimed Message) (Message, bool, error) {
	if !claimed.HolderOnly || claimed.Kind == NoAccount {
		return claimed, true, nil
	}
	opened, err := s.open(ctx, claimed)
	if err != nil {
		return claimed, false, err
	}
	var admitted Message
	var sent bool
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		admitted, sent = claimed, false
		reader, found, err := s.deps.Gate.Holder(ctx, claimed.Channel, opened.To)
		switch {
		case err != nil:
			return fmt.Errorf("look up the holder: %w", err)
		case claimed.Person != "": // what was meant for one is no other's, whoever has the address now
			sent = found && reader.Person == claimed.Person
			return nil
		case found:
			admitted.Person = reader.Person
			if err := s.heed(ctx, &admitted, reader.Reads); err != nil {
				return err
			}
		default:
			if tells, err := s.deps.TellsUnknown(ctx); err != nil || !tells {
				return err
			}
			if err := s.deny(ctx, &admitted); err != nil {
				return err
			}
		}
		sent = true
		return s.deps.Store.ResolveMessage(ctx, admitted)
	})
	if err != nil {
		return claimed, false, err
	}
	return admitted, sent, nil
}

// deny makes of a message the one that tells its reader that they are not known, and forgets
// what would have let them in.
func (s *Service) deny(ctx context.Context, message *Message) error {
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return err
	}
	left, err := values(box, *message)
	if err != nil {
		return err
	}
	maps.DeleteFunc(left, func(name, _ string) bool { return name == ValueCode || name == ValueLink })
	message.Kind = NoAccount
	message.Content, err = sealedValues(box, message.ID, left)
	return err
}

// withhold ends a message that nobody is to have. No provider was asked, so that is no attempt.
func (s *Service) withhold(ctx context.Context, claimed Message) error {
	claimed.Status, claimed.Code, claimed.ExpiresAt = Withheld, "", s.deps.Clock.Now().Add(s.config.KeepFor)
	claimed.Attempts--
	if !s.config.KeepContent {
		claimed.Content = nil
	}
	return s.end(ctx, claimed, func(ctx context.Context) error {
		return s.record(ctx, EventWithheld, claimed, WithheldData{Kind: claimed.Kind, Channel: claimed.Channel})
	})
}

// shown tells whether somebody reads the message, or will: not what is for a user only as long
// as none was found.
func (m Message) shown() bool {
	return m.Status != Withheld && (!m.HolderOnly || m.Person != "" || m.Kind == NoAccount)
}

// MoveUser makes another user's what goes to a user, as they are one from now on.
func (s *Service) MoveUser(ctx context.Context, from, to user.ID) error {
	return s.deps.Store.MoveMessages(ctx, from.String(), to.String())
}

// Address opens where a message goes that was found in the store, for whoever writes down what
// is held about its reader.
func (s *Service) Address(ctx context.Context, found Message) (string, error) {
	opened, err := s.open(ctx, found)
	return opened.To, err
}
