package reversal

import (
	"context"
	"log/slog"
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/notice"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/recovery"
	"github.com/lintel-id/lintel/server/risk"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/server/user/own"
	"github.com/lintel-id/lintel/server/user/reclaim"
)

// Boxes gives the box of the tenant in scope.
type Boxes interface {
	// Box is the tenant's own; whatever is wrong with it is no fault.
	Box(ctx context.Context) (*seal.Box, error)
}

// Holder keeps everybody else from changing or erasing a user, until a unit of work is over.
type Holder interface {
	// HoldUser locks the user's row; user.ErrUnknown for who is deleted.
	HoldUser(ctx context.Context, person user.ID) error
}

// Deps are what a Service needs.
type Deps struct {
	Store        Store
	Users        *user.Service
	Holder       Holder
	Reclaims     *reclaim.Service
	Passwords    *password.Service
	Passkeys     *passkey.Service
	Sessions     *session.Service
	Applications *application.Service
	Notices      *notice.Service
	Recoveries   *recovery.Service
	Guesses      *risk.Guesses
	Tenants      Boxes
	// Window is for how long a removal can be undone in the tenant in scope; 0 is not at all.
	Window func(ctx context.Context) (time.Duration, error)
	Tx     tx.Runner
	Events event.Recorder
	Clock  clock.Clock
	Logger *slog.Logger
}

// Service makes ways back, and goes them.
type Service struct{ deps Deps }

var _ own.Notices = (*Service)(nil)

// New makes a Service.
func New(deps Deps) (*Service, error) {
	if deps.Store == nil || deps.Users == nil || deps.Holder == nil || deps.Reclaims == nil || deps.Passwords == nil || deps.Passkeys == nil || deps.Sessions == nil ||
		deps.Applications == nil || deps.Notices == nil || deps.Recoveries == nil || deps.Guesses == nil || deps.Tenants == nil || deps.Window == nil ||
		deps.Tx == nil || deps.Events == nil || deps.Clock == nil || deps.Logger == nil {
		return nil, errDeps
	}
	return &Service{deps: deps}, nil
}
