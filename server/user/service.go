package user

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/schema"
)

// Deps are what a Service needs.
type Deps struct {
	Store   Store
	Tx      tx.Runner
	Events  event.Recorder
	Clock   clock.Clock
	Schemas *schema.Service
}

// Config sets the bounds of a user.
type Config struct {
	// MaxIdentifiers is how many identifiers one user may have.
	MaxIdentifiers int
}

// Default are bounds that suit people.
func Default() Config { return Config{MaxIdentifiers: 20} }

// Validate names the field that cannot be used.
func (c Config) Validate() error {
	if c.MaxIdentifiers < 1 {
		return errors.New("user: MaxIdentifiers must be at least 1")
	}
	return nil
}

// Service keeps users and the rules about them.
type Service struct {
	deps   Deps
	config Config
}

// New makes a Service.
func New(deps Deps, config Config) (*Service, error) {
	if deps.Store == nil || deps.Tx == nil || deps.Events == nil || deps.Clock == nil || deps.Schemas == nil {
		return nil, errors.New("user: a dependency is missing")
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	return &Service{deps: deps, config: config}, nil
}

// IdentifierInput is an identifier as somebody gave it.
type IdentifierInput struct {
	Type       IdentifierType
	Value      string     // as it was typed
	VerifiedAt *time.Time // nil until it was proven
}

// NewUser is a user to create.
type NewUser struct {
	ID          ID // zero: one is made
	Identifiers []IdentifierInput
	Profile     json.RawMessage // nil: empty
	By          schema.Writer   // who says what is in the profile; none: the person
	Guest       bool
}

// Create adds a user. The first identifier of each type is the primary one.
// ErrIdentifierInvalid and
// schema.ErrProfileInvalid name the place, ErrIdentifierTaken
// means one of the identifiers finds somebody else.
func (s *Service) Create(ctx context.Context, input NewUser) (User, error) {
	now := s.deps.Clock.Now()
	identifiers, err := s.identifiers(input.Identifiers, now)
	if err != nil {
		return User{}, err
	}
	current, err := s.deps.Schemas.Current(ctx)
	if err != nil {
		return User{}, err
	}
	profile, err := current.Check(input.Profile, cmp.Or(input.By, schema.Person))
	if err != nil {
		return User{}, err
	}
	user := User{
		ID: input.ID, Status: Active, Guest: input.Guest, Identifiers: identifiers, Profile: profile, SchemaVersion: current.Version(),
		IndexedSchema: current.Version(), DeleteAt: nil, LastLoginAt: nil, PublicMetadata: nil, PrivateMetadata: nil, CreatedAt: now, UpdatedAt: now, Version: 1,
	}
	if user.ID.IsZero() {
		user.ID = id.New[idKind](now)
	}
	return user, s.insert(ctx, user, current)
}

func (s *Service) insert(ctx context.Context, user User, current *schema.Schema) error {
	attributes, err := current.Attributes(user.Profile)
	if err != nil {
		return err
	}
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		if err := s.deps.Store.InsertUser(ctx, user); err != nil {
			return err
		}
		if len(attributes) > 0 {
			if err := s.deps.Store.ReplaceAttributes(ctx, user.ID, attributes); err != nil {
				return err
			}
		}
		return s.deps.Events.Record(ctx, created(user))
	})
}

func (s *Service) identifiers(inputs []IdentifierInput, now time.Time) ([]Identifier, error) {
	if len(inputs) > s.config.MaxIdentifiers {
		return nil, ErrIdentifierInvalid.At(fault.Field{
			Pointer: "/identifiers", Code: "max_items", Detail: "These are more identifiers than one user may have.",
		})
	}
	identifiers := make([]Identifier, 0, len(inputs))
	primary := map[IdentifierType]bool{}
	for i, input := range inputs {
		identifier, err := Normalise(input.Type, input.Value)
		if err != nil {
			return nil, Pointing(err, fmt.Sprintf("/identifiers/%d", i))
		}
		if slices.ContainsFunc(identifiers, func(other Identifier) bool {
			return other.Type == identifier.Type && other.Lookup == identifier.Lookup
		}) {
			return nil, ErrIdentifierInvalid.At(fault.Field{
				Pointer: fmt.Sprintf("/identifiers/%d", i), Code: "duplicate", Detail: "This is the same identifier again.",
			})
		}
		identifier.ID = id.New[identifierKind](now)
		identifier.Primary = !primary[input.Type]
		primary[input.Type] = true
		identifier.VerifiedAt, identifier.CreatedAt = input.VerifiedAt, now
		identifiers = append(identifiers, identifier)
	}
	return identifiers, nil
}

// Pointing has the reasons for which an identifier is refused point at where its value came
// from; other errors stay as they are.
func Pointing(err error, pointer string) error {
	found := fault.As(err)
	if found == nil || !errors.Is(err, ErrIdentifierInvalid) {
		return err
	}
	fields := append([]fault.Field(nil), found.Fields...)
	for i := range fields {
		fields[i].Pointer = pointer
	}
	return ErrIdentifierInvalid.At(fields...)
}

// ByID finds a user who is not deleted; ErrUnknown.
func (s *Service) ByID(ctx context.Context, id ID) (User, error) {
	return living(s.deps.Store.UserByID(ctx, id))
}

// ByIdentifier finds the user an identifier belongs to, suspended ones too;
// ErrIdentifierInvalid when no user could have such an identifier, ErrUnknown when
// none has.
func (s *Service) ByIdentifier(ctx context.Context, kind IdentifierType, text string) (User, error) {
	identifier, err := Normalise(kind, text)
	if err != nil {
		return User{}, err
	}
	return living(s.deps.Store.UserByIdentifier(ctx, kind, identifier.Lookup))
}

func living(user User, err error) (User, error) {
	if err != nil {
		return User{}, err
	}
	if user.Status == Deleted {
		return User{}, ErrUnknown
	}
	return user, nil
}

// RequireActive is asked before anybody is let in or given anything: ErrSuspended,
// or ErrUnknown for who is deleted or to be, and for any status not known here: a
// newer node may have written it.
func (u User) RequireActive() error {
	switch u.Status {
	case Active:
		return nil
	case Suspended:
		return ErrSuspended
	default:
		return ErrUnknown
	}
}

// Suspend keeps a user out; what to do about their sessions is decided by whoever
// resolves one, from the status. Suspending twice changes nothing.
func (s *Service) Suspend(ctx context.Context, id ID) (User, error) {
	return s.setStatus(ctx, id, Suspended, EventSuspended)
}

// Reactivate lets a suspended user back in, or back to where their deletion stands.
func (s *Service) Reactivate(ctx context.Context, id ID) (User, error) {
	return s.setStatus(ctx, id, Active, EventReactivated)
}

func (s *Service) setStatus(ctx context.Context, id ID, status Status, told event.Type) (User, error) {
	return s.apply(ctx, id, func(user *User) (event.Draft, bool, error) {
		reached := status
		if status == Active && user.DeleteAt != nil {
			reached = DeletionScheduled
		}
		if user.Status == reached {
			return event.Draft{}, false, nil
		}
		user.Status = reached
		return draft(told, id, StatusData{}), true, nil
	})
}

// change alters a user and says what to tell of it; false when there is nothing to
// write.
type change func(user *User) (event.Draft, bool, error)

// apply is amend for changes of the user's own row alone.
func (s *Service) apply(ctx context.Context, id ID, alter change) (User, error) {
	return s.amend(ctx, id, nil, func(_ context.Context, user *User) (amendment, error) {
		told, changed, err := alter(user)
		if err != nil || !changed {
			return amendment{}, err
		}
		return amendment{told: []event.Draft{told}}, nil
	})
}

func created(user User) event.Draft {
	data := CreatedData{IdentifierTypes: []IdentifierType{}, Guest: user.Guest}
	personal := CreatedPersonal{Identifiers: []IdentifierValue{}, Profile: user.Profile}
	for _, identifier := range user.Identifiers {
		data.IdentifierTypes = append(data.IdentifierTypes, identifier.Type)
		personal.Identifiers = append(personal.Identifiers, IdentifierValue{Type: identifier.Type, Value: identifier.Value})
	}
	return event.Draft{
		Type: EventCreated, Subject: user.ID.String(), Data: data, Person: user.ID.String(), Personal: personal,
	}
}

// draft is an event that tells nothing about the person but the id.
func draft(told event.Type, id ID, data any) event.Draft {
	return event.Draft{Type: told, Subject: id.String(), Person: id.String(), Data: data}
}
