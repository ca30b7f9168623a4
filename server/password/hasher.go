package password

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/platform/trace"
)

// maxInput is far over the longest acceptable password; what is longer was never
// set, and is not worth normalising.
const maxInput = 4096

// HashObserver measures hashes.
type HashObserver interface {
	// ObserveHash notes one hash: how long its caller waited for a worker, and how
	// long the work took.
	ObserveHash(ctx context.Context, waited, took time.Duration)
}

// HasherConfig bounds what hashing may take from the machine.
type HasherConfig struct {
	Cost       Cost          // of new hashes
	Workers    int           // hashes at the same time; 0 is one per core
	Queue      int           // callers that may wait for a worker; more are refused at once
	RetryAfter time.Duration // what a refused caller is told
	Observer   HashObserver  // nil: nobody measures
}

// DefaultHasherConfig is one worker per core and a queue of about a second each.
func DefaultHasherConfig() HasherConfig {
	return HasherConfig{Cost: DefaultCost(), Workers: 0, Queue: 40 * runtime.GOMAXPROCS(0), RetryAfter: 2 * time.Second, Observer: nil}
}

// Validate names the field that is out of range.
func (c HasherConfig) Validate() error {
	switch {
	case !c.Cost.bounded():
		return fmt.Errorf("password.cost: out of range: %s", c.Cost.params())
	case c.Workers < 0 || c.Workers > 1024:
		return fmt.Errorf("password.workers: must be 0 to 1024, not %d", c.Workers)
	case c.Queue < 0:
		return fmt.Errorf("password.queue: must not be negative, not %d", c.Queue)
	case c.RetryAfter < time.Second:
		return fmt.Errorf("password.retry_after: must be a second or more, not %s", c.RetryAfter)
	}
	return nil
}

// Hasher computes slow hashes a bounded number at a time, so that a wave of
// logins makes logins wait and slows nothing else.
type Hasher struct {
	config  HasherConfig
	derive  func(text, salt []byte, cost Cost, length uint32) []byte
	slots   chan struct{}
	waiting atomic.Int64
	done    atomic.Uint64
	refused atomic.Uint64
}

// NewHasher makes a Hasher. It has no goroutines of its own: the callers work,
// and the slots let only so many of them do so.
func NewHasher(config HasherConfig) (*Hasher, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	workers := config.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	return &Hasher{config: config, derive: argon2id, slots: make(chan struct{}, workers)}, nil
}

func argon2id(text, salt []byte, cost Cost, length uint32) []byte {
	return argon2.IDKey(text, salt, cost.Time, cost.Memory, cost.Threads, length)
}

// Load is how busy a Hasher is, for metrics.
type Load struct {
	Workers int
	Running int
	Waiting int
	Done    uint64
	Refused uint64
}

// Load reads the counters.
func (h *Hasher) Load() Load {
	return Load{
		Workers: cap(h.slots), Running: len(h.slots), Waiting: int(max(0, h.waiting.Load())),
		Done: h.done.Load(), Refused: h.refused.Load(),
	}
}

// Scheme is the scheme of new hashes.
func (h *Hasher) Scheme() string { return h.config.Cost.Scheme() }

// Hash makes a PHC string with a fresh salt. ErrBusy when the queue is full or
// ctx ends while waiting.
func (h *Hasher) Hash(ctx context.Context, text secret.Text) (string, error) {
	input, fits := normalise(text)
	if !fits {
		return "", errLong
	}
	made := hashed{cost: h.config.Cost, salt: make([]byte, saltBytes), digest: nil}
	_, _ = rand.Read(made.salt) // crypto/rand.Read never fails: it ends the program instead
	err := h.run(ctx, func() { made.digest = h.derive(input, made.salt, made.cost, digestBytes) })
	if err != nil {
		return "", err
	}
	return made.phc(), nil
}

// Verify tells whether the text is what the PHC string was made from. ErrHash for
// a hash that is malformed or too dear, before any work; ErrBusy as for Hash.
func (h *Hasher) Verify(ctx context.Context, phc string, text secret.Text) (bool, error) {
	stored, err := parsePHC(phc)
	if err != nil {
		return false, err
	}
	input, fits := normalise(text)
	var digest []byte
	err = h.run(ctx, func() { digest = h.derive(input, stored.salt, stored.cost, uint32(len(stored.digest))) })
	if err != nil {
		return false, err
	}
	return stored.matches(digest) && fits, nil
}

// Burn does the work of one Verify under the scheme and throws it away; a scheme
// it does not know costs what new hashes cost.
func (h *Hasher) Burn(ctx context.Context, scheme string, text secret.Text) error {
	cost, known := parseScheme(scheme)
	if !known {
		cost = h.config.Cost
	}
	input, _ := normalise(text)
	var salt [saltBytes]byte
	return h.run(ctx, func() { h.derive(input, salt[:], cost, digestBytes) })
}

// run does the work in a slot. Waiting callers are served in order; one whose ctx
// ends leaves the queue and its work is never done.
func (h *Hasher) run(ctx context.Context, work func()) (err error) {
	ctx, span := trace.Start(ctx, "password hash", trace.Internal)
	defer func() { span.End(err) }()
	if err := ctx.Err(); err != nil {
		return h.busy(err)
	}
	watch := clock.Started()
	select {
	case h.slots <- struct{}{}:
	default:
		if err := h.wait(ctx); err != nil {
			return err
		}
	}
	defer func() { <-h.slots }()
	waited := watch.Elapsed()
	work()
	h.done.Add(1)
	span.Number("lintel.hash.waited_us", int(waited.Microseconds()))
	if h.config.Observer != nil {
		h.config.Observer.ObserveHash(ctx, waited, watch.Elapsed()-waited)
	}
	return nil
}

func (h *Hasher) wait(ctx context.Context) error {
	defer h.waiting.Add(-1)
	if h.waiting.Add(1) > int64(h.config.Queue) {
		return h.busy(nil)
	}
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return h.busy(ctx.Err())
	}
}

func (h *Hasher) busy(cause error) error {
	h.refused.Add(1)
	return ErrBusy.After(h.config.RetryAfter).Because(cause)
}

// normalise is NFC, so that one password typed on two keyboards is one password.
// Too long a text costs the same hash and matches nothing.
// Spec: NIST SP 800-63B-4 §3.1.1.2.
func normalise(text secret.Text) (input []byte, fits bool) {
	value := text.Reveal()
	if len(value) > maxInput {
		return nil, false
	}
	return norm.NFC.AppendString(nil, value), true
}
