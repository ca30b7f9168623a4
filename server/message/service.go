package message

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/lintel-id/lintel/server/message/budget"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/tx"
)

// Boxes gives the box of the tenant in scope.
type Boxes interface {
	// Box is the tenant's own; whatever is wrong with it is no fault.
	Box(ctx context.Context) (*seal.Box, error)
}

// Writer finds the words.
type Writer interface {
	// Language is the first of the wishes that there are words of a message in, and where it
	// stands; -1 with the language of the tenant or of the server where that is none of them.
	// Whatever is wrong is no fault.
	Language(ctx context.Context, about Message, wishes []string) (tag string, at int, err error)
	// Write puts the values into the words of a kind, those of an application (empty: none)
	// where it has some; whatever is wrong is no fault.
	Write(ctx context.Context, kind Kind, application, locale string, values map[string]string) (Letter, error)
	// WriteShort does so for SMS, in few words; whatever is wrong is no fault.
	WriteShort(ctx context.Context, kind Kind, application, locale string, values map[string]string) (Letter, error)
}

// Provider takes messages of one channel.
type Provider interface {
	// Recipient is an address as it is written to and compared; ErrRecipient.
	Recipient(address string) (written, compared string, err error)
	// Send hands a message over and tells what the provider calls it; a *Refusal, or
	// whatever else is worth another attempt.
	Send(ctx context.Context, to string, letter Letter, message Message) (reference string, err error)
}

// Deps are what a Service needs.
type Deps struct {
	Store     Store
	Providers map[Channel]Provider // a channel that is missing sends nothing
	Writer    Writer
	Tenants   Boxes
	Gate      Gate
	// TellsUnknown is whether the tenant in scope writes to addresses that nobody is known by.
	TellsUnknown func(ctx context.Context) (bool, error)
	Budgets      *budget.Service
	Tx           tx.Runner
	Events       event.Recorder
	Clock        clock.Clock
	Logger       *slog.Logger
}

// Config bounds messages.
type Config struct {
	// Workers is how many messages a node hands over at once.
	Workers int
	// Timeout is how long handing one over may take.
	Timeout time.Duration
	// KeepFor is how long is known that a message was sent.
	KeepFor time.Duration
	// KeepContent keeps what it said for as long, for the inbox of a test.
	KeepContent bool
}

// Default hands over eight at once and remembers a week.
func Default() Config {
	return Config{Workers: 8, Timeout: 10 * time.Second, KeepFor: 7 * 24 * time.Hour, KeepContent: false}
}

// Validate names the field that is out of range.
func (c Config) Validate() error {
	switch {
	case c.Workers < 1 || c.Workers > 64:
		return fmt.Errorf("message.workers: must be 1 to 64, not %d", c.Workers)
	case c.Timeout < time.Second || c.Timeout > lease/2:
		return fmt.Errorf("message.timeout: must be 1s to %s, not %s", lease/2, c.Timeout)
	case c.KeepFor < time.Hour:
		return fmt.Errorf("message.keep_for: must be 1h or more, not %s", c.KeepFor)
	}
	return nil
}

const (
	maxPage = 100
	// testFor is how long a test message is worth sending.
	testFor = 24 * time.Hour
)

// Service queues messages, sends them and tells of them.
type Service struct {
	deps   Deps
	config Config
	wake   chan struct{} // there is something to send on this node
	free   chan struct{} // one for each hand that has nothing to do
}

// New makes a Service.
func New(deps Deps, config Config) (*Service, error) {
	if deps.Store == nil || deps.Writer == nil || deps.Tenants == nil || deps.Gate == nil || deps.TellsUnknown == nil || deps.Budgets == nil || deps.Tx == nil || deps.Events == nil || deps.Clock == nil || deps.Logger == nil {
		return nil, errDeps
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	s := &Service{deps: deps, config: config, wake: make(chan struct{}, 1), free: make(chan struct{}, config.Workers)}
	s.idle(config.Workers)
	return s, nil
}

// Draft is a message to send.
type Draft struct {
	Kind     Kind
	Channel  Channel
	To       string
	Locales  []string          // what it is to be in, or its reader says they read, the dearest first
	Browser  string            // Accept-Language of whoever asks for it, if they may be its reader: it counts after those
	Values   map[string]string // what goes into the words
	ValidFor time.Duration     // for how long it is of use
	Person   string            // the user it goes to; empty: nobody, or not known yet
	// HolderOnly has it sent to nobody but a user who may sign in. Nobody is looked up before
	// it is sent, so that whoever asks cannot tell who is known. What they say they read counts
	// then, after Locales.
	HolderOnly bool
	// Application is the id of the one that has it sent, and whose words it has; empty: none.
	Application string
}

// Test queues a message that says that it is a test. ErrChannel, ErrRecipient, ErrBudget,
// ErrCountry.
func (s *Service) Test(ctx context.Context, channel Channel, to, locale string) (Opened, error) {
	return s.Queue(ctx, Draft{Kind: Test, Channel: channel, To: to, Locales: []string{locale}, Browser: "", Values: map[string]string{}, ValidFor: testFor, Person: "", HolderOnly: false, Application: ""})
}

// Queue writes a message in the open unit of work, or in one of its own. It is sent after
// the commit, and not at all without one. ErrChannel, ErrRecipient, ErrBudget, ErrCountry.
func (s *Service) Queue(ctx context.Context, draft Draft) (Opened, error) {
	prepared, err := s.Prepare(ctx, draft)
	if err != nil {
		return Opened{}, err
	}
	queued, err := s.Put(ctx, prepared)
	if err != nil {
		s.Drop(ctx, prepared)
	}
	return queued, err
}

// Sends tells whether anything is configured that sends on a channel.
func (s *Service) Sends(channel Channel) bool { return s.deps.Providers[channel] != nil }

// Prepared is a message that was paid for and is not queued yet.
type Prepared struct {
	message Message
	to      string
	paid    budget.Receipt
}

// Prepare does all of Queue that needs no unit of work, for whoever has one to keep short.
// What is prepared is for Put or for Drop. ErrChannel, ErrRecipient, ErrBudget,
// ErrCountry.
func (s *Service) Prepare(ctx context.Context, draft Draft) (Prepared, error) {
	provider, ok := s.deps.Providers[draft.Channel]
	if !ok {
		return Prepared{}, ErrChannel
	}
	written, compared, err := provider.Recipient(draft.To)
	if err != nil {
		return Prepared{}, err
	}
	tenant, err := reqctx.Tenant(ctx)
	if err != nil {
		return Prepared{}, err
	}
	now := s.deps.Clock.Now()
	queued := Message{
		ID: id.New[idKind](now), Tenant: tenant, Kind: draft.Kind, Channel: draft.Channel, Application: draft.Application, Locale: "",
		Status: Queued, Code: "", Reference: "", Person: draft.Person, HolderOnly: draft.HolderOnly, Delivery: nil,
		CreatedAt: now, DueAt: now, SentAt: nil, OutdatedAt: now.Add(draft.ValidFor), ExpiresAt: now.Add(draft.ValidFor + s.config.KeepFor), Claimed: false, Fence: 0, Attempts: 0, Lost: 0, Unsure: false,
	}
	values, err := s.speak(ctx, &queued, draft)
	if err != nil {
		return Prepared{}, err
	}
	if err := s.fill(ctx, &queued, written, compared, values); err != nil {
		return Prepared{}, err
	}
	paid, err := s.deps.Budgets.Pay(ctx, billOf(queued, written))
	return Prepared{message: queued, to: written, paid: paid}, err
}

// billOf is what a message is paid for by.
func billOf(about Message, to string) budget.Bill {
	return budget.Bill{
		Channel: string(about.Channel), Phone: about.Channel == SMS, To: to, Address: about.Address, Application: about.Application,
		Notice: about.Kind.notice(), Aside: notices(),
	}
}

// Put queues what was prepared, in the open unit of work or in one of its own.
func (s *Service) Put(ctx context.Context, prepared Prepared) (Opened, error) {
	queued := prepared.message
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		if err := s.deps.Store.InsertMessage(ctx, queued); err != nil {
			return fmt.Errorf("insert message: %w", err)
		}
		tx.AfterCommit(ctx, s.awake)
		return s.record(ctx, EventQueued, queued, QueuedData{Kind: queued.Kind, Channel: queued.Channel, Locale: queued.Locale})
	})
	if err != nil {
		return Opened{}, err
	}
	return Opened{Message: queued, To: prepared.to}, nil
}

// Drop gives back what a message cost that will not be queued.
func (s *Service) Drop(ctx context.Context, prepared Prepared) {
	s.deps.Budgets.Refund(ctx, prepared.paid)
}

// Channels are those that somebody delivers, in one order.
func (s *Service) Channels() []Channel {
	return slices.Sorted(maps.Keys(s.deps.Providers))
}

// awake has this node look for messages.
func (s *Service) awake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *Service) record(ctx context.Context, told event.Type, about Message, data any) error {
	return s.deps.Events.Record(ctx, event.Draft{Type: told, Subject: about.ID.String(), Data: data, Person: "", Personal: nil})
}

// ByID finds a message; ErrUnknown.
func (s *Service) ByID(ctx context.Context, wanted ID) (Opened, error) {
	found, err := s.deps.Store.MessageByID(ctx, wanted)
	if err != nil {
		return Opened{}, err
	}
	return s.open(ctx, found)
}

// Page is a part of a tenant's messages, the newest first.
type Page struct {
	Items []Opened
	Next  ID // where the next page goes on; zero when this was the last
}

// List gives a page of the messages in a state (empty: any) and to an address (empty: any).
func (s *Service) List(ctx context.Context, status Status, to string, before ID, limit int) (Page, error) {
	limit = min(max(limit, 1), maxPage)
	filter := Filter{Status: status, Address: nil}
	if to != "" {
		address, err := s.fingerprint(ctx, s.compared(to))
		if err != nil {
			return Page{}, err
		}
		filter.Address = &address
	}
	found, err := s.deps.Store.Messages(ctx, filter, before, limit+1)
	if err != nil {
		return Page{}, fmt.Errorf("list messages: %w", err)
	}
	page := Page{Items: make([]Opened, min(len(found), limit)), Next: ID{}}
	for i := range page.Items {
		if page.Items[i], err = s.open(ctx, found[i]); err != nil { // one that does not open hides no other
			s.deps.Logger.WarnContext(ctx, "message: shown without its address", "message", found[i].ID, "error", err)
			page.Items[i] = Opened{Message: found[i], To: ""}
		}
	}
	if len(found) > limit {
		page.Next = found[limit-1].ID
	}
	return page, nil
}

// compared is an address as it is compared, whichever channel it belongs to.
func (s *Service) compared(to string) string {
	for _, provider := range s.deps.Providers {
		if _, compared, err := provider.Recipient(to); err == nil {
			return compared
		}
	}
	return to
}

// Resend queues a message that was given up, with its attempts counted from the
// beginning. It costs what another one would. ErrUnknown, ErrNotFailed, ErrOutdated,
// ErrBudget.
func (s *Service) Resend(ctx context.Context, wanted ID) (Opened, error) {
	opened, err := s.ByID(ctx, wanted)
	if err != nil {
		return Opened{}, err
	}
	again := opened.Message
	paid, err := s.deps.Budgets.Pay(ctx, billOf(again, opened.To))
	if err != nil {
		return Opened{}, err
	}
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) (err error) {
		if again, err = s.deps.Store.MessageByID(ctx, wanted); err != nil {
			return err
		}
		now := s.deps.Clock.Now()
		switch {
		case again.Status != Failed:
			return ErrNotFailed
		case !now.Before(again.OutdatedAt) || again.Content == nil:
			return ErrOutdated
		}
		again.Status, again.DueAt, again.Attempts, again.Lost, again.Code = Queued, now, 0, 0, ""
		again.Reference, again.Delivery = "", nil // what became of it then is not what becomes of it now
		again.Fence++                             // whoever had it has it no longer
		if err := s.deps.Store.RequeueMessage(ctx, again); err != nil {
			return err
		}
		tx.AfterCommit(ctx, s.awake)
		return s.record(ctx, EventRequeued, again, RequeuedData{Kind: again.Kind, Channel: again.Channel})
	})
	if err != nil {
		s.deps.Budgets.Refund(ctx, paid)
		return Opened{}, err
	}
	return s.open(ctx, again)
}

// asRefusal is why an attempt failed; what nobody has a name for is worth another one.
func asRefusal(err error) *Refusal {
	if refusal, ok := errors.AsType[*Refusal](err); ok {
		return refusal
	}
	return &Refusal{Code: ProviderUnavailable, Final: false, Unsure: false, Cause: err}
}
