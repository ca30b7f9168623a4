package flow_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

const (
	ada   = "ada@example.com"
	grace = "grace@example.com"
	page  = "https://app.example.com/link"
)

// proofs is a house in which addresses are proven before there is an account.
func proofs(t *testing.T) house {
	t.Helper()
	return proofsOn(t, storage.Config{DataDir: t.TempDir()})
}

func proofsOn(t *testing.T, place storage.Config) house {
	t.Helper()
	return buildOn(t, place, func(app *application.Declaration) {
		app.OwnershipProof, app.LinkURIs = application.BeforeAccount, []string{page}
	})
}

func askCode(identifier string) step.Submission { return step.CodeSubmission{Identifier: identifier} }

func typeCode(text string) step.Submission {
	return step.CodeSubmission{Code: secret.NewText(text)}
}

// prove answers with the code that was sent to an address.
func (h house) prove(t *testing.T, begun flow.Result, to string) flow.Result {
	t.Helper()
	proven := h.submit(t, begun, typeCode(h.last(t, to, "code")))
	h.clock.Advance(time.Second) // what is sent from now on is newer
	return proven
}

// enrol makes a user who has proven an address and has no password.
func (h house) enrol(t *testing.T, identifier string) flow.Result {
	t.Helper()
	result := h.prove(t, h.start(t, "registration", askCode(identifier)), identifier)
	require.Equal(t, flow.Completed, result.View.Status, result.View.Refusal)
	return result
}

// completes tells whether an answer ends a flow well, in a race with others.
func (h house) completes(begun flow.Result, submission step.Submission) (bool, error) {
	result, err := h.Submit(h.ctx, access(begun), submission, flow.Retry{})
	if errors.Is(err, flow.ErrMoved) {
		return false, nil
	}
	return err == nil && result.View.Status == flow.Completed, err
}

func requireRefused(t testing.TB, code string, result flow.Result) {
	t.Helper()
	require.NotNil(t, result.View.Refusal, "%s", result.View.Status)
	require.Equal(t, code, result.View.Refusal.Code)
}

func TestPasswordlessRegistrationAndLogin(t *testing.T) {
	h := proofs(t)
	begun := h.start(t, "registration", askCode(ada))
	require.Equal(t, []string{"code"}, kinds(begun.View))
	offer := begun.View.Offers[0].(step.CodeOffer)
	require.Equal(t, "a•••@example.com", offer.Sent.Masked)
	require.Equal(t, message.Email, offer.Sent.Channel)
	require.Equal(t, 6, offer.Sent.Length)
	require.Equal(t, h.clock.Now().Add(10*time.Minute), offer.Sent.ExpiresAt)
	require.Equal(t, 30*time.Second, *offer.Sent.Again)

	made := h.prove(t, begun, ada)
	require.Equal(t, flow.Completed, made.View.Status)
	require.Equal(t, []string{"otp"}, made.View.Outcome.Session.Proven().AMR)
	require.Equal(t, h.clock.Now().Add(-time.Second), *made.View.Outcome.User.Identifiers[0].VerifiedAt)
	_, err := h.sessions.Resolve(h.ctx, made.SessionToken.Reveal())
	require.NoError(t, err)

	again := h.prove(t, h.start(t, "login", askCode(ada)), ada)
	require.Equal(t, flow.Completed, again.View.Status)
	require.Equal(t, made.View.Outcome.User.ID, again.View.Outcome.User.ID)
	require.Equal(t, message.LoginCode, h.inbox(t, ada)[0].Kind)
}

func TestPromise_NoEnumeration_RegistrationTellsOnlyWhoProvesTheAddress(t *testing.T) {
	h := proofs(t)
	h.enrol(t, ada)
	shapes := map[string]flow.View{}
	for _, to := range []string{ada, "eve@example.com"} {
		begun := h.start(t, "registration", askCode(to))
		shapes[to] = begun.View
		if to == ada {
			requireRefused(t, "identifier_taken", h.prove(t, begun, to))
		}
	}
	require.Equal(t, kinds(shapes[ada]), kinds(shapes["eve@example.com"]))
	withPassword := h.start(t, "registration", newPassword(ada, good))
	require.Nil(t, withPassword.View.Refusal, "a password tells nothing either")
	require.Equal(t, []string{"code", "link"}, kinds(withPassword.View))
}

func TestARegistrationWithAPasswordProvesTheAddress(t *testing.T) {
	h := proofs(t)
	begun := h.start(t, "registration", newPassword(ada, good))
	require.Equal(t, flow.Active, begun.View.Status)
	sent := h.submit(t, begun, step.CodeSubmission{})
	require.Nil(t, sent.View.Refusal)
	made := h.prove(t, begun, ada)
	require.Equal(t, flow.Completed, made.View.Status, made.View.Refusal)
	require.Equal(t, []string{"otp", "pwd"}, made.View.Outcome.Session.Proven().AMR)
	require.Equal(t, flow.Completed, h.start(t, "login", withPassword(ada, good)).View.Status)
}

func TestPromise_NoEnumeration_ALoginLooksAlikeForEverybody(t *testing.T) {
	h := proofs(t)
	h.enrol(t, ada)
	for _, journey := range []string{"login", "recovery", "login_or_registration"} {
		known, unknown := h.start(t, journey, askCode(ada)), h.start(t, journey, askCode("bob@example.com"))
		require.Equal(t, kinds(known.View), kinds(unknown.View), journey)
		require.Equal(t, known.View.Revision, unknown.View.Revision)
		wrongKnown, wrongUnknown := h.submit(t, known, typeCode("nonsense")), h.submit(t, unknown, typeCode("nonsense"))
		require.Equal(t, wrongKnown.View.Refusal, wrongUnknown.View.Refusal)
		h.clock.Advance(time.Minute)
	}
	require.Len(t, h.inbox(t, "bob@example.com"), 1, "only the journey that makes an account writes to who has none")
	require.Equal(t, []string{
		"message.queued", "flow.refused",
	}, h.eventsOf(func() { h.submit(t, h.start(t, "login", askCode("eve@example.com")), typeCode("x")) }))
}

// eventsOf are the events of what is done, sessions and deliveries apart.
func (h house) eventsOf(act func()) []string {
	h.told.take()
	act()
	return h.told.take()
}

func TestPromise_LockoutIsNoWeapon_CodesAreCounted(t *testing.T) {
	h := proofs(t)
	h.enrol(t, ada)
	begun := h.start(t, "login", askCode(ada))
	for range 4 {
		requireRefused(t, "code_invalid", h.submit(t, begun, typeCode("000000x")))
	}
	requireRefused(t, "code_spent", h.submit(t, begun, typeCode("000000x")))
	right := h.last(t, ada, "code")
	requireRefused(t, "code_spent", h.submit(t, begun, typeCode(right)))
	h.clock.Advance(31 * time.Second)
	another := h.submit(t, begun, step.CodeSubmission{})
	require.Nil(t, another.View.Refusal)
	requireRefused(t, "code_invalid", h.submit(t, begun, typeCode(right)))
	require.Equal(t, flow.Completed, h.prove(t, begun, ada).View.Status)
}

func TestPromise_MessagesAreBudgeted_AnotherCodeTakesTime(t *testing.T) {
	h := proofs(t)
	begun := h.start(t, "login", askCode(ada))
	soon := h.submit(t, begun, step.CodeSubmission{})
	requireRefused(t, "code_sent_recently", soon)
	require.Equal(t, 30*time.Second, soon.View.Refusal.RetryAfter)
	for range 4 {
		h.clock.Advance(30 * time.Second)
		require.Nil(t, h.submit(t, begun, step.CodeSubmission{}).View.Refusal)
	}
	h.clock.Advance(time.Minute)
	requireRefused(t, "code_limit", h.submit(t, begun, step.CodeSubmission{}))
	back, err := h.Back(h.ctx, access(begun))
	require.NoError(t, err)
	require.Equal(t, []string{"identifier", "password", "code", "link"}, kinds(back))
	requireRefused(t, "code_limit", h.submit(t, begun, askCode(grace)))
}

func TestClass_SingleUse_ACodeWorksOnceInItsOwnFlow(t *testing.T) {
	h := proofs(t)
	h.enrol(t, ada)
	mine := h.start(t, "login", askCode(ada))
	h.clock.Advance(time.Second)
	other := h.start(t, "recovery", askCode(ada))
	code := h.inbox(t, ada)[1].Values["code"]
	if foreign := h.last(t, ada, "code"); foreign != code {
		requireRefused(t, "code_invalid", h.submit(t, mine, typeCode(foreign)))
	}
	wins := storetest.Race(t, func(int) (bool, error) { return h.completes(mine, typeCode(code)) })
	require.Equal(t, 1, wins)
	_, err := h.Submit(h.ctx, access(mine), typeCode(code), flow.Retry{})
	require.ErrorIs(t, err, flow.ErrMoved)
	requireRefused(t, "code_invalid", h.submit(t, other, typeCode(code)))
	late := h.start(t, "login", askCode(ada))
	h.clock.Advance(10 * time.Minute)
	requireRefused(t, "code_expired", h.prove(t, late, ada))
}

func TestACodeIsTypedAsPeopleType(t *testing.T) {
	h := proofs(t)
	h.enrol(t, ada)
	begun := h.start(t, "login", askCode(ada))
	typed := []rune{}
	for i, digit := range h.last(t, ada, "code") {
		if i == 3 {
			typed = append(typed, ' ', '-')
		}
		typed = append(typed, '٠'+digit-'0')
	}
	require.Equal(t, flow.Completed, h.submit(t, begun, typeCode(string(typed))).View.Status)
}

func TestRecoveryChoosesAnotherPassword(t *testing.T) {
	h := proofs(t)
	begun := h.start(t, "registration", newPassword(ada, good))
	h.submit(t, begun, step.CodeSubmission{})
	before := h.prove(t, begun, ada)
	h.clock.Advance(time.Minute)
	lost := h.start(t, "recovery", askCode(ada))
	proven := h.prove(t, lost, ada)
	require.Equal(t, []string{"new_password"}, kinds(proven.View))
	done := h.submit(t, lost, step.NewPasswordSubmission{Password: secret.NewText("eleven green bicycles")})
	require.Equal(t, flow.Completed, done.View.Status, done.View.Refusal)
	_, err := h.sessions.Resolve(h.ctx, before.SessionToken.Reveal())
	require.ErrorIs(t, err, session.ErrNone)
	_, err = h.sessions.Resolve(h.ctx, done.SessionToken.Reveal())
	require.NoError(t, err)
	requireRefused(t, "credentials_invalid", h.start(t, "login", withPassword(ada, good)))
	require.Equal(t, flow.Completed, h.start(t, "login", withPassword(ada, "eleven green bicycles")).View.Status)
}

// Somebody prepared an account with an address that they never proved. Whoever proves it
// gets the account, or a new one, without anything of theirs that still opens it.
func TestClass_PreHijack_WhoProvesTheAddressHasIt(t *testing.T) {
	for _, journey := range []string{"login", "registration"} {
		h := build(t, nil)
		prepared := h.register(t, ada)
		proven := h.prove(t, h.start(t, journey, askCode(ada)), ada)
		require.Equal(t, flow.Completed, proven.View.Status, proven.View.Refusal)
		_, err := h.sessions.Resolve(h.ctx, prepared.SessionToken.Reveal())
		require.ErrorIs(t, err, session.ErrNone, journey)
		requireRefused(t, "credentials_invalid", h.start(t, "login", withPassword(ada, good)))
		same := proven.View.Outcome.User.ID == prepared.View.Outcome.User.ID
		require.Equal(t, journey == "login", same)
		require.NotNil(t, proven.View.Outcome.User.Identifiers[0].VerifiedAt)
	}
}

// An account with a proven address of its own is not opened by another that it never proved.
func TestClass_PreHijack_AnUnprovenAddressOpensNoProvenAccount(t *testing.T) {
	h := proofs(t)
	mallory := h.enrol(t, "mallory@example.com").View.Outcome.User.ID
	_, _, err := h.users.AddIdentifier(h.ctx, mallory, user.IdentifierInput{Type: user.Email, Value: ada})
	require.NoError(t, err)
	for _, journey := range []string{"login", "recovery"} {
		h.start(t, journey, askCode(ada))
		require.Empty(t, h.inbox(t, ada), "it would prove nothing")
	}
	own := h.prove(t, h.start(t, "login_or_registration", askCode(ada)), ada)
	require.Equal(t, flow.Completed, own.View.Status, own.View.Refusal)
	require.NotEqual(t, mallory, own.View.Outcome.User.ID)
	left, err := h.users.ByID(h.ctx, mallory)
	require.NoError(t, err)
	require.Len(t, left.Identifiers, 1)
}

func TestLoginOrRegistrationByCode(t *testing.T) {
	h := proofs(t)
	made := h.prove(t, h.start(t, "login_or_registration", askCode(ada)), ada)
	require.Equal(t, flow.Completed, made.View.Status)
	again := h.prove(t, h.start(t, "login_or_registration", askCode(ada)), ada)
	require.Equal(t, made.View.Outcome.User.ID, again.View.Outcome.User.ID)
	refused := h.start(t, "login_or_registration", askCode("ada"))
	requireRefused(t, "address_required", refused)
}

// What somebody prepared beside the address that is proven is no way in later.
func TestClass_PreHijack_OtherUnprovenAddressesGo(t *testing.T) {
	h := build(t, nil)
	prepared := h.register(t, ada).View.Outcome.User.ID
	_, _, err := h.users.AddIdentifier(h.ctx, prepared, user.IdentifierInput{Type: user.Email, Value: "mallory@example.com"})
	require.NoError(t, err)
	_, _, err = h.users.AddIdentifier(h.ctx, prepared, user.IdentifierInput{Type: user.Username, Value: "ada"})
	require.NoError(t, err)
	proven := h.prove(t, h.start(t, "login", askCode(ada)), ada)
	require.Equal(t, prepared, proven.View.Outcome.User.ID)
	left, err := h.users.ByID(h.ctx, prepared)
	require.NoError(t, err)
	values := []string{}
	for _, held := range left.Identifiers {
		values = append(values, held.Value)
	}
	require.Equal(t, []string{ada, "ada"}, values)
}

// Two mailboxes that compare alike are two people's.
func TestClass_PreHijack_AMailboxThatOnlyComparesAlikeIsAnothers(t *testing.T) {
	h := proofs(t)
	h.enrol(t, "strasse@example.com")
	h.start(t, "login", askCode("straße@example.com"))
	require.Len(t, h.inbox(t, "strasse@example.com"), 1, "they compare alike, and nothing was sent")
	refused := h.prove(t, h.start(t, "login_or_registration", askCode("straße@example.com")), "straße@example.com")
	requireRefused(t, "identifier_taken", refused)
}

func TestClass_SingleUse_ParallelGuessesAreCounted(t *testing.T) {
	h := proofs(t)
	h.enrol(t, ada)
	begun := h.start(t, "login", askCode(ada))
	looked := storetest.Race(t, func(int) (bool, error) {
		result, err := h.Submit(h.ctx, access(begun), typeCode("no"), flow.Retry{})
		if errors.Is(err, flow.ErrMoved) {
			return false, nil
		}
		return err == nil && result.View.Refusal.Code == "code_invalid", err
	})
	// One that was counted and then overtaken has learnt nothing, so there may be fewer.
	for h.submit(t, begun, typeCode("no")).View.Refusal.Code != "code_spent" {
		looked++
	}
	require.LessOrEqual(t, looked, 4, "the fifth says that it was the last")
	requireRefused(t, "code_spent", h.submit(t, begun, typeCode(h.last(t, ada, "code"))))
}

func TestPromise_OldClientsSurvive_WhoShowsNoCodeIsNotSentAway(t *testing.T) {
	h := proofs(t)
	result, err := h.Start(h.ctx, flow.Start{
		Journey: "registration", Transport: session.Bearer, Accepts: []string{"identifier", "new_password"}, Submission: newPassword(ada, good),
	})
	require.NoError(t, err)
	requireRefused(t, "identifier_unprovable", result)
	require.Equal(t, flow.Active, result.View.Status)
}

func TestBackFromAfterAProofSkipsWhatIsSpent(t *testing.T) {
	h := build(t, func(app *application.Declaration) {
		app.OwnershipProof, app.Terms = application.BeforeAccount, &application.Terms{Version: "1", URL: "https://example.com/terms"}
	})
	begun := h.start(t, "registration", askCode(ada))
	require.Equal(t, []string{"consent"}, kinds(h.prove(t, begun, ada).View))
	back, err := h.Back(h.ctx, access(begun))
	require.NoError(t, err)
	require.Equal(t, []string{"identifier", "new_password", "code"}, kinds(back))
}

func TestClass_PreHijack_AnAddressIsVerifiedWhereItIsRead(t *testing.T) {
	h := build(t, nil)
	made := h.register(t, "strasse@example.com")
	resolved, err := h.sessions.Resolve(h.ctx, made.SessionToken.Reveal())
	require.NoError(t, err)
	begun, err := h.Start(h.ctx, flow.Start{
		Journey: "verification", Transport: session.Bearer, Session: &resolved, FreshFor: time.Minute, Submission: askCode("straße@example.com"),
	})
	require.NoError(t, err)
	require.Equal(t, "strasse@example.com", h.inbox(t, "strasse@example.com")[0].To, "another mailbox proves nothing about this one")
	done := h.prove(t, begun, "strasse@example.com")
	require.Equal(t, flow.Completed, done.View.Status, done.View.Refusal)
	require.NotNil(t, done.View.Outcome.User.Identifiers[0].VerifiedAt)
}
