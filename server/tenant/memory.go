package tenant

import (
	"errors"

	"github.com/maypok86/otter/v2"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/recall"
	"github.com/lintel-id/lintel/server/platform/seal"
)

// memory keeps tenants for a few seconds, and made-up hosts in the same bound.
type memory struct {
	hosts *recall.Memory[string, Tenant]
	ids   *recall.Memory[id.Tenant, Tenant]
	boxes *otter.Cache[id.Tenant, *seal.Box] // a tenant's key is the same for ever
}

func newMemory(clock clock.Clock, config Config) (*memory, error) {
	bounds := recall.Config{For: config.CacheFor, Size: config.CacheSize, None: ErrUnknownHost}
	hosts, hostsErr := recall.New[string, Tenant](clock, bounds)
	ids, idsErr := recall.New[id.Tenant, Tenant](clock, bounds)
	boxes, boxesErr := otter.New(&otter.Options[id.Tenant, *seal.Box]{MaximumSize: config.CacheSize})
	return &memory{hosts: hosts, ids: ids, boxes: boxes}, errors.Join(hostsErr, idsErr, boxesErr)
}

// forget drops the tenants, those being read included.
func (m *memory) forget() {
	m.hosts.Forget()
	m.ids.Forget()
}
