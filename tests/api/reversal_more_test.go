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

// undoFor is what the last link to undo something brings, among so many messages to an address;
// those of one moment come in any order.
func (s *scenario) undoFor(to string, count int) string {
	s.t.Helper()
	undo := ""
	for _, text := range s.Mail(s.t, to, count) {
		if _, fragment, ok := strings.Cut(text, "https://careful.example/link#undo="); ok {
			undo = strings.Fields(fragment)[0]
		}
	}
	token, err := url.QueryUnescape(undo)
	require.NoError(s.t, err)
	require.NotEmpty(s.t, token, to)
	return token
}

// What was taken back stays so, however the intruder adds the same address again before and
// uses a way back of their own after.
func TestClass_SideDoor_WhatWasTakenBackStays(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, a, made := s.member()
		b, x := newName(), newName()
		c.proves(s, b, 1)
		s.Mail(t, a, 2)
		s.Clock.Advance(8 * 24 * time.Hour)
		thief := s.app()
		thief.careful("login", thief.code(b, "")).finished(thief.code("", s.mailed(b, 2)))
		s.Clock.Advance(time.Minute)
		other := s.app() // of an application that takes addresses unproven
		other.goOn(other.start(other.asking("login", other.code(b, "")))).finished(other.code("", s.mailed(b, 3)))
		held := thief.proves(s, x, 1).Outcome.User.Identifiers
		s.Mail(t, a, 3)
		s.Mail(t, b, 4)
		thief.removeIdentifier(held[0].ID).is(http.StatusNoContent)
		undoA := s.undoFor(a, 4)
		s.Mail(t, b, 5)
		thief.removeIdentifier(held[1].ID).is(http.StatusNoContent)
		undoB := s.undoFor(b, 6)
		other.addIdentifier(a).is(http.StatusCreated)
		s.app().undoes(undoA).is(http.StatusNoContent)
		s.app().undoes(undoB).is(http.StatusNoContent)
		o := s.manager()
		now := read[wire.UserRecord](o.got(o.wire.GetUser(context.Background(), made.Outcome.User.ID)).is(http.StatusOK))
		require.Contains(t, proven(now), a)
		require.NotContains(t, proven(now), x)
		s.forgetEvents()
	})
}

func proven(of wire.UserRecord) (values []string) {
	for _, held := range of.Identifiers {
		if !held.VerifiedAt.IsNull() {
			values = append(values, held.Value)
		}
	}
	return values
}

// Who reads an address that was removed before an account was recovered gets in no more, and
// who takes back theirs ends a recovery that nobody told them of.
func TestClass_SideDoor_RecoveriesAndWaysBack(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		r, o, n := s.robbed(), s.manager(), newName()
		o.recovers(r.id, n).is(http.StatusCreated)
		s.Clock.Advance(72 * time.Hour)
		c := s.app()
		comes := c.careful("recovery", c.code(n, ""))
		comes.accepted(c.code("", s.mailed(n, 1)))
		comes.finished(c.choose("", newPassword(), nil))
		s.app().undoes(r.undo).refused(http.StatusUnprocessableEntity, "undo_invalid")
		c.me().is(http.StatusOK)

		again := s.robbed()
		o.recovers(again.id, newName()).is(http.StatusCreated)
		s.app().undoes(again.undo).is(http.StatusNoContent)
		require.Equal(t, "stopped", o.recovery(again.id).Status)
		s.forgetEvents()
	})
}
