package application

import (
	"context"
	"errors"
	"time"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/secret"
)

const (
	// SecretPrefix begins every client secret, so that scanners find it and no key of
	// another plane is taken for one.
	SecretPrefix = "lcs"
	maxSecrets   = 5
)

type secretKind struct{}

func (secretKind) Prefix() string { return "acs" }

// SecretID names a secret; it proves nothing.
type SecretID = id.Of[secretKind]

// Secret is what is kept of what an application proves itself with.
type Secret struct {
	ID          SecretID
	Application ID
	Digest      secret.Digest
	CreatedAt   time.Time
	ExpiresAt   *time.Time // nil: never
}

// Expired tells whether it is over.
func (s Secret) Expired(now time.Time) bool { return s.ExpiresAt != nil && !now.Before(*s.ExpiresAt) }

// SecretStore keeps the secrets of applications.
type SecretStore interface {
	// HoldApplication keeps everybody else from changing an application's secrets until
	// the unit of work ends; ErrUnknown.
	HoldApplication(ctx context.Context, application ID) error
	// InsertSecret adds one.
	InsertSecret(ctx context.Context, secret Secret) error
	// Secrets lists those of an application by id, after the one that is given.
	Secrets(ctx context.Context, application ID, after SecretID, limit int) ([]Secret, error)
	// EndSecrets lets those of an application end at a time that do not end before.
	EndSecrets(ctx context.Context, application ID, at time.Time) error
	// DropSecrets removes those of an application that have ended by a time.
	DropSecrets(ctx context.Context, application ID, ended time.Time) error
	// DeleteSecret removes one; ErrSecretUnknown.
	DeleteSecret(ctx context.Context, application ID, id SecretID) error
}

// NewSecret is a secret to make.
type NewSecret struct {
	ExpiresAt *time.Time     // nil: never
	Overlap   *time.Duration // how long the others go on working; nil: as they are
}

// CreateSecret gives an application a secret, which is told this once. Whoever declares
// the application, its secrets are never in a configuration. ErrNotFound,
// ErrSecretLimit, ErrInvalid.
func (s *Service) CreateSecret(ctx context.Context, of ID, input NewSecret) (Secret, secret.Token, error) {
	token, now := secret.NewToken(SecretPrefix), s.deps.Clock.Now()
	made := Secret{ID: id.New[secretKind](now), Application: of, Digest: token.Digest(), CreatedAt: now, ExpiresAt: input.ExpiresAt}
	if made.Expired(now) {
		return Secret{}, secret.Token{}, ErrInvalid.At(fault.Field{Pointer: "/expires_at", Code: "past", Detail: "This time is over."})
	}
	return made, token, s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		if err := s.deps.Secrets.HoldApplication(ctx, of); err != nil {
			return notFound(err)
		}
		owner, err := s.Read(ctx, of)
		if err != nil {
			return err
		}
		if input.Overlap != nil {
			if err := s.deps.Secrets.EndSecrets(ctx, of, now.Add(*input.Overlap)); err != nil {
				return err
			}
		}
		if err := s.deps.Secrets.DropSecrets(ctx, of, now); err != nil {
			return err
		}
		alive, err := s.deps.Secrets.Secrets(ctx, of, SecretID{}, maxSecrets)
		if err != nil {
			return err
		}
		if len(alive) >= maxSecrets {
			return ErrSecretLimit
		}
		if err := s.deps.Secrets.InsertSecret(ctx, made); err != nil {
			return err
		}
		return s.tell(ctx, owner, EventSecretCreated, SecretCreatedData{
			ClientID: owner.ClientID, SecretID: made.ID.String(), ExpiresAt: made.ExpiresAt, OverlapSeconds: seconds(input.Overlap),
		})
	})
}

// SecretPage is a part of an application's secrets, oldest first.
type SecretPage struct {
	Items []Secret
	Next  SecretID // where the next page goes on; zero when this was the last
}

// ListSecrets gives a page of an application's secrets; ErrNotFound.
func (s *Service) ListSecrets(ctx context.Context, of ID, after SecretID, limit int) (SecretPage, error) {
	if _, err := s.Read(ctx, of); err != nil {
		return SecretPage{}, err
	}
	found, err := s.deps.Secrets.Secrets(ctx, of, after, limit+1)
	if err != nil {
		return SecretPage{}, err
	}
	page := SecretPage{Items: found}
	if len(found) > limit {
		page.Items = found[:limit]
		page.Next = page.Items[limit-1].ID
	}
	return page, nil
}

// DeleteSecret makes a secret worth nothing; ErrNotFound, ErrSecretUnknown.
func (s *Service) DeleteSecret(ctx context.Context, of ID, wanted SecretID) error {
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		owner, err := s.Read(ctx, of)
		if err != nil {
			return err
		}
		if err := s.deps.Secrets.DeleteSecret(ctx, of, wanted); err != nil {
			return err
		}
		return s.tell(ctx, owner, EventSecretDeleted, SecretDeletedData{ClientID: owner.ClientID, SecretID: wanted.String()})
	})
}

// VerifySecret finds the active application of a client id that a text proves. Whatever
// is wrong with either is ErrSecretInvalid. Every secret is compared, in constant time
// and to the end.
func (s *Service) VerifySecret(ctx context.Context, clientID, text string) (Application, error) {
	token, ok := secret.ParseToken(SecretPrefix, text)
	if !ok || clientID == "" {
		return Application{}, ErrSecretInvalid
	}
	app, err := s.ByClientID(ctx, clientID)
	if errors.Is(err, ErrUnknown) {
		return Application{}, ErrSecretInvalid
	}
	if err != nil {
		return Application{}, err
	}
	kept, err := s.deps.Secrets.Secrets(ctx, app.ID, SecretID{}, 2*maxSecrets)
	if err != nil {
		return Application{}, err
	}
	proven, shown, now := false, token.Digest(), s.deps.Clock.Now()
	for _, one := range kept {
		if one.Digest.Equal(shown) && !one.Expired(now) {
			proven = true
		}
	}
	if !proven {
		return Application{}, ErrSecretInvalid
	}
	return app, nil
}

func seconds(of *time.Duration) *int64 {
	if of == nil {
		return nil
	}
	whole := int64(*of / time.Second)
	return &whole
}
