package storage_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/storage"
)

type outcomes struct{ told []string }

func (o *outcomes) ObserveUnit(_ context.Context, outcome string, _ time.Duration) {
	o.told = append(o.told, outcome)
}

// A unit is measured once, whatever is nested in it.
func TestUnitsAreMeasured(t *testing.T) {
	seen := &outcomes{}
	db, err := storage.Open(t.Context(), storage.Config{DataDir: t.TempDir(), Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler), Observer: seen})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	refusal := errors.New("refused")
	require.NoError(t, db.Run(t.Context(), func(ctx context.Context) error {
		_ = db.Run(ctx, func(context.Context) error { return refusal })
		return nil
	}))
	require.ErrorIs(t, db.Run(t.Context(), func(context.Context) error { return refusal }), refusal)
	require.Equal(t, []string{"committed", "undone"}, seen.told)
}
