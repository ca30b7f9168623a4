package api_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

// ongoing is a flow with what its caller needs to go on with it.
type ongoing struct {
	*caller
	wire.Flow
}

// start asks for a flow.
func (c *caller) start(body wire.FlowStart, edits ...wire.RequestEditorFn) answer {
	c.t.Helper()
	return c.got(c.wire.CreateFlow(context.Background(), &wire.CreateFlowParams{}, body, edits...))
}

// begin starts a journey without an answer and goes on with it.
func (c *caller) begin(journey string) *ongoing {
	c.t.Helper()
	return c.goOn(c.start(c.asking(journey, nil)))
}

// asking is the start of a journey on the caller's own transport.
func (c *caller) asking(journey string, submission *wire.StepSubmission) wire.FlowStart {
	transport := wire.FlowTransportToken
	if c.origin != "" {
		transport = wire.FlowTransportCookie
	}
	return wire.FlowStart{Journey: journey, Transport: transport, Submit: submission}
}

func (c *caller) goOn(started answer) *ongoing {
	c.t.Helper()
	f := &ongoing{caller: c, Flow: read[wire.Flow](started.is(http.StatusCreated))}
	require.Equal(c.t, "active", f.Status, "%s", started.body)
	require.NotNil(c.t, f.FlowToken)
	c.flow = *f.FlowToken
	return f
}

// submit answers a step.
func (f *ongoing) submit(submission *wire.StepSubmission, edits ...wire.RequestEditorFn) answer {
	f.t.Helper()
	return f.got(f.wire.SubmitStep(context.Background(), f.ID, &wire.SubmitStepParams{}, *submission, edits...))
}

// accepted answers a step and takes over where the flow stands then.
func (f *ongoing) accepted(submission *wire.StepSubmission) {
	f.t.Helper()
	f.Flow = read[wire.Flow](f.submit(submission).is(http.StatusOK))
	require.Nil(f.t, f.Error, "%+v", f.Error)
}

// refused answers a step that is not taken.
func (f *ongoing) refused(code string, submission *wire.StepSubmission, pointers ...string) {
	f.t.Helper()
	f.Flow = read[wire.Flow](f.submit(submission).is(http.StatusOK))
	requireRefusal(f.caller, f.Flow, code, pointers...)
}

func requireRefusal(c *caller, flow wire.Flow, code string, pointers ...string) {
	c.t.Helper()
	require.Equal(c.t, "active", flow.Status)
	require.NotNil(c.t, flow.Error)
	require.Equal(c.t, code, flow.Error.Code)
	require.NotEmpty(c.t, flow.Error.Detail)
	require.Equal(c.t, append([]string{}, pointers...), places(flow.Error.Errors))
	require.NotEmpty(c.t, flow.Steps, "what may be tried is still offered")
	require.Nil(c.t, flow.Outcome)
}

func (f *ongoing) read() answer {
	f.t.Helper()
	return f.got(f.wire.GetFlow(context.Background(), f.ID, &wire.GetFlowParams{}))
}

func (f *ongoing) back() answer {
	f.t.Helper()
	return f.got(f.wire.RewindFlow(context.Background(), f.ID))
}

func (f *ongoing) abandon() answer {
	f.t.Helper()
	return f.got(f.wire.AbandonFlow(context.Background(), f.ID))
}

// offers lists the types of the steps that are offered.
func (f *ongoing) offers() []string {
	found := []string{}
	for _, step := range f.Steps {
		kind, err := step.Discriminator()
		require.NoError(f.t, err)
		found = append(found, kind)
	}
	return found
}

// sent makes a submission out of one of its variants.
func sent(c *caller, fill func(*wire.StepSubmission) error) *wire.StepSubmission {
	c.t.Helper()
	var submission wire.StepSubmission
	require.NoError(c.t, fill(&submission))
	return &submission
}

func (c *caller) identify(identifier string) *wire.StepSubmission {
	return sent(c, func(s *wire.StepSubmission) error {
		return s.FromIdentifierSubmission(wire.IdentifierSubmission{Identifier: identifier, Type: wire.IdentifierSubmissionTypeIdentifier})
	})
}

func (c *caller) prove(identifier, password string) *wire.StepSubmission {
	return sent(c, func(s *wire.StepSubmission) error {
		return s.FromPasswordSubmission(wire.PasswordSubmission{
			Identifier: optional(identifier), Password: password, Type: wire.PasswordSubmissionTypePassword,
		})
	})
}

func (c *caller) choose(identifier, password string, profile wire.Profile) *wire.StepSubmission {
	submission := wire.NewPasswordSubmission{
		Identifier: optional(identifier), Password: password, Type: wire.NewPasswordSubmissionTypeNewPassword,
	}
	if profile != nil {
		submission.Profile = &profile
	}
	return sent(c, func(s *wire.StepSubmission) error { return s.FromNewPasswordSubmission(submission) })
}

func (c *caller) tell(profile wire.Profile) *wire.StepSubmission {
	return sent(c, func(s *wire.StepSubmission) error {
		return s.FromProfileSubmission(wire.ProfileSubmission{Profile: profile, Type: wire.ProfileSubmissionTypeProfile})
	})
}

func (c *caller) agree(version string) *wire.StepSubmission {
	return sent(c, func(s *wire.StepSubmission) error {
		return s.FromConsentSubmission(wire.ConsentSubmission{
			Agreed: []wire.AgreedTerms{{Subject: "terms", Version: version}}, Type: wire.ConsentSubmissionTypeConsent,
		})
	})
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// key makes a request one that may be repeated.
func key(value string) wire.RequestEditorFn {
	return func(_ context.Context, request *http.Request) error {
		request.Header.Set("Idempotency-Key", value)
		return nil
	}
}

// person is somebody who has registered and is signed in.
type person struct {
	*caller
	wire.User
	name, password, session string
}

// newPassword is one that nobody would guess, and that stands nowhere else.
func newPassword() string { return "otter-" + strings.ToLower(rand.Text()) }

// newName is an address that nobody has.
func newName() string { return newWord() + "@example.com" }

// newWord is one that nobody has used.
func newWord() string { return "p" + strings.ToLower(rand.Text()[:12]) }

// somebody registers and forgets the events of it.
func (s *scenario) somebody() *person { return s.app().somebody() }

func (c *caller) somebody() *person {
	c.t.Helper()
	p := &person{caller: c, name: newName(), password: newPassword()}
	flow := c.completed(c.start(c.asking("registration", c.choose(p.name, p.password, nil))).is(http.StatusCreated))
	p.User, p.session = flow.Outcome.User, flow.Outcome.Session.ID
	c.forgetEvents()
	return p
}

// completed takes over the session that a flow has led to.
func (c *caller) completed(done answer) wire.Flow {
	c.t.Helper()
	flow := read[wire.Flow](done)
	require.Equal(c.t, "completed", flow.Status, "%s", done.body)
	require.NotNil(c.t, flow.Outcome)
	require.Empty(c.t, flow.Steps)
	require.Nil(c.t, flow.FlowToken, "what is over needs no token")
	if flow.Outcome.SessionToken != nil {
		c.bearer = *flow.Outcome.SessionToken
	}
	return flow
}

// again signs the person in on another device.
func (p *person) again() *person {
	p.t.Helper()
	c := p.with("")
	c.origin = p.origin
	flow := c.completed(c.start(c.asking("login", c.prove(p.name, p.password))).is(http.StatusCreated))
	p.forgetEvents()
	return &person{caller: c, User: flow.Outcome.User, name: p.name, password: p.password, session: flow.Outcome.Session.ID}
}

// proveAgain raises the person's session with their password.
func (p *person) proveAgain() {
	p.t.Helper()
	p.completed(p.start(p.asking("step_up", p.prove("", p.password))).is(http.StatusCreated))
	p.forgetEvents()
}

func (c *caller) me() answer {
	c.t.Helper()
	return c.got(c.wire.GetSession(context.Background()))
}
