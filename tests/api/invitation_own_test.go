package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

// inviteFriend invites the holder of an email address in one's own name.
func (c *caller) inviteFriend(to string) answer {
	c.t.Helper()
	return c.got(c.wire.CreateMyInvitation(context.Background(), wire.NewMyInvitation{
		Identifier: wire.InvitationIdentifier{Type: wire.InvitationIdentifierTypeEmail, Value: to},
	}))
}

// rename has a user be called something, as an operator may.
func (o *operator) rename(id, name string) {
	o.t.Helper()
	patch, err := json.Marshal(map[string]any{"profile": map[string]string{"name": name}})
	require.NoError(o.t, err)
	o.patchUser(id, o.user(id).header.Get("ETag"), string(patch)).is(http.StatusOK)
}

func (c *caller) takeBack(id string) answer {
	c.t.Helper()
	return c.got(c.wire.RevokeMyInvitation(context.Background(), id))
}

func (c *caller) friends() []wire.MyInvitation {
	c.t.Helper()
	return read[wire.MyInvitationPage](c.got(c.wire.ListMyInvitations(context.Background(), &wire.ListMyInvitationsParams{Limit: new(int32(100))})).is(http.StatusOK)).Items
}

// befriended is an invitation of a user's, and the token that was in its message.
func (s *scenario) befriended(c *caller, to string, count int) (wire.MyInvitation, string) {
	s.t.Helper()
	made := read[wire.MyInvitation](c.inviteFriend(to).is(http.StatusCreated))
	return made, s.invitationIn(to, count)
}

// A user invites a friend, sees what becomes of it and learns nothing else; the friend registers.
func TestUsersInvite(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, name, flow := s.member()
		s.forgetEvents()
		to := newName()
		made, token := s.befriended(c, strings.ToUpper(to), 1)
		require.Equal(t, "pending", made.Status)
		require.Equal(t, s.Clock.Now().Add(7*24*time.Hour), made.ExpiresAt)
		for _, told := range s.news() {
			if told.Type == "invitation.created" {
				require.Equal(t, flow.Outcome.User.ID, told.Person, "it is in the user's own activity")
			}
		}
		opened := read[wire.OpenedInvitation](s.app().openInvitation(token).is(http.StatusOK))
		require.Equal(t, "p•••@example.com", opened.Inviter, "who has no name is known by their address")
		require.Contains(t, s.Mail(t, to, 1)[0], "p•••@example.com")
		require.NotContains(t, s.Mail(t, to, 1)[0], name)
		c.inviteFriend(to).refused(http.StatusConflict, "invitation_exists")
		require.Equal(t, []wire.MyInvitation{made}, c.friends())
		found := s.first().invitation(made.ID)
		require.Equal(t, wire.InvitationActor{Kind: "user", ID: &flow.Outcome.User.ID}, found.InvitedBy)

		friend := s.app()
		done := friend.completed(friend.accepting("registration", token, friend.choose("", newPassword(), nil)).is(http.StatusCreated))
		require.False(t, done.Outcome.User.Identifiers[0].VerifiedAt.IsNull(), "the letter proved the address")
		mine := c.got(c.wire.ListMyInvitations(context.Background(), &wire.ListMyInvitationsParams{})).is(http.StatusOK)
		require.Equal(t, "accepted", read[wire.MyInvitationPage](mine).Items[0].Status)
		require.NotContains(t, string(mine.body), done.Outcome.User.ID, "who has accepted it is theirs to tell")
		c.takeBack(made.ID).refused(http.StatusConflict, "invitation_closed")
		s.forgetEvents()
	})
}

// What is taken back leads to nothing, and nobody takes back what is another's.
func TestClass_ObjectLevel_InvitationsOfOthers(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, _, _ := s.member()
		other, _, _ := s.member()
		made, token := s.befriended(c, newName(), 1)
		managed := s.first().invited(newName()).Invitation
		s.forgetEvents()
		require.Empty(t, other.friends())
		for _, notTheirs := range []string{made.ID, managed.ID, madeUp().ids["invitation_id"]} {
			other.takeBack(notTheirs).refused(http.StatusNotFound, "invitation_unknown")
		}
		s.fired()
		c.takeBack(made.ID).is(http.StatusNoContent)
		c.takeBack(made.ID).is(http.StatusNoContent)
		s.fired("invitation.revoked")
		s.app().accepting("registration", token, nil).refused(http.StatusUnprocessableEntity, "invitation_invalid")
		require.Equal(t, "revoked", c.friends()[0].Status)
		s.forgetEvents()
	})
}

// An inviter is answered alike, whoever has the address and whoever else has invited them.
func TestClass_Enumeration_InvitationsTellNothing(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, _, _ := s.member()
		other, _, _ := s.member()
		_, holder, _ := s.member()
		invited, stranger := newName(), newName()
		s.befriended(other, invited, 1)
		s.first().invited(invited)
		var shapes []wire.MyInvitation
		for _, to := range []string{holder, invited, stranger} {
			made := read[wire.MyInvitation](c.inviteFriend(to).is(http.StatusCreated))
			require.Equal(t, to, made.Identifier.Value)
			made.ID, made.Identifier.Value = "", ""
			shapes = append(shapes, made)
		}
		require.Equal(t, shapes[0], shapes[1])
		require.Equal(t, shapes[0], shapes[2])
		for to, count := range map[string]int{holder: 2, invited: 2, stranger: 1} {
			s.Mail(t, to, count)
			s.noted(to)
		}
		s.forgetEvents()
	})
}

// What any user can have sent lets nobody in to an account that there is: a letter that is
// handed on is no key to it.
func TestClass_SideDoor_AnInvitationByAUserSignsNobodyIn(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, _, _ := s.member()
		_, holder, before := s.member()
		_, token := s.befriended(c, holder, 2)
		s.forgetEvents()
		handed := s.app()
		handed.accepting("registration", token, nil).refused(http.StatusConflict, "identifier_taken")
		f := handed.goOn(handed.accepting("login_or_registration", token, nil))
		require.Equal(t, []string{"password", "code", "link"}, f.offers())
		step, err := f.Steps[2].AsLinkStep()
		require.NoError(t, err)
		require.False(t, step.Approved)
		s.fired()
		f.accepted(handed.code("", ""))
		flow := f.finished(handed.code("", s.mailed(holder, 3)))
		require.Equal(t, before.Outcome.User.ID, flow.Outcome.User.ID, "who reads the mail of today signs in as always")
		s.forgetEvents()
	})
}

// What somebody calls themselves is told only where it can be nothing but a name.
func TestClass_Injection_NamesOfUsersWhoInvite(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, _, flow := s.member()
		for name, told := range map[string]string{
			"Ada Lovelace":                   "Ada Lovelace (p•••@example.com)",
			"see https://evil.example":       "p•••@example.com",
			"Call +1 900 555 0100":           "p•••@example.com",
			"evil.example":                   "p•••@example.com",
			"Ada Bcc: everybody@example.com": "p•••@example.com",
			"<b>Ada</b>":                     "p•••@example.com",
		} {
			to := newName()
			s.first().rename(flow.Outcome.User.ID, name)
			_, token := s.befriended(c, to, 1)
			require.Equal(t, told, read[wire.OpenedInvitation](s.app().openInvitation(token).is(http.StatusOK)).Inviter, name)
			letter := s.Mail(t, to, 1)[0]
			require.NotContains(t, letter, "evil.example")
			require.NotContains(t, letter, "everybody@example.com")
			require.NotContains(t, letter, "<b>Ada")
		}
		s.forgetEvents()
	})
}

// Who may not invite does not, and nothing is sent.
func TestInvitationsByUsersAreRefused(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		s.somebody().inviteFriend(newName()).refused(http.StatusForbidden, "invitations_not_allowed")
		guest, _ := s.guest("welcoming")
		guest.inviteFriend(newName()).refused(http.StatusForbidden, "registration_required")
		s.app().inviteFriend(newName()).refused(http.StatusUnauthorized, "session_invalid")
		c, _, flow := s.member()
		made, _ := s.befriended(c, newName(), 1)
		support := s.operator(wire.ScopeUsersImpersonate)
		acting := s.app().with(read[wire.Impersonation](support.impersonate(flow.Outcome.User.ID, ticket).is(http.StatusCreated)).SessionToken)
		acting.inviteFriend(newName()).refused(http.StatusForbidden, "impersonated")
		acting.takeBack(made.ID).refused(http.StatusForbidden, "impersonated")
		s.forgetEvents()
		for _, wrong := range []string{"nothing", "ada@localhost", "ada@-example.com", "a\r\nBcc: b@example.com"} {
			c.inviteFriend(wrong).invalid("identifier_invalid", "/identifier/value")
		}
		s.fired()
	})
}

// A user has twenty people invited a day, however fast they ask.
func TestPromise_MessagesAreBudgeted_InvitationsOfOneUser(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, _, _ := s.member()
		s.forgetEvents()
		var asking sync.WaitGroup
		statuses := make(chan int, 30)
		for range cap(statuses) {
			to := newName()
			asking.Go(func() {
				answer, err := c.wire.CreateMyInvitation(context.Background(), wire.NewMyInvitation{
					Identifier: wire.InvitationIdentifier{Type: wire.InvitationIdentifierTypeEmail, Value: to},
				})
				if err == nil {
					statuses <- answer.StatusCode
					_ = answer.Body.Close()
				}
			})
		}
		asking.Wait()
		close(statuses)
		count := map[int]int{}
		for status := range statuses {
			count[status]++
		}
		require.Equal(t, map[int]int{http.StatusCreated: 20, http.StatusTooManyRequests: 10}, count)
		c.inviteFriend(newName()).refused(http.StatusTooManyRequests, "too_many_invitations")
		other, _, _ := s.member()
		other.inviteFriend(newName()).is(http.StatusCreated)
		s.Clock.Advance(24 * time.Hour)
		c.inviteFriend(newName()).is(http.StatusCreated)
		require.Len(t, c.friends(), 21)
		s.forgetEvents()
	})
}

// Who is merged away leaves their invitations to whom they are one with.
func TestInvitationsOfMergedUsers(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		kept, _, keeps := s.member()
		gone, _, goes := s.member()
		both, only := newName(), newName()
		s.befriended(kept, both, 1)
		_, twice := s.befriended(gone, both, 2)
		_, token := s.befriended(gone, only, 1)
		s.first().merged(keeps.Outcome.User.ID, goes.Outcome.User.ID)
		var found []string
		for _, one := range kept.friends() {
			found = append(found, one.Identifier.Value)
		}
		require.ElementsMatch(t, []string{both, only}, found)
		c := s.app()
		c.accepting("registration", twice, nil).refused(http.StatusUnprocessableEntity, "invitation_invalid")
		c.completed(c.accepting("registration", token, c.choose("", newPassword(), nil)).is(http.StatusCreated))
		s.forgetEvents()
	})
}
