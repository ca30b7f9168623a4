package recovery

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/notice"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/risk"
	"github.com/lintel-id/lintel/server/user"
)

// Operators knows who runs the tenant themselves.
type Operators interface {
	// IsOperator tells whether a user does.
	IsOperator(ctx context.Context, person user.ID) (bool, error)
}

// Holder keeps everybody else from changing or erasing a user, until a unit of work is over.
type Holder interface {
	// HoldUser locks the user's row; user.ErrUnknown for who is deleted.
	HoldUser(ctx context.Context, person user.ID) error
}

// Deps are what a Service needs.
type Deps struct {
	Store        Store
	Finder       *Finder
	Holder       Holder
	Users        *user.Service
	Applications *application.Service
	Operators    Operators
	Codes        *code.Service
	Notices      *notice.Service
	Guesses      *risk.Guesses
	Tx           tx.Runner
	Events       event.Recorder
}

// Config sets the bounds of a recovery.
type Config struct {
	// Waiting is how long there is to object, unless whoever starts it says otherwise.
	Waiting time.Duration
	// OpenFor is how long the address is good for it then.
	OpenFor time.Duration
}

// Default gives everybody three days to object, and the person a week to come.
func Default() Config { return Config{Waiting: 3 * day, OpenFor: 7 * day} }

const (
	day         = 24 * time.Hour
	tokenPrefix = "lr"
	member      = "#recovery="
	maxWaiting  = 30 * day
)

// Validate names the field that is out of range.
func (c Config) Validate() error {
	switch {
	case c.Waiting < day || c.Waiting > maxWaiting:
		return fmt.Errorf("recovery.waiting: must be 24h to %s, not %s", maxWaiting, c.Waiting)
	case c.OpenFor < time.Hour || c.OpenFor > maxWaiting:
		return fmt.Errorf("recovery.open_for: must be 1h to %s, not %s", maxWaiting, c.OpenFor)
	}
	return nil
}

// Service recovers accounts.
type Service struct {
	deps   Deps
	config Config
}

// New makes a Service.
func New(deps Deps, config Config) (*Service, error) {
	if deps.Store == nil || deps.Finder == nil || deps.Holder == nil || deps.Users == nil || deps.Applications == nil || deps.Operators == nil ||
		deps.Codes == nil || deps.Notices == nil || deps.Guesses == nil || deps.Tx == nil || deps.Events == nil {
		return nil, errors.New("recovery: a dependency is missing")
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	return &Service{deps: deps, config: config}, nil
}

// Start is a recovery to begin.
type Start struct {
	Owner    user.ID
	Value    string // the new address, as it was typed
	ClientID string // empty: of the default application
	Waiting  time.Duration
}

// Opened is a recovery as it is shown.
type Opened struct {
	Recovery

	Value    string
	ClientID string // empty where the application is no more
	Stands   Status
}

// Start begins a recovery and tells everybody who reads an address that the account has
// proven. Where nobody of those can be told, nothing begins. user.ErrUnknown,
// user.ErrSuspended, user.ErrGuest, user.ErrIdentifierLimit, user.ErrIdentifierInvalid at /value,
// user.ErrIdentifierTaken, ErrOperator, ErrRunning, application.ErrNoLinkURI, code.ErrAddress,
// message.ErrBudget, message.ErrChannel.
func (s *Service) Start(ctx context.Context, wanted Start) (Opened, error) {
	app, err := s.deps.Applications.ByClientID(ctx, wanted.ClientID)
	if err != nil {
		return Opened{}, err
	}
	page, err := application.FirstLinkURI(app)
	if err != nil {
		return Opened{}, err
	}
	to, err := s.address(wanted.Value)
	if err != nil {
		return Opened{}, err
	}
	started, token, err := s.begin(ctx, wanted, app, to)
	if err != nil {
		return Opened{}, err
	}
	link := page + member + token.Reveal()
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		found, err := s.recoverable(ctx, wanted.Owner, to, started)
		if err != nil {
			return err
		}
		if err := s.deps.Store.StartRecovery(ctx, started, started.CreatedAt); err != nil {
			return err
		}
		if err := s.tell(ctx, found, started, link); err != nil {
			return err
		}
		return s.deps.Events.Record(ctx, event.Draft{
			Type: EventStarted, Subject: wanted.Owner.String(), Person: wanted.Owner.String(),
			Data:     StartedData{UserID: wanted.Owner, IdentifierType: to.Type, OpensAt: started.OpensAt},
			Personal: StartedPersonal{Value: to.Value},
		})
	})
	if err != nil {
		return Opened{}, err
	}
	return Opened{Recovery: started, Value: to.Value, ClientID: app.ClientID, Stands: started.At(started.CreatedAt)}, nil
}

// address is one that a code can be sent to.
func (s *Service) address(text string) (user.Identifier, error) {
	kind := user.Detect(text)
	to, err := user.Normalise(kind, text)
	if err != nil {
		return user.Identifier{}, user.Pointing(err, "/value")
	}
	if !s.deps.Codes.Reaches(kind) {
		return user.Identifier{}, code.ErrAddress
	}
	return to, nil
}

func (s *Service) begin(ctx context.Context, wanted Start, app application.Application, to user.Identifier) (Recovery, secret.Token, error) {
	digest, err := s.deps.Finder.digest(ctx, to.Type, to.Lookup)
	if err != nil {
		return Recovery{}, secret.Token{}, err
	}
	box, err := s.deps.Finder.deps.Tenants.Box(ctx)
	if err != nil {
		return Recovery{}, secret.Token{}, err
	}
	sealed, err := box.Seal(recipientPurpose, []byte(to.Value), []byte(wanted.Owner.String()))
	if err != nil {
		return Recovery{}, secret.Token{}, fmt.Errorf("recovery: %w", err)
	}
	if wanted.Waiting == 0 {
		wanted.Waiting = s.config.Waiting
	}
	token, now := secret.NewToken(tokenPrefix), s.now()
	opens := now.Add(wanted.Waiting)
	return Recovery{
		UserID: wanted.Owner, ApplicationID: app.ID, Type: to.Type, Recipient: sealed, Address: digest, Token: token.Digest(), Status: Waiting,
		CreatedAt: now, OpensAt: opens, ExpiresAt: opens.Add(s.config.OpenFor), EndedAt: nil,
	}, token, nil
}

// recoverable is a user who can be recovered to an address. Who runs the tenant cannot:
// whoever may start this would get what they may.
func (s *Service) recoverable(ctx context.Context, owner user.ID, to user.Identifier, started Recovery) (user.User, error) {
	if err := s.deps.Holder.HoldUser(ctx, owner); err != nil {
		return user.User{}, err
	}
	found, err := s.deps.Users.ByID(ctx, owner)
	if err == nil {
		err = found.RequireActive()
	}
	switch {
	case err != nil:
		return user.User{}, err
	case found.Guest:
		return user.User{}, user.ErrGuest
	case s.deps.Users.Full(found):
		return user.User{}, user.ErrIdentifierLimit
	}
	operator, err := s.deps.Operators.IsOperator(ctx, owner)
	if err == nil && operator {
		err = ErrOperator
	}
	if err != nil {
		return user.User{}, err
	}
	holder, err := s.deps.Users.ByIdentifier(ctx, to.Type, to.Lookup)
	if held, _ := holder.Holds(to.Type, to.Lookup); err == nil && held.VerifiedAt != nil {
		return user.User{}, user.ErrIdentifierTaken
	}
	if err != nil && !errors.Is(err, user.ErrUnknown) {
		return user.User{}, err
	}
	others, err := s.deps.Store.RecoveriesTo(ctx, started.Address, started.CreatedAt, 1)
	if err == nil && len(others) > 0 {
		err = ErrRunning
	}
	return found, err
}

// tell writes to every address that the user has proven. Where nothing goes to any of them,
// nobody could object: message.ErrBudget, message.ErrChannel.
func (s *Service) tell(ctx context.Context, found user.User, started Recovery, link string) error {
	waiting := started.OpensAt.Sub(started.CreatedAt)
	about := notice.Notice{
		Owner: found.ID, Kind: message.RecoveryStarted, Application: started.ApplicationID.String(), Locale: "", // as they say they read
		Values: map[string]string{message.ValueLink: link, message.ValueDays: strconv.Itoa(int(waiting / day))}, // there is never less time
	}
	told, failed := false, error(nil)
	for _, held := range found.Identifiers {
		if _, ok := code.ChannelOf(held.Type); !ok || held.VerifiedAt == nil {
			continue
		}
		sent, err := s.deps.Notices.TellAt(ctx, about, held, waiting)
		switch {
		case sent:
			told = true
		case err == nil:
			failed = message.ErrChannel
		case errors.Is(err, message.ErrBudget):
			failed = err
		default:
			return err
		}
	}
	if told {
		return nil
	}
	return failed
}

// Read is the last recovery of a user. user.ErrUnknown, ErrUnknown.
func (s *Service) Read(ctx context.Context, owner user.ID) (Opened, error) {
	if _, err := s.deps.Users.ByID(ctx, owner); err != nil {
		return Opened{}, err
	}
	found, err := s.deps.Store.RecoveryOf(ctx, owner)
	if err != nil {
		return Opened{}, err
	}
	return s.opened(ctx, found)
}

// opened is a recovery with what is sealed in it.
func (s *Service) opened(ctx context.Context, found Recovery) (Opened, error) {
	value, err := s.deps.Finder.open(ctx, found)
	if err != nil {
		return Opened{}, err
	}
	shown := Opened{Recovery: found, Value: value, ClientID: "", Stands: found.At(s.now())}
	app, err := s.deps.Applications.ByID(ctx, found.ApplicationID)
	if err != nil && fault.As(err) == nil {
		return Opened{}, err
	}
	if err == nil {
		shown.ClientID = app.ClientID
	}
	return shown, nil
}

func (s *Service) now() time.Time { return s.deps.Finder.deps.Clock.Now() }
