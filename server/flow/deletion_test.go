package flow_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

const month = 30 * 24 * time.Hour

// leaving is somebody whose deletion is scheduled.
func (h house) leaving(t *testing.T, identifier string) user.User {
	t.Helper()
	who, err := h.users.ScheduleDeletion(h.ctx, h.register(t, identifier).View.Outcome.User.ID, month)
	require.NoError(t, err)
	h.told.take()
	return who
}

func (h house) submit(t *testing.T, to flow.Result, submission step.Submission) flow.Result {
	t.Helper()
	result, err := h.Submit(h.ctx, access(to), submission, flow.Retry{})
	require.NoError(t, err)
	return result
}

func TestALoginUndoesADeletion(t *testing.T) {
	for _, journey := range []string{"login", "login_or_registration"} {
		t.Run(journey, func(t *testing.T) {
			h := build(t, nil)
			who := h.leaving(t, "ada@example.com")
			started := h.start(t, journey, withPassword("ada@example.com", good))
			require.Equal(t, flow.Active, started.View.Status)
			require.Nil(t, started.View.Refusal)
			require.Len(t, started.View.Offers, 1)
			notice := started.View.Offers[0].(step.AcknowledgeOffer).Notice
			require.Equal(t, "account_deletion_scheduled", notice.Code)
			require.Equal(t, map[string]float64{"count": math.Ceil(who.DeleteAt.Sub(h.clock.Now()).Hours() / 24)}, notice.Numbers)
			require.Empty(t, h.told.take(), "to be told undoes nothing")

			done := h.submit(t, started, step.AcknowledgeSubmission{})
			require.Equal(t, flow.Completed, done.View.Status)
			require.Equal(t, user.Active, done.View.Outcome.User.Status)
			_, err := h.sessions.Resolve(h.ctx, done.SessionToken.Reveal())
			require.NoError(t, err)
			// The session of the registration was never ended; none from before lives on.
			require.Equal(t, []string{"user.deletion_cancelled", "session.ended", "session.created"}, h.told.take())
			require.Equal(t, flow.Completed, h.start(t, journey, withPassword("ada@example.com", good)).View.Status)
		})
	}
}

// Both notices are shown, the deletion first; the proof and the application's terms
// count as ever.
func TestTheDeletionComesBeforeTheRest(t *testing.T) {
	h := build(t, func(d *application.Declaration) {
		d.Terms = &application.Terms{Version: "1", URL: "https://example.com/terms"}
	})
	made, err := h.users.Create(h.ctx, someone("ada@example.com"))
	require.NoError(t, err)
	h.setPassword(t, made.ID, good)
	_, err = h.users.ScheduleDeletion(h.ctx, made.ID, month)
	require.NoError(t, err)
	h.told.take()
	started := h.start(t, "login", withPassword("ada@example.com", good))
	require.Equal(t, []string{"acknowledge"}, kinds(started.View))
	agreeing := h.submit(t, started, step.AcknowledgeSubmission{})
	require.Equal(t, []string{"consent"}, kinds(agreeing.View))
	require.Empty(t, h.told.take(), "abandoned here, the deletion stands")
	agreeing.FlowToken = started.FlowToken

	// Cancelled and scheduled again in between, it is another deletion than the one seen.
	scheduled, err := h.users.ByID(h.ctx, made.ID)
	require.NoError(t, err)
	_, err = h.users.CancelDeletion(h.ctx, made.ID, *scheduled.DeleteAt)
	require.NoError(t, err)
	h.clock.Advance(time.Minute)
	_, err = h.users.ScheduleDeletion(h.ctx, made.ID, month)
	require.NoError(t, err)
	refused := h.submit(t, agreeing, step.ConsentSubmission{Agreed: []step.Agreement{{Subject: "terms", Version: "1"}}})
	require.Equal(t, "credentials_invalid", refused.View.Refusal.Code)
	require.Equal(t, []string{"user.deletion_cancelled", "user.deletion_scheduled", "flow.refused"}, h.told.take())
}

// Nothing but the right password leads to the notice, and nothing but a login undoes.
func TestClass_SideGrant_AUserWhoIsLeaving(t *testing.T) {
	h := build(t, nil)
	signedIn := h.register(t, "ada@example.com")
	resolved, err := h.sessions.Resolve(h.ctx, signedIn.SessionToken.Reveal())
	require.NoError(t, err)
	stepUp, err := h.Start(h.ctx, flow.Start{Journey: "step_up", Transport: session.Bearer, Session: &resolved})
	require.NoError(t, err)
	who, err := h.users.ScheduleDeletion(h.ctx, resolved.Session.UserID, month)
	require.NoError(t, err)
	h.told.take()

	_, err = h.sessions.Resolve(h.ctx, signedIn.SessionToken.Reveal())
	require.ErrorIs(t, err, session.ErrNone)
	require.Equal(t, "credentials_invalid", h.submit(t, stepUp, withPassword("", good)).View.Refusal.Code)
	require.Equal(t, "identifier_taken", h.start(t, "registration", newPassword("ada@example.com", good)).View.Refusal.Code)
	wrongly, unknown := h.start(t, "login", withPassword("ada@example.com", wrong)).View, h.start(t, "login", withPassword("bob@example.com", wrong)).View
	wrongly.ID, unknown.ID = flow.ID{}, flow.ID{}
	require.Equal(t, unknown, wrongly, "a stranger sees no difference")

	h.clock.Advance(who.DeleteAt.Sub(h.clock.Now()))
	over := h.start(t, "login", withPassword("ada@example.com", good))
	require.Equal(t, "credentials_invalid", over.View.Refusal.Code, "the time is over, though nobody has erased yet")
	for _, name := range h.told.take() {
		require.Equal(t, "flow.refused", name)
	}
}

// A proof that was given before the deletion was scheduled brings nobody back: its
// notice was not seen.
func TestClass_SideDoor_AProofFromBeforeTheDeletion(t *testing.T) {
	h := build(t, func(d *application.Declaration) {
		d.Terms = &application.Terms{Version: "1", URL: "https://example.com/terms"}
	})
	made, err := h.users.Create(h.ctx, someone("ada@example.com"))
	require.NoError(t, err)
	h.setPassword(t, made.ID, good)
	started := h.start(t, "login", withPassword("ada@example.com", good))
	require.Equal(t, []string{"consent"}, kinds(started.View))
	_, err = h.users.ScheduleDeletion(h.ctx, made.ID, month)
	require.NoError(t, err)
	refused := h.submit(t, started, step.ConsentSubmission{Agreed: []step.Agreement{{Subject: "terms", Version: "1"}}})
	require.Equal(t, "credentials_invalid", refused.View.Refusal.Code)
}

// Old and new nodes side by side: one that has never heard of deletions signs nobody
// in whom another is about to delete, whatever of their flow it gets to see, and
// everybody else's flows go on wherever they are.
func TestPromise_BoringUpgrades_AnOldNodeBringsNobodyBack(t *testing.T) {
	h := build(t, nil)
	h.leaving(t, "ada@example.com")
	old := h.Without("deletion")
	started := h.start(t, "login", withPassword("ada@example.com", good))
	view, err := old.Read(h.ctx, access(started), 0, nil)
	require.NoError(t, err)
	require.Empty(t, view.Offers, "it has nothing to ask there")
	_, err = old.Submit(h.ctx, access(started), step.AcknowledgeSubmission{}, flow.Retry{})
	require.ErrorIs(t, err, flow.ErrMoved)
	require.Empty(t, h.told.take())

	h.register(t, "bob@example.com")
	there := h.start(t, "login", step.IdentifierSubmission{Identifier: "bob@example.com"})
	done, err := old.Submit(h.ctx, access(there), withPassword("", good), flow.Retry{})
	require.NoError(t, err)
	require.Equal(t, flow.Completed, done.View.Status)
	begun, err := old.Start(h.ctx, flow.Start{Journey: "login", Transport: session.Bearer, Submission: step.IdentifierSubmission{Identifier: "bob@example.com"}})
	require.NoError(t, err)
	require.Equal(t, flow.Completed, h.submit(t, begun, withPassword("", good)).View.Status)
}

// A status that this node has never heard of keeps its user out, as a deletion does
// on a node of the release before.
func TestPromise_BoringUpgrades_AnUnknownStatusIsShut(t *testing.T) {
	h := build(t, nil)
	signedIn := h.register(t, "ada@example.com")
	who, err := h.users.ByID(h.ctx, signedIn.View.Outcome.User.ID)
	require.NoError(t, err)
	who.Status = "of another release"
	require.NoError(t, storage.NewUsers(h.db).UpdateUser(h.ctx, who))
	require.ErrorIs(t, who.RequireActive(), user.ErrUnknown)
	_, err = h.sessions.Resolve(h.ctx, signedIn.SessionToken.Reveal())
	require.ErrorIs(t, err, session.ErrNone)
	for _, journey := range []string{"login", "login_or_registration"} {
		require.Equal(t, "credentials_invalid", h.start(t, journey, withPassword("ada@example.com", good)).View.Refusal.Code)
	}
}
