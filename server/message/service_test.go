package message_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/budget"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/storage/storetest"
)

// provider keeps what it takes, and answers as it is told.
type provider struct {
	mu     sync.Mutex
	taken  []string
	answer func(attempt int) error
	asked  int
}

func (p *provider) Recipient(address string) (written, compared string, err error) {
	if address == "nobody" {
		return "", "", message.ErrRecipient
	}
	return address, "folded " + address, nil
}

func (p *provider) Send(_ context.Context, to string, letter message.Letter, about message.Message) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	if p.answer != nil {
		if err := p.answer(p.asked); err != nil {
			return "", err
		}
	}
	p.taken = append(p.taken, to+": "+letter.Subject)
	return "ref " + about.ID.String()[:4], nil
}

// words writes the kind and the values, or fails.
type words struct{ err *error }

// Language is the first wish that is one, of which "xx" is not.
func (words) Language(_ context.Context, _ message.Message, wishes []string) (string, int, error) {
	for at, wish := range wishes {
		if wish != "" && wish != "xx" {
			return "lang-" + wish, at, nil
		}
	}
	return "lang-usual", -1, nil
}

func (w words) Write(_ context.Context, kind message.Kind, application, locale string, values map[string]string) (message.Letter, error) {
	if *w.err != nil {
		return message.Letter{}, *w.err
	}
	return message.Letter{Locale: locale, Subject: string(kind) + values["code"], Text: "text", HTML: "html"}, nil
}

func (words) WriteShort(_ context.Context, kind message.Kind, application, locale string, values map[string]string) (message.Letter, error) {
	return message.Letter{Locale: locale, Text: "short " + string(kind) + values["code"]}, nil
}

// house is one node over a database that others may share.
type house struct {
	*message.Service
	db       *storage.DB
	clock    *clock.Fake
	deps     message.Deps
	provider *provider
	ctx      context.Context

	unwritten error // why no letter can be written
	readers   readers
}

// each runs a test on both engines.
func each(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	for engine, config := range map[string]func(*testing.T) storage.Config{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(engine, func(t *testing.T) { test(t, openOn(t, config(t), nil)) })
	}
}

func open(t testing.TB, change func(*message.Config)) *house {
	t.Helper()
	return openOn(t, storage.Config{DataDir: t.TempDir()}, change)
}

func openOn(t testing.TB, place storage.Config, change func(*message.Config)) *house {
	t.Helper()
	h := &house{clock: clock.NewFake(storetest.Start()), provider: &provider{}}
	place.Clock, place.Logger = h.clock, slog.New(slog.DiscardHandler)
	h.db = storetest.Migrated(t, place)
	events := event.New(event.Deps{Store: storage.NewEvents(h.db), Sealer: nil, Clock: h.clock, Wake: func() {}})
	text, err := seal.GenerateRootKey("test")
	require.NoError(t, err)
	keys, err := seal.ParseRootKeys(text)
	require.NoError(t, err)
	root, err := seal.NewKeyring(keys)
	require.NoError(t, err)
	tenants, err := tenant.New(tenant.Deps{Store: storage.NewTenants(h.db), Revisions: storage.NewTenantSettings(h.db), Tx: h.db, Events: events, Clock: h.clock, Root: root}, tenant.Default())
	require.NoError(t, err)
	here, err := tenants.Ensure(t.Context(), tenant.Declaration{Name: tenant.DefaultName, BaseURL: "https://id.example.com"})
	require.NoError(t, err)
	h.ctx = reqctx.WithTenant(t.Context(), here.ID)
	h.deps = message.Deps{
		Store: storage.NewMessages(h.db), Providers: map[message.Channel]message.Provider{message.Email: h.provider}, Writer: words{err: &h.unwritten},
		Gate: &h.readers, TellsUnknown: func(context.Context) (bool, error) { return h.readers.tells, nil },
		Tenants: tenants, Tx: h.db, Events: events, Clock: h.clock, Logger: slog.New(slog.DiscardHandler),
	}
	h.budgets(t, func(*budget.Config) {})
	h.Service = h.node(t, change)
	return h
}

func (h *house) node(t testing.TB, change func(*message.Config)) *message.Service {
	t.Helper()
	config := message.Default()
	if change != nil {
		change(&config)
	}
	made, err := message.New(h.deps, config)
	require.NoError(t, err)
	return made
}

// budgets has the nodes that are made from now on pay from budgets that bound nothing but
// what is changed.
func (h *house) budgets(t testing.TB, change func(*budget.Config)) {
	t.Helper()
	limiter, err := rate.NewMemory(rate.MemoryDeps{Clock: h.clock}, rate.DefaultMemoryConfig())
	require.NoError(t, err)
	config, wide := budget.Default(), budget.Allowance{Count: 1_000_000, Window: time.Hour}
	config.Recipient = rate.Limit{Rate: 1000, Period: time.Second, Burst: 1_000_000}
	config.Source, config.Domain, config.Tenant = config.Recipient, wide, wide
	change(&config)
	tenants, _ := h.deps.Tenants.(*tenant.Service)
	h.deps.Budgets, err = budget.New(budget.Deps{
		Store: storage.NewMessageBudgets(h.db), Tenants: tenants, Limiter: limiter, Tx: h.db, Events: h.deps.Events, Clock: h.clock, Logger: h.deps.Logger,
	}, config)
	require.NoError(t, err)
}

func (h *house) queued(t *testing.T) message.Opened {
	t.Helper()
	made, err := h.Queue(h.ctx, message.Draft{
		Kind: message.Test, Channel: message.Email, To: "ada@example.com", Locales: []string{"ja"}, Values: map[string]string{"code": " 123"}, ValidFor: time.Hour,
	})
	require.NoError(t, err)
	return made
}

func (h *house) now(t *testing.T, wanted message.ID) message.Opened {
	t.Helper()
	found, err := h.ByID(h.ctx, wanted)
	require.NoError(t, err)
	return found
}

// told are the events of messages so far, oldest first.
func (h *house) told(t *testing.T) (types []string) {
	t.Helper()
	all, err := storage.NewEvents(h.db).UnsequencedEvents(h.ctx, nil, 1000)
	require.NoError(t, err)
	for _, one := range all[1:] { // the tenant is first
		types = append(types, one.Type)
	}
	return types
}

func TestAMessageIsSentAndForgotten(t *testing.T) {
	h := open(t, nil)
	queued := h.queued(t)
	require.Equal(t, message.Queued, queued.Status)
	require.Equal(t, "lang-ja", queued.Locale)
	require.NotContains(t, string(queued.Recipient)+string(queued.Content), "ada", "what is stored is sealed")
	require.NoError(t, h.SendAll(h.ctx))
	require.Equal(t, []string{"ada@example.com: test 123"}, h.provider.taken)
	sent := h.now(t, queued.ID)
	require.Equal(t, message.Sent, sent.Status)
	require.Equal(t, "ref msg_", sent.Reference)
	require.Equal(t, "ada@example.com", sent.To)
	require.Nil(t, sent.Content, "what it said is forgotten")
	require.Equal(t, []string{"message.queued", "message.sent"}, h.told(t))
	h.clock.Advance(7 * 24 * time.Hour)
	require.NoError(t, h.SendAll(h.ctx))
	require.Len(t, h.provider.taken, 1)
	require.NoError(t, h.DeleteExpired(h.ctx))
	_, err := h.ByID(h.ctx, queued.ID)
	require.ErrorIs(t, err, message.ErrUnknown)
}

func TestPromise_OneCommitPoint_NothingIsSentThatWasNotCommitted(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		undone := errors.New("undone")
		require.ErrorIs(t, h.db.Run(h.ctx, func(ctx context.Context) error {
			_, err := h.Test(ctx, message.Email, "ada@example.com", "en")
			require.NoError(t, err)
			return undone
		}), undone)
		require.NoError(t, h.SendAll(h.ctx))
		require.Empty(t, h.provider.taken)
		require.Empty(t, h.told(t))
	})
}

func TestWhatCannotBeSentIsNotQueued(t *testing.T) {
	h := open(t, nil)
	_, err := h.Test(h.ctx, message.Email, "nobody", "en")
	require.ErrorIs(t, err, message.ErrRecipient)
	_, err = h.Test(h.ctx, "pigeon", "ada@example.com", "en")
	require.ErrorIs(t, err, message.ErrChannel)
	_, err = h.Test(t.Context(), message.Email, "ada@example.com", "en")
	require.ErrorIs(t, err, reqctx.ErrNoTenant)
	require.Empty(t, h.told(t))
}

func TestAFailureIsTriedAgainWithPatience(t *testing.T) {
	h := open(t, nil)
	h.provider.answer = func(int) error { return errors.New("away") }
	queued := h.queued(t)
	for attempt, pause := range []time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second} {
		require.NoError(t, h.SendAll(h.ctx))
		waiting := h.now(t, queued.ID)
		require.Equal(t, message.Queued, waiting.Status)
		require.Equal(t, message.ProviderUnavailable, waiting.Code)
		require.Equal(t, attempt+1, waiting.Attempts)
		require.Equal(t, h.clock.Now().Add(pause), waiting.DueAt)
		h.clock.Advance(pause - time.Microsecond)
		require.NoError(t, h.SendAll(h.ctx))
		require.Equal(t, attempt+1, h.provider.asked)
		h.clock.Advance(time.Microsecond)
	}
	h.provider.answer = nil
	require.NoError(t, h.SendAll(h.ctx))
	sent := h.now(t, queued.ID)
	require.Equal(t, message.Sent, sent.Status)
	require.Empty(t, sent.Code)
	require.Zero(t, sent.Lost)
}

func TestAMessageIsGivenUpAndSentAgain(t *testing.T) {
	for name, test := range map[string]struct {
		answer   error
		attempts int
		code     string
	}{
		"refused for good":  {&message.Refusal{Code: message.RecipientRefused, Final: true, Cause: errors.New("550")}, 1, message.RecipientRefused},
		"refused too often": {&message.Refusal{Code: message.CredentialsRefused, Cause: errors.New("535")}, 12, message.CredentialsRefused},
		"nobody knows":      {&message.Refusal{Code: message.ProviderUnavailable, Unsure: true, Cause: errors.New("gone")}, 2, "outcome_unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, nil)
			h.provider.answer = func(int) error { return test.answer }
			queued, err := h.Queue(h.ctx, message.Draft{Kind: message.Test, Channel: message.Email, To: "ada@example.com", ValidFor: 24 * time.Hour})
			require.NoError(t, err)
			_, err = h.Resend(h.ctx, queued.ID)
			require.ErrorIs(t, err, message.ErrNotFailed)
			for range 14 {
				require.NoError(t, h.SendAll(h.ctx))
				h.clock.Advance(time.Hour)
			}
			failed := h.now(t, queued.ID)
			require.Equal(t, message.Failed, failed.Status)
			require.Equal(t, test.code, failed.Code)
			require.Equal(t, test.attempts, h.provider.asked)
			require.Equal(t, []string{"message.queued", "message.failed"}, h.told(t))

			h.provider.answer = nil
			again, err := h.Resend(h.ctx, queued.ID)
			require.NoError(t, err)
			require.Equal(t, message.Queued, again.Status)
			require.NoError(t, h.SendAll(h.ctx))
			sent := h.now(t, queued.ID)
			require.Equal(t, message.Sent, sent.Status)
			require.Equal(t, test.code == "outcome_unknown", sent.Unsure, "what may have arrived before may have arrived twice")
			require.Equal(t, []string{"message.queued", "message.failed", "message.requeued", "message.sent"}, h.told(t))
		})
	}
}

// A tenant that is suspended for a while loses no message, and no attempt.
func TestWhatCannotBeWrittenWaits(t *testing.T) {
	h := open(t, nil)
	queued := h.queued(t)
	h.unwritten = errors.New("suspended")
	for range 3 {
		require.NoError(t, h.SendAll(h.ctx))
		waiting := h.now(t, queued.ID)
		require.Equal(t, message.Queued, waiting.Status)
		require.Equal(t, "not_ready", waiting.Code)
		require.Zero(t, waiting.Attempts)
		require.False(t, waiting.Unsure)
		h.clock.Advance(5 * time.Minute)
	}
	h.unwritten = nil
	require.NoError(t, h.SendAll(h.ctx))
	require.Equal(t, message.Sent, h.now(t, queued.ID).Status)
	require.Equal(t, 1, h.provider.asked)
}

func TestWhatIsOfNoUseIsNotSent(t *testing.T) {
	h := open(t, nil)
	queued := h.queued(t)
	h.clock.Advance(time.Hour)
	require.NoError(t, h.SendAll(h.ctx))
	require.Zero(t, h.provider.asked)
	failed := h.now(t, queued.ID)
	require.Equal(t, message.Failed, failed.Status)
	require.Equal(t, "message_outdated", failed.Code)
	_, err := h.Resend(h.ctx, queued.ID)
	require.ErrorIs(t, err, message.ErrOutdated)
}

// A node that dies between sending and noting costs one duplicate, which is marked, and a
// second one costs the message: whether it arrived nobody knows.
func TestPromise_OneCommitPoint_ADeadNodeCostsOneDuplicateAtMost(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		queued := h.queued(t)
		die := func() {
			claimed, err := h.deps.Store.ClaimMessages(reqctx.WithEveryTenant(h.ctx), h.clock.Now(), h.clock.Now().Add(2*time.Minute), 1)
			require.NoError(t, err)
			require.Len(t, claimed, 1)
		}
		die()
		require.NoError(t, h.SendAll(h.ctx))
		require.Zero(t, h.provider.asked, "it is another's still")
		h.clock.Advance(2 * time.Minute)
		require.NoError(t, h.SendAll(h.ctx))
		sent := h.now(t, queued.ID)
		require.Equal(t, message.Sent, sent.Status)
		require.Equal(t, 1, sent.Lost)
		require.True(t, sent.Unsure, "it is marked")

		twice := h.queued(t)
		die()
		h.clock.Advance(2 * time.Minute)
		die()
		h.clock.Advance(2 * time.Minute)
		require.NoError(t, h.SendAll(h.ctx))
		require.Equal(t, 1, h.provider.asked)
		failed := h.now(t, twice.ID)
		require.Equal(t, message.Failed, failed.Status)
		require.Equal(t, "outcome_unknown", failed.Code)
	})
}

// One that takes long holds up no other, and every message is sent by one node.
func TestNodesShareTheQueue(t *testing.T) {
	const count = 40
	h := open(t, func(c *message.Config) { c.Workers = 3 })
	for range count {
		h.queued(t)
	}
	held, free := make(chan struct{}), make(chan struct{})
	h.provider.answer = func(attempt int) error {
		if attempt == 1 {
			close(held)
			h.provider.mu.Unlock()
			<-free
			h.provider.mu.Lock()
		}
		return nil
	}
	other := h.node(t, nil)
	var all sync.WaitGroup
	all.Go(func() { _ = h.SendAll(h.ctx) })
	<-held
	all.Go(func() { _ = other.SendAll(h.ctx) })
	require.Eventually(t, func() bool {
		h.provider.mu.Lock()
		defer h.provider.mu.Unlock()
		return len(h.provider.taken) == count-1
	}, 20*time.Second, time.Millisecond)
	close(free)
	all.Wait()
	require.Len(t, h.provider.taken, count)
	page, err := h.List(h.ctx, message.Sent, "", message.ID{}, 100)
	require.NoError(t, err)
	require.Len(t, page.Items, count)
}

func TestList(t *testing.T) {
	h := open(t, nil)
	first := h.queued(t)
	second, err := h.Test(h.ctx, message.Email, "grace@example.com", "en")
	require.NoError(t, err)
	page, err := h.List(h.ctx, "", "", message.ID{}, 1)
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	rest, err := h.List(h.ctx, "", "", page.Next, 1)
	require.NoError(t, err)
	require.True(t, rest.Next.IsZero())
	require.ElementsMatch(t, []message.ID{first.ID, second.ID}, []message.ID{page.Items[0].ID, rest.Items[0].ID})
	to, err := h.List(h.ctx, message.Queued, "grace@example.com", message.ID{}, 9)
	require.NoError(t, err)
	require.Len(t, to.Items, 1)
	require.Equal(t, "grace@example.com", to.Items[0].To)
	none, err := h.List(h.ctx, message.Failed, "", message.ID{}, 9)
	require.NoError(t, err)
	require.Empty(t, none.Items)
}

func TestInbox(t *testing.T) {
	h := open(t, func(c *message.Config) { c.KeepContent = true })
	none, err := h.Inbox(h.ctx, "", message.ID{}, time.Millisecond)
	require.NoError(t, err)
	require.Empty(t, none)
	var first message.Opened
	var all sync.WaitGroup
	all.Go(func() {
		found, err := h.Inbox(h.ctx, "ada@example.com", message.ID{}, time.Minute)
		if err != nil || len(found) != 1 || found[0].Letter.Subject != "test 123" || found[0].Values["code"] != " 123" {
			t.Errorf("%v %v", found, err)
		}
	})
	first = h.queued(t)
	all.Wait()
	require.NoError(t, h.SendAll(h.ctx))
	found, err := h.Inbox(h.ctx, "", message.ID{}, 0)
	require.NoError(t, err)
	require.Len(t, found, 1, "what was sent is there still")
	later, err := h.Inbox(h.ctx, "", first.ID, 0)
	require.NoError(t, err)
	require.Empty(t, later)
	ended, cancel := context.WithCancel(h.ctx)
	cancel()
	_, _ = h.Inbox(ended, "grace@example.com", message.ID{}, time.Hour)
}

func TestRunSendsWhatIsQueued(t *testing.T) {
	h := open(t, nil)
	ctx, stop := context.WithCancel(h.ctx)
	ended := make(chan struct{})
	go func() { defer close(ended); h.Run(ctx) }()
	queued := h.queued(t)
	require.Eventually(t, func() bool { return h.now(t, queued.ID).Status == message.Sent }, 20*time.Second, time.Millisecond)
	stop()
	<-ended
}

func TestConfig(t *testing.T) {
	require.NoError(t, message.Default().Validate())
	for want, change := range map[string]func(*message.Config){
		"message.workers":  func(c *message.Config) { c.Workers = 0 },
		"message.timeout":  func(c *message.Config) { c.Timeout = time.Hour },
		"message.keep_for": func(c *message.Config) { c.KeepFor = time.Minute },
	} {
		config := message.Default()
		change(&config)
		require.ErrorContains(t, config.Validate(), want)
	}
	_, err := message.New(message.Deps{}, message.Default())
	require.Error(t, err)
}

func TestChannelsAreThoseThatSomebodyDelivers(t *testing.T) {
	h := open(t, nil)
	require.Equal(t, []message.Channel{message.Email}, h.Channels())
	h.deps.Providers = map[message.Channel]message.Provider{message.SMS: h.provider, message.Email: h.provider}
	require.Equal(t, []message.Channel{message.Email, message.SMS}, h.node(t, nil).Channels())
	h.deps.Providers = nil
	require.Empty(t, h.node(t, nil).Channels())
}
