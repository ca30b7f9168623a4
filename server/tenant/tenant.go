package tenant

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/platform/id"
)

// Status tells whether a tenant answers requests.
type Status string

// The states of a tenant.
const (
	Active    Status = "active"
	Suspended Status = "suspended"
)

// Tenant is a full separation of data and keys. Its base URL is its issuer.
type Tenant struct {
	ID        id.Tenant
	Name      string
	BaseURL   string
	Hosts     []string // host[:port] as in the Host header, lower case
	Status    Status
	Key       []byte   // the tenant's data key, sealed by the root key
	Settings  Settings // what is declared of them
	Chosen    Settings // what was chosen over the API, under what is declared
	Revision  int64    // how often that was
	CreatedAt time.Time
	UpdatedAt time.Time
	Version   int64
}

// Store keeps tenants. It is the one store that is not scoped by tenant, since it
// is what finds the tenant.
type Store interface {
	// InsertTenant adds a tenant; ErrHostTaken when one of its hosts is another's.
	InsertTenant(ctx context.Context, tenant Tenant) error
	// UpdateTenant replaces what may change, hosts included, where the stored
	// version is tenant.Version, and raises it; ErrChanged otherwise.
	UpdateTenant(ctx context.Context, tenant Tenant) error
	// Tenants lists all, oldest first.
	Tenants(ctx context.Context) ([]Tenant, error)
	// TenantByHost finds by exact host; ErrUnknownHost.
	TenantByHost(ctx context.Context, host string) (Tenant, error)
	// TenantByID finds by id; ErrUnknown.
	TenantByID(ctx context.Context, id id.Tenant) (Tenant, error)
}
