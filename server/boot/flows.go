package boot

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/flow/ending"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/invitation"
	"github.com/lintel-id/lintel/server/notice"
	"github.com/lintel-id/lintel/server/recovery"
	"github.com/lintel-id/lintel/server/reversal"
	"github.com/lintel-id/lintel/server/risk"
	"github.com/lintel-id/lintel/server/user/reclaim"
	"github.com/lintel-id/lintel/storage"
)

func (s *services) wireFlows() error {
	var err error
	if s.guesses, err = risk.New(risk.Deps{Limiter: s.limiter, Clock: s.clock}, s.config.Risk); err != nil {
		return err
	}
	s.codes, err = code.New(code.Deps{
		Messages: s.messages, Tenants: s.tenants, Guesses: s.guesses, Clock: s.clock, Limits: s.codeLimits,
	})
	if err != nil {
		return err
	}
	if s.notices, err = notice.New(notice.Deps{Users: s.users, Messages: s.messages, Logger: s.logger}); err != nil {
		return err
	}
	if err := s.wirePasskeys(); err != nil {
		return err
	}
	s.recoveries, err = recovery.New(recovery.Deps{
		Store: storage.NewRecoveries(s.db), Finder: s.opens, Holder: storage.NewUsers(s.db), Users: s.users, Applications: s.applications, Operators: s.roles,
		Codes: s.codes, Notices: s.notices, Guesses: s.guesses, Tx: s.db, Events: s.recorder,
	}, s.config.Recovery)
	if err != nil {
		return err
	}
	s.invitations, err = invitation.New(invitation.Deps{
		Store: storage.NewInvitations(s.db), Tenants: s.tenants, Applications: s.applications, Users: s.users, Messages: s.messages,
		Mailboxes: s.mailboxes, Limiter: s.limiter, Guesses: s.guesses, Tx: s.db, Events: s.recorder, Clock: s.clock, Logger: s.logger,
	}, invitation.Default())
	if err != nil {
		return err
	}
	if err := s.wireReversals(); err != nil {
		return err
	}
	ends, err := ending.New(ending.Deps{
		Users: s.users, Passwords: s.passwords, Sessions: s.sessions, Consents: s.consents, Notices: s.notices,
		Recoveries: s.recoveries, WaysBack: s.reversals, Invitations: s.invitations, Passkeys: s.passkeys,
	})
	if err != nil {
		return err
	}
	parts := step.Deps{Users: s.users, Mailboxes: s.mailboxes, Passwords: s.passwords, Guesses: s.guesses, Codes: s.codes, Opens: s.opens, Passkeys: s.passkeys}
	s.flows, err = flow.New(flow.Deps{
		Store: storage.NewFlows(s.db), Tx: s.db, Events: s.recorder, Clock: s.clock, Tenants: s.tenants,
		Applications: s.applications, Users: s.users, Consents: s.consents, Ending: ends,
		Steps: step.NewTable(parts), Doorway: step.NewDoorway(parts), Invitations: s.invitations, Passkeys: s.passkeys,
		Guesses: s.guesses, Codes: s.codes, Messages: s.messages, Logger: s.logger,
	}, s.config.Flow)
	return err
}

// wireReversals makes the way back from what happened to an account.
func (s *services) wireReversals() (err error) {
	held := storage.NewUsers(s.db)
	reclaims, err := reclaim.New(reclaim.Deps{Users: s.users, Store: held, Tx: s.db, Events: s.recorder, Clock: s.clock})
	if err != nil {
		return err
	}
	s.reversals, err = reversal.New(reversal.Deps{
		Store: storage.NewReversals(s.db), Users: s.users, Holder: held, Reclaims: reclaims, Passwords: s.passwords, Passkeys: s.passkeys, Sessions: s.sessions,
		Applications: s.applications, Notices: s.notices, Recoveries: s.recoveries, Guesses: s.guesses, Tenants: s.tenants, Window: s.undoWindow,
		Tx: s.db, Events: s.recorder, Clock: s.clock, Logger: s.logger,
	})
	return err
}

// undoWindow is for how long the tenant in scope lets the removal of an address be undone.
func (s *services) undoWindow(ctx context.Context) (time.Duration, error) {
	settings, err := s.tenants.Settings(ctx)
	return settings.IdentifierUndo(), err
}

// codeLimits are what the tenant in scope has codes and links be.
func (s *services) codeLimits(ctx context.Context) (code.Limits, error) {
	settings, err := s.tenants.Settings(ctx)
	return code.Limits(settings.Codes()), err
}
