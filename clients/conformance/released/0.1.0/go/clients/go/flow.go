package lintel

import (
	"log/slog"

	"github.com/lintel-id/lintel/clients/go/internal/exchange"
)

// FlowAccess is what opens a flow: its id, and the token that CreateFlow answered with. Keep
// both until the flow is over, and show the token to nobody.
type FlowAccess struct {
	ID    FlowID `json:"id"`
	Token string `json:"token"`
}

// AccessTo is the access to a flow that was just started. Once a flow is over it has no
// token any more.
func AccessTo(flow *Flow) FlowAccess {
	return FlowAccess{ID: flow.ID, Token: exchange.Value(flow.FlowToken)}
}

// String leaves the token out.
func (f FlowAccess) String() string { return f.ID }

// GoString leaves the token out.
func (f FlowAccess) GoString() string { return f.ID }

// LogValue leaves the token out.
func (f FlowAccess) LogValue() slog.Value { return slog.StringValue(f.ID) }
