package tenant

import (
	"context"
	"errors"

	"github.com/lintel-id/lintel/server/platform/id"
)

// maxTenants bounds what commands and servers read of all tenants at once.
const maxTenants = 10_000

// Page is a part of the tenants, oldest first.
type Page struct {
	Items []Tenant
	Next  id.Tenant // where the next page goes on; zero when this was the last
}

// List gives a page of tenants, whatever their state.
func (s *Service) List(ctx context.Context, after id.Tenant, limit int) (Page, error) {
	found, err := s.deps.Store.TenantsAfter(ctx, after, limit+1)
	if err != nil {
		return Page{}, err
	}
	page := Page{Items: found}
	if len(found) > limit {
		page.Items = found[:limit]
		page.Next = page.Items[limit-1].ID
	}
	return page, nil
}

// Find reads a tenant, whatever its state; ErrNotFound.
func (s *Service) Find(ctx context.Context, which id.Tenant) (Tenant, error) {
	found, err := s.deps.Store.TenantByID(ctx, which)
	if errors.Is(err, ErrUnknown) {
		return Tenant{}, ErrNotFound
	}
	return found, err
}

// Create makes a tenant that is managed over the API. ErrInvalid names the place,
// ErrNameTaken, ErrHostTaken, ErrLimit.
func (s *Service) Create(ctx context.Context, declared Declaration) (Tenant, error) {
	want, err := declared.read(s.config.Development)
	if err != nil {
		return Tenant{}, err
	}
	want.managedBy = ByAPI
	var made Tenant
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		all, err := s.deps.Store.Tenants(ctx)
		if err != nil {
			return err
		}
		if len(all) >= maxTenants {
			return ErrLimit
		}
		made, err = s.insert(ctx, want)
		return err
	})
	if err != nil {
		return Tenant{}, err
	}
	return made, nil
}

// Move is a change of where a tenant is found; nil leaves a part as it is.
type Move struct {
	BaseURL *string
	Hosts   *[]string // beside that of the base URL
}

// Update moves a tenant of the given version. ErrNotFound, ErrDeclared, ErrDeleting,
// ErrInvalid, ErrHostTaken, ErrChanged.
func (s *Service) Update(ctx context.Context, which id.Tenant, version int64, move Move) (Tenant, error) {
	var changed Tenant
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		stored, err := s.changeable(ctx, which)
		if err != nil {
			return err
		}
		if stored.Version != version {
			return ErrChanged
		}
		if stored.DeleteAt != nil {
			return ErrDeleting
		}
		declared := Declaration{
			Name: stored.Name, BaseURL: stored.BaseURL, Hosts: stored.Hosts, Disabled: stored.Status != Active, Settings: stored.Settings,
		}
		if move.BaseURL != nil {
			declared.BaseURL = *move.BaseURL
		}
		if move.Hosts != nil {
			declared.Hosts = *move.Hosts
		}
		want, err := declared.read(s.config.Development)
		if err != nil {
			return err
		}
		want.managedBy = ByAPI
		changed, err = s.change(ctx, stored, want)
		return err
	})
	if err != nil {
		return Tenant{}, err
	}
	return changed, nil
}

// Suspend has a tenant answer nobody; one that does not already stays as it is.
// ErrNotFound, ErrDeclared, ErrDeleting.
func (s *Service) Suspend(ctx context.Context, which id.Tenant) (Tenant, error) {
	return s.turn(ctx, which, Suspended)
}

// Reactivate has a suspended tenant answer again. ErrNotFound, ErrDeclared, ErrDeleting.
func (s *Service) Reactivate(ctx context.Context, which id.Tenant) (Tenant, error) {
	return s.turn(ctx, which, Active)
}

func (s *Service) turn(ctx context.Context, which id.Tenant, status Status) (Tenant, error) {
	return s.settle(ctx, which, func(ctx context.Context, stored Tenant) (Tenant, error) {
		if stored.DeleteAt != nil {
			return Tenant{}, ErrDeleting
		}
		return s.change(ctx, stored, wanted{
			name: stored.Name, base: stored.BaseURL, hosts: stored.Hosts, status: status, settings: stored.Settings, managedBy: ByAPI,
		})
	})
}

// settle does what needs no version from how the tenant is stored now.
func (s *Service) settle(ctx context.Context, which id.Tenant, act func(ctx context.Context, stored Tenant) (Tenant, error)) (Tenant, error) {
	for attempt := 1; ; attempt++ {
		var settled Tenant
		err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
			stored, err := s.changeable(ctx, which)
			if err != nil {
				return err
			}
			settled, err = act(ctx, stored)
			return err
		})
		switch {
		case err == nil:
			return settled, nil
		case !errors.Is(err, ErrChanged) || attempt == attempts:
			return Tenant{}, err
		}
	}
}

// changeable is a tenant that is managed over the API.
func (s *Service) changeable(ctx context.Context, which id.Tenant) (Tenant, error) {
	stored, err := s.Find(ctx, which)
	if err == nil && stored.ManagedBy != ByAPI {
		err = ErrDeclared
	}
	if err != nil {
		return Tenant{}, err
	}
	return stored, nil
}
