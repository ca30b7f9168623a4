package running

import (
	"context"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/budget"
	"github.com/lintel-id/lintel/server/message/mail"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/storage"
)

// unwritten knows the language that is wished, and no words: the server writes what it sends.
type unwritten struct{ message.Writer }

func (unwritten) Language(_ context.Context, _ message.Message, wishes []string) (string, int, error) {
	return wishes[0], 0, nil
}

// unasked is never asked: nothing is sent from here.
type unasked struct{ message.Gate }

// Queue has the server send what no request has it send, as one of its own workers would.
func (s *Server) Queue(ctx context.Context, tb testing.TB, draft message.Draft) message.Opened {
	tb.Helper()
	limiter, err := rate.NewMemory(rate.MemoryDeps{Clock: s.Clock}, rate.DefaultMemoryConfig())
	require.NoError(tb, err)
	budgets, err := budget.New(budget.Deps{
		Store: storage.NewMessageBudgets(s.DB), Tenants: s.opener.tenants, Limiter: limiter, Tx: s.DB,
		Events: event.New(event.Deps{Store: s.Events, Sealer: s, Clock: s.Clock, Wake: func() {}}), Clock: s.Clock, Logger: slog.New(slog.DiscardHandler),
	}, budget.Default())
	require.NoError(tb, err)
	queue, err := message.New(message.Deps{
		Store: storage.NewMessages(s.DB), Providers: map[message.Channel]message.Provider{message.Email: mail.Inbox{}}, Writer: unwritten{},
		Tenants: s.opener.tenants, Gate: unasked{}, TellsUnknown: func(context.Context) (bool, error) { return false, nil },
		Budgets: budgets, Tx: s.DB, Events: event.New(event.Deps{Store: s.Events, Sealer: s, Clock: s.Clock, Wake: func() {}}), Clock: s.Clock,
		Logger: slog.New(slog.DiscardHandler),
	}, message.Default())
	require.NoError(tb, err)
	queued, err := queue.Queue(ctx, draft)
	require.NoError(tb, err)
	return queued
}
