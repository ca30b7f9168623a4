package recall_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/recall"
	"github.com/lintel-id/lintel/server/platform/tx"
)

var (
	errNone   = errors.New("there is none")
	errBroken = errors.New("it broke")
)

// source counts how often it is read.
type source struct {
	reads atomic.Int64
	value string
	err   error
}

func (s *source) read(context.Context) (string, error) {
	s.reads.Add(1)
	return s.value, s.err
}

func made(t *testing.T) (*recall.Memory[string, string], *clock.Fake) {
	t.Helper()
	now := clock.NewFake(time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC))
	memory, err := recall.New[string, string](now, recall.Config{For: 3 * time.Second, Size: 16, None: errNone})
	require.NoError(t, err)
	return memory, now
}

func TestAnAnswerIsRepeatedForItsTime(t *testing.T) {
	memory, now := made(t)
	from := &source{value: "first"}
	for range 3 {
		value, err := memory.Get(t.Context(), "a", from.read)
		require.NoError(t, err)
		require.Equal(t, "first", value)
	}
	require.EqualValues(t, 1, from.reads.Load())
	value, found, err := memory.Kept(t.Context(), "a")
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, "first", value)
	_, found, _ = memory.Kept(t.Context(), "b")
	require.False(t, found)

	from.value = "second"
	now.Advance(3 * time.Second)
	value, err = memory.Get(t.Context(), "a", from.read)
	require.NoError(t, err)
	require.Equal(t, "second", value)
}

func TestThatThereIsNoneIsAnAnswerAndAFailureIsNot(t *testing.T) {
	memory, _ := made(t)
	none, broken := &source{err: errNone}, &source{err: errBroken}
	for range 3 {
		_, err := memory.Get(t.Context(), "none", none.read)
		require.ErrorIs(t, err, errNone)
		_, err = memory.Get(t.Context(), "broken", broken.read)
		require.ErrorIs(t, err, errBroken)
	}
	require.EqualValues(t, 1, none.reads.Load())
	require.EqualValues(t, 3, broken.reads.Load())
	_, found, err := memory.Kept(t.Context(), "none")
	require.True(t, found)
	require.ErrorIs(t, err, errNone)
}

// What was being read when all was forgotten is not repeated: it may be from before.
func TestForgettingTakesBackWhatIsBeingRead(t *testing.T) {
	memory, _ := made(t)
	reading, forgotten := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		value, err := memory.Get(context.Background(), "a", func(context.Context) (string, error) {
			close(reading)
			<-forgotten
			return "old", nil
		})
		if err != nil || value != "old" {
			t.Errorf("%q, %v", value, err)
		}
	})
	<-reading
	memory.Forget()
	close(forgotten)
	all.Wait()
	value, err := memory.Get(t.Context(), "a", (&source{value: "new"}).read)
	require.NoError(t, err)
	require.Equal(t, "new", value)
}

func TestAUnitOfWorkReadsForItself(t *testing.T) {
	memory, _ := made(t)
	from := &source{value: "outside"}
	_, err := memory.Get(t.Context(), "a", from.read)
	require.NoError(t, err)
	unit, _ := tx.Open(t.Context())
	inside := &source{value: "inside"}
	for range 2 {
		value, err := memory.Get(unit, "a", inside.read)
		require.NoError(t, err)
		require.Equal(t, "inside", value)
	}
	require.EqualValues(t, 2, inside.reads.Load())
	_, found, _ := memory.Kept(unit, "a")
	require.False(t, found)
	value, err := memory.Get(t.Context(), "a", from.read)
	require.NoError(t, err)
	require.Equal(t, "outside", value)
}

func TestReadingIsDoneOnceForAllWhoWait(t *testing.T) {
	memory, _ := made(t)
	var reads atomic.Int64
	started := make(chan struct{})
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			<-started
			if _, err := memory.Get(context.Background(), "a", func(context.Context) (string, error) {
				reads.Add(1)
				return "one", nil
			}); err != nil {
				t.Error(err)
			}
		})
	}
	close(started)
	all.Wait()
	require.EqualValues(t, 1, reads.Load())
}

func TestAMemoryHasBounds(t *testing.T) {
	now := clock.NewFake(time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC))
	for _, bad := range []recall.Config{{Size: 1}, {For: time.Second}, {For: -1, Size: 1}} {
		_, err := recall.New[string, string](now, bad)
		require.Error(t, err)
	}
	_, err := recall.New[string, string](nil, recall.Config{For: time.Second, Size: 1})
	require.Error(t, err)
}
