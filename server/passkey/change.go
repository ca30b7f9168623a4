package passkey

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/lintel-id/lintel/server/notice"
	"github.com/lintel-id/lintel/server/user"
)

const (
	maxName = 64
	joiner  = '\u200d' // joins emoji
)

// named is a name as it is kept.
func named(text string) (string, error) {
	name := strings.TrimSpace(norm.NFC.String(text))
	if !utf8.ValidString(text) || utf8.RuneCountInString(name) > maxName || strings.Trim(name, string(joiner)) == "" {
		return "", ErrNameInvalid
	}
	for _, r := range name {
		if r != joiner && !unicode.IsGraphic(r) {
			return "", ErrNameInvalid
		}
	}
	return name, nil
}

// Rename names one of a user's passkeys; ErrUnknown, ErrNameInvalid.
func (s *Service) Rename(ctx context.Context, owner user.ID, which ID, name string) (Passkey, error) {
	name, err := named(name)
	if err != nil {
		return Passkey{}, err
	}
	var renamed Passkey
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		held, err := s.deps.Store.PasskeysOf(ctx, owner)
		if err != nil {
			return err
		}
		if renamed, err = one(held, which); err != nil || renamed.Name == name {
			return err
		}
		if err := s.deps.Store.RenamePasskey(ctx, owner, which, name); err != nil {
			return err
		}
		renamed.Name = name
		return s.tell(ctx, renamed, EventRenamed, RenamedData{UserID: owner.String()})
	})
	return renamed, err
}

func one(held []Passkey, which ID) (Passkey, error) {
	for _, one := range held {
		if one.ID == which {
			return one, nil
		}
	}
	return Passkey{}, ErrUnknown
}

// The reasons for which passkeys go.
const (
	ByUser      = "user"
	ByOperator  = "operator"
	ByRecovery  = "recovery"
	ByOwnership = "ownership"
	ByReversal  = "reversal"
)

// Removal is why and how one goes.
type Removal struct {
	Reason      string
	LastWayIn   bool   // it may be the last way into the account
	Application string // the id of the one in which a user removed theirs; empty: nobody is told
}

// Remove removes one of a user's passkeys, and gives what the platform is to be told:
// ErrUnknown, ErrLastWayIn.
func (s *Service) Remove(ctx context.Context, owner user.ID, which ID, removal Removal) (signals Signals, err error) {
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		if err := s.deps.Holder.HoldUser(ctx, owner); err != nil { // of two that go at once one is the last
			return err
		}
		held, err := s.deps.Store.PasskeysOf(ctx, owner)
		if err != nil {
			return err
		}
		gone, err := one(held, which)
		if err != nil {
			return err
		}
		if len(held) == 1 && !removal.LastWayIn {
			other, err := s.deps.Ways.OtherWay(ctx, owner)
			if err != nil {
				return err
			}
			if !other {
				return ErrLastWayIn
			}
		}
		if err := s.deps.Store.DeletePasskey(ctx, owner, which); err != nil {
			return err
		}
		if err := s.removed(ctx, gone, removal.Reason); err != nil {
			return err
		}
		if removal.Application != "" {
			told := notice.Passkey{Owner: owner, Name: gone.Name, Application: removal.Application, Locale: ""}
			if err := s.deps.Notices.PasskeyRemoved(ctx, told); err != nil {
				return err
			}
		}
		signals, err = s.Signals(ctx, owner)
		return err
	})
	return signals, err
}

func (s *Service) removed(ctx context.Context, gone Passkey, reason string) error {
	return s.tell(ctx, gone, EventRemoved, RemovedData{UserID: gone.UserID.String(), RelyingParty: gone.RelyingParty, Reason: reason})
}

// RemoveAll removes all of a user's, within the unit of work in ctx.
func (s *Service) RemoveAll(ctx context.Context, owner user.ID, reason string) error {
	gone, err := s.deps.Store.DeletePasskeys(ctx, owner)
	if err != nil {
		return err
	}
	for _, one := range gone {
		if err := s.removed(ctx, one, reason); err != nil {
			return err
		}
	}
	return nil
}

// RemoveSince removes those of a user's that were added at a time or later, within the unit of
// work in ctx.
func (s *Service) RemoveSince(ctx context.Context, owner user.ID, since time.Time, reason string) error {
	held, err := s.deps.Store.PasskeysOf(ctx, owner)
	if err != nil {
		return err
	}
	for _, one := range held {
		if one.CreatedAt.Before(since) {
			continue
		}
		if err := s.deps.Store.DeletePasskey(ctx, owner, one.ID); err != nil {
			return err
		}
		if err := s.removed(ctx, one, reason); err != nil {
			return err
		}
	}
	return nil
}
