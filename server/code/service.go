package code

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/risk"
	"github.com/lintel-id/lintel/server/user"
)

// Boxes gives the box of the tenant in scope.
type Boxes interface {
	// Box is the tenant's own; whatever is wrong with it is no fault.
	Box(ctx context.Context) (*seal.Box, error)
}

// Limits are what a tenant has codes and links be.
type Limits struct {
	Length       int           // of a code, in digits
	Lifetime     time.Duration // of a code
	LinkLifetime time.Duration
	Resend       time.Duration // how long one waits before another is sent
}

// Deps are what a Service needs.
type Deps struct {
	Messages *message.Service
	Tenants  Boxes
	Guesses  *risk.Guesses
	Clock    clock.Clock
	// Limits are those of the tenant in scope.
	Limits func(ctx context.Context) (Limits, error)
}

// What one run may try: a person mistypes, and asks again a few times.
// Spec: NIST SP 800-63B-4 §3.2.2.
const (
	tries    = 5  // wrong answers that one code takes
	runTries = 15 // wrong answers that all codes of one run take
	runSent  = 5  // codes and links that one run sends
)

// Service makes codes and links and compares what comes back.
type Service struct{ deps Deps }

// New makes a Service.
func New(deps Deps) (*Service, error) {
	if deps.Messages == nil || deps.Tenants == nil || deps.Guesses == nil || deps.Clock == nil || deps.Limits == nil {
		return nil, errDeps
	}
	return &Service{deps: deps}, nil
}

// Live tells whether a code or link may still prove something.
func (s *Service) Live(sent Challenge, spent Spent) bool {
	return sent.Wrong < tries && spent.Wrong < runTries && s.deps.Clock.Now().Before(sent.ExpiresAt)
}

// Reaches tells whether anything is configured that could send to such an address.
func (s *Service) Reaches(kind user.IdentifierType) bool {
	channel, ok := ChannelOf(kind)
	return ok && s.deps.Messages.Sends(channel)
}
