package flow_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/application/relyingparty"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/session"
)

// Promise: an account with a passkey alone is made and entered in two requests each, without
// anybody saying who they are when they come back.
func TestPromise_PasskeyLifecycle_APasskeyAloneMakesAnAccountAndOpensIt(t *testing.T) {
	h := build(t, withPasskeys(nil))
	made, d := h.joins(t, "ada@example.com")
	require.Equal(t, []string{"user.created", "passkey.added", "session.created"}, h.told.take())
	require.Equal(t, []string{"mfa", "pop", "user"}, made.View.Outcome.Session.Proven().AMR)
	held, err := h.passkeys.List(h.ctx, made.View.Outcome.User.ID)
	require.NoError(t, err)
	require.Len(t, held, 1)
	require.Equal(t, "Harbour phone", held[0].Name)
	require.Equal(t, d.Options.UserHandle, held[0].Handle)

	begun := h.begin(t, "login", nil)
	require.Empty(t, offer[step.PasskeyOffer](t, begun.View).Options.Allow)
	back := h.proves(t, begun, begun.View, d)
	require.Equal(t, flow.Completed, back.View.Status, back.View.Refusal)
	require.Equal(t, made.View.Outcome.User.ID, back.View.Outcome.User.ID)
	proven := back.View.Outcome.Session.Proven()
	require.Equal(t, "aal2", string(proven.ACR))
	require.Equal(t, []string{"session.created"}, h.told.take())
	require.Equal(t, [][]byte{d.key.ID}, back.View.Signals.Accepted[0].CredentialIDs, "the platform is told which there are")
	require.Equal(t, "ada@example.com", back.View.Signals.Details[0].Name)
	held, err = h.passkeys.List(h.ctx, made.View.Outcome.User.ID)
	require.NoError(t, err)
	require.Equal(t, uint32(1), held[0].SignCount)
	require.NotNil(t, held[0].LastUsedAt)
}

// Promise: starting a flow with passkeys writes nothing, and what it offers is the same each
// time it is read.
func TestPromise_PasskeyLifecycle_AStartWritesNothing(t *testing.T) {
	h := build(t, withPasskeys(nil))
	begun := h.begin(t, "login", nil)
	require.Equal(t, "passkey", kinds(begun.View)[0])
	view, err := h.Read(h.ctx, access(begun), 0, nil)
	require.NoError(t, err)
	require.Equal(t, begun.View, view)
	require.Empty(t, h.told.take())
	other := offer[step.PasskeyOffer](t, h.begin(t, "login", nil).View).Options.Challenge
	challenge := offer[step.PasskeyOffer](t, begun.View).Options.Challenge
	require.Len(t, challenge, 32)
	require.NotEqual(t, other, challenge)
}

// Class: a challenge is good once, in its own flow, for its own purpose.
func TestClass_SingleUse_AChallengeIsGoodOnceAndForOnePurpose(t *testing.T) {
	h := build(t, withPasskeys(nil))
	_, d := h.joins(t, "ada@example.com")
	first, second := h.begin(t, "login", nil), h.begin(t, "login", nil)
	asked := offer[step.PasskeyOffer](t, first.View)
	answer := step.PasskeySubmission{Credential: d.proves(asked.Options)}
	h.told.take()
	require.Equal(t, "passkey_invalid", h.submit(t, second, answer).View.Refusal.Code, "another flow's")
	require.Equal(t, []string{"flow.refused"}, h.told.take())

	refused := h.submit(t, first, step.PasskeySubmission{Credential: []byte(`{}`)})
	require.Equal(t, "passkey_invalid", refused.View.Refusal.Code)
	fresh := offer[step.PasskeyOffer](t, refused.View)
	require.NotEqual(t, asked.Options.Challenge, fresh.Options.Challenge, "a refused answer brings a fresh challenge")
	again := h.submit(t, first, answer)
	require.Equal(t, "passkey_invalid", again.View.Refusal.Code, "that of an earlier turn")

	late := newDevice()
	registering := h.begin(t, "registration", nil)
	creation := offer[step.NewPasskeyOffer](t, registering.View)
	creation.Options.Challenge = offer[step.PasskeyOffer](t, again.View).Options.Challenge
	swapped := h.submit(t, registering, step.NewPasskeySubmission{Identifier: "eve@example.com", Credential: late.makes(creation.Options)})
	require.Equal(t, "passkey_invalid", swapped.View.Refusal.Code, "one for something else")

	done := h.proves(t, first, again.View, d)
	require.Equal(t, flow.Completed, done.View.Status)
	_, err := h.Submit(h.ctx, access(first), answer, flow.Retry{})
	require.ErrorIs(t, err, flow.ErrMoved)
}

// Class: sixteen answers with one proof at the same moment make one session.
func TestClass_SingleUse_OneProofMakesOneSession(t *testing.T) {
	h := build(t, withPasskeys(nil))
	_, d := h.joins(t, "ada@example.com")
	begun := h.begin(t, "login", nil)
	answer := step.PasskeySubmission{Credential: d.proves(offer[step.PasskeyOffer](t, begun.View).Options)}
	h.told.take()
	won := make(chan bool, 16)
	for range 16 {
		go func() {
			done, err := h.Submit(h.ctx, access(begun), answer, flow.Retry{})
			won <- err == nil && done.View.Status == flow.Completed
		}()
	}
	count := 0
	for range 16 {
		if <-won {
			count++
		}
	}
	require.Equal(t, 1, count)
	require.Equal(t, []string{"session.created"}, h.told.take())
}

// Class: of somebody who is named, as many passkeys are asked for whoever it is.
func TestPromise_NoEnumeration_NamingSomebodyTellsNotWhetherTheyHavePasskeys(t *testing.T) {
	h := build(t, withPasskeys(nil))
	_, d := h.joins(t, "ada@example.com")
	allow := func(name string) []passkey.Descriptor {
		begun := h.start(t, "login", step.IdentifierSubmission{Identifier: name})
		asked := offer[step.PasskeyOffer](t, begun.View)
		require.Equal(t, name, asked.Identifier)
		return asked.Options.Allow
	}
	known, unknown := allow("ada@example.com"), allow("eve@example.com")
	require.Len(t, known, len(unknown))
	require.Equal(t, known, allow("ada@example.com"), "asked again, it is the same")
	require.Equal(t, unknown, allow("eve@example.com"))
	has := func(all []passkey.Descriptor) (found bool) {
		for _, one := range all {
			found = found || bytes.Equal(one.ID, d.key.ID)
		}
		return found
	}
	require.True(t, has(known))
	require.False(t, has(unknown))

	begun := h.start(t, "login", step.IdentifierSubmission{Identifier: "eve@example.com"})
	require.Equal(t, "passkey_invalid", h.proves(t, begun, begun.View, d).View.Refusal.Code, "it is not eve's")
	begun = h.start(t, "login", step.IdentifierSubmission{Identifier: "ada@example.com"})
	d.Options.UserHandle = nil // as a key that keeps nothing says nothing
	require.Equal(t, flow.Completed, h.proves(t, begun, begun.View, d).View.Status)
}

// Class: whoever is signed in and proved it lately adds a passkey to their own account; the
// session does not change, and they are told.
func TestClass_StepUp_AddingAPasskeyNeedsAFreshProof(t *testing.T) {
	h := build(t, withPasskeys(nil))
	made := h.register(t, "ada@example.com")
	h.told.take()
	held := h.resolve(t, made)
	begun := h.begin(t, "enrolment", held)
	asked := offer[step.NewPasskeyOffer](t, begun.View)
	require.Empty(t, asked.Identifier)
	require.False(t, asked.Conditional)
	require.Equal(t, "ada@example.com", asked.Options.Name)
	require.NotContains(t, string(asked.Options.Handle), made.View.Outcome.User.ID.String())
	d := newDevice()
	done := h.makes(t, begun, begun.View, d, "")
	require.Equal(t, flow.Completed, done.View.Status, done.View.Refusal)
	require.True(t, done.SessionToken.IsZero())
	require.Equal(t, []string{"pwd"}, done.View.Outcome.Session.Proven().AMR, "what was just added proves nothing yet")
	require.Equal(t, []string{"passkey.added"}, h.told.take())
	require.Equal(t, [][]byte{d.key.ID}, done.View.Signals.Accepted[0].CredentialIDs)

	second := newDevice()
	begun = h.begin(t, "enrolment", h.resolve(t, made))
	asked = offer[step.NewPasskeyOffer](t, begun.View)
	require.Equal(t, d.key.ID, asked.Options.Exclude[0].ID, "a device that has one is passed over")
	require.Equal(t, "passkey_taken", h.makes(t, begun, begun.View, d, "").View.Refusal.Code)
	begun = h.begin(t, "enrolment", h.resolve(t, made))
	require.Equal(t, flow.Completed, h.makes(t, begun, begun.View, second, "").View.Status)

	h.clock.Advance(6 * time.Minute)
	_, err := h.Start(h.ctx, flow.Start{Journey: "enrolment", Transport: session.Bearer, Accepts: allSteps(), Session: h.resolve(t, made), FreshFor: 5 * time.Minute})
	require.ErrorIs(t, err, session.ErrNotFresh)
	_, err = h.Start(h.ctx, flow.Start{Journey: "enrolment", Transport: session.Bearer, Accepts: allSteps()})
	require.ErrorIs(t, err, flow.ErrNoSession)
	raised := h.begin(t, "step_up", h.resolve(t, made))
	done = h.proves(t, raised, raised.View, second)
	require.Equal(t, flow.Completed, done.View.Status, done.View.Refusal)
	require.Equal(t, []string{"mfa", "pop", "pwd", "user"}, done.View.Outcome.Session.Proven().AMR)
	h.begin(t, "enrolment", h.resolve(t, made))
}

// Class: nobody raises somebody else's session.
func TestClass_ObjectLevel_AStepUpTakesTheUsersOwnPasskey(t *testing.T) {
	h := build(t, withPasskeys(nil))
	ada, _ := h.joins(t, "ada@example.com")
	_, eves := h.joins(t, "eve@example.com")
	begun := h.begin(t, "step_up", h.resolve(t, ada))
	require.Equal(t, "passkey_invalid", h.proves(t, begun, begun.View, eves).View.Refusal.Code)
	nothing := h.register(t, "grace@example.com")
	require.NotContains(t, kinds(h.begin(t, "step_up", h.resolve(t, nothing)).View), "passkey", "she has none")
}

// Promise: where the application wants it, who signs in with a password and has a passkey
// proves that too; who has none goes on.
func TestPromise_ProofsCount_APasskeyIsTheSecondFactor(t *testing.T) {
	h := build(t, withPasskeys(func(p *relyingparty.Policy) {
		p.SecondFactor, p.Verification = true, relyingparty.VerificationDiscouraged
	}))
	made := h.register(t, "ada@example.com")
	require.Equal(t, flow.Completed, h.start(t, "login", withPassword("ada@example.com", good)).View.Status)
	d, eves := newDevice(), newDevice()
	begun := h.begin(t, "enrolment", h.resolve(t, made))
	require.Equal(t, flow.Completed, h.makes(t, begun, begun.View, d, "").View.Status)
	h.joinsWith(t, "eve@example.com", eves)
	h.told.take()

	begun = h.begin(t, "login", nil)
	asked := h.submit(t, begun, withPassword("ada@example.com", good))
	require.Equal(t, flow.Active, asked.View.Status)
	require.Equal(t, []string{"passkey"}, kinds(asked.View))
	require.Empty(t, h.told.take())
	refused := h.proves(t, begun, asked.View, eves)
	require.Equal(t, "passkey_invalid", refused.View.Refusal.Code)
	d.Options.UserNotVerified = true
	done := h.proves(t, begun, refused.View, d)
	require.Equal(t, flow.Completed, done.View.Status, done.View.Refusal)
	require.Equal(t, []string{"mfa", "pop", "pwd"}, done.View.Outcome.Session.Proven().AMR)
	require.Equal(t, "aal2", string(done.View.Outcome.Session.Proven().ACR))

	alone := h.begin(t, "login", nil)
	done = h.proves(t, alone, alone.View, d)
	require.Equal(t, "aal1", string(done.View.Outcome.Session.Proven().ACR), "it verified nobody")
	old, err := h.Start(h.ctx, flow.Start{Journey: "login", Transport: session.Bearer, Accepts: []string{"password"}, Submission: withPassword("ada@example.com", good)})
	require.NoError(t, err)
	require.Equal(t, "client_upgrade_required", old.View.Refusal.Code, "a client that cannot ask gets nobody past it")
}

func (h house) joinsWith(t *testing.T, identifier string, d *device) {
	t.Helper()
	begun := h.begin(t, "registration", nil)
	require.Equal(t, flow.Completed, h.makes(t, begun, begun.View, d, identifier).View.Status)
}

// Promise: a passkey is made in passing after a login with a password, once, where the client
// says that it can, and never in its way.
func TestPromise_PasskeyLifecycle_AnUpgradeInPassing(t *testing.T) {
	h := build(t, withPasskeys(func(p *relyingparty.Policy) { p.Upgrades = true }))
	h.register(t, "ada@example.com")
	require.Equal(t, flow.Completed, h.start(t, "login", withPassword("ada@example.com", good)).View.Status, "a client that says nothing is not asked")
	begun := h.begin(t, "login", nil)
	asked := h.submit(t, begun, withPassword("ada@example.com", good))
	require.Equal(t, []string{"new_passkey", "skip"}, kinds(asked.View))
	require.True(t, offer[step.NewPasskeyOffer](t, asked.View).Conditional)
	skipped := h.submit(t, begun, step.SkipSubmission{})
	require.Equal(t, flow.Completed, skipped.View.Status)
	require.Nil(t, skipped.View.Signals)

	begun = h.begin(t, "login", nil)
	asked = h.submit(t, begun, withPassword("ada@example.com", good))
	d := newDevice()
	d.Options.UserNotPresent = true // nobody was asked
	h.told.take()
	done := h.makes(t, begun, asked.View, d, "")
	require.Equal(t, flow.Completed, done.View.Status, done.View.Refusal)
	require.Equal(t, []string{"pwd"}, done.View.Outcome.Session.Proven().AMR)
	require.Equal(t, []string{"session.created", "passkey.added"}, h.told.take())
	require.Equal(t, flow.Completed, h.submit(t, h.begin(t, "login", nil), withPassword("ada@example.com", good)).View.Status, "there is one now")
	begun = h.begin(t, "login", nil)
	d.Options.UserNotPresent = false
	require.Equal(t, flow.Completed, h.proves(t, begun, begun.View, d).View.Status)
}

// Promise: who recovers an account chooses a passkey as well as a password, and what somebody
// else knew is worth nothing then.
func TestPromise_PasskeyLifecycle_RecoveryWithAPasskey(t *testing.T) {
	h := build(t, withPasskeys(nil))
	made := h.register(t, "ada@example.com")
	old := h.resolve(t, made)
	begun := h.begin(t, "recovery", nil)
	h.submit(t, begun, step.CodeSubmission{Identifier: "ada@example.com"})
	proven := h.submit(t, begun, step.CodeSubmission{Code: secret.NewText(h.last(t, "ada@example.com", "code"))})
	require.Equal(t, []string{"new_password", "new_passkey"}, kinds(proven.View))
	d := newDevice()
	h.told.take()
	done := h.makes(t, begun, proven.View, d, "")
	require.Equal(t, flow.Completed, done.View.Status, done.View.Refusal)
	require.Contains(t, h.told.take(), "password.removed")
	require.Equal(t, []string{"mfa", "otp", "pop", "user"}, done.View.Outcome.Session.Proven().AMR)
	require.Equal(t, "credentials_invalid", h.start(t, "login", withPassword("ada@example.com", good)).View.Refusal.Code)
	_, err := h.sessions.Resolve(h.ctx, made.SessionToken.Reveal())
	require.Error(t, err)
	require.NotNil(t, old)
	begun = h.begin(t, "login", nil)
	require.Equal(t, flow.Completed, h.proves(t, begun, begun.View, d).View.Status)
}

// Class: whoever prepared an account with somebody else's address has no passkey in it once
// its reader comes.
func TestClass_PreHijack_APreparedPasskeyIsGone(t *testing.T) {
	h := build(t, withPasskeys(nil))
	_, d := h.joins(t, "ada@example.com")
	begun := h.begin(t, "login", nil)
	h.submit(t, begun, step.CodeSubmission{Identifier: "ada@example.com"})
	done := h.submit(t, begun, step.CodeSubmission{Code: secret.NewText(h.last(t, "ada@example.com", "code"))})
	require.Equal(t, flow.Completed, done.View.Status, done.View.Refusal)
	require.Contains(t, h.told.take(), "passkey.removed")
	thief := h.begin(t, "login", nil)
	refused := h.proves(t, thief, thief.View, d)
	require.Equal(t, "passkey_invalid", refused.View.Refusal.Code)
	require.Equal(t, d.key.ID, refused.View.Signals.Unknown[0].CredentialID, "the platform is told that it is gone")
}

// Class: nobody who may not sign in does with a passkey; what they are told is what a wrong
// one is told.
func TestClass_SideGrant_SuspendedUsersLookLikeWrongPasskeys(t *testing.T) {
	h := build(t, withPasskeys(nil))
	made, d := h.joins(t, "ada@example.com")
	_, err := h.users.Suspend(h.ctx, made.View.Outcome.User.ID)
	require.NoError(t, err)
	begun := h.begin(t, "login", nil)
	refused := h.proves(t, begun, begun.View, d)
	require.Equal(t, "passkey_invalid", refused.View.Refusal.Code)
	require.Nil(t, refused.View.Signals)
}

// Class: the two requests of a login may be far apart; a passkey that went in between opens
// nothing.
func TestClass_WebAuthn_APasskeyThatGoesBeforeTheEnd(t *testing.T) {
	h := build(t, func(d *application.Declaration) {
		withPasskeys(nil)(d)
		d.Terms = &application.Terms{Version: "1", URL: "https://example.com/terms"}
	})
	d := newDevice()
	begun := h.begin(t, "registration", nil)
	asked := h.makes(t, begun, begun.View, d, "ada@example.com")
	done := h.submit(t, begun, step.ConsentSubmission{Agreed: []step.Agreement{{Subject: "terms", Version: "1"}}})
	require.Equal(t, flow.Completed, done.View.Status, asked.View.Refusal)
	owner := done.View.Outcome.User.ID
	_, err := h.apps.Ensure(h.ctx, again(t, h, func(declared *application.Declaration) { declared.Terms.Version = "2" }))
	require.NoError(t, err)
	begun = h.begin(t, "login", nil)
	waiting := h.proves(t, begun, begun.View, d)
	require.Equal(t, []string{"consent"}, kinds(waiting.View))
	held, err := h.passkeys.List(h.ctx, owner)
	require.NoError(t, err)
	_, err = h.passkeys.Remove(h.ctx, owner, held[0].ID, passkey.Removal{Reason: passkey.ByOperator, LastWayIn: true})
	require.NoError(t, err)
	_, err = h.Submit(h.ctx, access(begun), step.ConsentSubmission{Agreed: []step.Agreement{{Subject: "terms", Version: "2"}}}, flow.Retry{})
	require.ErrorIs(t, err, flow.ErrMoved)
}

// again is what the application was declared as, changed.
func again(t testing.TB, h house, change func(*application.Declaration)) application.Declaration {
	t.Helper()
	app, err := h.apps.ByClientID(h.ctx, "")
	require.NoError(t, err)
	declared := application.Declaration{
		ClientID: app.ClientID, Default: true, Origins: app.Origins, OwnershipProof: app.OwnershipProof, Terms: app.Terms, Passkeys: app.Passkeys,
	}
	terms := *app.Terms
	declared.Terms = &terms
	change(&declared)
	return declared
}
