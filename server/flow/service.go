package flow

import (
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/consent"
	"github.com/lintel-id/lintel/server/flow/ending"
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/invitation"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/risk"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/server/user"
)

// Deps are what a Service needs.
type Deps struct {
	Store        Store
	Tx           tx.Runner
	Events       event.Recorder
	Clock        clock.Clock
	Tenants      *tenant.Service
	Applications *application.Service
	Users        *user.Service
	Consents     *consent.Service
	Guesses      *risk.Guesses
	Codes        *code.Service
	Messages     *message.Service
	Invitations  *invitation.Service
	Passkeys     *passkey.Service
	Steps        step.Table
	Doorway      step.Doorway
	Ending       *ending.Service
	Logger       *slog.Logger
}

// Config sets the limits.
type Config struct {
	// Lifetime is how long a flow may take.
	Lifetime time.Duration
	// ReplayFor is how long the answer to a submission is kept for its Idempotency-Key.
	ReplayFor time.Duration
	// MaxWait bounds a long poll.
	MaxWait time.Duration
	// MaxWaiting bounds how many long polls stand open at once in this process.
	MaxWaiting int
}

// DefaultConfig gives a person half an hour.
func DefaultConfig() Config {
	return Config{Lifetime: 30 * time.Minute, ReplayFor: 10 * time.Minute, MaxWait: 30 * time.Second, MaxWaiting: 4096}
}

// Validate names the field that is out of range.
func (c Config) Validate() error {
	switch {
	case c.Lifetime < time.Minute || c.Lifetime > 24*time.Hour:
		return fmt.Errorf("flow.lifetime: must be 1m to 24h, not %s", c.Lifetime)
	case c.ReplayFor < time.Second || c.ReplayFor > 24*time.Hour:
		return fmt.Errorf("flow.replay_for: must be 1s to 24h, not %s", c.ReplayFor)
	case c.MaxWait < 0 || c.MaxWait > 5*time.Minute:
		return fmt.Errorf("flow.max_wait: must be 0s to 5m, not %s", c.MaxWait)
	case c.MaxWaiting < 1:
		return fmt.Errorf("flow.max_waiting: must be at least 1, not %d", c.MaxWaiting)
	}
	return nil
}

// Service runs flows.
type Service struct {
	deps     Deps
	config   Config
	journeys map[string]journey.Journey
	changes  *changes
}

// New makes a Service; it refuses a built-in journey that does not validate or
// offers a step nobody handles.
func New(deps Deps, config Config) (*Service, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	journeys := map[string]journey.Journey{}
	for _, j := range journey.Builtin() {
		if err := j.Validate(); err != nil {
			return nil, err
		}
		for _, s := range j.Steps() {
			if _, ok := deps.Steps[s]; !ok {
				return nil, fmt.Errorf("journey %s: nobody handles step %s", j.Name, s)
			}
		}
		journeys[j.Name] = j
	}
	return &Service{deps: deps, config: config, journeys: journeys, changes: newChanges(config.MaxWaiting)}, nil
}

// Journeys lists what an application runs, in the order of the built-in list.
func (s *Service) Journeys(app application.Application) []journey.Journey {
	var list []journey.Journey
	for _, j := range journey.Builtin() {
		if runs(app, j) && s.begins(app, j) {
			list = append(list, j)
		}
	}
	return list
}

// begins tells whether the first question of a journey can be asked at all: what only a code
// or link answers needs somebody who sends it, and a passkey an application that has any.
func (s *Service) begins(app application.Application, j journey.Journey) bool {
	if j.Proof == journey.Enrolment {
		return app.Passkeys != nil
	}
	if j.Proof != journey.Recovery && j.Proof != journey.Verification {
		return true
	}
	return s.deps.Codes.Reaches(user.Email) || s.deps.Codes.Reaches(user.Phone)
}

// Registrable are the identifiers that a new user of the application can have: those that it
// takes unproven, and those that a code or link can prove.
func (s *Service) Registrable(app application.Application) []user.IdentifierType {
	types := []user.IdentifierType{}
	for _, kind := range []user.IdentifierType{user.Email, user.Phone, user.Username} {
		if slices.Contains(step.Unproven(app), kind) || s.deps.Codes.Reaches(kind) {
			types = append(types, kind)
		}
	}
	return types
}
