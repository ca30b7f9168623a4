package api_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// writes has the server send a message that no request has it send, and forgets the events
// before it.
func (s *scenario) writes(draft message.Draft) string {
	s.t.Helper()
	s.forgetEvents()
	within := reqctx.WithTenant(context.Background(), s.tenant())
	draft.Kind, draft.Channel, draft.Locales, draft.ValidFor = message.Test, message.Email, []string{"en"}, time.Hour
	draft.Values = map[string]string{"code": "123456"}
	return s.Queue(within, s.t, draft).ID.String()
}

// wroteTo has the server send a person a message, and waits until it is sent.
func (s *scenario) wroteTo(person, to string) wire.Message {
	s.t.Helper()
	sent := s.first().settled(s.writes(message.Draft{To: to, Person: person}))
	require.Equal(s.t, "sent", sent.Status)
	return sent
}

// Whether somebody is known shows in nothing but what arrives.
func TestPromise_NoEnumeration_AMessageForHoldersOnly(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		o, p, known, unknown := s.first(), s.somebody(), newWord()+"@example.com", newWord()+"@example.com"
		o.got(o.wire.AddUserIdentifier(context.Background(), p.ID, &wire.AddUserIdentifierParams{}, wire.NewUserIdentifier{Value: known})).is(http.StatusCreated)
		s.forgetEvents()
		sent := o.settled(s.writes(message.Draft{To: known, HolderOnly: true}))
		s.fired("message.queued", "message.sent")
		held := o.settled(s.writes(message.Draft{To: unknown, HolderOnly: true}))
		told := s.fired("message.queued", "message.withheld")
		require.Equal(t, "sent", sent.Status)
		require.Equal(t, "withheld", held.Status)
		require.Equal(t, map[string]any{"kind": "test", "channel": "email"}, data(t, told[1]))
		require.Equal(t, []wire.Message{held}, o.messages(wire.ListMessagesParams{To: &unknown, Status: new(wire.MessageStatusWithheld)}))
		o.got(o.wire.ResendMessage(context.Background(), held.ID, nil)).refused(http.StatusConflict, "message_not_failed")

		to := readDocument(t, p.exported()).Sections["messages"]
		require.Len(t, to, 1)
		require.Equal(t, known, to[0]["to"])
		require.Equal(t, sent.ID, to[0]["id"])
		require.NotContains(t, to[0], "internal")

		m, target := s.merger(), s.somebody()
		m.merged(target.ID, p.ID)
		require.Equal(t, sent.ID, readDocument(t, target.exported()).Sections["messages"][0]["id"], "they are one now")
		o.got(o.wire.DeleteUser(context.Background(), target.ID, &wire.DeleteUserParams{AtOnce: new(true)})).is(http.StatusOK)
		o.got(o.wire.GetMessage(context.Background(), sent.ID)).refused(http.StatusNotFound, "message_unknown")
	})
}
