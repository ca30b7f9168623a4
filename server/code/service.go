package code

import (
	"context"
	"fmt"
	"time"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/risk"
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

// Config bounds what one run may try.
type Config struct {
	// Tries is how many wrong answers one code takes.
	Tries int
	// RunTries is how many wrong answers all codes of one run take.
	RunTries int
	// RunSent is how many codes and links one run sends.
	RunSent int
}

// Default lets a person mistype, and ask again a few times.
// Spec: NIST SP 800-63B-4 §3.2.2.
func Default() Config { return Config{Tries: 5, RunTries: 15, RunSent: 5} }

// Validate names the field that is out of range.
func (c Config) Validate() error {
	switch {
	case c.Tries < 1 || c.Tries > 10:
		return fmt.Errorf("code.tries: must be 1 to 10, not %d", c.Tries)
	case c.RunTries < c.Tries || c.RunTries > 100:
		return fmt.Errorf("code.flow_tries: must be %d to 100, not %d", c.Tries, c.RunTries)
	case c.RunSent < 1 || c.RunSent > 20:
		return fmt.Errorf("code.flow_sent: must be 1 to 20, not %d", c.RunSent)
	}
	return nil
}

// Service makes codes and links and compares what comes back.
type Service struct {
	deps   Deps
	config Config
}

// New makes a Service.
func New(deps Deps, config Config) (*Service, error) {
	if deps.Messages == nil || deps.Tenants == nil || deps.Guesses == nil || deps.Clock == nil || deps.Limits == nil {
		return nil, errDeps
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	return &Service{deps: deps, config: config}, nil
}

// Live tells whether a code or link may still prove something.
func (s *Service) Live(sent Challenge, spent Spent) bool {
	return sent.Wrong < s.config.Tries && spent.Wrong < s.config.RunTries && s.deps.Clock.Now().Before(sent.ExpiresAt)
}

// Reaches tells whether anything is configured that could send there.
func (s *Service) Reaches(to Address) bool {
	channel, ok := to.Channel()
	return ok && s.deps.Messages.Sends(channel)
}
