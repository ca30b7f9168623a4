package flow_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

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
