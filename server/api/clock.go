package api

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/fault"
)

// farthest is how far the clock can be from the machine's.
const farthest = 100 * 366 * 24 * time.Hour

// clockAPI is the clock's part of the contract; it is served in test mode only.
type clockAPI struct{ clock *clock.Movable }

// GetClock answers what time it is.
func (a clockAPI) GetClock(context.Context, gen.GetClockRequestObject) (gen.GetClockResponseObject, error) {
	return gen.GetClock200JSONResponse(a.toAPIClock()), nil
}

// SetClock makes it the given time.
func (a clockAPI) SetClock(_ context.Context, request gen.SetClockRequestObject) (gen.SetClockResponseObject, error) {
	if away := request.Body.CurrentTime.Sub(a.clock.Now().Add(-a.clock.Offset())); away.Abs() > farthest {
		return nil, ErrInvalid.At(fault.Field{Pointer: "/current_time", Code: "range", Detail: "The clock goes a hundred years in either direction."})
	}
	a.clock.Set(request.Body.CurrentTime)
	return gen.SetClock200JSONResponse(a.toAPIClock()), nil
}

// AdvanceClock moves it.
func (a clockAPI) AdvanceClock(_ context.Context, request gen.AdvanceClockRequestObject) (gen.AdvanceClockResponseObject, error) {
	by := time.Duration(request.Body.Seconds) * time.Second
	if (a.clock.Offset() + by).Abs() > farthest {
		return nil, ErrInvalid.At(fault.Field{Pointer: "/seconds", Code: "range", Detail: "The clock goes a hundred years in either direction."})
	}
	a.clock.Advance(by)
	return gen.AdvanceClock200JSONResponse(a.toAPIClock()), nil
}

// ResetClock goes back to the machine's time.
func (a clockAPI) ResetClock(context.Context, gen.ResetClockRequestObject) (gen.ResetClockResponseObject, error) {
	a.clock.Reset()
	return gen.ResetClock200JSONResponse(a.toAPIClock()), nil
}

func (a clockAPI) toAPIClock() gen.Clock {
	return gen.Clock{CurrentTime: a.clock.Now(), OffsetSeconds: int64(a.clock.Offset() / time.Second)}
}
