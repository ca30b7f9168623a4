package api_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/notice"
	"github.com/lintel-id/lintel/server/recovery"
	"github.com/lintel-id/lintel/server/risk"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/storage"
)

// coded makes the room of codes and links.
func coded(t testing.TB, h *house, messages *message.Service, guesses *risk.Guesses) (*message.Service, *code.Service) {
	t.Helper()
	made, err := code.New(code.Deps{
		Messages: messages, Tenants: h.tenants, Guesses: guesses, Clock: h.clock,
		Limits: func(context.Context) (code.Limits, error) { return code.Limits(tenant.Settings{}.Codes()), nil },
	})
	require.NoError(t, err)
	return messages, made
}

// recovering makes the room of recoveries, of what it needs from others.
func recovering(t testing.TB, h *house, others recovery.Deps, messages *message.Service, logger *slog.Logger, db *storage.DB) (*recovery.Service, *recovery.Finder) {
	t.Helper()
	var err error
	others.Store, others.Holder = storage.NewRecoveries(db), storage.NewUsers(db)
	others.Finder, err = recovery.NewFinder(recovery.FinderDeps{Store: others.Store, Tenants: h.tenants, Clock: h.clock})
	require.NoError(t, err)
	others.Notices, err = notice.New(notice.Deps{Users: others.Users, Messages: messages, Logger: logger})
	require.NoError(t, err)
	made, err := recovery.New(others, recovery.Default())
	require.NoError(t, err)
	return made, others.Finder
}

// followed has revoked sessions known at once.
func followed(t testing.TB, sessions *session.Service) {
	t.Helper()
	following, stop := context.WithCancel(t.Context())
	var follower sync.WaitGroup
	follower.Go(func() { sessions.RunFollower(following) })
	t.Cleanup(func() { stop(); follower.Wait() })
}
