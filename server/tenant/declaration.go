package tenant

import (
	"context"
	"errors"
	"slices"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/tx"
)

// DefaultName is the tenant that every server has.
const DefaultName = "default"

// Declaration is what a tenant is to be. The name finds it again; all else may change.
type Declaration struct {
	Name    string
	BaseURL string
	Hosts   []string // beside that of the base URL
	// Disabled suspends it: it answers nobody, and loses nothing.
	Disabled bool
	Settings Settings
}

// wanted is a declaration in the one spelling of everything.
type wanted struct {
	name, base string
	hosts      []string
	status     Status
	settings   Settings
	managedBy  Manager
}

// Validate names every place that cannot be used, as ErrInvalid. In development plain
// http serves on the loopback. It needs no database, so that a configuration can be
// judged before a server starts.
func (d Declaration) Validate(development bool) error {
	_, err := d.read(development)
	return err
}

// HostsInUse are the hosts that the tenant answers for in their one spelling, that of
// its base URL first; ErrInvalid. No two tenants may share one.
func (d Declaration) HostsInUse(development bool) ([]string, error) {
	want, err := d.read(development)
	return want.hosts, err
}

func (d Declaration) read(development bool) (wanted, error) {
	var fields []fault.Field
	if len(d.Name) > maxLabel || !isHostName(d.Name) {
		fields = append(fields, fault.Field{Pointer: "/name", Code: "format", Detail: "A name is small letters, digits and dashes."})
	}
	base, host, err := normaliseBaseURL(d.BaseURL, development)
	fields = append(fields, fieldsOf(err)...)
	hosts, err := normaliseHosts(host, d.Hosts)
	fields = append(fields, fieldsOf(err)...)
	fields = append(fields, fieldsOf(d.Settings.validate())...)
	if len(fields) > 0 {
		return wanted{}, ErrInvalid.At(fields...)
	}
	status := Active
	if d.Disabled {
		status = Suspended
	}
	return wanted{name: d.Name, base: base, hosts: hosts, status: status, settings: d.Settings, managedBy: ByConfiguration}, nil
}

// fieldsOf are the places that an ErrInvalid names.
func fieldsOf(err error) []fault.Field {
	if found := fault.As(err); found != nil {
		return found.Fields
	}
	return nil
}

// Ensure makes the tenant at the first start, and changes it when the declaration
// says so. In development the default tenant goes on answering for the loopback
// hosts of other servers. Several nodes may call it at once; call it outside a unit
// of work. ErrInvalid names the place, ErrHostTaken means another tenant answers for
// one of the hosts.
func (s *Service) Ensure(ctx context.Context, declared Declaration) (Tenant, error) {
	want, err := declared.read(s.config.Development)
	if err != nil {
		return Tenant{}, err
	}
	for attempt := 1; ; attempt++ {
		tenant, err := s.tryEnsure(ctx, want)
		// All mean that another node was in the middle of the same.
		again := errors.Is(err, ErrChanged) || errors.Is(err, ErrHostTaken) || errors.Is(err, ErrNameTaken)
		if !again || attempt == attempts {
			return tenant, err
		}
	}
}

func (s *Service) tryEnsure(ctx context.Context, want wanted) (Tenant, error) {
	var tenant Tenant
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		tenants, err := s.deps.Store.Tenants(ctx)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(tenants, func(t Tenant) bool { return t.Name == want.name })
		if at < 0 {
			tenant, err = s.insert(ctx, want)
			return err
		}
		tenant, err = s.change(ctx, tenants[at], want)
		return err
	})
	if err != nil {
		return Tenant{}, err
	}
	return tenant, nil
}

// Undeclared are the tenants that the configuration has declared once and does not now.
func (s *Service) Undeclared(ctx context.Context, names []string) ([]Tenant, error) {
	all, err := s.deps.Store.Tenants(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(t Tenant) bool {
		return t.ManagedBy == ByAPI || slices.Contains(names, t.Name)
	}), nil
}

// Release hands the tenant in scope over to the API as it is: what was declared of its
// settings is chosen from now on. Releasing one that is the API's changes nothing.
func (s *Service) Release(ctx context.Context) error {
	for attempt := 1; ; attempt++ {
		err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
			stored, err := s.Stored(ctx)
			if err != nil || stored.ManagedBy == ByAPI {
				return err
			}
			released := stored
			released.ManagedBy, released.Settings, released.UpdatedAt = ByAPI, Settings{}, s.deps.Clock.Now()
			if released.Chosen = stored.InForce(); released.Chosen != stored.Chosen {
				_, err := s.revise(ctx, stored, released)
				return err
			}
			tx.AfterCommit(ctx, s.memory.forget)
			return s.deps.Store.UpdateTenant(ctx, released)
		})
		if !errors.Is(err, ErrChanged) || attempt == attempts {
			return err
		}
	}
}

func (s *Service) insert(ctx context.Context, want wanted) (Tenant, error) {
	now := s.deps.Clock.Now()
	tenant := Tenant{
		Name: want.name, BaseURL: want.base, Hosts: want.hosts, Status: want.status, Settings: want.settings,
		ManagedBy: want.managedBy, CreatedAt: now, UpdatedAt: now, Version: 1,
	}
	name(&tenant.ID, now)
	_, key, err := seal.NewSealedBox(s.deps.Root, keyPurpose, []byte(tenant.ID.String()))
	if err != nil {
		return Tenant{}, err
	}
	tenant.Key = key
	if err := s.deps.Store.InsertTenant(ctx, tenant); err != nil {
		return Tenant{}, err
	}
	return tenant, s.tell(ctx, tenant, EventCreated, CreatedData{Name: tenant.Name, BaseURL: tenant.BaseURL, Hosts: tenant.Hosts})
}

// change brings a stored tenant to what is wanted and tells what that means for it.
func (s *Service) change(ctx context.Context, stored Tenant, want wanted) (Tenant, error) {
	if s.config.Development && stored.Name == DefaultName {
		want.hosts = withNeighbours(want.hosts, stored.Hosts)
	}
	moved := stored.BaseURL != want.base || !slices.Equal(stored.Hosts, want.hosts) || stored.Settings != want.settings
	// One that was made over the API is taken over, and one that is going stays.
	if stored.DeleteAt != nil {
		return Tenant{}, ErrDeleting
	}
	if !moved && stored.Status == want.status && stored.ManagedBy == want.managedBy {
		return stored, nil
	}
	changed := stored
	changed.BaseURL, changed.Hosts, changed.Status, changed.Settings = want.base, want.hosts, want.status, want.settings
	changed.ManagedBy, changed.UpdatedAt = want.managedBy, s.deps.Clock.Now()
	if err := s.deps.Store.UpdateTenant(ctx, changed); err != nil {
		return Tenant{}, err
	}
	changed.Version++
	if moved {
		told := UpdatedData{BaseURL: changed.BaseURL, Hosts: changed.Hosts, Settings: changed.InForce()}
		if before := stored.InForce(); before != told.Settings {
			told.SettingsBefore = before
		}
		if err := s.tell(ctx, changed, EventUpdated, told); err != nil {
			return Tenant{}, err
		}
	}
	switch {
	case stored.Status == want.status:
		return changed, nil
	case want.status == Suspended:
		return changed, s.tell(ctx, changed, EventSuspended, StatusData{})
	default:
		return changed, s.tell(ctx, changed, EventReactivated, StatusData{})
	}
}

func (s *Service) tell(ctx context.Context, tenant Tenant, told event.Type, data any) error {
	tx.AfterCommit(ctx, s.memory.forget)
	scoped := reqctx.WithTenant(ctx, tenant.ID)
	return s.deps.Events.Record(scoped, event.Draft{Type: told, Subject: tenant.ID.String(), Data: data})
}
