package provisioning

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// Holder keeps everybody else from changing or erasing a user, until a unit of work is
// over.
type Holder interface {
	// HoldUser locks the user's row; user.ErrUnknown for who is deleted.
	HoldUser(ctx context.Context, person user.ID) error
}

// Operators knows who runs the tenant themselves.
type Operators interface {
	// IsOperator tells whether a user does.
	IsOperator(ctx context.Context, person user.ID) (bool, error)
}

// Config says what is allowed.
type Config struct {
	// Impersonation lets API keys with the scope for it act in users' names.
	Impersonation bool
}

// Validate names the field that cannot be used; there is none.
func (Config) Validate() error { return nil }

// Deps are what a Service needs.
type Deps struct {
	Operators    Operators
	Applications *application.Service
	Events       event.Recorder
	Holder       Holder
	Users        *user.Service
	Passwords    *password.Service
	Sessions     *session.Service
	Tx           tx.Runner
}

// Service makes and equips users.
type Service struct {
	deps   Deps
	config Config
}

// New makes a Service.
func New(deps Deps, config Config) (*Service, error) {
	if deps.Operators == nil || deps.Applications == nil || deps.Events == nil || deps.Holder == nil || deps.Users == nil || deps.Passwords == nil || deps.Sessions == nil || deps.Tx == nil {
		return nil, errors.New("provisioning: a dependency is missing")
	}
	return &Service{deps: deps, config: config}, nil
}

// NewUser is somebody to create.
type NewUser struct {
	Identifiers []user.IdentifierInput
	Profile     json.RawMessage // nil: empty
	Password    secret.Text     // zero: none
	Metadata    Metadata
}

// Metadata are patches of what operators keep about a user; nil leaves one as it is.
type Metadata struct{ Public, Private json.RawMessage }

// Create makes a user, with their password in the same unit of work. What user.Service's
// Create refuses, and password.ErrRejected.
func (s *Service) Create(ctx context.Context, input NewUser) (user.User, error) {
	prepared, err := s.prepare(ctx, input)
	if err != nil {
		return user.User{}, err
	}
	var made user.User
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		var err error
		made, err = s.deps.Users.Create(ctx, user.NewUser{Identifiers: input.Identifiers, Profile: input.Profile, By: schema.Operator})
		if err != nil {
			return err
		}
		if prepared != nil {
			if err := s.deps.Passwords.Set(ctx, made.ID, *prepared); err != nil {
				return err
			}
		}
		made, err = s.deps.Users.SetMetadata(ctx, made.ID, nil, input.Metadata.Public, input.Metadata.Private)
		return err
	})
	if err != nil {
		return user.User{}, err
	}
	return made, nil
}

// Change merges patches into the profile, with the claims too that are not the person's to
// write, and into the metadata, of a user of the given version; user.ErrChanged otherwise.
func (s *Service) Change(ctx context.Context, person user.ID, version int64, profile json.RawMessage, metadata Metadata) (user.User, error) {
	var after user.User
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		changed, err := s.deps.Users.UpdateProfile(ctx, person, schema.Operator, &version, profile)
		if err != nil {
			return err
		}
		// Where nothing was written, nothing keeps anybody else from writing by now.
		after, err = s.deps.Users.SetMetadata(ctx, person, &changed.Version, metadata.Public, metadata.Private)
		return err
	})
	if err != nil {
		return user.User{}, err
	}
	return after, nil
}

// prepare hashes the password before anything is locked; nil where there is none.
func (s *Service) prepare(ctx context.Context, input NewUser) (*password.Prepared, error) {
	if input.Password.IsZero() {
		return nil, nil //nolint:nilnil // there is none
	}
	words := user.Words(input.Profile)
	for _, identifier := range input.Identifiers {
		words = append(words, identifier.Value)
	}
	prepared, err := s.deps.Passwords.Prepare(ctx, input.Password, words)
	return &prepared, err
}
