package api

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// flowAPI is the flow's part of the contract.
type flowAPI struct {
	flows   *flow.Service
	users   *user.Service
	policy  password.Config
	clock   clock.Clock
	speaker speaker
}

// CreateFlow starts a flow.
func (a flowAPI) CreateFlow(ctx context.Context, request gen.CreateFlowRequestObject) (gen.CreateFlowResponseObject, error) {
	r := requestOf(ctx)
	start, err := fromAPIFlowStart(r, request)
	if err != nil {
		return nil, err
	}
	start.FreshFor = r.freshFor
	start.Locale = a.speaker.flowLocale(r, start.Locale) //nolint:contextcheck // the request is the context
	result, err := a.flows.Start(ctx, start)
	if err != nil {
		return nil, err
	}
	body, err := a.toAPIResult(ctx, result)
	return gen.CreateFlow201JSONResponse(body), err
}

// GetFlow reads a flow, or waits for it to change.
func (a flowAPI) GetFlow(ctx context.Context, request gen.GetFlowRequestObject) (gen.GetFlowResponseObject, error) {
	access, err := fromAPIAccess(ctx, request.FlowID)
	if err != nil {
		return nil, err
	}
	wait := time.Duration(0)
	if request.Params.Wait != nil {
		wait = time.Duration(*request.Params.Wait) * time.Second
	}
	view, err := a.flows.Read(ctx, access, wait, request.Params.Revision)
	if err != nil {
		return nil, err
	}
	body, err := a.toAPIFlow(ctx, view)
	return gen.GetFlow200JSONResponse(body), err
}

// SubmitStep answers a step.
func (a flowAPI) SubmitStep(ctx context.Context, request gen.SubmitStepRequestObject) (gen.SubmitStepResponseObject, error) {
	access, err := fromAPIAccess(ctx, request.FlowID)
	if err != nil {
		return nil, err
	}
	submission, err := fromAPISubmission(*request.Body)
	if err != nil {
		return nil, err
	}
	retry := flow.Retry{Key: fromAPIText(request.Params.IdempotencyKey), Body: requestOf(ctx).body}
	result, err := a.flows.Submit(ctx, access, submission, retry)
	if err != nil {
		return nil, err
	}
	body, err := a.toAPIResult(ctx, result)
	return gen.SubmitStep200JSONResponse(body), err
}

// RewindFlow goes back one question.
func (a flowAPI) RewindFlow(ctx context.Context, request gen.RewindFlowRequestObject) (gen.RewindFlowResponseObject, error) {
	access, err := fromAPIAccess(ctx, request.FlowID)
	if err != nil {
		return nil, err
	}
	view, err := a.flows.Back(ctx, access)
	if err != nil {
		return nil, err
	}
	body, err := a.toAPIFlow(ctx, view)
	return gen.RewindFlow200JSONResponse(body), err
}

// AbandonFlow ends a flow.
func (a flowAPI) AbandonFlow(ctx context.Context, request gen.AbandonFlowRequestObject) (gen.AbandonFlowResponseObject, error) {
	access, err := fromAPIAccess(ctx, request.FlowID)
	if err != nil {
		return nil, err
	}
	if err := a.flows.Abandon(ctx, access); err != nil {
		return nil, err
	}
	return gen.AbandonFlow204Response{}, nil
}

func fromAPIAccess(ctx context.Context, flowID string) (flow.Access, error) {
	r := requestOf(ctx)
	access := flow.Access{Token: r.flowToken, Browser: r.browser}
	if err := access.ID.UnmarshalText([]byte(flowID)); err != nil {
		return flow.Access{}, flow.ErrToken // no token is for such a flow
	}
	return access, nil
}

func fromAPIFlowStart(r *request, request gen.CreateFlowRequestObject) (flow.Start, error) {
	body := request.Body
	start := flow.Start{
		Journey: body.Journey, ClientID: fromAPIText(body.ClientID), Transport: session.Transport(body.Transport),
		Accepts: body.Accepts, Locale: fromAPIText(body.Locale), Invitation: secret.NewText(fromAPIText(body.InvitationToken)), Session: r.session, Origin: r.origin, Browser: r.browser,
		Retry: flow.Retry{Key: fromAPIText(request.Params.IdempotencyKey), Body: r.body},
	}
	if body.Submit != nil {
		var err error
		if start.Submission, err = fromAPISubmission(*body.Submit); err != nil {
			return flow.Start{}, err
		}
	}
	return start, nil
}

func fromAPIText(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// toAPIResult shows a flow with the secrets that come with it, each on the way that
// its transport takes.
func (a flowAPI) toAPIResult(ctx context.Context, result flow.Result) (gen.Flow, error) {
	r := requestOf(ctx)
	body, err := a.toAPIFlow(ctx, result.View)
	if err != nil {
		return gen.Flow{}, err
	}
	body.FlowToken = toAPISecret(result.FlowToken)
	if !result.Browser.IsZero() {
		r.keepBrowser(result.Browser, result.View.ExpiresAt.Sub(a.clock.Now()))
	}
	if outcome := result.View.Outcome; outcome != nil && !result.SessionToken.IsZero() {
		if outcome.Session.Transport == session.Cookie {
			r.keepSession(result.SessionToken, outcome.Session.AbsoluteExpiresAt.Sub(a.clock.Now()))
		} else {
			body.Outcome.SessionToken = toAPISecret(result.SessionToken)
		}
	}
	return body, nil
}

func toAPISecret(text secret.Text) *string {
	if text.IsZero() {
		return nil
	}
	revealed := text.Reveal()
	return &revealed
}
