package flow_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/storage/storetest"
)

// askLink asks for a link for Ada.
func askLink() step.Submission { return step.LinkSubmission{Identifier: ada} }

// mailed is what the last link to Ada has in its fragment.
func (h house) mailed(t *testing.T) flow.Link {
	t.Helper()
	target, fragment, ok := strings.Cut(h.last(t, ada, "link"), "#")
	require.True(t, ok)
	require.Equal(t, page, target)
	values, err := url.ParseQuery(fragment)
	require.NoError(t, err)
	link := flow.Link{Token: secret.NewText(values.Get("link"))}
	require.NoError(t, link.ID.UnmarshalText([]byte(values.Get("flow"))))
	return link
}

func follow(link flow.Link) step.Submission { return step.LinkSubmission{Token: link.Token} }

func elsewhere(t *testing.T, how application.LinkElsewhere) house {
	return build(t, func(app *application.Declaration) {
		app.OwnershipProof, app.LinkURIs, app.LinkElsewhere = application.BeforeAccount, []string{page}, how
	})
}

func TestALinkIsFollowedWhereItWasAskedFor(t *testing.T) {
	h := proofs(t)
	h.enrol(t, ada)
	begun := h.start(t, "login", askLink())
	require.Equal(t, []string{"link"}, kinds(begun.View))
	require.False(t, begun.View.Offers[0].(step.LinkOffer).Approved)
	link := h.mailed(t)
	require.Equal(t, begun.View.ID, link.ID)
	done := h.submit(t, begun, follow(link))
	require.Equal(t, flow.Completed, done.View.Status, done.View.Refusal)
	_, err := h.OpenLink(h.ctx, link)
	require.ErrorIs(t, err, code.ErrLink, "it was used")
}

func TestPromise_ScannersAreHarmless_OpeningALinkSpendsNothing(t *testing.T) {
	h := elsewhere(t, application.Approve)
	h.enrol(t, ada)
	begun := h.start(t, "login", askLink())
	link := h.mailed(t)
	before, err := h.Read(h.ctx, access(begun), 0, nil)
	require.NoError(t, err)
	for range 4 {
		opened, err := h.OpenLink(h.ctx, link)
		require.NoError(t, err)
		require.Equal(t, "login", opened.Journey)
		require.Equal(t, "203.0.113.7", opened.AskedBy.Address)
		require.True(t, opened.Code.IsZero())
	}
	after, err := h.Read(h.ctx, access(begun), 0, nil)
	require.NoError(t, err)
	require.Equal(t, before, after)
	require.Equal(t, flow.Completed, h.submit(t, begun, follow(link)).View.Status)
}

func TestALinkOpenedElsewhereShowsACode(t *testing.T) {
	h := proofs(t)
	h.enrol(t, ada)
	begun := h.start(t, "login", askLink())
	link := h.mailed(t)
	opened, err := h.OpenLink(h.ctx, link)
	require.NoError(t, err)
	require.Equal(t, application.TypeBack, opened.Elsewhere)
	require.Regexp(t, "^[0-9]{6}$", opened.Code.Reveal())
	again, err := h.OpenLink(h.ctx, link)
	require.NoError(t, err)
	require.Equal(t, opened.Code.Reveal(), again.Code.Reveal())
	require.ErrorIs(t, h.ApproveLink(h.ctx, link), flow.ErrNotApprovable)
	wrong := step.LinkSubmission{Code: secret.NewText("no")}
	requireRefused(t, "code_invalid", h.submit(t, begun, wrong))
	done := h.submit(t, begun, step.LinkSubmission{Code: opened.Code})
	require.Equal(t, flow.Completed, done.View.Status, done.View.Refusal)
}

func TestALinkApprovedElsewhereLetsItsFlowGoOn(t *testing.T) {
	h := elsewhere(t, application.Approve)
	h.enrol(t, ada)
	begun := h.start(t, "login", askLink())
	link := h.mailed(t)
	waited := make(chan flow.View, 1)
	go func() {
		seen := begun.View.Revision
		view, _ := h.Read(h.ctx, access(begun), 20*time.Second, &seen)
		waited <- view
	}()
	for range 2 {
		require.NoError(t, h.ApproveLink(h.ctx, link))
	}
	view := <-waited
	require.True(t, view.Offers[0].(step.LinkOffer).Approved)
	done := h.submit(t, begun, step.LinkSubmission{})
	require.Equal(t, flow.Completed, done.View.Status, done.View.Refusal)
	require.ErrorIs(t, h.ApproveLink(h.ctx, link), code.ErrLink)
}

func TestClass_SingleUse_ALinkBelongsToItsFlow(t *testing.T) {
	h := elsewhere(t, application.RefuseElsewhere)
	h.enrol(t, ada)
	mine := h.start(t, "login", askLink())
	first := h.mailed(t)
	opened, err := h.OpenLink(h.ctx, first)
	require.NoError(t, err)
	require.True(t, opened.Code.IsZero())
	h.clock.Advance(time.Minute)
	other := h.start(t, "login", askLink())
	second := h.mailed(t)
	requireRefused(t, "link_invalid", h.submit(t, mine, follow(second)))
	requireRefused(t, "link_invalid", h.submit(t, other, follow(first)))
	h.submit(t, mine, step.LinkSubmission{})
	requireRefused(t, "link_invalid", h.submit(t, mine, follow(first))) // another has taken its place
	for name, bad := range map[string]flow.Link{
		"another's token": {ID: first.ID, Token: second.Token}, "no flow": {ID: flow.ID{}, Token: second.Token},
		"no token": {ID: second.ID}, "garbage": {ID: second.ID, Token: secret.NewText("ll_x")},
	} {
		_, err := h.OpenLink(h.ctx, bad)
		require.ErrorIs(t, err, code.ErrLink, name)
		require.ErrorIs(t, h.ApproveLink(h.ctx, bad), code.ErrLink, name)
	}
	h.clock.Advance(15 * time.Minute)
	requireRefused(t, "link_invalid", h.submit(t, other, follow(second)))
	_, err = h.OpenLink(h.ctx, second)
	require.ErrorIs(t, err, code.ErrLink)
}

func TestClass_SideDoor_ALinkIsNoShortCodeWhereNoneIsShown(t *testing.T) {
	for _, how := range []application.LinkElsewhere{application.RefuseElsewhere, application.Approve} {
		h := elsewhere(t, how)
		h.enrol(t, ada)
		begun := h.start(t, "login", askLink())
		requireRefused(t, "link_invalid", h.submit(t, begun, step.LinkSubmission{Code: secret.NewText("123456")}))
	}
}

// One click lets somebody in, and does nothing that lasts.
func TestClass_SideDoor_OnlyALoginIsApprovedElsewhere(t *testing.T) {
	h := elsewhere(t, application.Approve)
	h.enrol(t, ada)
	h.start(t, "recovery", askLink())
	link := h.mailed(t)
	opened, err := h.OpenLink(h.ctx, link)
	require.NoError(t, err)
	require.Equal(t, application.TypeBack, opened.Elsewhere)
	require.ErrorIs(t, h.ApproveLink(h.ctx, link), flow.ErrNotApprovable)
}

func TestClass_SingleUse_ALinkIsFollowedOnce(t *testing.T) {
	h := proofs(t)
	h.enrol(t, ada)
	begun := h.start(t, "login", askLink())
	link := h.mailed(t)
	wins := storetest.Race(t, func(int) (bool, error) { return h.completes(begun, follow(link)) })
	require.Equal(t, 1, wins)
}

func TestClass_HostHeader_LinksLeadToDeclaredPagesOnly(t *testing.T) {
	h := proofs(t)
	refused := h.start(t, "login", step.LinkSubmission{Identifier: ada, Target: "https://evil.example"})
	requireRefused(t, "request_invalid", refused)
	require.Empty(t, h.inbox(t, ada))
	bare := build(t, nil)
	require.NotContains(t, kinds(bare.start(t, "login", nil).View), "link", "no page opens them")
}
