package api_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/platform/event"
)

func (c *caller) opensUndo(token string) answer {
	c.t.Helper()
	return c.got(c.wire.OpenReversal(context.Background(), wire.ReversalRequest{UndoToken: token}))
}

func (c *caller) undoes(token string) answer {
	c.t.Helper()
	return c.got(c.wire.UseReversal(context.Background(), wire.ReversalRequest{UndoToken: token}))
}

// proves has the signed-in member prove one more address, as so many messages to it.
func (c *caller) proves(s *scenario, address string, count int) wire.Flow {
	c.t.Helper()
	return c.careful("verification", c.code(address, "")).finished(c.code("", s.mailed(address, count)))
}

// robbed is a member whose address somebody took away who was signed in as they are: they added
// one of their own, made it the first choice and removed the other.
type robbed struct {
	thief       *caller
	id          string
	owned, took string // the addresses
	undo        string
}

func (s *scenario) robbed() robbed {
	s.t.Helper()
	c, name, flow := s.member()
	r := robbed{thief: c, id: flow.Outcome.User.ID, owned: name, took: newName()}
	held := c.proves(s, r.took, 1).Outcome.User.Identifiers
	require.Contains(s.t, s.Mail(s.t, name, 2)[1], r.took, "the other address is told")
	c.preferIdentifier(held[1].ID).is(http.StatusOK)
	c.removeIdentifier(held[0].ID).is(http.StatusNoContent)
	require.Contains(s.t, s.Mail(s.t, r.took, 2)[1], name)
	require.NotContains(s.t, s.Mail(s.t, r.took, 2)[1], "undo=", "the way back is for whoever reads the removed one")
	r.undo = s.linked(name, 3).Get("undo")
	require.True(s.t, strings.HasPrefix(r.undo, "lu_"))
	s.forgetEvents()
	return r
}

// toldOf is the one event of a type since the last look.
func (s *scenario) toldOf(name string) event.Envelope {
	s.t.Helper()
	found := slices.DeleteFunc(s.news(), func(told event.Envelope) bool { return told.Type != name })
	require.Len(s.t, found, 1)
	return found[0]
}

// The whole story: a removed address comes back with the link that was sent there, once, and
// whoever removed it is out.
func TestReversal(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, name, made := s.member()
		chosen := newPassword()
		c.setPassword(chosen).is(http.StatusNoContent)
		s.Mail(t, name, 2) // that the password was changed
		added := newName()
		held := c.proves(s, added, 1).Outcome.User.Identifiers
		removedAt := s.Clock.Now()
		s.forgetEvents()
		c.removeIdentifier(held[0].ID).is(http.StatusNoContent)
		undo := s.linked(name, 4).Get("undo")
		told := s.toldOf("reversal.created")
		require.NotContains(t, string(told.Data)+string(told.Personal), name)
		require.Equal(t, made.Outcome.User.ID, told.Person)

		elsewhere := s.app()
		for range 2 {
			opened := read[wire.OpenedReversal](elsewhere.opensUndo(undo).is(http.StatusOK))
			require.Equal(t, wire.OpenedReversal{
				Kind: "identifier_removed", IdentifierType: "email", Identifier: "p•••@example.com",
				RemovedAt: removedAt, ExpiresAt: removedAt.Add(7 * 24 * time.Hour),
			}, opened)
		}
		c.me().is(http.StatusOK)
		require.Empty(t, elsewhere.undoes(undo).is(http.StatusNoContent).body)
		elsewhere.undoes(undo).refused(http.StatusUnprocessableEntity, "undo_invalid")
		elsewhere.opensUndo(undo).refused(http.StatusUnprocessableEntity, "undo_invalid")
		c.me().refused(http.StatusUnauthorized, "session_invalid")
		require.Equal(t, "identifier_restored", data(t, s.toldOf("session.ended"))["reason"])
		requireRefusal(elsewhere, read[wire.Flow](elsewhere.start(elsewhere.asking("login", elsewhere.prove(name, chosen))).is(http.StatusCreated)), "credentials_invalid")

		s.Mail(t, name, 5) // that it was recovered
		lost := elsewhere.careful("recovery", elsewhere.code(name, ""))
		lost.accepted(elsewhere.code("", s.mailed(name, 6)))
		back := lost.finished(elsewhere.choose("", newPassword(), nil)).Outcome.User
		require.Equal(t, made.Outcome.User.ID, back.ID)
		require.Len(t, back.Identifiers, 1, "what was added is gone")
		require.Equal(t, held[0].ID, back.Identifiers[0].ID)
		require.True(t, back.Identifiers[0].Primary)
		require.False(t, back.Identifiers[0].VerifiedAt.IsNull())
		s.forgetEvents()
	})
}

// Of many who use a way back at once, one does.
func TestClass_SingleUse_AnUndoIsUsedOnce(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		r := s.robbed()
		var mu sync.Mutex
		var racers sync.WaitGroup
		won := 0
		for range 16 {
			c := s.app()
			racers.Go(func() {
				response, err := c.wire.UseReversal(context.Background(), wire.ReversalRequest{UndoToken: r.undo})
				mu.Lock()
				defer mu.Unlock()
				if done := c.got(response, err); done.status == http.StatusNoContent {
					won++
				} else if done.status != http.StatusUnprocessableEntity {
					t.Errorf("%d %s", done.status, done.body)
				}
			})
		}
		racers.Wait()
		require.Equal(t, 1, won)
		s.forgetEvents()
	})
}

// Promise: a program that opens every link before its reader does no harm.
func TestPromise_ScannersAreHarmless_AnUndoThatIsOpened(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		r := s.robbed()
		for range 5 {
			s.app().opensUndo(r.undo).is(http.StatusOK)
		}
		r.thief.me().is(http.StatusOK)
		s.app().undoes(r.undo).is(http.StatusNoContent)
		s.forgetEvents()
	})
}

// An undo is stronger than whoever took the address meanwhile without proving it, and weaker
// than whoever proved it.
func TestClass_PreHijack_AnUndoBeatsWhoNeverProvedTheAddress(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		r, squatter := s.robbed(), s.somebody()
		squatter.added(r.owned)
		s.app().undoes(r.undo).is(http.StatusNoContent)
		squatter.me().refused(http.StatusUnauthorized, "session_invalid")
		s.forgetEvents()

		other := s.robbed()
		proven, _, _ := s.member()
		proven.proves(s, other.owned, 4)
		for range 2 { // it is not spent
			s.app().undoes(other.undo).refused(http.StatusConflict, "identifier_taken")
		}
		other.thief.me().is(http.StatusOK)
		s.forgetEvents()
	})
}

// Whoever removed an address finds no way around its undo: not by a way back of their own,
// whichever is used first.
func TestClass_SideDoor_AnUndoIsNotUndone(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		for _, theirsFirst := range []bool{false, true} {
			r, last := s.robbed(), newName()
			s.Clock.Advance(time.Minute)
			held := r.thief.proves(s, last, 1).Outcome.User.Identifiers
			require.Equal(t, r.took, held[0].Value)
			s.Mail(t, r.took, 3) // that the last was added
			r.thief.removeIdentifier(held[0].ID).is(http.StatusNoContent)
			theirs := s.linked(r.took, 4).Get("undo")
			if theirsFirst {
				s.app().undoes(theirs).is(http.StatusNoContent)
			}
			s.app().undoes(r.undo).is(http.StatusNoContent)
			s.app().undoes(theirs).refused(http.StatusUnprocessableEntity, "undo_invalid")
			c := s.app()
			s.Mail(t, r.owned, 4) // that it was recovered
			lost := c.careful("recovery", c.code(r.owned, ""))
			lost.accepted(c.code("", s.mailed(r.owned, 5)))
			back := lost.finished(c.choose("", newPassword(), nil)).Outcome.User
			require.Equal(t, r.id, back.ID)
			require.Len(t, back.Identifiers, 1)
			require.Equal(t, r.owned, back.Identifiers[0].Value)
			s.forgetEvents()
		}
	})
}

// Promise: whatever is wrong with an undo is told alike: unknown, too old, of another token's
// form, or of somebody who is kept out.
func TestPromise_NoEnumeration_AnUndoThatIsWrong(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		r := s.robbed()
		unknown := s.app().undoes("lu_" + strings.Repeat("A", 43)).is(http.StatusUnprocessableEntity)
		code, said1 := said(t, unknown)
		require.Equal(t, "undo_invalid", said1["code"])
		manager := s.manager()
		manager.act(r.id, "suspend").is(http.StatusOK)
		for _, token := range []string{r.undo, "x", "ll_" + strings.Repeat("A", 43)} {
			for _, wrong := range []answer{s.app().undoes(token), s.app().opensUndo(token)} {
				status, body := said(t, wrong)
				require.Equal(t, code, status)
				require.Equal(t, said1, body)
			}
		}
		manager.act(r.id, "reactivate").is(http.StatusOK)
		s.app().opensUndo(r.undo).is(http.StatusOK)
		s.Clock.Advance(7 * 24 * time.Hour)
		s.app().opensUndo(r.undo).refused(http.StatusUnprocessableEntity, "undo_invalid")
		s.forgetEvents()
	})
}

// The page of an undo is the application's, whatever a request says of its host.
func TestClass_HostHeader_AnUndoLeadsToTheApplicationsPage(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, name, flow := s.member()
		c.proves(s, newName(), 1)
		s.Mail(t, name, 2) // that it was added
		c.send(http.MethodDelete, "/v1/me/identifiers/"+flow.Outcome.User.Identifiers[0].ID, "", "X-Forwarded-Host", "evil.example").is(http.StatusNoContent)
		require.NotContains(t, s.Mail(t, name, 3)[2], "evil.example")
		s.app().opensUndo(s.linked(name, 3).Get("undo")).is(http.StatusOK)
		s.forgetEvents()
	})
}

// A deletion that is scheduled stays so, and whoever comes back can take that back too.
func TestReversalOfADeletedAccount(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		r := s.robbed()
		r.thief.leave().is(http.StatusOK)
		s.app().undoes(r.undo).is(http.StatusNoContent)
		c := s.app()
		s.Mail(t, r.owned, 4) // that it was recovered
		lost := c.careful("recovery", c.code(r.owned, ""))
		lost.accepted(c.code("", s.mailed(r.owned, 5)))
		require.Equal(t, []string{"acknowledge"}, lost.offers(), "it is to be deleted as before")
		lost.accepted(c.acknowledge())
		require.Equal(t, r.id, lost.finished(c.choose("", newPassword(), nil)).Outcome.User.ID)
		s.forgetEvents()
	})
}

// Who is signed in is told of a changed password and of what is added, at proven addresses and
// nowhere else; what an operator does is not told.
func TestReversalNotices(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p, manager := s.somebody(), s.manager()
		unproven := p.added(newName())
		p.removeIdentifier(unproven.ID).is(http.StatusNoContent)
		p.setPassword(newPassword()).is(http.StatusNoContent)
		for _, told := range s.news() {
			require.NotEqual(t, "message.queued", told.Type, "nobody has proven that address")
		}
		other := newName()
		manager.got(manager.wire.AddUserIdentifier(context.Background(), p.ID, &wire.AddUserIdentifierParams{}, wire.NewUserIdentifier{Value: other, Verified: new(true)})).is(http.StatusCreated)
		manager.send(http.MethodPatch, "/admin/v1/users/"+p.ID+"/identifiers/"+p.Identifiers[0].ID, `{"verified":true}`, "Content-Type", "application/merge-patch+json", "If-Match", manager.user(p.ID).is(http.StatusOK).header.Get("ETag")).is(http.StatusOK)
		for _, told := range s.news() {
			require.NotEqual(t, "message.queued", told.Type, "an operator tells it themselves")
		}
		p.setPassword(newPassword()).is(http.StatusNoContent)
		for _, to := range []string{p.name, other} {
			require.Contains(t, s.Mail(t, to, 1)[0], "password")
		}
		added := newWord()
		p.addIdentifier(added).is(http.StatusCreated)
		require.Contains(t, s.Mail(t, p.name, 2)[1], added)
		p.removeIdentifier(p.Identifiers[0].ID).is(http.StatusNoContent)
		for _, to := range []string{p.name, other} {
			require.Contains(t, s.Mail(t, to, 3)[2], p.name)
		}
		require.NotContains(t, s.Mail(t, other, 3)[2], "undo=")
		s.forgetEvents()
	})
}

// Whoever takes an account over cannot keep a removed address from its way back by signing in
// with an application that has no pages: the link leads to one that has.
func TestClass_SideDoor_AnUndoNeedsNoPageOfTheThiefsApplication(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, name, made := s.member()
		c.setPassword(newPassword()).is(http.StatusNoContent)
		s.Mail(t, name, 2) // that the password was changed
		c.proves(s, newName(), 1)
		s.Mail(t, name, 3) // that the other was added
		thief, start := s.app(), c.asking("login", nil)
		start.ClientID = optional("narrow")
		f := thief.goOn(thief.start(start))
		f.accepted(thief.code(name, ""))
		held := f.finished(thief.code("", s.mailed(name, 4))).Outcome.User
		require.Equal(t, made.Outcome.User.ID, held.ID)
		thief.removeIdentifier(made.Outcome.User.Identifiers[0].ID).is(http.StatusNoContent)
		undo := s.linked(name, 5).Get("undo")
		s.app().opensUndo(undo).is(http.StatusOK)
		s.app().undoes(undo).is(http.StatusNoContent)
		thief.me().refused(http.StatusUnauthorized, "session_invalid")
		s.forgetEvents()
	})
}

// Whoever takes an account over chooses when, and not a time at which the way back cannot be
// sent: the address stays until it can.
func TestClass_SideDoor_NoRemovalWhileItsUndoCannotBeSent(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, name, made := s.member()
		c.proves(s, newName(), 1)
		held, count := made.Outcome.User.Identifiers[0].ID, 2
		for range 6 {
			s.Mail(t, name, count)
			c.removeIdentifier(held).is(http.StatusNoContent)
			s.Mail(t, name, count+1)
			proven := c.proves(s, name, count+2).Outcome.User.Identifiers
			held, count = proven[len(proven)-1].ID, count+2
		}
		s.forgetEvents()
		c.removeIdentifier(held).refused(http.StatusTooManyRequests, "message_budget_spent")
		s.fired()
		kept := read[wire.User](c.got(c.wire.GetMe(context.Background())).is(http.StatusOK)).Identifiers
		require.Equal(t, name, kept[len(kept)-1].Value)
		s.Clock.Advance(10 * time.Minute)
		c.careful("login", c.code(name, "")).finished(c.code("", s.mailed(name, count+1)))
		c.removeIdentifier(held).is(http.StatusNoContent)
		s.forgetEvents()
	})
}
