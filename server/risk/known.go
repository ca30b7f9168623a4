package risk

import (
	"crypto/sha256"
	"time"

	"github.com/maypok86/otter/v2"

	"github.com/lintel-id/lintel/server/platform/clock"
)

// known remembers from which address the right answer for an account has come, for
// this node. It keeps digests only: no address or account name stays in memory.
type known struct {
	clock clock.Clock
	pairs *otter.Cache[[sha256.Size]byte, time.Time] // until when
	stays time.Duration
}

func newKnown(clock clock.Clock, config Config) (*known, error) {
	pairs, err := otter.New(&otter.Options[[sha256.Size]byte, time.Time]{MaximumSize: config.KnownSize})
	if err != nil {
		return nil, err
	}
	return &known{clock: clock, pairs: pairs, stays: config.KnownFor}, nil
}

func (k *known) add(pair string) {
	k.pairs.Set(sha256.Sum256([]byte(pair)), k.clock.Now().Add(k.stays))
}

func (k *known) has(pair string) bool {
	until, ok := k.pairs.GetIfPresent(sha256.Sum256([]byte(pair)))
	return ok && k.clock.Now().Before(until)
}
