package jwks

import (
	"errors"

	"github.com/maypok86/otter/v2"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/jose"
	"github.com/lintel-id/lintel/server/platform/recall"
)

// memory keeps a tenant's keys for a few seconds, and opened ones for as long as they
// are used.
type memory struct {
	rings  *recall.Memory[id.Tenant, *ring]
	opened *otter.Cache[openedKey, *jose.SigningKey]
}

type openedKey struct {
	tenant id.Tenant
	key    ID
}

func newMemory(clock clock.Clock, config Config) (*memory, error) {
	rings, ringsErr := recall.New[id.Tenant, *ring](clock, recall.Config{For: config.CacheFor, Size: config.CacheSize, None: nil})
	opened, openedErr := otter.New(&otter.Options[openedKey, *jose.SigningKey]{MaximumSize: config.CacheSize})
	return &memory{rings: rings, opened: opened}, errors.Join(ringsErr, openedErr)
}

// forget drops what was read, what is being read included, and every opened key.
func (m *memory) forget() {
	m.rings.Forget()
	m.opened.InvalidateAll()
}
