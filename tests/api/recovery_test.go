package api_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

// recovers starts the recovery of a user to another address, by the application that has
// addresses proven first.
func (o *operator) recovers(person, to string) answer {
	o.t.Helper()
	return o.got(o.wire.StartUserRecovery(context.Background(), person, nil, wire.RecoveryStart{Value: to, ClientID: optional("careful")}))
}

func (o *operator) recovery(person string) wire.Recovery {
	o.t.Helper()
	return read[wire.Recovery](o.got(o.wire.GetUserRecovery(context.Background(), person)).is(http.StatusOK))
}

// withheld waits until the one message to an address has come to nothing, as nobody reads it.
func (s *scenario) withheld(to string) {
	s.t.Helper()
	o := s.first()
	sent := o.messages(wire.ListMessagesParams{To: &to})
	require.NotEmpty(s.t, sent)
	require.Equal(s.t, "withheld", o.settled(sent[0].ID).Status) // the newest comes first
}

// objection is what the link of the last of so many messages to an address brings.
func (s *scenario) objection(to string, count int) wire.RecoveryLink {
	s.t.Helper()
	texts := s.Mail(s.t, to, count)
	_, fragment, ok := strings.Cut(texts[len(texts)-1], "https://careful.example/link#")
	require.True(s.t, ok, "%s", texts[len(texts)-1])
	values, err := url.ParseQuery(strings.Fields(fragment)[0])
	require.NoError(s.t, err)
	return wire.RecoveryLink{RecoveryToken: values.Get("recovery")}
}

// Somebody who has lost every way in gets their account at another address, after everybody
// had time to object.
func TestRecoveryOfALostAccount(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		owner, name, flow := s.member()
		person, lost := flow.Outcome.User.ID, newName()
		o := s.manager()
		o.got(o.wire.GetUserRecovery(context.Background(), person)).refused(http.StatusNotFound, "recovery_unknown")
		s.forgetEvents()
		started := read[wire.Recovery](o.recovers(person, lost).is(http.StatusCreated))
		require.Equal(t, "waiting", started.Status)
		require.Equal(t, s.Clock.Now().Add(72*time.Hour), started.OpensAt)
		require.Equal(t, started.OpensAt.Add(7*24*time.Hour), started.ExpiresAt)
		s.Mail(t, name, 2)
		s.fired("message.queued", "recovery.started", "message.sent")
		require.Equal(t, started, o.recovery(person))
		o.recovers(person, newName()).refused(http.StatusConflict, "recovery_running")

		early := s.app()
		early.careful("recovery", early.code(lost, ""))
		s.withheld(lost) // it does not open yet
		s.Clock.Advance(72 * time.Hour)
		require.Equal(t, "open", o.recovery(person).Status)
		c := s.app()
		c.careful("login", c.code(lost, "")).refused("credentials_invalid", c.code("", s.mailed(lost, 1)))
		s.Clock.Advance(time.Minute)
		s.forgetEvents()
		comes := c.careful("recovery", c.code(lost, ""))
		comes.accepted(c.code("", s.mailed(lost, 2)))
		chosen := newPassword()
		done := comes.finished(c.choose("", chosen, nil))
		require.Equal(t, person, done.Outcome.User.ID)
		for _, held := range done.Outcome.User.Identifiers {
			require.Equal(t, held.Value == lost, held.Primary)
			require.Equal(t, held.Value == lost, !held.VerifiedAt.IsNull(), "what was lost proves nobody any more")
		}
		owner.me().refused(http.StatusUnauthorized, "session_invalid")
		require.Contains(t, s.Mail(t, name, 3)[2], "recovered")
		require.Equal(t, "completed", o.recovery(person).Status)
		s.forgetEvents()

		s.Clock.Advance(time.Minute)
		late := s.app()
		late.careful("login", late.code(name, ""))
		s.withheld(name) // nobody has proven it
		c.bearer = ""
		c.completed(c.start(c.asking("login", c.prove(lost, chosen))).is(http.StatusCreated))
		s.forgetEvents()
	})
}

// Opening the link of a notice spends nothing; objecting works once, and for good.
func TestPromise_ScannersAreHarmless_ARecoveryIsStopped(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		_, name, flow := s.member()
		person, wanted, o, elsewhere := flow.Outcome.User.ID, newName(), s.manager(), s.app()
		started := read[wire.Recovery](o.recovers(person, wanted).is(http.StatusCreated))
		link := s.objection(name, 2)
		for range 3 {
			opened := read[wire.OpenedRecovery](elsewhere.got(elsewhere.wire.OpenRecovery(context.Background(), link)).is(http.StatusOK))
			require.Equal(t, started.OpensAt, opened.OpensAt)
			require.NotContains(t, opened.Masked, strings.Split(wanted, "@")[0])
		}
		s.Clock.Advance(73 * time.Hour)
		s.forgetEvents()
		elsewhere.got(elsewhere.wire.StopRecovery(context.Background(), link)).is(http.StatusNoContent)
		s.fired("recovery.stopped")
		for _, token := range []string{link.RecoveryToken, "lr_" + strings.Repeat("A", 43), "li_x", "x"} {
			wrong := wire.RecoveryLink{RecoveryToken: token}
			elsewhere.got(elsewhere.wire.StopRecovery(context.Background(), wrong)).refused(http.StatusUnprocessableEntity, "recovery_link_invalid")
			elsewhere.got(elsewhere.wire.OpenRecovery(context.Background(), wrong)).refused(http.StatusUnprocessableEntity, "recovery_link_invalid")
		}
		require.Equal(t, "stopped", o.recovery(person).Status)
		o.got(o.wire.StopUserRecovery(context.Background(), person)).is(http.StatusNoContent)
		s.fired()
		require.Equal(t, "waiting", read[wire.Recovery](o.recovers(person, wanted).is(http.StatusCreated)).Status, "another one can be started")
		o.got(o.wire.StopUserRecovery(context.Background(), person)).is(http.StatusNoContent)
		s.forgetEvents()
	})
}

// A code that was asked for while an account was open to an address is worth nothing once the
// recovery was stopped.
func TestClass_SideDoor_ARecoveryThatWasStopped(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		owner, _, flow := s.member()
		person, wanted, o := flow.Outcome.User.ID, newName(), s.manager()
		o.recovers(person, wanted).is(http.StatusCreated)
		s.Clock.Advance(73 * time.Hour)
		c := s.app()
		comes := c.careful("recovery", c.code(wanted, ""))
		comes.accepted(c.code("", s.mailed(wanted, 1)))
		o.got(o.wire.StopUserRecovery(context.Background(), person)).is(http.StatusNoContent)
		comes.refused("credentials_invalid", c.choose("", newPassword(), nil))
		owner.me().is(http.StatusOK)
		s.forgetEvents()
	})
}

// What a recovery is refused for.
func TestRecoveryRefuses(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		_, name, flow := s.member()
		_, taken, _ := s.member()
		person, o := flow.Outcome.User.ID, s.manager()
		o.recovers(person, taken).refused(http.StatusConflict, "identifier_taken")
		o.recovers(person, name).refused(http.StatusConflict, "identifier_taken")
		o.recovers(person, "nobody").refused(http.StatusUnprocessableEntity, "address_required")
		o.recovers(person, "nobody@").refused(http.StatusUnprocessableEntity, "identifier_invalid")
		o.recovers(madeUp().ids["user_id"], newName()).refused(http.StatusNotFound, "user_unknown")
		o.got(o.wire.StartUserRecovery(context.Background(), person, nil, wire.RecoveryStart{Value: newName()})).refused(http.StatusConflict, "link_uri_required")
		soon := int32(86399)
		o.got(o.wire.StartUserRecovery(context.Background(), person, nil, wire.RecoveryStart{Value: newName(), WaitingSeconds: &soon})).
			refused(http.StatusUnprocessableEntity, "request_invalid")
		s.granted(person, "lintel:users:read")
		o.recovers(person, newName()).refused(http.StatusConflict, "recovery_operator")
		s.forgetEvents()
	})
}

// An account opens to the mailbox that was vetted, and to none whose name only compares alike.
func TestClass_SideDoor_ARecoveryIsForOneMailbox(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		owner, _, flow := s.member()
		o, vetted := s.manager(), "ss"+newName()
		o.recovers(flow.Outcome.User.ID, vetted).is(http.StatusCreated)
		s.Clock.Advance(72 * time.Hour)
		c, alike := s.app(), "\u00df"+vetted[2:]
		c.careful("recovery", c.code(alike, ""))
		s.withheld(alike)
		s.Clock.Advance(time.Minute)
		comes := c.careful("recovery", c.code(vetted, ""))
		comes.accepted(c.code("", s.mailed(vetted, 1)))
		require.Equal(t, flow.Outcome.User.ID, comes.finished(c.choose("", newPassword(), nil)).Outcome.User.ID)
		owner.me().refused(http.StatusUnauthorized, "session_invalid")
		s.forgetEvents()
	})
}

// Who turns out to have a way in is recovered no more.
func TestRecoveryEndsWhereThereIsAWayIn(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		_, name, flow := s.member()
		o := s.manager()
		o.recovers(flow.Outcome.User.ID, newName()).is(http.StatusCreated)
		s.Mail(t, name, 2)
		c := s.app()
		comes := c.careful("recovery", c.code(name, ""))
		comes.accepted(c.code("", s.mailed(name, 3)))
		comes.finished(c.choose("", newPassword(), nil))
		require.Equal(t, "stopped", o.recovery(flow.Outcome.User.ID).Status)
		s.forgetEvents()
	})
}
