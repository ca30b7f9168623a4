package tx_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/tx"
)

func TestHooksWaitForTheCommit(t *testing.T) {
	var ran []int
	ctx, unit := tx.Open(context.Background())
	require.True(t, tx.Active(ctx))
	tx.AfterCommit(ctx, func() { ran = append(ran, 1) })
	tx.AfterCommit(ctx, func() { ran = append(ran, 2) })
	require.Empty(t, ran)
	unit.Committed()
	require.Equal(t, []int{1, 2}, ran)
}

func TestOutsideAHookRunsAtOnce(t *testing.T) {
	ran := false
	require.False(t, tx.Active(context.Background()))
	tx.AfterCommit(context.Background(), func() { ran = true })
	require.True(t, ran)
}
