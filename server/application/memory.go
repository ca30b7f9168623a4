package application

import (
	"errors"

	"github.com/lintel-id/lintel/server/application/relyingparty"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/recall"
)

// memory keeps applications for a few seconds, and made-up client ids in the same
// bound.
type memory struct {
	applications *recall.Memory[key, Application]
	origins      *recall.Memory[id.Tenant, map[string]bool]
	associations *recall.Memory[hostKey, relyingparty.Association]
}

// hostKey is an address of a tenant.
type hostKey struct {
	tenant id.Tenant
	host   string
}

// key is what is asked within one tenant.
type key struct {
	tenant   id.Tenant
	id       ID
	clientID string // empty, beside a zero id: the default application
}

func newMemory(clock clock.Clock, config Config) (*memory, error) {
	bounds := recall.Config{For: config.CacheFor, Size: config.CacheSize, None: ErrUnknown}
	applications, applicationsErr := recall.New[key, Application](clock, bounds)
	origins, originsErr := recall.New[id.Tenant, map[string]bool](clock, bounds)
	associations, associationsErr := recall.New[hostKey, relyingparty.Association](clock, bounds)
	return &memory{applications: applications, origins: origins, associations: associations},
		errors.Join(applicationsErr, originsErr, associationsErr)
}

// forget drops the answers, those being read included.
func (m *memory) forget() {
	m.applications.Forget()
	m.origins.Forget()
	m.associations.Forget()
}
