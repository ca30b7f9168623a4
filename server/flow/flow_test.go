package flow_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/consent"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/session"
)

func TestRegisterAndSignInWithOneRequestEach(t *testing.T) {
	h := build(t, nil)
	made := h.register(t, "Ada@Example.com")
	require.Equal(t, []string{"user.created", "password.set", "session.created"}, h.told.take())
	require.True(t, made.FlowToken.IsZero(), "a flow that is over needs no token")
	resolved, err := h.sessions.Resolve(h.ctx, made.SessionToken.Reveal())
	require.NoError(t, err)
	require.Equal(t, made.View.Outcome.User.ID, resolved.Session.UserID)

	back := h.start(t, "login", withPassword("ada@example.com", good))
	require.Equal(t, flow.Completed, back.View.Status)
	require.Equal(t, made.View.Outcome.User.ID, back.View.Outcome.User.ID)
	require.Equal(t, []string{"session.created"}, h.told.take())
	require.NotEqual(t, made.SessionToken.Reveal(), back.SessionToken.Reveal())
}

func TestStartingWritesNothing(t *testing.T) {
	h := build(t, nil)
	started := h.start(t, "login", nil)
	require.Zero(t, started.View.Revision)
	require.Equal(t, []string{"identifier", "password", "code"}, kinds(started.View))
	require.Empty(t, h.told.take())
	view, err := h.Read(h.ctx, access(started), 0, nil)
	require.NoError(t, err)
	require.Equal(t, started.View, view)
}

func TestIdentifierFirst(t *testing.T) {
	h := build(t, nil)
	h.register(t, "ada@example.com")
	for _, identifier := range []string{"ada@example.com", "nobody@example.com"} {
		started := h.start(t, "login", step.IdentifierSubmission{Identifier: identifier})
		require.Nil(t, started.View.Refusal)
		require.Equal(t, []string{"password", "code"}, kinds(started.View), "known or not, the next question is the same")
		require.True(t, started.View.CanGoBack)
		view, err := h.Back(h.ctx, access(started))
		require.NoError(t, err)
		require.Equal(t, []string{"identifier", "password", "code"}, kinds(view))
		require.False(t, view.CanGoBack)
		_, err = h.Submit(h.ctx, access(started), step.PasswordSubmission{OfferID: "password.2.password", Password: secret.NewText(good)}, flow.Retry{})
		require.ErrorIs(t, err, flow.ErrMoved, "the question that was gone back from is no longer asked")
	}
}

func TestPromise_NoEnumeration_KnownAndUnknownGetTheSameAnswer(t *testing.T) {
	h := build(t, func(d *application.Declaration) { d.OwnershipProof = application.BeforeAccount })
	id, err := h.users.Create(h.ctx, someone("ada@example.com"))
	require.NoError(t, err)
	prepared, err := h.passwords.Prepare(h.ctx, secret.NewText(good), nil)
	require.NoError(t, err)
	require.NoError(t, h.passwords.Set(h.ctx, id.ID, prepared))
	h.told.take()
	for _, journey := range []string{"login", "login_or_registration", "registration"} {
		answer := func(identifier string) (flow.View, []string) {
			submission := withPassword(identifier, wrong)
			if journey == "registration" {
				submission = newPassword(identifier, good)
			}
			view := h.start(t, journey, submission).View
			require.Equal(t, journey == "registration", view.Refusal == nil)
			require.NotContains(t, kinds(view), "consent")
			view.ID, view.ExpiresAt = flow.ID{}, time.Time{}
			if journey == "registration" { // the address is to be proven, whosever it is
				require.Equal(t, []string{"code"}, kinds(view))
				view.Offers = nil // they name the address
			}
			return view, h.told.take()
		}
		known, knownEvents := answer("ada@example.com")
		unknown, unknownEvents := answer("eve@example.com")
		require.Equal(t, known, unknown, journey)
		require.Equal(t, knownEvents, unknownEvents, journey)
	}
	first := h.start(t, "login_or_registration", step.IdentifierSubmission{Identifier: "ada@example.com"}).View
	second := h.start(t, "login_or_registration", step.IdentifierSubmission{Identifier: "eve@example.com"}).View
	require.Equal(t, kinds(first), kinds(second))
}

func TestDeferredTellsThatAnIdentifierIsTaken(t *testing.T) {
	h := build(t, nil)
	h.register(t, "ada@example.com")
	h.told.take()
	again := h.start(t, "registration", newPassword("ADA@example.com", good))
	require.Equal(t, flow.Active, again.View.Status)
	require.Equal(t, "identifier_taken", again.View.Refusal.Code)
	require.Equal(t, []string{"flow.refused"}, h.told.take())
	either := h.start(t, "login_or_registration", step.IdentifierSubmission{Identifier: "grace@example.com"})
	require.Equal(t, []string{"new_password", "code"}, kinds(either.View))
	done, err := h.Submit(h.ctx, access(either), newPassword("", good), flow.Retry{})
	require.NoError(t, err)
	require.Equal(t, flow.Completed, done.View.Status)
}

func TestClass_SideGrant_SuspendedUsersLookLikeWrongPasswords(t *testing.T) {
	h := build(t, nil)
	made := h.register(t, "ada@example.com")
	_, err := h.users.Suspend(h.ctx, made.View.Outcome.User.ID)
	require.NoError(t, err)
	refused := h.start(t, "login", withPassword("ada@example.com", good))
	require.Equal(t, "credentials_invalid", refused.View.Refusal.Code)
	require.True(t, refused.SessionToken.IsZero())
}

// The proof and the session are two requests here; in between, the proof is
// withdrawn.
func TestClass_SideGrant_AProofWithdrawnBeforeTheSessionIsWorthNothing(t *testing.T) {
	for name, withdraw := range map[string]func(h house, made flow.Result) error{
		"suspended": func(h house, made flow.Result) error {
			_, err := h.users.Suspend(h.ctx, made.View.Outcome.User.ID)
			return err
		},
		"password changed": func(h house, made flow.Result) error {
			prepared, err := h.passwords.Prepare(h.ctx, secret.NewText(wrong), nil)
			return errors.Join(err, h.passwords.Set(h.ctx, made.View.Outcome.User.ID, prepared))
		},
	} {
		h := build(t, nil)
		made := h.register(t, "ada@example.com")
		app, err := h.apps.ByClientID(h.ctx, "")
		require.NoError(t, err)
		_, err = h.apps.Ensure(h.ctx, application.Declaration{ClientID: app.ClientID, Default: true, OwnershipProof: application.Deferred, Terms: &application.Terms{Version: "2", URL: "https://example.com/terms"}})
		require.NoError(t, err)
		proven := h.start(t, "login", withPassword("ada@example.com", good))
		require.Equal(t, []string{"consent"}, kinds(proven.View))
		require.NoError(t, withdraw(h, made))
		result, err := h.Submit(h.ctx, access(proven), step.ConsentSubmission{Agreed: []step.Agreement{{Subject: "terms", Version: "2"}}}, flow.Retry{})
		require.NoError(t, err)
		require.Equal(t, "credentials_invalid", result.View.Refusal.Code, name)
		require.True(t, result.SessionToken.IsZero())
		require.Equal(t, []string{"identifier", "password", "code"}, kinds(result.View), "back at the start")
	}
}

func TestProfileAndTermsAreAskedWhereTheApplicationWantsThem(t *testing.T) {
	h := build(t, func(d *application.Declaration) {
		d.ProfileClaims = []string{"name"}
		d.Terms = &application.Terms{Version: "1", URL: "https://example.com/terms"}
	})
	flowing := h.start(t, "registration", newPassword("ada@example.com", good))
	require.Equal(t, step.ProfileOffer{ID: "profile.2.profile", Claims: []string{"name"}}, flowing.View.Offers[0])
	submit := func(submission step.Submission) flow.Result {
		result, err := h.Submit(h.ctx, access(flowing), submission, flow.Retry{})
		require.NoError(t, err)
		return result
	}
	refused := submit(step.ProfileSubmission{Profile: []byte(`{"nickname":"A"}`)})
	require.Equal(t, "profile_invalid", refused.View.Refusal.Code)
	require.Equal(t, "/profile/name", refused.View.Refusal.Fields[0].Pointer)
	require.Equal(t, []string{"consent"}, kinds(submit(step.ProfileSubmission{Profile: []byte(`{"name":"Ada"}`)}).View))
	require.Equal(t, "consent_required", submit(step.ConsentSubmission{Agreed: []step.Agreement{{Subject: "terms", Version: "0"}}}).View.Refusal.Code)
	require.NotContains(t, h.told.take(), "user.created", "nobody is made before the end")
	done := submit(step.ConsentSubmission{Agreed: []step.Agreement{{Subject: "terms", Version: "1"}}})
	require.Equal(t, flow.Completed, done.View.Status)
	require.Equal(t, []string{"user.created", "password.set", "consent.given", "session.created"}, h.told.take())
	require.JSONEq(t, `{"name":"Ada"}`, string(done.View.Outcome.User.Profile))
	given, err := h.consents.Given(h.ctx, done.View.Outcome.User.ID, done.View.Outcome.Session.ApplicationID, consent.Terms, "1")
	require.NoError(t, err)
	require.True(t, given)
	require.Equal(t, flow.Completed, h.start(t, "login", withPassword("ada@example.com", good)).View.Status, "terms are asked once")
}

func TestAClientThatCannotShowAStepIsTold(t *testing.T) {
	h := build(t, nil)
	for _, accepts := range [][]string{{}, {"hologram"}} {
		result, err := h.Start(h.ctx, flow.Start{Journey: "login", Transport: session.Bearer, Accepts: accepts})
		require.NoError(t, err)
		require.Equal(t, flow.Denied, result.View.Status)
		require.Equal(t, "client_upgrade_required", result.View.Refusal.Code)
	}
	result, err := h.Start(h.ctx, flow.Start{Journey: "login", Transport: session.Bearer, Accepts: []string{"password", "hologram"}})
	require.NoError(t, err)
	require.Equal(t, []string{"password"}, kinds(result.View))
	_, err = h.Submit(h.ctx, access(result), step.IdentifierSubmission{Identifier: "ada"}, flow.Retry{})
	require.ErrorIs(t, err, flow.ErrMoved)
}

func TestGuessingIsSlowed(t *testing.T) {
	h := build(t, nil)
	h.register(t, "ada@example.com")
	for _, identifier := range []string{"ada@example.com", "nobody@example.com"} {
		for range 6 {
			require.Equal(t, "credentials_invalid", h.start(t, "login", withPassword(identifier, wrong)).View.Refusal.Code)
		}
		_, err := h.Start(h.ctx, flow.Start{Journey: "login", Transport: session.Bearer, Submission: withPassword(identifier, good)})
		require.ErrorContains(t, err, "too_many_attempts", identifier)
	}
}

func TestPromise_RetrySafe_TheSameSubmissionGetsTheSameAnswer(t *testing.T) {
	h := build(t, nil)
	retry := flow.Retry{Key: "b1946ac9-2492", Body: []byte("the body")}
	begin := flow.Start{Journey: "registration", Transport: session.Bearer, Submission: newPassword("ada@example.com", good), Retry: retry}
	var all sync.WaitGroup
	results := make([]flow.Result, 16)
	for i := range results {
		all.Go(func() {
			result, err := h.Start(h.ctx, begin)
			if err != nil {
				t.Error(err)
			}
			results[i] = result
		})
	}
	all.Wait()
	for _, result := range results {
		require.Equal(t, results[0].SessionToken.Reveal(), result.SessionToken.Reveal())
		require.Equal(t, results[0].View, result.View)
	}
	require.Equal(t, []string{"user.created", "password.set", "session.created"}, h.told.take(), "exactly one was made")
	begin.Retry.Body = []byte("another body")
	other, err := h.Start(h.ctx, begin)
	require.NoError(t, err)
	require.Equal(t, "identifier_taken", other.View.Refusal.Code, "a start with another body is another start")
	h.clock.Advance(11 * time.Minute)
	late, err := h.Start(h.ctx, flow.Start{Journey: "registration", Transport: session.Bearer, Submission: newPassword("ada@example.com", good), Retry: retry})
	require.NoError(t, err)
	require.Equal(t, "identifier_taken", late.View.Refusal.Code, "after a while the key means nothing any more")
}

func TestPromise_RetrySafe_AKeyOfAFlowIsForOneAnswer(t *testing.T) {
	h := build(t, nil)
	h.register(t, "ada@example.com")
	started := h.start(t, "login", nil)
	retry := flow.Retry{Key: "b1946ac9-2492", Body: []byte("wrong")}
	first, err := h.Submit(h.ctx, access(started), withPassword("ada@example.com", wrong), retry)
	require.NoError(t, err)
	again, err := h.Submit(h.ctx, access(started), withPassword("ada@example.com", wrong), retry)
	require.NoError(t, err)
	require.Equal(t, first, again, "a repeat is not another guess")
	retry.Body = []byte("right")
	_, err = h.Submit(h.ctx, access(started), withPassword("ada@example.com", good), retry)
	require.ErrorIs(t, err, flow.ErrKeyReused)
}

// Two people whose clients chose the same key and say the same, without a secret in
// it, must not end up in one flow.
func TestClass_Fixation_AStartWithoutACredentialIsNeverRepeated(t *testing.T) {
	h := build(t, nil)
	begin := flow.Start{Journey: "login", Transport: session.Cookie, Origin: origin, Submission: step.IdentifierSubmission{Identifier: "ada@example.com"}, Retry: flow.Retry{Key: "00000001", Body: []byte("same")}}
	first, err := h.Start(h.ctx, begin)
	require.NoError(t, err)
	second, err := h.Start(h.ctx, begin)
	require.NoError(t, err)
	require.NotEqual(t, first.View.ID, second.View.ID)
	require.NotEqual(t, first.Browser.Reveal(), second.Browser.Reveal())
}

func TestClass_Exhaustion_AnswersFromOneAddressAreBounded(t *testing.T) {
	h := build(t, nil)
	var err error
	for range 61 {
		_, err = h.Start(h.ctx, flow.Start{Journey: "registration", Transport: session.Bearer, Submission: step.IdentifierSubmission{Identifier: "x"}})
	}
	require.ErrorContains(t, err, "too_many_attempts")
}

func TestClass_SingleUse_OneSubmissionMovesAFlow(t *testing.T) {
	h := build(t, nil)
	started := h.start(t, "registration", nil)
	var mu sync.Mutex
	var all sync.WaitGroup
	completed, moved := 0, 0
	for range 16 {
		all.Go(func() {
			result, err := h.Submit(h.ctx, access(started), newPassword("ada@example.com", good), flow.Retry{})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case errors.Is(err, flow.ErrMoved):
				moved++
			case err == nil && result.View.Status == flow.Completed:
				completed++
			default:
				t.Errorf("%v %v", err, result.View.Refusal)
			}
		})
	}
	all.Wait()
	require.Equal(t, 1, completed)
	require.Equal(t, 15, moved)
}

func TestClass_Fixation_AFlowBelongsToWhoStartedIt(t *testing.T) {
	h := build(t, nil)
	cookie := func(browser string) flow.Result {
		result, err := h.Start(h.ctx, flow.Start{Journey: "login", Transport: session.Cookie, Origin: origin, Browser: browser})
		require.NoError(t, err)
		return result
	}
	mine, theirs := cookie(""), cookie("")
	require.NotEqual(t, mine.Browser.Reveal(), theirs.Browser.Reveal())
	for name, a := range map[string]flow.Access{
		"no token":        {ID: mine.View.ID, Browser: mine.Browser.Reveal()},
		"no browser":      {ID: mine.View.ID, Token: mine.FlowToken.Reveal()},
		"another browser": {ID: mine.View.ID, Token: mine.FlowToken.Reveal(), Browser: theirs.Browser.Reveal()},
		"another flow":    {ID: theirs.View.ID, Token: mine.FlowToken.Reveal(), Browser: mine.Browser.Reveal()},
		"a broken token":  {ID: mine.View.ID, Token: mine.FlowToken.Reveal()[:40], Browser: mine.Browser.Reveal()},
	} {
		_, err := h.Submit(h.ctx, a, withPassword("ada@example.com", good), flow.Retry{})
		require.ErrorIs(t, err, flow.ErrToken, name)
		_, err = h.Read(h.ctx, a, 0, nil)
		require.ErrorIs(t, err, flow.ErrToken, name)
		require.ErrorIs(t, h.Abandon(h.ctx, a), flow.ErrToken, name)
	}
	_, err := h.Read(h.ctx, access(mine), 0, nil)
	require.NoError(t, err)
	require.Equal(t, mine.Browser.Reveal(), cookie(mine.Browser.Reveal()).Browser.Reveal(), "one cookie per browser")
}

func TestCookiesAreOnlyForPagesOfThisSite(t *testing.T) {
	h := build(t, nil)
	for from, want := range map[string]error{
		"": flow.ErrOrigin, "https://evil.example": flow.ErrOrigin, "https://elsewhere.example": flow.ErrCrossSite, origin: nil,
	} {
		_, err := h.Start(h.ctx, flow.Start{Journey: "login", Transport: session.Cookie, Origin: from})
		require.ErrorIs(t, err, want, from)
	}
	_, err := h.Start(h.ctx, flow.Start{Journey: "login", Transport: session.Bearer, Origin: "https://evil.example"})
	require.ErrorIs(t, err, flow.ErrOrigin)
}

func TestStepUpRaisesTheSessionAtHand(t *testing.T) {
	h := build(t, nil)
	made := h.register(t, "ada@example.com")
	h.told.take()
	h.clock.Advance(time.Hour)
	resolved, err := h.sessions.Resolve(h.ctx, made.SessionToken.Reveal())
	require.NoError(t, err)
	require.ErrorIs(t, h.sessions.RequireFresh(resolved, 5*time.Minute), session.ErrNotFresh)
	begin := flow.Start{Journey: "step_up", Transport: session.Bearer, Submission: withPassword("", wrong)}
	_, err = h.Start(h.ctx, begin)
	require.ErrorIs(t, err, flow.ErrNoSession)
	begin.Session = &resolved
	refused, err := h.Start(h.ctx, begin)
	require.NoError(t, err)
	require.Equal(t, "credentials_invalid", refused.View.Refusal.Code)
	done, err := h.Submit(h.ctx, access(refused), withPassword("", good), flow.Retry{})
	require.NoError(t, err)
	require.Equal(t, flow.Completed, done.View.Status)
	require.True(t, done.SessionToken.IsZero(), "the token stays the same")
	require.Equal(t, []string{"flow.refused", "session.raised"}, h.told.take())
	resolved, err = h.sessions.Resolve(h.ctx, made.SessionToken.Reveal())
	require.NoError(t, err)
	require.NoError(t, h.sessions.RequireFresh(resolved, 5*time.Minute))
}

func TestFlowsExpireAndCanBeAbandoned(t *testing.T) {
	h := build(t, nil)
	h.register(t, "ada@example.com")
	started, answered, abandoned := h.start(t, "login", nil), h.start(t, "login", withPassword("ada@example.com", wrong)), h.start(t, "login", nil)
	require.NoError(t, h.Abandon(h.ctx, access(abandoned)))
	require.NoError(t, h.Abandon(h.ctx, access(abandoned)))
	h.clock.Advance(30 * time.Minute)
	for _, result := range []flow.Result{started, answered, abandoned} {
		view, err := h.Read(h.ctx, access(result), time.Second, nil)
		require.NoError(t, err)
		require.Equal(t, flow.Expired, view.Status)
		require.Empty(t, view.Offers)
		_, err = h.Submit(h.ctx, access(result), withPassword("ada@example.com", good), flow.Retry{})
		require.ErrorIs(t, err, flow.ErrMoved)
	}
}

func TestWaitingEndsWithTheChange(t *testing.T) {
	h := build(t, nil)
	started := h.start(t, "registration", nil)
	seen := started.View.Revision
	got := make(chan flow.View)
	go func() {
		view, err := h.Read(h.ctx, access(started), 30*time.Second, &seen)
		if err != nil {
			t.Error(err)
		}
		got <- view
	}()
	_, err := h.Submit(h.ctx, access(started), newPassword("ada@example.com", good), flow.Retry{})
	require.NoError(t, err)
	view := <-got
	require.Equal(t, flow.Completed, view.Status)
	require.NotNil(t, view.Outcome)
	view, err = h.Read(h.ctx, access(started), 30*time.Second, &seen)
	require.NoError(t, err, "who has missed the change does not wait for another")
	require.Equal(t, flow.Completed, view.Status)
}

func TestWhatIsKeptHoldsNoPassword(t *testing.T) {
	h := build(t, func(d *application.Declaration) { d.ProfileClaims = []string{"name"} })
	_, err := h.Start(h.ctx, flow.Start{Journey: "nothing", Transport: session.Bearer})
	require.ErrorIs(t, err, flow.ErrJourney)
	weak := h.start(t, "registration", newPassword("ada@example.com", "12345678"))
	require.Equal(t, password.ErrRejected.Code, weak.View.Refusal.Code)
	require.Equal(t, "/password", weak.View.Refusal.Fields[0].Pointer)
	require.NotContains(t, weak.View.Refusal.Fields[0].Detail, "12345678")
}
