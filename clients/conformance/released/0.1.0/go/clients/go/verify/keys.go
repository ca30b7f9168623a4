package verify

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
)

const (
	readWithin = 5 * time.Second // one reading of the keys
	readPause  = 3 * time.Second // between two, whatever unknown keys tokens name
	// trustedFor is how long keys count that could not be read again. Tokens live an hour at
	// most, so that after a day without the server only forged ones are left.
	trustedFor = 24 * time.Hour
)

// key is a public key with the only algorithm it is used with.
type key struct {
	algorithm jwa.SignatureAlgorithm
	public    any
}

// keys is a copy of the server's keys. One goroutine at a time reads them anew: when the
// copy is older than the server lets it be, or a token names a key that is not in it. While
// the server is away, the copy is used as it is.
type keys struct {
	source source

	mu      sync.Mutex
	known   map[string]key
	fresh   time.Time     // until when the copy is as good as new
	trusted time.Time     // until when it may be used at all
	next    time.Time     // when it may be read again
	failed  error         // why it could not be read the last time
	reading chan struct{} // closed at the end of the reading that is under way
}

func newKeys(address string, client *http.Client) *keys {
	return &keys{source: newSource(address, client)}
}

// find gives the key of an id. ErrInvalid where the server has no such key, ErrUnavailable
// where it cannot be asked.
func (k *keys) find(ctx context.Context, id string) (key, error) {
	k.mu.Lock()
	asked := now()
	found, known := k.lookup(id, asked)
	if known && asked.Before(k.fresh) {
		k.mu.Unlock()
		return found, nil
	}
	k.read(ctx, asked)
	// Where the last reading failed, the next one most likely does too, and slowly.
	away := known && k.failed != nil
	reading := k.reading
	k.mu.Unlock()
	if reading != nil && !away {
		select {
		case <-reading:
		case <-ctx.Done():
			return key{}, fmt.Errorf("%w: %w", ErrUnavailable, ctx.Err())
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if found, known := k.lookup(id, now()); known {
		return found, nil
	}
	if !now().Before(k.trusted) {
		return key{}, fmt.Errorf("%w: %w", ErrUnavailable, k.failed)
	}
	return key{}, fmt.Errorf("%w: the server has no such key", ErrInvalid)
}

func (k *keys) lookup(id string, at time.Time) (key, bool) {
	found, known := k.known[id]
	return found, known && at.Before(k.trusted)
}

// read begins to read the keys, unless somebody does or did a moment ago. It outlives the
// request that happened to be the first to need it, because others wait for it too.
func (k *keys) read(ctx context.Context, at time.Time) {
	if k.reading != nil || at.Before(k.next) {
		return
	}
	k.reading = make(chan struct{})
	go func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readWithin)
		defer cancel()
		known, age, err := k.source.fetch(ctx)
		k.mu.Lock()
		defer k.mu.Unlock()
		done := now()
		if err == nil {
			k.known, k.fresh, k.trusted = known, done.Add(age), done.Add(trustedFor)
		}
		k.failed, k.next = err, done.Add(readPause)
		close(k.reading)
		k.reading = nil
	}()
}

func now() time.Time {
	return time.Now() //nolint:forbidigo // a token goes by the machine's time; tests move it with testing/synctest
}
