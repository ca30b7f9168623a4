package provisioning

import (
	"context"
	"errors"

	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/tenant"
)

// TenantsDeps are what Tenants need.
type TenantsDeps struct {
	Tenants *tenant.Service
	APIKeys *apikey.Service
	Tx      tx.Runner
}

// Tenants makes tenants that somebody can manage.
type Tenants struct{ deps TenantsDeps }

// NewTenants makes Tenants.
func NewTenants(deps TenantsDeps) (*Tenants, error) {
	if deps.Tenants == nil || deps.APIKeys == nil || deps.Tx == nil {
		return nil, errors.New("provisioning: a dependency is missing")
	}
	return &Tenants{deps: deps}, nil
}

// NewTenant is a tenant with the key that manages it.
type NewTenant struct {
	Tenant tenant.Tenant
	Key    apikey.Key
	Secret secret.Token
}

// Create makes a tenant with an API key that may do all there. What tenant.Service's Create
// refuses.
func (s *Tenants) Create(ctx context.Context, declared tenant.Declaration) (NewTenant, error) {
	var made NewTenant
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		var err error
		if made.Tenant, err = s.deps.Tenants.Create(ctx, declared); err != nil {
			return err
		}
		made.Key, made.Secret, err = s.key(ctx, made.Tenant.ID, apikey.BootstrapName)
		return err
	})
	if err != nil {
		return NewTenant{}, err
	}
	return made, nil
}

// AddKey gives a tenant another API key that may do all there. tenant.ErrNotFound,
// tenant.ErrDeleting, and what apikey.Service's Create refuses.
func (s *Tenants) AddKey(ctx context.Context, which id.Tenant, name string) (key apikey.Key, token secret.Token, err error) {
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		found, err := s.deps.Tenants.Find(ctx, which)
		if err == nil && found.DeleteAt != nil {
			err = tenant.ErrDeleting
		}
		if err != nil {
			return err
		}
		key, token, err = s.key(ctx, which, name)
		return err
	})
	if err != nil {
		return apikey.Key{}, secret.Token{}, err
	}
	return key, token, nil
}

func (s *Tenants) key(ctx context.Context, which id.Tenant, name string) (apikey.Key, secret.Token, error) {
	scopes := []apikey.Scope{apikey.All}
	giver := apikey.Giver{Scopes: scopes, ExpiresAt: nil}
	return s.deps.APIKeys.Create(reqctx.WithTenant(ctx, which), giver, apikey.NewKey{Name: name, Scopes: scopes, ExpiresAt: nil})
}
