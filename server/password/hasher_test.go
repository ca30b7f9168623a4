package password_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/argon2"

	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/secret"
)

var cheap = password.Cost{Memory: 64, Time: 1, Threads: 1}

func hasher(t testing.TB, cost password.Cost, workers, queue int) *password.Hasher {
	t.Helper()
	made, err := password.NewHasher(password.HasherConfig{Cost: cost, Workers: workers, Queue: queue, RetryAfter: 2 * time.Second})
	require.NoError(t, err)
	return made
}

func TestDefaultsAreWhatIsRecommended(t *testing.T) {
	config := password.DefaultHasherConfig()
	require.NoError(t, config.Validate())
	require.NoError(t, password.DefaultConfig().Validate())
	made, err := password.NewHasher(config)
	require.NoError(t, err)
	require.Equal(t, "argon2id,m=19456,t=2,p=1", made.Scheme())
	require.Equal(t, runtime.GOMAXPROCS(0), made.Load().Workers)
}

func TestHashAndVerify(t *testing.T) {
	ctx, h := t.Context(), hasher(t, cheap, 1, 1)
	phc, err := h.Hash(ctx, secret.NewText("correct horse"))
	require.NoError(t, err)
	require.Regexp(t, `^\$argon2id\$v=19\$m=64,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`, phc)
	for text, want := range map[string]bool{"correct horse": true, "correct horsf": false, "": false, "correct horse ": false} {
		ok, err := h.Verify(ctx, phc, secret.NewText(text))
		require.NoError(t, err)
		require.Equal(t, want, ok, text)
	}
	again, err := h.Hash(ctx, secret.NewText("correct horse"))
	require.NoError(t, err)
	require.NotEqual(t, phc, again, "each hash has its own salt")
}

// The vector is the reference implementation's own.
func TestVerifiesWhatOthersMade(t *testing.T) {
	const phc = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	h := hasher(t, cheap, 1, 1)
	ok, err := h.Verify(t.Context(), phc, secret.NewText("password"))
	require.NoError(t, err)
	require.True(t, ok)
	ok, err = h.Verify(t.Context(), phc, secret.NewText("passwore"))
	require.NoError(t, err)
	require.False(t, ok)
}

func TestOnePasswordTypedTwoWaysIsOne(t *testing.T) {
	h := hasher(t, cheap, 1, 1)
	phc, err := h.Hash(t.Context(), secret.NewText("cafe\u0301 cafe\u0301"))
	require.NoError(t, err)
	ok, err := h.Verify(t.Context(), phc, secret.NewText("caf\u00e9 caf\u00e9"))
	require.NoError(t, err)
	require.True(t, ok)
}

func TestAnEndlessTextCostsOneHashAndMatchesNothing(t *testing.T) {
	h := hasher(t, cheap, 1, 1)
	phc, err := h.Hash(t.Context(), secret.NewText(""))
	require.NoError(t, err)
	long := secret.NewText(strings.Repeat("x", 1<<20))
	ok, err := h.Verify(t.Context(), phc, long)
	require.NoError(t, err)
	require.False(t, ok, "not even the hash of nothing")
	require.Equal(t, uint64(2), h.Load().Done)
	_, err = h.Hash(t.Context(), long)
	require.Error(t, err)
}

// An imported or stored hash of huge cost must not take the machine with it.
func TestClass_Exhaustion_HashCostIsBounded(t *testing.T) {
	const tail = "$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	refused := []string{
		"", "$", "$$$$$", "plain", strings.Repeat("$", 300),
		"$argon2id$v=19$m=4194304,t=2,p=1" + tail,
		"$argon2id$v=19$m=131072,t=16,p=1" + tail,
		"$argon2id$v=19$m=131073,t=1,p=1" + tail,
		"$argon2id$v=19$m=19456,t=17,p=1" + tail,
		"$argon2id$v=19$m=19456,t=4294967295,p=1" + tail,
		"$argon2id$v=19$m=19456,t=99999999999999999999,p=1" + tail,
		"$argon2id$v=19$m=19456,t=0,p=1" + tail,
		"$argon2id$v=19$m=19456,t=2,p=0" + tail,
		"$argon2id$v=19$m=19456,t=2,p=9" + tail,
		"$argon2id$v=19$m=19456,t=2,p=257" + tail,
		"$argon2id$v=19$m=0,t=2,p=1" + tail,
		"$argon2id$v=19$m=7,t=2,p=1" + tail,
		"$argon2id$v=19$m=019456,t=2,p=1" + tail,
		"$argon2id$v=19$m=+19456,t=2,p=1" + tail,
		"$argon2id$v=19$m=-1,t=2,p=1" + tail,
		"$argon2id$v=19$t=2,m=19456,p=1" + tail,
		"$argon2id$v=19$m=19456,t=2" + tail,
		"$argon2id$v=16$m=19456,t=2,p=1" + tail,
		"$argon2i$v=19$m=19456,t=2,p=1" + tail,
		"$argon2id$v=19$m=19456,t=2,p=1$c29t$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$",
		"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFh",
		"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ==$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPd",
		"$argon2id$v=19$m=19456,t=2,p=1" + tail + "$",
		"$2b$12$abcdefghijklmnopqrstuuvwxyzabcdefghijklmnopqrstuvwxyzabcd",
	}
	h := hasher(t, cheap, 1, 1)
	for _, phc := range refused {
		ok, err := h.Verify(t.Context(), phc, secret.NewText("password"))
		require.ErrorIs(t, err, password.ErrHash, phc)
		require.False(t, ok)
		_, err = password.PreparedFrom(phc)
		require.ErrorIs(t, err, password.ErrHash, phc)
	}
	require.Zero(t, h.Load().Done, "refused before any work")
}

func FuzzPHC(f *testing.F) {
	f.Add("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
	f.Add("$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$CTFh")
	f.Fuzz(func(t *testing.T, text string) {
		again, cost, err := password.ParsePHC(text)
		if err != nil {
			return
		}
		require.Equal(t, text, again, "one spelling each")
		require.LessOrEqual(t, uint64(cost.Memory)*uint64(cost.Time), uint64(512*1024))
	})
}

func TestHasherConfigNamesTheField(t *testing.T) {
	good := password.DefaultHasherConfig()
	for field, change := range map[string]func(*password.HasherConfig){
		"password.cost":        func(c *password.HasherConfig) { c.Cost.Memory = 1 << 22 },
		"password.workers":     func(c *password.HasherConfig) { c.Workers = -1 },
		"password.queue":       func(c *password.HasherConfig) { c.Queue = -1 },
		"password.retry_after": func(c *password.HasherConfig) { c.RetryAfter = 0 },
	} {
		config := good
		change(&config)
		_, err := password.NewHasher(config)
		require.ErrorContains(t, err, field)
	}
}

// held is a hasher whose workers are all at work until released.
func held(t *testing.T, workers, queue int) (h *password.Hasher, release func()) {
	t.Helper()
	h = hasher(t, cheap, workers, queue)
	gate := make(chan struct{})
	h.Watch(func(password.Cost, []byte) { <-gate })
	return h, func() { close(gate) }
}

// A wave of logins makes logins wait, a bounded number of them, and the rest are
// told at once when to come back.
func TestClass_Exhaustion_TheQueueIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, release := held(t, 2, 3)
		var right atomic.Int32
		for range 5 {
			go func() {
				if _, err := h.Hash(t.Context(), secret.NewText("x")); err == nil {
					right.Add(1)
				}
			}()
		}
		synctest.Wait()
		require.Equal(t, password.Load{Workers: 2, Running: 2, Waiting: 3, Done: 0, Refused: 0}, h.Load())
		_, err := h.Hash(t.Context(), secret.NewText("x"))
		require.ErrorIs(t, err, password.ErrBusy)
		require.Equal(t, 2*time.Second, fault.As(err).RetryAfter)
		require.Equal(t, uint64(1), h.Load().Refused)
		release()
		synctest.Wait()
		require.Equal(t, int32(5), right.Load(), "what was accepted is finished")
		require.Equal(t, password.Load{Workers: 2, Running: 0, Waiting: 0, Done: 5, Refused: 1}, h.Load())
	})
}

func TestWhoLeavesTheQueueIsNotHashedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, release := held(t, 1, 2)
		go func() { _, _ = h.Hash(t.Context(), secret.NewText("first")) }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := h.Hash(ctx, secret.NewText("second"))
		require.ErrorIs(t, err, password.ErrBusy)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Zero(t, h.Load().Waiting)
		_, err = h.Hash(ctx, secret.NewText("third"))
		require.ErrorIs(t, err, password.ErrBusy, "a context that has ended is not begun")
		release()
		synctest.Wait()
		require.Equal(t, uint64(1), h.Load().Done)
	})
}

func TestAPanicGivesTheWorkerBack(t *testing.T) {
	h := hasher(t, cheap, 1, 0)
	h.Watch(func(_ password.Cost, text []byte) {
		if string(text) == "boom" {
			panic(errors.New("boom"))
		}
	})
	require.Panics(t, func() { _, _ = h.Hash(t.Context(), secret.NewText("boom")) })
	_, err := h.Hash(t.Context(), secret.NewText("fine"))
	require.NoError(t, err)
}

func TestClass_Secrets_PreparedPrintsNothing(t *testing.T) {
	const phc = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	prepared, err := password.PreparedFrom(phc)
	require.NoError(t, err)
	require.Equal(t, phc, prepared.Encoded())
	text, err := prepared.MarshalText()
	require.NoError(t, err)
	printed := fmt.Sprintf("%v %+v %#v %s %q %s", prepared, prepared, &prepared, prepared, prepared, prepared.LogValue()) + string(text)
	require.NotContains(t, printed, "argon2id")
	require.Contains(t, printed, secret.Redacted)
}

// The pool must cost next to nothing over the bare hash.
func BenchmarkHashBare(b *testing.B) {
	cost := password.DefaultCost()
	salt := make([]byte, 16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			argon2.IDKey([]byte("correct horse battery"), salt, cost.Time, cost.Memory, cost.Threads, 32)
		}
	})
}

func BenchmarkVerifyPooled(b *testing.B) {
	h := hasher(b, password.DefaultCost(), 0, 1000)
	text := secret.NewText("correct horse battery")
	phc, err := h.Hash(b.Context(), text)
	require.NoError(b, err)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if ok, err := h.Verify(b.Context(), phc, text); err != nil || !ok {
				b.Error(ok, err)
			}
		}
	})
}

// waits collects what was measured.
type waits struct{ waited, took []time.Duration }

func (w *waits) ObserveHash(_ context.Context, waited, took time.Duration) {
	w.waited, w.took = append(w.waited, waited), append(w.took, took)
}

func TestTheWaitIsMeasuredApartFromTheWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seen := &waits{}
		h, err := password.NewHasher(password.HasherConfig{Cost: cheap, Workers: 1, Queue: 1, RetryAfter: time.Second, Observer: seen})
		require.NoError(t, err)
		h.Watch(func(password.Cost, []byte) { <-time.After(time.Second) })
		first := make(chan error, 1)
		go func() {
			_, err := h.Hash(t.Context(), secret.NewText("first"))
			first <- err
		}()
		synctest.Wait()
		_, err = h.Hash(t.Context(), secret.NewText("second"))
		require.NoError(t, err)
		require.NoError(t, <-first)
		require.Equal(t, &waits{waited: []time.Duration{0, time.Second}, took: []time.Duration{time.Second, time.Second}}, seen)
	})
}
