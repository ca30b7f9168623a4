package api_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

func (o *operator) invite(wanted wire.NewInvitation) answer {
	o.t.Helper()
	return o.got(o.wire.CreateInvitation(context.Background(), &wire.CreateInvitationParams{}, wanted))
}

// anInvitation is one to the application that has addresses proven first.
func anInvitation(to string, delivery wire.InvitationDelivery) wire.NewInvitation {
	return wire.NewInvitation{
		ClientID: "careful", Delivery: &delivery, Identifier: wire.InvitationIdentifier{Type: wire.InvitationIdentifierTypeEmail, Value: to},
		Profile: &wire.Profile{"name": "Invited"}, Locale: optional("en"),
	}
}

// invited is an invitation whose token the caller has.
func (o *operator) invited(to string) wire.IssuedInvitation {
	o.t.Helper()
	issued := read[wire.IssuedInvitation](o.invite(anInvitation(to, wire.InvitationDeliveryNone)).is(http.StatusCreated))
	require.Equal(o.t, "https://careful.example/link#invitation="+*issued.InvitationToken, *issued.InvitationLink)
	return issued
}

// mailedInvitation is an invitation, and the token that was in its message.
func (s *scenario) mailedInvitation(o *operator, to string, count int) (wire.Invitation, string) {
	s.t.Helper()
	issued := read[wire.IssuedInvitation](o.invite(anInvitation(to, wire.InvitationDeliveryMessage)).is(http.StatusCreated))
	require.Nil(s.t, issued.InvitationToken)
	require.Nil(s.t, issued.InvitationLink)
	return issued.Invitation, s.invitationIn(to, count)
}

// invitationIn is the token in the last of so many messages to an address, once it is noted
// that they were sent.
func (s *scenario) invitationIn(to string, count int) string {
	s.t.Helper()
	token := s.linked(to, count).Get("invitation")
	s.noted(to)
	return token
}

// noted waits until it is noted that the messages to an address were sent.
func (s *scenario) noted(to string) {
	s.t.Helper()
	for _, one := range s.first().messages(wire.ListMessagesParams{To: &to}) {
		s.first().settled(one.ID)
	}
}

func (o *operator) invitation(id string) wire.Invitation {
	o.t.Helper()
	return read[wire.Invitation](o.got(o.wire.GetInvitation(context.Background(), id)).is(http.StatusOK))
}

func (o *operator) invitations(params wire.ListInvitationsParams) (ids []string) {
	o.t.Helper()
	for _, one := range read[wire.InvitationPage](o.got(o.wire.ListInvitations(context.Background(), &params)).is(http.StatusOK)).Items {
		ids = append(ids, one.ID)
	}
	return ids
}

func (o *operator) revokeInvitation(id string) answer {
	o.t.Helper()
	return o.got(o.wire.RevokeInvitation(context.Background(), id))
}

func (o *operator) resendInvitation(id string) answer {
	o.t.Helper()
	return o.got(o.wire.ResendInvitation(context.Background(), id, &wire.ResendInvitationParams{}))
}

func (c *caller) openInvitation(token string) answer {
	c.t.Helper()
	return c.got(c.wire.OpenInvitation(context.Background(), wire.InvitationOpening{InvitationToken: token}))
}

// accepting starts a journey of the application with an invitation.
func (c *caller) accepting(journey, token string, submission *wire.StepSubmission) answer {
	c.t.Helper()
	start := c.asking(journey, submission)
	start.ClientID, start.InvitationToken = optional("careful"), &token
	return c.start(start)
}

func (s *scenario) inviting() *operator {
	o := s.operator(wire.ScopeInvitationsRead, wire.ScopeInvitationsWrite)
	s.forgetEvents()
	return o
}

// An invited person chooses a password, in the request that starts the flow.
func TestInvitationIsAcceptedWithAPassword(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		o, c, to := s.inviting(), s.app(), newName()
		made, token := s.mailedInvitation(o, to, 1)
		require.Equal(t, "pending", made.Status)
		require.Equal(t, s.Clock.Now().Add(7*24*time.Hour), made.ExpiresAt)
		require.Equal(t, "api_key", made.InvitedBy.Kind)
		s.happened("invitation.created", "message.queued", "message.sent")
		flow := c.completed(c.accepting("registration", token, c.choose("", newPassword(), nil)).is(http.StatusCreated))
		require.Equal(t, to, flow.Outcome.User.Identifiers[0].Value)
		require.False(t, flow.Outcome.User.Identifiers[0].VerifiedAt.IsNull(), "the letter proved the address")
		require.Equal(t, "Invited", flow.Outcome.User.Profile["name"])
		told := s.fired("user.created", "password.set", "session.created", "invitation.accepted")
		require.Equal(t, made.ID, told[3].Subject)
		require.Equal(t, flow.Outcome.User.ID, told[3].Person)
		found := o.invitation(made.ID)
		require.Equal(t, "accepted", found.Status)
		require.Equal(t, flow.Outcome.User.ID, found.UserID.MustGet())
		require.False(t, found.AcceptedAt.IsNull())
		o.revokeInvitation(made.ID).refused(http.StatusConflict, "invitation_closed")
		o.resendInvitation(made.ID).refused(http.StatusConflict, "invitation_closed")
	})
}

// One click is enough, whether or not there can be a password; what was filled in before can
// be given otherwise.
func TestInvitationIsAcceptedWithoutAPassword(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		o := s.inviting()
		for journey, offered := range map[string][]string{"registration": {"new_password", "link"}, "login_or_registration": {"new_password", "link"}} {
			c, to := s.app(), newName()
			_, token := s.mailedInvitation(o, to, 1)
			s.forgetEvents()
			f := c.goOn(c.accepting(journey, token, nil))
			require.Equal(t, offered, f.offers(), journey)
			require.False(t, f.CanGoBack)
			step, err := f.Steps[1].AsLinkStep()
			require.NoError(t, err)
			require.True(t, step.Approved)
			require.Equal(t, to, *step.Identifier)
			other := newName()
			f.refused("request_invalid", c.link(wire.LinkSubmission{Identifier: &other}), "/identifier")
			f.refused("request_invalid", c.choose(other, newPassword(), nil), "/identifier")
			f.refused("code_not_sent", c.link(wire.LinkSubmission{OneTimeCode: optional("123456")}))
			flow := f.finished(c.link(wire.LinkSubmission{}))
			require.Equal(t, "Invited", flow.Outcome.User.Profile["name"])
			s.fired("flow.refused", "flow.refused", "flow.refused", "user.created", "session.created", "invitation.accepted")
		}
		c, to := s.app(), newName()
		_, token := s.mailedInvitation(o, to, 1)
		flow := c.completed(c.accepting("registration", token, c.choose("", newPassword(), wire.Profile{"name": "Myself"})).is(http.StatusCreated))
		require.Equal(t, "Myself", flow.Outcome.User.Profile["name"])
		s.forgetEvents()
	})
}

// Whoever has an account already signs in with the invitation, and cannot register again.
func TestInvitationOfSomebodyWithAnAccount(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		o := s.inviting()
		_, name, before := s.member()
		made, token := s.mailedInvitation(o, name, 2)
		s.forgetEvents()
		c := s.app()
		c.accepting("registration", token, nil).refused(http.StatusConflict, "identifier_taken")
		c.accepting("login", token, nil).refused(http.StatusUnprocessableEntity, "journey_unknown")
		f := c.goOn(c.accepting("login_or_registration", token, nil))
		require.Equal(t, []string{"password", "link"}, f.offers())
		flow := f.finished(c.link(wire.LinkSubmission{}))
		require.Equal(t, before.Outcome.User.ID, flow.Outcome.User.ID)
		require.NotContains(t, flow.Outcome.User.Profile, "name", "what was filled in is for somebody new")
		s.fired("session.created", "invitation.accepted")
		require.Equal(t, "accepted", o.invitation(made.ID).Status)
	})
}

// A token that an operator has seen proves no address: a code has to.
func TestPromise_ProofsCount_WhatTheCallerDeliversProvesNothing(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		o, c, to := s.inviting(), s.app(), newName()
		issued := o.invited(to)
		s.fired("invitation.created")
		f := c.goOn(c.accepting("registration", *issued.InvitationToken, nil))
		require.Equal(t, []string{"new_password", "code", "link"}, f.offers())
		f.accepted(c.choose("", newPassword(), nil))
		require.Equal(t, []string{"code", "link"}, f.offers())
		f.accepted(c.code("", ""))
		flow := f.finished(c.code("", s.mailed(to, 1)))
		require.False(t, flow.Outcome.User.Identifiers[0].VerifiedAt.IsNull())
		s.noted(to)
		s.happened("message.queued", "message.sent", "user.created", "password.set", "session.created", "invitation.accepted")

		known := s.app()
		_, name, before := s.member()
		token := *o.invited(name).InvitationToken
		either := known.goOn(known.accepting("login_or_registration", token, nil))
		require.Equal(t, []string{"password", "code", "link"}, either.offers(), "nothing is told of whoever has it")
		either.accepted(known.code("", ""))
		require.Equal(t, before.Outcome.User.ID, either.finished(known.code("", s.mailed(name, 2))).Outcome.User.ID)
		s.forgetEvents()
	})
}

// Of an invitation that is sent again only the last token is worth anything.
func TestInvitationIsSentAgain(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		o, c, to := s.inviting(), s.app(), newName()
		made, old := s.mailedInvitation(o, to, 1)
		s.forgetEvents()
		begun := c.goOn(c.accepting("registration", old, nil))
		o.resendInvitation(made.ID).refused(http.StatusUnprocessableEntity, "code_sent_recently")
		s.Clock.Advance(time.Minute)
		again := read[wire.IssuedInvitation](o.resendInvitation(made.ID).is(http.StatusOK))
		require.Nil(t, again.InvitationToken)
		token := s.invitationIn(to, 2)
		s.happened("invitation.sent", "message.queued", "message.sent")
		c.openInvitation(old).refused(http.StatusUnprocessableEntity, "invitation_invalid")
		c.accepting("registration", old, nil).refused(http.StatusUnprocessableEntity, "invitation_invalid")
		flow := read[wire.Flow](begun.submit(c.link(wire.LinkSubmission{})).is(http.StatusOK))
		require.Equal(t, "denied", flow.Status)
		require.Equal(t, "invitation_invalid", flow.Error.Code)
		s.fired("flow.refused")
		c.completed(c.accepting("registration", token, c.choose("", newPassword(), nil)).is(http.StatusCreated))
		s.forgetEvents()
		shown := o.invited(newName())
		s.Clock.Advance(time.Minute)
		require.NotEqual(t, *shown.InvitationToken, *read[wire.IssuedInvitation](o.resendInvitation(shown.Invitation.ID).is(http.StatusOK)).InvitationToken)
		s.forgetEvents()
	})
}

// What is revoked while somebody answers leads to nothing at all.
func TestPromise_OneCommitPoint_ARevokedInvitationMakesNobody(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		o, c, to := s.inviting(), s.app(), newName()
		made, token := s.mailedInvitation(o, to, 1)
		f := c.goOn(c.accepting("registration", token, nil))
		s.forgetEvents()
		o.revokeInvitation(made.ID).is(http.StatusNoContent)
		o.revokeInvitation(made.ID).is(http.StatusNoContent)
		s.fired("invitation.revoked")
		flow := read[wire.Flow](f.submit(c.choose("", newPassword(), nil)).is(http.StatusOK))
		require.Equal(t, "denied", flow.Status)
		require.Equal(t, "invitation_invalid", flow.Error.Code)
		require.Empty(t, flow.Steps)
		s.fired("flow.refused")
		c.openInvitation(token).refused(http.StatusUnprocessableEntity, "invitation_invalid")
		found := o.invitation(made.ID)
		require.Equal(t, "revoked", found.Status)
		require.False(t, found.RevokedAt.IsNull())
		require.True(t, found.UserID.IsNull())
		o.resendInvitation(made.ID).refused(http.StatusConflict, "invitation_closed")
		s.mailedInvitation(o, to, 2) // the address is free for another one
		s.forgetEvents()
	})
}

// An invitation works once, whoever is how fast, and never after its time.
func TestClass_SingleUse_AnInvitation(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		o, to := s.inviting(), newName()
		_, token := s.mailedInvitation(o, to, 1)
		s.forgetEvents()
		var racing sync.WaitGroup
		begun := make([]*ongoing, 8)
		for i := range begun {
			c := s.app()
			begun[i] = c.goOn(c.accepting("login_or_registration", token, nil))
		}
		for _, f := range begun {
			answer := f.link(wire.LinkSubmission{})
			racing.Go(func() { _, _ = f.wire.SubmitStep(context.Background(), f.ID, &wire.SubmitStepParams{}, *answer) })
		}
		racing.Wait()
		count := map[string]int{}
		for _, told := range s.news() {
			count[told.Type]++
		}
		require.Equal(t, 1, count["invitation.accepted"])
		require.Equal(t, 1, count["user.created"])
		require.Equal(t, 1, count["session.created"])
		s.app().accepting("login_or_registration", token, nil).refused(http.StatusUnprocessableEntity, "invitation_invalid")

		made, late := s.mailedInvitation(o, newName(), 1)
		c := s.app()
		waiting := c.goOn(c.accepting("registration", late, nil))
		s.Clock.Advance(7*24*time.Hour - time.Minute)
		c.openInvitation(late).is(http.StatusOK)
		s.Clock.Advance(time.Minute)
		c.openInvitation(late).refused(http.StatusUnprocessableEntity, "invitation_invalid")
		require.Equal(t, "expired", read[wire.Flow](waiting.read().is(http.StatusOK)).Status)
		require.Equal(t, "expired", o.invitation(made.ID).Status)
		s.forgetEvents()
	})
}
