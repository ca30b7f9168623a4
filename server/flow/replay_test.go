package flow_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/assurance"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/session"
)

// Protects what operators note about a person: an answer, and what is kept of it to be
// given again, holds what the person may see.
func TestClass_ObjectLevel_AnAnswerHoldsNoPrivateMetadata(t *testing.T) {
	h := build(t, nil)
	made := h.register(t, "ada@example.com")
	_, err := h.users.SetMetadata(h.ctx, made.View.Outcome.User.ID, nil, json.RawMessage(`{"plan":"gold"}`), json.RawMessage(`{"risk":"high"}`))
	require.NoError(t, err)
	begin := flow.Start{
		Journey: "login", Transport: session.Bearer, Submission: withPassword("ada@example.com", good),
		Retry: flow.Retry{Key: "b1946ac9-2492", Body: []byte("the body")},
	}
	first, err := h.Start(h.ctx, begin)
	require.NoError(t, err)
	require.JSONEq(t, `{"plan":"gold"}`, string(first.View.Outcome.User.PublicMetadata))
	require.Nil(t, first.View.Outcome.User.PrivateMetadata)
	again, err := h.Start(h.ctx, begin)
	require.NoError(t, err)
	require.Equal(t, first.View, again.View)
	require.Equal(t, first.SessionToken.Reveal(), again.SessionToken.Reveal())
}

// A login is noted, and nothing else that a session lives through.
func TestOnlyALoginIsNoted(t *testing.T) {
	h := build(t, nil)
	made := h.register(t, "ada@example.com")
	owner := made.View.Outcome.User.ID
	noted := func() time.Time {
		found, err := h.users.ByID(h.ctx, owner)
		require.NoError(t, err)
		require.NotNil(t, found.LastLoginAt)
		return *found.LastLoginAt
	}
	first := h.clock.Now()
	require.Equal(t, first, noted(), "of the registration")
	h.clock.Advance(time.Hour)
	resolved, err := h.sessions.Resolve(h.ctx, made.SessionToken.Reveal())
	require.NoError(t, err)
	_, err = h.sessions.Refresh(h.ctx, resolved)
	require.NoError(t, err)
	_, err = h.sessions.Raise(h.ctx, made.View.Outcome.Session.ID, []assurance.Fact{{Method: assurance.Password, At: h.clock.Now()}})
	require.NoError(t, err)
	require.Equal(t, "credentials_invalid", h.start(t, "login", withPassword("ada@example.com", wrong)).View.Refusal.Code)
	require.Equal(t, first, noted())
	require.Equal(t, flow.Completed, h.start(t, "login", withPassword("ada@example.com", good)).View.Status)
	require.Equal(t, h.clock.Now(), noted())
}
