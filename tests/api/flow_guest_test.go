package api_test

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

// asGuest is the answer that goes on as a guest.
func (c *caller) asGuest() *wire.StepSubmission {
	return sent(c, func(s *wire.StepSubmission) error {
		return s.FromGuestSubmission(wire.GuestSubmission{Type: wire.GuestSubmissionTypeGuest})
	})
}

// of starts a journey of an application.
func (c *caller) of(client, journey string, submission *wire.StepSubmission) answer {
	c.t.Helper()
	start := c.asking(journey, submission)
	start.ClientID = &client
	return c.start(start)
}

// guest goes on as one.
func (s *scenario) guest(client string) (*caller, wire.Flow) {
	s.t.Helper()
	c := s.app()
	flow := c.completed(c.of(client, "guest", c.asGuest()).is(http.StatusCreated))
	s.forgetEvents()
	return c, flow
}

func (c *caller) own() wire.User {
	c.t.Helper()
	return read[wire.User](c.got(c.wire.GetMe(context.Background())).is(http.StatusOK))
}

// types are what was told, in any order, but of messages.
func (s *scenario) types() []string {
	s.t.Helper()
	found := []string{}
	for _, told := range s.news() {
		if told.Type != "message.queued" && told.Type != "message.sent" {
			found = append(found, told.Type)
		}
	}
	slices.Sort(found)
	return found
}

// One request makes a guest, whose session proves nothing; where there are none there is no
// such journey, and who cannot show the step is told so on that journey only.
func TestGuestInOneRequest(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		for _, origin := range []string{"", siblingOrigin} {
			c := s.browser(origin)
			flow := c.completed(c.of("welcoming", "guest", c.asGuest()).is(http.StatusCreated))
			require.Equal(t, "aal0", flow.Outcome.Session.Acr)
			require.Empty(t, flow.Outcome.Session.Amr)
			require.Empty(t, flow.Outcome.User.Identifiers)
			require.True(t, *flow.Outcome.User.Guest)
			told := s.fired("user.created", "session.created")
			require.Equal(t, map[string]any{"identifier_types": []any{}, "guest": true}, data(t, told[0]))
			require.Equal(t, flow.Outcome.User.ID, c.own().ID)
			record := read[wire.UserRecord](s.manager().user(flow.Outcome.User.ID).is(http.StatusOK))
			require.True(t, *record.Guest)
		}
		c := s.app()
		c.start(c.asking("guest", c.asGuest())).refused(http.StatusUnprocessableEntity, "journey_unknown")
		start := c.asking("guest", nil)
		start.ClientID, start.Accepts = optional("welcoming"), []string{"password", "new_password"}
		old := read[wire.Flow](c.start(start).is(http.StatusCreated))
		require.Equal(t, "denied", old.Status)
		require.Equal(t, "client_upgrade_required", old.Error.Code)
		start.Journey = "registration"
		require.Equal(t, "active", read[wire.Flow](c.start(start).is(http.StatusCreated)).Status)
		s.fired()
	})
}

// A guest is asked for the terms, and what the profile needs when they register, but for what
// it has by then.
func TestGuestKeepsIDAndProfile(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		begun := c.goOn(c.of("hosting", "guest", c.asGuest()))
		require.Equal(t, []string{"consent"}, begun.offers())
		made := begun.finished(c.agree("2030-01"))
		s.fired("user.created", "consent.given", "session.created")
		c.got(c.wire.UpdateMeWithApplicationMergePatchPlusJSONBody(context.Background(), &wire.UpdateMeParams{}, wire.UserUpdate{Profile: &wire.ProfileUpdate{"locale": "de"}})).is(http.StatusOK)
		s.fired("user.updated")

		name, old := newName(), c.bearer
		registering := c.goOn(c.of("hosting", "registration", c.choose(name, newPassword(), nil)))
		require.Equal(t, []string{"profile"}, registering.offers())
		step, err := registering.Steps[0].AsProfileStep()
		require.NoError(t, err)
		require.Equal(t, []string{"name"}, step.Claims)
		flow := registering.finished(c.tell(wire.Profile{"name": "Ada"}))
		require.Equal(t, made.Outcome.User.ID, flow.Outcome.User.ID)
		require.Nil(t, flow.Outcome.User.Guest)
		require.Equal(t, wire.Profile{"locale": "de", "name": "Ada"}, flow.Outcome.User.Profile)
		require.Equal(t, []string{"pwd"}, flow.Outcome.Session.Amr)
		told := s.fired("user.upgraded", "session.ended", "password.set", "session.created")
		require.Equal(t, map[string]any{"identifier_types": []any{"email"}}, data(t, told[0]))
		require.Equal(t, "guest_upgraded", data(t, told[1])["reason"])
		require.Equal(t, made.Outcome.User.ID, c.own().ID)
		c.with(old).me().refused(http.StatusUnauthorized, "session_invalid")
	})
}

// Registering by a code or a link does it as well, from either journey.
func TestGuestRegistersByCodeAndLink(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		for _, journey := range []string{"registration", "login_or_registration"} {
			c, made := s.guest("receiving")
			name := newName()
			begun := c.goOn(c.of("receiving", journey, c.code(name, "")))
			flow := begun.finished(c.code("", s.mailed(name, 1)))
			require.Equal(t, made.Outcome.User.ID, flow.Outcome.User.ID)
			require.False(t, flow.Outcome.User.Identifiers[0].VerifiedAt.IsNull())
			require.Equal(t, []string{"session.created", "session.ended", "user.upgraded"}, s.types())

			c, made = s.guest("receiving")
			name = newName()
			begun = c.goOn(c.of("receiving", journey, c.link(wire.LinkSubmission{Identifier: &name})))
			flow = begun.finished(c.link(wire.LinkSubmission{LinkToken: optional(s.linked(name, 1).Get("link"))}))
			require.Equal(t, made.Outcome.User.ID, flow.Outcome.User.ID)
			require.Equal(t, []string{"session.created", "session.ended", "user.upgraded"}, s.types())
		}
	})
}

// Whose identifier it is stays theirs: a registration is refused and the guest stays one;
// whoever proves to have the account signs in to it, and gets nothing of the guest's.
func TestGuestMeetsWhoHasTheIdentifier(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		c, made := s.guest("welcoming")
		taken := c.goOn(c.of("welcoming", "registration", c.choose(p.name, newPassword(), nil)))
		requireRefusal(c, taken.Flow, "identifier_taken")
		s.fired("flow.refused")
		require.True(t, *c.own().Guest)

		guest := c.bearer
		flow := c.completed(c.of("welcoming", "login_or_registration", c.prove(p.name, p.password)).is(http.StatusCreated))
		require.Equal(t, p.ID, flow.Outcome.User.ID)
		told := s.fired("session.created", "session.ended", "user.guest_signed_in")
		require.Equal(t, "guest_signed_in", data(t, told[1])["reason"])
		require.Equal(t, p.ID, told[2].Subject)
		require.Equal(t, map[string]any{"guest_user_id": made.Outcome.User.ID}, data(t, told[2]))
		c.with(guest).me().refused(http.StatusUnauthorized, "session_invalid")

		m := s.merger()
		require.True(t, *read[wire.UserRecord](m.user(made.Outcome.User.ID).is(http.StatusOK)).Guest)
		m.previewMerge(made.Outcome.User.ID, p.ID).refused(http.StatusConflict, "user_guest")
		m.merged(p.ID, made.Outcome.User.ID)
		s.forgetEvents()
		m.user(made.Outcome.User.ID).refused(http.StatusNotFound, "user_unknown")
	})
}

// Of sixteen registrations of one guest at once, one takes place.
func TestClass_SingleUse_AGuestRegistersOnce(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, made := s.guest("welcoming")
		statuses := make([]int, 16)
		var all sync.WaitGroup
		for i := range statuses {
			one := c.with(c.bearer)
			body := one.choose(newName(), newPassword(), nil)
			all.Go(func() { statuses[i] = one.of("welcoming", "registration", body).status })
		}
		all.Wait()
		won := 0
		for _, status := range statuses {
			if status == http.StatusCreated {
				won++
			}
		}
		require.Equal(t, 1, won, "%v", statuses)
		record := read[wire.UserRecord](s.manager().user(made.Outcome.User.ID).is(http.StatusOK))
		require.Len(t, record.Identifiers, 1)
		require.Nil(t, record.Guest)
		s.forgetEvents()
	})
}

// A guest that somebody else has prepared, and put on a victim's device, opens nothing to them
// once the victim has registered or signed in there.
func TestClass_PreHijack_APreparedGuestOpensNothing(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		attacker, _ := s.guest("welcoming")
		waiting := attacker.goOn(attacker.of("welcoming", "registration", attacker.identify(newName())))
		victim := s.app().with(attacker.bearer)
		victim.completed(victim.of("welcoming", "registration", victim.choose(newName(), newPassword(), nil)).is(http.StatusCreated))
		attacker.me().refused(http.StatusUnauthorized, "session_invalid")
		waiting.submit(attacker.choose("", newPassword(), nil)).refused(http.StatusUnauthorized, "session_invalid")
		require.Len(t, victim.own().Identifiers, 1)
		s.forgetEvents()
	})
}

// The session of a guest does not become the one of the user that they become.
func TestClass_Fixation_AGuestsTokenIsNoUsers(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p := s.somebody()
		for _, submission := range []func(c *caller) (string, *wire.StepSubmission){
			func(c *caller) (string, *wire.StepSubmission) {
				return "registration", c.choose(newName(), newPassword(), nil)
			},
			func(c *caller) (string, *wire.StepSubmission) { return "login", c.prove(p.name, p.password) },
		} {
			c, _ := s.guest("welcoming")
			before := c.bearer
			journey, answer := submission(c)
			c.completed(c.of("welcoming", journey, answer).is(http.StatusCreated))
			require.NotEqual(t, before, c.bearer)
			c.with(before).me().refused(http.StatusUnauthorized, "session_invalid")
			c.me().is(http.StatusOK)
		}
		s.forgetEvents()
	})
}

// What is sensitive takes a user with something to prove, and no journey raises a guest.
func TestClass_StepUp_AGuestReachesNothingSensitive(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, made := s.guest("welcoming")
		c.got(c.wire.AddIdentifier(context.Background(), wire.NewIdentifier{Value: newName()})).refused(http.StatusForbidden, "registration_required")
		for _, journey := range []string{"step_up", "verification"} {
			c.of("welcoming", journey, nil).refused(http.StatusForbidden, "registration_required")
		}
		m := s.manager()
		m.got(m.wire.AddUserIdentifier(context.Background(), made.Outcome.User.ID, &wire.AddUserIdentifierParams{}, wire.NewUserIdentifier{Value: newName()})).refused(http.StatusConflict, "user_guest")
		s.fired()
		c.got(c.wire.DeleteMe(context.Background())).is(http.StatusOK)
		s.fired("user.deletion_scheduled", "session.ended")
	})
}

// A guest of one application, transport or tenant is nobody to the others, and one who is
// kept out does not come back as a user.
func TestClass_SideGrant_AGuestElsewhereIsNobody(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, made := s.guest("welcoming")
		other := c.with(c.bearer)
		flow := other.completed(other.start(other.asking("registration", other.choose(newName(), newPassword(), nil))).is(http.StatusCreated))
		require.NotEqual(t, made.Outcome.User.ID, flow.Outcome.User.ID)
		s.fired("user.created", "password.set", "session.created")
		require.True(t, *c.own().Guest)

		begun := c.goOn(c.of("welcoming", "registration", c.identify(newName())))
		m := s.manager()
		m.got(m.wire.SuspendUser(context.Background(), made.Outcome.User.ID)).is(http.StatusOK)
		begun.submit(c.choose("", newPassword(), nil)).refused(http.StatusUnauthorized, "session_invalid")
		record := read[wire.UserRecord](m.user(made.Outcome.User.ID).is(http.StatusOK))
		require.Empty(t, record.Identifiers)
		require.True(t, *record.Guest)
		s.forgetEvents()
	})
}

// Guests cost nobody anything but the server, so an address may be so many.
func TestClass_Exhaustion_GuestsFromOneAddressAreBounded(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		for range 30 {
			c.completed(c.of("welcoming", "guest", c.asGuest()).is(http.StatusCreated))
		}
		c.of("welcoming", "guest", c.asGuest()).refused(http.StatusTooManyRequests, "too_many_attempts")
		s.Clock.Advance(2 * time.Minute)
		c.completed(c.of("welcoming", "guest", c.asGuest()).is(http.StatusCreated))
		s.forgetEvents()
	})
}

// Nobody prepares a guest: an operator gives them no password and no way back in.
func TestClass_PreHijack_NobodyPreparesAGuest(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		_, flow := s.guest("receiving")
		o, id := s.manager(), flow.Outcome.User.ID
		o.got(o.wire.SetUserPassword(context.Background(), id, &wire.SetUserPasswordParams{}, wire.UserPassword{Password: newPassword()})).refused(http.StatusConflict, "user_guest")
		o.recovers(id, newName()).refused(http.StatusConflict, "user_guest")
		s.forgetEvents()
	})
}
