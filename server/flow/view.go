package flow

import (
	"time"

	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// View is a flow as its owner sees it.
type View struct {
	ID        ID
	Journey   string
	Status    Status
	Revision  int64
	Offers    []step.Offer
	CanGoBack bool
	Refusal   *step.Refusal
	Locale    string // the language that was asked for, if one was
	ExpiresAt time.Time
	Outcome   *step.Outcome
	Signals   *passkey.Signals // what to tell the platform about passkeys; nil: nothing
}

// Result is a view with the secrets that come with it once.
type Result struct {
	View         View
	FlowToken    secret.Text // with a start that is still active
	SessionToken secret.Text // with a completion
	Browser      secret.Text // with a start over the cookie transport
}

func (s *Service) view(r run) View {
	return View{
		ID: r.row.ID, Journey: r.journey.Name, Status: r.row.Status, Revision: r.row.Revision,
		Offers: s.offers(r), CanGoBack: r.canGoBack(), Refusal: r.state.Refusal, Locale: r.state.Locale,
		ExpiresAt: r.row.ExpiresAt, Outcome: r.state.Outcome, Signals: r.state.Signals,
	}
}
