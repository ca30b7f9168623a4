package consent

import (
	"context"
	"errors"
	"slices"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/user"
)

// errNothing means a program asked to record an agreement to nothing in particular.
var errNothing = errors.New("consent: user, application, subject or version is missing")

// Deps are what a Service needs.
type Deps struct {
	Store  Store
	Tx     tx.Runner
	Events event.Recorder
	Clock  clock.Clock
}

// Service records agreements.
type Service struct{ deps Deps }

// New makes a Service.
func New(deps Deps) (*Service, error) {
	if deps.Store == nil || deps.Tx == nil || deps.Events == nil || deps.Clock == nil {
		return nil, errors.New("consent: a dependency is missing")
	}
	return &Service{deps: deps}, nil
}

// Give records that the user agreed; agreeing to the same again changes nothing.
func (s *Service) Give(ctx context.Context, user user.ID, app application.ID, subject Subject, version string) error {
	if user.IsZero() || app.IsZero() || subject == "" || version == "" {
		return errNothing
	}
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		given, err := s.Given(ctx, user, app, subject, version)
		if err != nil || given {
			return err
		}
		now := s.deps.Clock.Now()
		consent := Consent{
			ID: id.New[idKind](now), UserID: user, ApplicationID: app,
			Subject: subject, Version: version, GivenAt: now,
		}
		if err := s.deps.Store.InsertConsent(ctx, consent); err != nil {
			return err
		}
		return s.deps.Events.Record(ctx, event.Draft{
			Type: EventGiven, Subject: user.String(), Person: user.String(),
			Data: GivenData{ConsentID: consent.ID, ApplicationID: app, Subject: subject, Version: version},
		})
	})
}

// Given tells whether the user has agreed to exactly this version.
func (s *Service) Given(ctx context.Context, user user.ID, app application.ID, subject Subject, version string) (bool, error) {
	all, err := s.deps.Store.Consents(ctx, user)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(all, func(c Consent) bool {
		return c.ApplicationID == app && c.Subject == subject && c.Version == version
	}), nil
}

// List is all a user has agreed to, oldest first.
func (s *Service) List(ctx context.Context, user user.ID) ([]Consent, error) {
	return s.deps.Store.Consents(ctx, user)
}

// MoveUser gives another user all that a user has agreed to, as they are one from now on.
func (s *Service) MoveUser(ctx context.Context, from, to user.ID) error {
	return s.deps.Store.MoveConsents(ctx, from, to)
}
