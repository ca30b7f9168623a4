package api_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

// A scanner opens whatever is in a mail, twice, before its reader does. Whatever the link is
// for, the reader finds it as it was sent.
func TestPromise_ScannersAreHarmless_WhateverALinkIsFor(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		for _, journey := range []string{"login", "recovery", "registration", "login_or_registration"} {
			c, name, count := s.app(), newName(), 1
			if journey != "registration" {
				_, name, _ = s.member()
				count = 2
			}
			begun := c.careful(journey, c.link(wire.LinkSubmission{Identifier: &name}))
			brought := s.linked(name, count)
			before := read[wire.Flow](begun.read().is(http.StatusOK))
			for range 2 {
				scanner := s.app()
				scanner.source = s.newSource()
				scanner.got(scanner.wire.OpenLink(context.Background(), begun.ID, wire.LinkOpening{LinkToken: brought.Get("link")})).is(http.StatusOK)
			}
			require.Equal(t, before, read[wire.Flow](begun.read().is(http.StatusOK)), journey)
			begun.accepted(c.link(wire.LinkSubmission{LinkToken: optional(brought.Get("link"))}))
			require.NotContains(t, begun.offers(), "link", journey)
		}
		s.forgetEvents()
	})
}

// Somebody prepared an account with an address that they never proved. Whoever reads its mail
// is not joined to it unseen: who registers gets an account of their own, and the one that was
// prepared has lost the address and all that opened it.
func TestPromise_LinkingNeedsProof_APreRegisteredAddress(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		prepared := s.somebody()
		c := s.app()
		begun := c.careful("registration", c.code(prepared.name, ""))
		begun.refused("code_invalid", c.code("", "nothing"))
		prepared.me().is(http.StatusOK) // nothing is proven yet, and nothing has happened
		made := begun.finished(c.code("", s.mailed(prepared.name, 1)))
		require.NotEqual(t, prepared.ID, made.Outcome.User.ID)
		require.False(t, made.Outcome.User.Identifiers[0].VerifiedAt.IsNull())
		prepared.me().refused(http.StatusUnauthorized, "session_invalid")
		thief := s.app()
		requireRefusal(thief, read[wire.Flow](thief.start(thief.asking("login", thief.prove(prepared.name, prepared.password))).is(http.StatusCreated)), "credentials_invalid")
		s.Clock.Advance(time.Minute)
		back := s.app()
		again := back.careful("login", back.code(prepared.name, "")).finished(back.code("", s.mailed(prepared.name, 2)))
		require.Equal(t, made.Outcome.User.ID, again.Outcome.User.ID)
		s.forgetEvents()
	})
}

// The same account, opened by its address instead of registered anew: it is the reader's from
// then on, with neither the password nor the session nor the other addresses of who prepared it.
func TestClass_PreHijack_APreparedAccountOverTheAPI(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		o, prepared, door := s.first(), s.somebody(), newName()
		o.got(o.wire.AddUserIdentifier(context.Background(), prepared.ID, &wire.AddUserIdentifierParams{}, wire.NewUserIdentifier{Value: door})).is(http.StatusCreated)
		c := s.app()
		opened := c.careful("login", c.code(prepared.name, "")).finished(c.code("", s.mailed(prepared.name, 1)))
		require.Equal(t, prepared.ID, opened.Outcome.User.ID)
		require.Len(t, opened.Outcome.User.Identifiers, 1)
		prepared.me().refused(http.StatusUnauthorized, "session_invalid")
		for _, name := range []string{prepared.name, door} {
			thief := s.app()
			requireRefusal(thief, read[wire.Flow](thief.start(thief.asking("login", thief.prove(name, prepared.password))).is(http.StatusCreated)), "credentials_invalid")
		}
		s.forgetEvents()
	})
}

// Of many answers at once that have a code sent one alone is committed, and one message leaves;
// what was paid for the others is given back.
func TestPromise_OneCommitPoint_OneAnswerOneMessage(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		_, name, _ := s.member()
		c := s.app()
		begun := c.begin("login_or_registration")
		s.forgetEvents()
		sent := 0
		for _, a := range together(16, func() answer { return begun.submit(c.code(name, "")) }) {
			switch a.status {
			case http.StatusConflict:
				a.refused(http.StatusConflict, "step_not_offered")
			case http.StatusTooManyRequests: // while the others are not refunded yet
				a.refused(http.StatusTooManyRequests, "message_budget_spent")
			default:
				if flow := read[wire.Flow](a.is(http.StatusOK)); flow.Error == nil {
					sent++
				} else { // it finds that a code is on its way
					require.Equal(t, "request_invalid", flow.Error.Code)
				}
			}
		}
		require.Equal(t, 1, sent)
		s.Mail(t, name, 2)
		queued := 0
		for _, told := range s.news() {
			if told.Type == "message.queued" {
				queued++
			}
		}
		require.Equal(t, 1, queued)
		require.Len(t, s.first().messages(wire.ListMessagesParams{To: &name}), 2)
		for range 8 { // ten messages go to an address in an hour: none was paid for that was not sent
			other := s.app()
			other.source = s.newSource()
			other.careful("login", other.code(name, ""))
		}
		s.forgetEvents()
	})
}

// Whoever asks again and again has one more sent each half a minute, and five in all.
func TestPromise_MessagesAreBudgeted_AResendStorm(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		_, name, _ := s.member()
		c := s.app()
		begun := c.careful("login", c.code(name, ""))
		for sent := 1; sent <= 5; sent++ {
			s.Mail(t, name, sent+1) // what is sent side by side may arrive in any order
			for _, a := range together(16, func() answer { return begun.submit(c.code("", "")) }) {
				if a.status == http.StatusConflict { // another was quicker
					a.refused(http.StatusConflict, "step_not_offered")
					continue
				}
				want := "code_sent_recently"
				if sent == 5 {
					want = "code_limit"
				}
				requireRefusal(c, read[wire.Flow](a.is(http.StatusOK)), want)
			}
			require.Len(t, s.first().messages(wire.ListMessagesParams{To: &name}), sent+1)
			s.Clock.Advance(31 * time.Second)
			if sent < 5 {
				begun.accepted(c.code("", ""))
			}
		}
		begun.finished(c.code("", s.mailed(name, 6)))
		s.forgetEvents()
	})
}

// Promise: strangers who try codes for an address spend their own tries, of their own flows and
// addresses. Its owner types theirs all the same.
func TestPromise_LockoutIsNoWeapon_CodesOfStrangers(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		_, name, _ := s.member()
		owner := s.app()
		begun := owner.careful("login", owner.code(name, ""))
		right := s.mailed(name, 2)
		slowed := 0
		for range 4 {
			stranger := s.app()
			stranger.source = s.newSource()
			for range 2 { // each flow takes five, each address six
				if stranger.tries(stranger.careful("login", stranger.code(name, ""))) {
					slowed++
				}
			}
		}
		require.Equal(t, 4, slowed)
		begun.refused("code_invalid", owner.code("", "nothing"))
		begun.finished(owner.code("", right))
		s.forgetEvents()
	})
}

// tries types wrong codes until the flow takes no more; true where the source may not go on.
func (c *caller) tries(begun *ongoing) (slowed bool) {
	c.t.Helper()
	for range 5 {
		a := begun.submit(c.code("", "nothing"))
		if a.status == http.StatusTooManyRequests {
			a.refused(http.StatusTooManyRequests, "too_many_attempts")
			return true
		}
		if flow := read[wire.Flow](a.is(http.StatusOK)); flow.Error.Code != "code_invalid" {
			require.Equal(c.t, "code_spent", flow.Error.Code)
			return false
		}
	}
	return false
}
