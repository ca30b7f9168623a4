package clock

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A suspended machine is seen by the clock on the wall, a clock that was set back by
// the other one.
func TestTheAgeIsWhatEitherClockSays(t *testing.T) {
	suspended := Started()
	suspended.wall = suspended.wall.Add(-time.Hour)
	require.GreaterOrEqual(t, suspended.Age(), time.Hour)
	require.Less(t, suspended.Elapsed(), time.Hour)

	setBack := Started()
	setBack.wall = setBack.wall.Add(time.Hour)
	require.GreaterOrEqual(t, setBack.Age(), time.Duration(0))
	require.Less(t, setBack.Age(), time.Hour)
}
