package fault_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/fault"
)

var errTaken = fault.New(fault.Conflict, "taken", "It is taken.")

func TestCopiesEqualTheirDeclarationAndLeaveItAlone(t *testing.T) {
	cause := errors.New("index users_pk")
	err := fmt.Errorf("insert: %w", errTaken.Because(cause).At(fault.Field{Pointer: "/name"}).After(time.Second).Member("a", 1))
	require.ErrorIs(t, err, errTaken)
	require.ErrorIs(t, err, cause)
	require.NotErrorIs(t, err, fault.New(fault.Conflict, "other", ""))
	got := fault.As(err)
	require.Equal(t, http.StatusConflict, got.Kind.Status())
	require.Equal(t, 1, got.Members["a"])
	require.Empty(t, errTaken.Fields)
	require.Nil(t, errTaken.Members)
	require.NoError(t, errTaken.Unwrap())
}

func TestWhatIsNotAFaultIsSilent(t *testing.T) {
	require.Nil(t, fault.As(errors.New("boom")))
	require.Equal(t, http.StatusInternalServerError, fault.Kind(0).Status())
}
