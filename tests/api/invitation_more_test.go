package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/tests/api/running"
)

// Opening an invitation tells the least that helps, and spends nothing however often.
func TestPromise_ScannersAreHarmless_AnInvitation(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		o, c, to := s.inviting(), s.app(), newName()
		made, token := s.mailedInvitation(o, to, 1)
		s.forgetEvents()
		for range 3 {
			opened := read[wire.OpenedInvitation](s.app().openInvitation(token).is(http.StatusOK))
			require.Equal(t, wire.OpenedInvitation{ClientID: "careful", Inviter: "careful", Channel: "email", To: "p•••@example.com", ExpiresAt: made.ExpiresAt}, opened)
		}
		s.fired()
		for _, wrong := range []string{"li_", token[:len(token)-1], "li_" + strings.Repeat("A", 43), "ll_" + token[3:]} {
			c.openInvitation(wrong).refused(http.StatusUnprocessableEntity, "invitation_invalid")
			c.accepting("registration", wrong, nil).refused(http.StatusUnprocessableEntity, "invitation_invalid")
		}
		c.completed(c.accepting("registration", token, c.choose("", newPassword(), nil)).is(http.StatusCreated))
		s.fired("user.created", "password.set", "session.created", "invitation.accepted")
	})
}

// An invitation is to one application, and its flow is whose it was begun by.
func TestClass_Fixation_AnInvitationIsToOneApplication(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		o, c, to := s.inviting(), s.app(), newName()
		_, token := s.mailedInvitation(o, to, 1)
		s.forgetEvents()
		start := c.asking("registration", nil)
		for _, elsewhere := range []string{"approving", "default"} {
			start.ClientID, start.InvitationToken = optional(elsewhere), &token
			c.start(start).refused(http.StatusUnprocessableEntity, "invitation_invalid")
		}
		f := c.goOn(c.accepting("registration", token, nil))
		stranger := &ongoing{caller: s.app(), Flow: f.Flow}
		stranger.submit(c.link(wire.LinkSubmission{})).refused(http.StatusUnauthorized, "flow_token_invalid")
		s.fired()
		f.finished(c.link(wire.LinkSubmission{}))
		s.forgetEvents()
	})
}

// Whoever took a victim's address before them has nothing of it once the victim comes, and a
// token without the victim's mail is worth nothing to whoever was shown it.
func TestClass_PreHijack_AnInvitation(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		o := s.inviting()
		attacker := s.somebody() // whose address was never proven
		_, token := s.mailedInvitation(o, attacker.name, 1)
		s.forgetEvents()
		victim := s.app()
		f := victim.goOn(victim.accepting("login_or_registration", token, nil))
		flow := f.finished(victim.link(wire.LinkSubmission{}))
		require.Equal(t, attacker.name, flow.Outcome.User.Identifiers[0].Value)
		attacker.send(http.MethodGet, "/v1/session", "").refused(http.StatusUnauthorized, "session_invalid")
		again := s.app().begin("login")
		again.refused("credentials_invalid", again.prove(attacker.name, attacker.password))
		s.forgetEvents()

		other := s.somebody()
		_, token = s.mailedInvitation(o, other.name, 1)
		registering := s.app()
		made := registering.completed(registering.accepting("registration", token, registering.choose("", newPassword(), nil)).is(http.StatusCreated))
		require.NotEqual(t, other.ID, made.Outcome.User.ID)
		other.send(http.MethodGet, "/v1/session", "").refused(http.StatusUnauthorized, "session_invalid")

		shown := s.app()
		stuck := shown.goOn(shown.accepting("registration", *o.invited(newName()).InvitationToken, nil))
		stuck.accepted(shown.choose("", newPassword(), nil))
		require.Equal(t, []string{"code", "link"}, stuck.offers(), "who was shown the token reads no mail")
		stuck.refused("code_not_sent", shown.code("", "123456"))
		s.forgetEvents()
	})
}

// What an application is called is text in a letter, and its link is the application's own,
// whatever the request says of hosts.
func TestClass_Injection_TheLetterOfAnInvitation(t *testing.T) {
	for _, engine := range running.Engines() {
		s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
			withApplications(settings)
			settings.TestMode = true
		})
		mighty := s.first()
		app := read[wire.Application](mighty.createApplication(`{"name":"<a href=//evil.example>Bank</a>","link_uris":["https://careful.example/link"]}`).is(http.StatusCreated))
		to := newName()
		wanted := anInvitation(to, wire.InvitationDeliveryMessage)
		wanted.ClientID = app.ClientID
		mighty.invite(wanted).is(http.StatusCreated)
		inbox := read[wire.TestInbox](mighty.got(mighty.wire.GetTestInbox(context.Background(), &wire.GetTestInboxParams{To: &to, Wait: new(int32(5))})).is(http.StatusOK))
		require.Len(t, inbox.Messages, 1)
		require.NotContains(t, inbox.Messages[0].HTML, "<a href=//evil")
		require.Contains(t, inbox.Messages[0].HTML, "&lt;a href=//evil.example&gt;Bank")
		require.Equal(t, "invitation", inbox.Messages[0].Kind)
		require.True(t, strings.HasPrefix(inbox.Messages[0].Values["link"], "https://careful.example/link#invitation=li_"))
		s.forgetEvents()
	}
}

// What an operator does with invitations, and what is refused.
func TestInvitationsAreManaged(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		o, to := s.inviting(), newName()
		made := o.invited(to).Invitation
		require.Equal(t, "none", made.Delivery)
		require.Equal(t, wire.Profile{"name": "Invited"}, made.Profile)
		o.invite(anInvitation(strings.ToUpper(to), wire.InvitationDeliveryNone)).refused(http.StatusConflict, "invitation_exists")
		for code, change := range map[string]func(*wire.NewInvitation){
			"link_uri_required":  func(w *wire.NewInvitation) { w.ClientID = "default" },
			"client_unknown":     func(w *wire.NewInvitation) { w.ClientID = "nobody" },
			"identifier_invalid": func(w *wire.NewInvitation) { w.Identifier.Value = "nothing" },
			"profile_invalid":    func(w *wire.NewInvitation) { w.Profile = &wire.Profile{"name": 7} },
			"request_invalid":    func(w *wire.NewInvitation) { w.ExpiresInSeconds = new(int32(60)) },
		} {
			wanted := anInvitation(newName(), wire.InvitationDeliveryNone)
			change(&wanted)
			status := http.StatusUnprocessableEntity
			if code == "link_uri_required" {
				status = http.StatusConflict
			}
			o.invite(wanted).refused(status, code)
		}
		s.fired("invitation.created")
		s.Clock.Advance(time.Second)
		gone := o.invited(newName()).Invitation
		o.revokeInvitation(gone.ID).is(http.StatusNoContent)
		pending, upper := wire.InvitationStatusPending, strings.ToUpper(to)
		require.Equal(t, []string{made.ID}, o.invitations(wire.ListInvitationsParams{Identifier: &upper}))
		require.Empty(t, o.invitations(wire.ListInvitationsParams{Identifier: optional("nothing at all")}))
		require.Contains(t, o.invitations(wire.ListInvitationsParams{Status: &pending}), made.ID)
		require.NotContains(t, o.invitations(wire.ListInvitationsParams{Status: &pending}), gone.ID)
		require.Equal(t, []string{gone.ID}, o.invitations(wire.ListInvitationsParams{Limit: new(int32(1))}))
		for _, unknown := range []string{madeUp().ids["invitation_id"], "inv_" + strings.Repeat("z", 26)} {
			o.got(o.wire.GetInvitation(context.Background(), unknown)).refused(http.StatusNotFound, "invitation_unknown")
			o.revokeInvitation(unknown).refused(http.StatusNotFound, "invitation_unknown")
			o.resendInvitation(unknown).refused(http.StatusNotFound, "invitation_unknown")
		}
		s.operator(wire.ScopeInvitationsRead).invite(anInvitation(newName(), wire.InvitationDeliveryNone)).refused(http.StatusForbidden, "scope_missing")
		s.Clock.Advance(8 * 24 * time.Hour)
		expired := wire.InvitationStatusExpired
		require.Contains(t, o.invitations(wire.ListInvitationsParams{Status: &expired}), made.ID)
		o.invited(to) // the address is free again
		s.forgetEvents()
	})
}

// acceptedBy has somebody accept an invitation and invite somebody else, so that there is
// something about them, and sign out.
func (s *scenario) acceptedBy(p *person) {
	s.t.Helper()
	c := s.app()
	f := c.goOn(c.accepting("login_or_registration", *s.first().invited(p.name).InvitationToken, nil))
	require.Equal(s.t, p.ID, f.finished(f.prove("", p.password)).Outcome.User.ID)
	friend := newName()
	c.inviteFriend(friend).is(http.StatusCreated)
	s.Mail(s.t, friend, 1)
	s.noted(friend)
	c.send(http.MethodDelete, "/v1/session", "").is(http.StatusNoContent)
}
