package flow

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/id"
)

func TestClass_Exhaustion_LongPollsAreBoundedPerFlowAndAddress(t *testing.T) {
	c := newChanges(1000)
	one := id.New[idKind](time.Unix(1, 0))
	var leave func()
	for i := range maxPerFlow {
		var ok bool
		_, leave, ok = c.join(one, strconv.Itoa(i))
		require.True(t, ok)
	}
	_, _, ok := c.join(one, "another")
	require.False(t, ok, "one flow")
	leave()
	_, _, ok = c.join(one, "another")
	require.True(t, ok)
	for range maxPerAddress {
		_, leave, ok = c.join(id.New[idKind](time.Unix(2, 0)), "flood")
		require.True(t, ok)
	}
	_, _, ok = c.join(id.New[idKind](time.Unix(3, 0)), "flood")
	require.False(t, ok, "one address")
	leave()
	changed, leave, ok := c.join(id.New[idKind](time.Unix(3, 0)), "flood")
	require.True(t, ok)
	leave()
	c.announce(one)
	select {
	case <-changed:
		t.Fatal("woken for another flow")
	default:
	}
}

func TestChangesForgetThoseWhoLeft(t *testing.T) {
	c := newChanges(1)
	_, leave, ok := c.join(ID{}, "a")
	require.True(t, ok)
	_, _, ok = c.join(id.New[idKind](time.Unix(1, 0)), "b")
	require.False(t, ok, "the whole process")
	leave()
	require.Empty(t, c.waiting)
	require.Empty(t, c.sources)
	require.Equal(t, 1, c.room)
}
