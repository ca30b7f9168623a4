package flow_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/invitation"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// inviting is a house whose application has a page for links, and somebody's token.
func inviting(t *testing.T, proof application.OwnershipProof, to string) (house, invitation.Issued) {
	t.Helper()
	h := build(t, func(d *application.Declaration) {
		d.OwnershipProof, d.LinkURIs = proof, []string{"https://web.example/link"}
		d.ProfileClaims = []string{"name", "locale"}
	})
	issued, err := h.invited.Create(h.ctx, invitation.Wanted{Type: user.Email, Value: to, ClientID: "web", Profile: []byte(`{"name":"Ada"}`), Delivery: invitation.ByCaller})
	require.NoError(t, err)
	h.told.take()
	return h, issued
}

func (h house) bring(token secret.Text, journey string, accepts []string) (flow.Result, error) {
	return h.Start(h.ctx, flow.Start{Journey: journey, Transport: session.Bearer, Accepts: accepts, Invitation: token})
}

// What was filled in is asked no more, what the person says counts, and a flow that was not
// answered yet stands where the invitation led whenever it is read.
func TestAnInvitationFillsTheProfile(t *testing.T) {
	h, issued := inviting(t, application.Deferred, "ada@example.com")
	begun, err := h.bring(issued.Token, "registration", nil)
	require.NoError(t, err)
	seen, err := h.Read(h.ctx, access(begun), 0, nil)
	require.NoError(t, err)
	require.Equal(t, kinds(begun.View), kinds(seen))
	next, err := h.Submit(h.ctx, access(begun), newPassword("", good), flow.Retry{})
	require.NoError(t, err)
	require.Equal(t, []string{"profile"}, kinds(next.View))
	require.Equal(t, []string{"locale"}, next.View.Offers[0].(step.ProfileOffer).Claims)
	done, err := h.Submit(h.ctx, access(begun), step.ProfileSubmission{Profile: []byte(`{"locale":"en"}`)}, flow.Retry{})
	require.NoError(t, err)
	require.Equal(t, flow.Completed, done.View.Status)
	require.JSONEq(t, `{"name":"Ada","locale":"en"}`, string(done.View.Outcome.User.Profile))
	require.Equal(t, []string{"user.created", "password.set", "session.created", "invitation.accepted"}, h.told.take())
}

// A name that is taken where that may be told is no flow, nor is an address that this client
// could not prove; the invitation stays.
func TestAnInvitationThatLeadsNowhere(t *testing.T) {
	h, issued := inviting(t, application.Deferred, "ada@example.com")
	_, err := h.users.Create(h.ctx, someone("ada@example.com"))
	require.NoError(t, err)
	_, err = h.bring(issued.Token, "registration", nil)
	require.ErrorIs(t, err, user.ErrIdentifierTaken)
	_, err = h.bring(issued.Token, "login", nil)
	require.ErrorIs(t, err, flow.ErrJourney)
	either, err := h.bring(issued.Token, "login_or_registration", nil)
	require.NoError(t, err)
	require.Equal(t, []string{"password", "code", "link"}, kinds(either.View))

	careful, other := inviting(t, application.BeforeAccount, "ada@example.com")
	_, err = careful.bring(other.Token, "registration", []string{"new_password"})
	require.ErrorIs(t, err, user.ErrIdentifierUnprovable)
	_, err = careful.invited.Bring(careful.ctx, other.Token)
	require.NoError(t, err)
}

// What ran out long ago is forgotten.
func TestOldInvitationsAreDeleted(t *testing.T) {
	h, issued := inviting(t, application.Deferred, "ada@example.com")
	h.clock.Advance(issued.Lifetime + invitation.Default().KeepFor - time.Second)
	count, err := h.invited.DeleteExpired(h.ctx)
	require.NoError(t, err)
	require.Zero(t, count)
	found, err := h.invited.ByID(h.ctx, issued.ID)
	require.NoError(t, err)
	require.Equal(t, invitation.Expired, h.invited.Now(found.Invitation))
	h.clock.Advance(time.Second)
	count, err = h.invited.DeleteExpired(h.ctx)
	require.NoError(t, err)
	require.Equal(t, 1, count)
	_, err = h.invited.ByID(h.ctx, issued.ID)
	require.ErrorIs(t, err, invitation.ErrUnknown)
}

// A client that shows no links proves an invited address by a code, and one that shows them has
// the proof that the invitation brought.
func TestAnInvitedClientWithoutLinksIsOfferedACode(t *testing.T) {
	h, _ := inviting(t, application.Deferred, "bob@example.com")
	_, err := h.users.Create(h.ctx, someone("ada@example.com"))
	require.NoError(t, err)
	_, err = h.invited.Create(h.ctx, invitation.Wanted{Type: user.Email, Value: "ada@example.com", ClientID: "web", Delivery: invitation.ByMessage})
	require.NoError(t, err)
	_, fragment, found := strings.Cut(h.last(t, "ada@example.com", message.ValueLink), "#invitation=")
	require.True(t, found)
	token := secret.NewText(fragment)
	for _, c := range []struct{ accepts, offers []string }{
		{[]string{"identifier", "code"}, []string{"code"}},
		{[]string{"identifier", "code", "link"}, []string{"link"}},
		{nil, []string{"password", "link"}},
	} {
		begun, err := h.bring(token, "login_or_registration", c.accepts)
		require.NoError(t, err)
		require.Equal(t, c.offers, kinds(begun.View))
	}
}
