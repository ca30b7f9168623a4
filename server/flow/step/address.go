package step

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/lintel-id/lintel/server/assurance"
	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// address proves addresses, whether by a code or by a link.
type address struct{ newcomers }

// wish is what a submission asks to be sent.
type wish struct {
	identifier string
	owned      user.IdentifierID
	link       bool
	target     string
}

// can tells whether a code or link could be sent in the run as it stands.
func (h address) can(run Run) bool {
	if run.State.Challenge != nil {
		return true
	}
	if before := run.State.Identifier; before != nil {
		return h.codes.Reaches(before.Type)
	}
	return h.codes.Reaches(user.Email) || h.codes.Reaches(user.Phone)
}

// sent is what the run has sent that can be answered; nil: nothing.
func (h address) sent(run Run, link bool) *Sent {
	challenge := run.State.Challenge
	if challenge == nil || challenge.Link != link {
		return nil
	}
	channel, _ := code.ChannelOf(challenge.To.Type)
	shown := &Sent{Channel: channel, Masked: challenge.To.Masked(), Length: challenge.Length, ExpiresAt: challenge.ExpiresAt, Again: nil}
	if wait, more := h.codes.Again(run.State.Spent, run.Now); more {
		shown.Again = &wait
	}
	return shown
}

// send has a code or link sent. Nobody is looked up by what was typed, so that nothing here
// depends on who there is.
func (h address) send(ctx context.Context, run Run, wish wish) error {
	to, err := h.recipient(ctx, run, wish)
	if err != nil {
		return err
	}
	if !h.codes.Reaches(to.Type) {
		return code.ErrAddress
	}
	client := reqctx.ClientOf(ctx)
	device := session.Describe(client.UserAgent, client.Address)
	used, system := device.Parts()
	sending, err := h.codes.Send(ctx, code.Ask{
		Purpose: purposeOf(run), Link: wish.link, Flow: run.ID, To: code.Address(to), Application: run.Application.ID.String(), Locale: run.State.Locale, Browser: reqctx.LanguagesOf(ctx),
		Target: wish.target, Host: run.State.Host, Person: owner(run),
		HolderOnly: run.Journey.Proof == journey.Login || run.Journey.Proof == journey.Recovery,
		By:         code.Asker{Device: device.Name, Address: device.Address}, Device: used, System: system, Spent: run.State.Spent, Now: run.Now,
	})
	if err != nil {
		return err
	}
	run.State.Challenge, run.State.Spent, run.State.Outbox = &sending.Challenge, sending.Spent, &sending.Message
	if run.State.Step == nil {
		run.State.Identifier = &to
	}
	return nil
}

func purposeOf(run Run) code.Purpose {
	switch run.Journey.Proof {
	case journey.Registration:
		return code.Registration
	case journey.Recovery:
		return code.Recovery
	case journey.Verification:
		return code.Verification
	case journey.StepUp:
		return code.StepUp
	case journey.Login, journey.Either, journey.Nothing, journey.Enrolment:
	}
	return code.Login
}

// owner is whose the address is, if that is known before it is proven.
func owner(run Run) string {
	if run.State.Step == nil {
		return ""
	}
	return run.State.Step.User.String()
}

// recipient is where to send it: where it went before, to whom the run is about, or to whom
// the answer names.
func (h address) recipient(ctx context.Context, run Run, wish wish) (Identifier, error) {
	if before := run.State.Challenge; before != nil {
		if wish.identifier != "" || !wish.owned.IsZero() {
			return Identifier{}, ErrIdentifierGiven
		}
		return Identifier(before.To), nil
	}
	if run.State.Step != nil {
		return h.own(ctx, run, wish)
	}
	if !wish.owned.IsZero() {
		return Identifier{}, ErrNoneOwned // nobody is signed in
	}
	to, err := named(run, wish.identifier)
	if err == nil && run.Journey.Proof == journey.Registration {
		err = h.mayProve(ctx, run, to)
	}
	return to, err
}

// own is an address of the user of the session at hand. To be verified it may be a new one,
// which takes a fresh proof, as all does that changes what finds somebody.
func (h address) own(ctx context.Context, run Run, wish wish) (Identifier, error) {
	found, err := h.users.ByID(ctx, run.State.Step.User)
	if errors.Is(err, user.ErrUnknown) {
		return Identifier{}, password.ErrWrong.Because(err)
	}
	if err != nil {
		return Identifier{}, err
	}
	verifies := run.Journey.Proof == journey.Verification
	if wish.identifier == "" {
		return h.chosen(found, wish.owned, verifies)
	}
	if !verifies {
		return Identifier{}, ErrIdentifierGiven
	}
	added, err := normalise(wish.identifier)
	if err != nil {
		return Identifier{}, err
	}
	if held, ok := found.Holds(added.Type, added.Lookup); ok { // what is only compared alike may be another's mailbox
		return Identifier{Type: held.Type, Value: held.Value, Lookup: held.Lookup}, nil
	}
	if step := run.State.Step; !assurance.Fresh(step.Facts, run.Now, step.Fresh) {
		return Identifier{}, session.NotFresh(step.Facts, step.Fresh)
	}
	return added, h.mayProve(ctx, run, added)
}

// chosen is one of the user's own: the one that is wished, or the first that will do, an
// email address before a phone. Only what was proven proves its user again.
func (h address) chosen(found user.User, wished user.IdentifierID, verifies bool) (Identifier, error) {
	suits := func(held user.Identifier) bool {
		return h.codes.Reaches(held.Type) && verifies == (held.VerifiedAt == nil)
	}
	able := slices.DeleteFunc(slices.Clone(found.Identifiers), func(held user.Identifier) bool {
		return !suits(held) || !wished.IsZero() && held.ID != wished
	})
	if len(able) == 0 {
		return Identifier{}, ErrNoneOwned
	}
	first := slices.MinFunc(able, func(a, b user.Identifier) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), -compareBools(a.Primary, b.Primary))
	})
	return Identifier{Type: first.Type, Value: first.Value, Lookup: first.Lookup}, nil
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// typed compares a code with what was sent. The try was counted before.
func (h address) typed(ctx context.Context, run Run, link bool, text string) error {
	sent := run.State.Challenge
	if sent == nil || sent.Link != link {
		return code.ErrNotSent
	}
	if err := h.codes.Check(ctx, run.ID, *sent, run.State.Spent, text); err != nil {
		return err
	}
	run.State.Spent.Wrong-- // it was not
	return nil
}

// proven notes what the address that was sent to proves. It is told now whether somebody
// has it, since whoever asks reads its mail.
func (h address) proven(ctx context.Context, run Run) (journey.Outcome, error) {
	to := run.State.Challenge.To
	run.State.Challenge = nil // it is spent
	return h.reads(ctx, run, to)
}

// reads notes what it proves that whoever is at the run reads what is sent to an address.
func (h address) reads(ctx context.Context, run Run, to code.Address) (journey.Outcome, error) {
	if run.Journey.Proof == journey.Verification {
		run.State.Owned = &Owned{Address: to, At: run.Now}
		return journey.Proven, nil
	}
	found, err := h.holder(ctx, run, to)
	if err != nil && !errors.Is(err, user.ErrUnknown) {
		return "", err
	}
	if held, _ := found.Holds(to.Type, to.Lookup); run.Journey.Proof == journey.Recovery && held.VerifiedAt == nil {
		if regained, err := h.regains(ctx, run, to); err != nil || regained {
			return journey.Proven, err
		}
	}
	switch proves := err == nil && found.ProvenBy(to.Type, to.Lookup, to.Value); {
	case run.Journey.Proof == journey.Registration:
		if held, _ := found.Holds(to.Type, to.Lookup); held.VerifiedAt != nil {
			return "", user.ErrIdentifierTaken
		}
		run.State.Owned = &Owned{Address: to, At: run.Now}
		return journey.Proven, nil
	case !proves && run.Journey.Proof == journey.Either: // whoever says to have it never proved it
		if held, _ := found.Holds(to.Type, to.Lookup); held.VerifiedAt != nil {
			return "", user.ErrIdentifierTaken
		}
		run.State.Owned = &Owned{Address: to, At: run.Now}
		if run.State.Invited != nil {
			return journey.Proven, nil // whoever invited them has decided
		}
		return journey.Proven, h.mayProve(ctx, run, Identifier(to))
	case !proves:
		return "", password.ErrWrong.Because(err)
	}
	return journey.Proven, h.proves(run, found, to)
}

// regains notes that the address proves whoever's account opens to it; false where none does.
func (h address) regains(ctx context.Context, run Run, to code.Address) (bool, error) {
	owner, opens, err := h.opens.Opens(ctx, user.Identifier{Type: to.Type, Value: to.Value, Lookup: to.Lookup})
	if err != nil || !opens {
		return false, err
	}
	found, err := h.users.ByID(ctx, owner)
	if errors.Is(err, user.ErrUnknown) {
		return false, nil
	}
	if err == nil {
		err = h.proves(run, found, to)
	}
	if err != nil {
		return false, err
	}
	run.State.Proven.Regains = true
	return true, nil
}

// holder is the user that an address proves, whatever may become of them; user.ErrUnknown.
func (h address) holder(ctx context.Context, run Run, to code.Address) (user.User, error) {
	if run.State.Step != nil {
		return h.users.ByID(ctx, run.State.Step.User)
	}
	return h.users.ByIdentifier(ctx, to.Type, to.Lookup)
}

// proves notes that the address proves its holder.
func (h address) proves(run Run, found user.User, to code.Address) error {
	deletion := scheduled(run, found)
	if err := found.RequireActive(); err != nil && deletion == nil {
		return password.ErrWrong.Because(err)
	}
	run.State.Proven = &Proven{
		User: found.ID, Facts: []assurance.Fact{{Method: MethodOf(to), At: run.Now}}, PasswordSetAt: time.Time{}, Expired: false, Address: &to, Regains: false,
	}
	run.State.Deletion, run.State.Profile, run.State.AtRisk = deletion, found.Profile, false
	return nil
}

// MethodOf is how a code or link to an address proves its reader.
func MethodOf(to code.Address) assurance.Method {
	if to.Type == user.Phone {
		return assurance.SMS
	}
	return assurance.Email
}
