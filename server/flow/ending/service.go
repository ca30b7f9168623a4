package ending

import (
	"context"
	"errors"

	"github.com/lintel-id/lintel/server/consent"
	"github.com/lintel-id/lintel/server/invitation"
	"github.com/lintel-id/lintel/server/notice"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/recovery"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// WaysBack are links by which users take back what was removed from their accounts; reversal
// fills it in.
type WaysBack interface {
	// WithdrawAll ends all those of a user, within the unit of work in ctx; whatever is wrong
	// with that is no fault.
	WithdrawAll(ctx context.Context, owner user.ID) error
}

// Deps are what a Service needs.
type Deps struct {
	Users      *user.Service
	Passwords  *password.Service
	Sessions   *session.Service
	Consents   *consent.Service
	Notices    *notice.Service
	Recoveries *recovery.Service
	WaysBack   WaysBack
	// Invitations are accepted where a run brought one.
	Invitations *invitation.Service
	Passkeys    *passkey.Service
}

// Service ends runs.
type Service struct{ deps Deps }

// New makes a Service.
func New(deps Deps) (*Service, error) {
	if deps.Users == nil || deps.Passwords == nil || deps.Sessions == nil || deps.Consents == nil || deps.Notices == nil ||
		deps.Recoveries == nil || deps.WaysBack == nil || deps.Invitations == nil || deps.Passkeys == nil {
		return nil, errors.New("ending: a dependency is missing")
	}
	return &Service{deps: deps}, nil
}
