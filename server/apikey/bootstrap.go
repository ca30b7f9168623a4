package apikey

import (
	"context"
	"errors"

	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// BootstrapName is what the first key of a tenant is called.
const BootstrapName = "bootstrap"

// Bootstrap gives a tenant that has no key the one to begin with, which may do all. The
// secret is made up where none is given; it is zero where there were keys already.
func (s *Service) Bootstrap(ctx context.Context, given secret.Token) (secret.Token, error) {
	now := s.deps.Clock.Now()
	token := given
	if token.IsZero() {
		token = secret.NewToken(Prefix)
	}
	made := false
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		made = false
		count, err := s.deps.Store.CountKeys(ctx, 1)
		if err != nil || count > 0 {
			return err
		}
		made = true
		return s.insert(ctx, Key{
			ID: id.New[idKind](now), Name: BootstrapName, Scopes: []Scope{All},
			CreatedAt: now, UpdatedAt: now, ExpiresAt: nil, LastUsedAt: nil, Version: 1,
		}, token)
	})
	if errors.Is(err, ErrChanged) { // another node has just brought the same one
		return secret.Token{}, nil
	}
	if err != nil || !made {
		return secret.Token{}, err
	}
	return token, nil
}
