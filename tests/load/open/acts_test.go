package open

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// Whoever makes the next ones wait is told about them too.
func TestActsCountFromWhenTheyWereDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turn := make(chan struct{}, 1)
		took, err := Acts{Rate: 10, Lasts: 300 * time.Millisecond, Act: func(context.Context, int) error {
			turn <- struct{}{}
			<-time.After(250 * time.Millisecond)
			<-turn
			return nil
		}}.Run(t.Context())
		require.NoError(t, err)
		require.Equal(t, []time.Duration{250 * time.Millisecond, 400 * time.Millisecond, 550 * time.Millisecond}, took)

		failed := errors.New("failed")
		_, err = Acts{Rate: 2, Lasts: time.Second, Act: func(_ context.Context, n int) error {
			if n == 1 {
				return failed
			}
			return nil
		}}.Run(t.Context())
		require.ErrorIs(t, err, failed)
	})
}
