package ending

import (
	"context"

	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// regain gives an account to whoever proved the address that it opens to. The addresses that
// it had proven are told, and count as proven no more: nobody came who reads them.
func (s *Service) regain(ctx context.Context, run step.Run, found user.User) (user.User, error) {
	proven := *run.State.Proven.Address
	if err := s.deps.Recoveries.Complete(ctx, found.ID, proven); err != nil {
		return user.User{}, wrongWhereGone(err)
	}
	if err := s.tell(ctx, run, found.ID, message.AccountRecovered); err != nil {
		return user.User{}, err
	}
	if err := s.deps.WaysBack.WithdrawAll(ctx, found.ID); err != nil { // who reads what was removed long ago was not told
		return user.User{}, err
	}
	if err := s.deps.Passkeys.RemoveAll(ctx, found.ID, passkey.ByRecovery); err != nil { // they are lost, or somebody else's
		return user.User{}, err
	}
	unproven := false
	for _, held := range found.Identifiers {
		if held.VerifiedAt == nil || held.Type == user.Username {
			continue
		}
		if _, _, err := s.deps.Users.ChangeIdentifier(ctx, found.ID, held.ID, nil, user.IdentifierChange{Primary: false, Verified: &unproven}); err != nil {
			return user.User{}, err
		}
	}
	loser, err := s.deps.Users.Prove(ctx, found.ID, user.IdentifierInput{Type: proven.Type, Value: proven.Value, VerifiedAt: nil})
	if err != nil {
		return user.User{}, err
	}
	if !loser.IsZero() {
		if _, err := s.deps.Sessions.EndOthers(ctx, loser, session.ID{}, session.IdentifierProven); err != nil {
			return user.User{}, err
		}
	}
	regained, err := s.deps.Users.ByID(ctx, found.ID)
	if err != nil {
		return user.User{}, err
	}
	held, _ := regained.Holds(proven.Type, proven.Lookup)
	if _, _, err := s.deps.Users.ChangeIdentifier(ctx, found.ID, held.ID, nil, user.IdentifierChange{Primary: true, Verified: nil}); err != nil {
		return user.User{}, err
	}
	return s.welcome(ctx, found.ID)
}
