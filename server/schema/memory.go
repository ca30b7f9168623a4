package schema

import (
	"errors"

	"github.com/maypok86/otter/v2"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/recall"
)

// memory keeps which version is the newest for a few seconds, and a tenant's compiled
// schema for as long as it is used.
type memory struct {
	current *recall.Memory[id.Tenant, *Schema]
	opened  *otter.Cache[id.Tenant, *Schema]
}

func newMemory(clock clock.Clock, config Config) (*memory, error) {
	current, currentErr := recall.New[id.Tenant, *Schema](clock, recall.Config{For: config.CacheFor, Size: config.CacheSize, None: nil})
	opened, openedErr := otter.New(&otter.Options[id.Tenant, *Schema]{MaximumSize: config.CacheSize})
	return &memory{current: current, opened: opened}, errors.Join(currentErr, openedErr)
}
