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
