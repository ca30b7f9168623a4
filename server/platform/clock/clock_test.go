package clock_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/clock"
)

func TestSystemIsUTCAndMicroseconds(t *testing.T) {
	now := clock.System{}.Now()
	require.Equal(t, time.UTC, now.Location())
	require.Zero(t, now.Nanosecond()%1000)
}

func TestFakeMovesOnlyWhenTold(t *testing.T) {
	at := time.Date(2030, 1, 2, 3, 4, 5, 6789, time.FixedZone("x", 3600))
	fake := clock.NewFake(at)
	before := fake.Now()
	require.Equal(t, at.UTC().Truncate(time.Microsecond), before)
	require.Equal(t, before, fake.Now())
	fake.Advance(time.Minute)
	require.Equal(t, time.Minute, fake.Now().Sub(before))
}

func TestStopwatchNeverRunsBackwards(t *testing.T) {
	require.GreaterOrEqual(t, clock.Started().Elapsed(), time.Duration(0))
}

func TestAMovableClockGoesOnFromWhereItWasSet(t *testing.T) {
	behind := clock.NewFake(time.Unix(1e9, 0))
	movable := clock.NewMovable(behind)
	require.Equal(t, behind.Now(), movable.Now())
	movable.Set(time.Unix(2e9, 0))
	behind.Advance(time.Second)
	require.Equal(t, time.Unix(2e9+1, 0).UTC(), movable.Now())
	movable.Advance(-time.Hour)
	require.Equal(t, time.Unix(2e9+1-3600, 0).UTC(), movable.Now())
	require.Equal(t, movable.Now().Sub(behind.Now()), movable.Offset())
	movable.Reset()
	require.Equal(t, behind.Now(), movable.Now())
}
