package tenant

import (
	"math"
	"strconv"
	"time"

	"github.com/lintel-id/lintel/server/platform/fault"
)

const (
	usualUndo = 7 * day
	leastUndo = day // the notice tells it in days
	mostUndo  = 30 * day
)

// Undo is for how many seconds the removal of a proven identifier can be undone. Its zero
// value is the server's own, so that not at all is NoUndo, which is written as 0.
type Undo int

// NoUndo lets nothing be undone.
const NoUndo Undo = math.MinInt32

// UndoOf reads a number of seconds, where 0 is not at all.
func UndoOf(seconds int) Undo {
	if seconds == 0 {
		return NoUndo
	}
	return Undo(seconds)
}

// UndoSaid is UndoOf where something was said at all.
func UndoSaid(said bool, seconds int) Undo {
	if !said {
		return 0
	}
	return UndoOf(seconds)
}

// Seconds are as they are written: 0 is not at all.
func (u Undo) Seconds() int {
	if u == NoUndo {
		return 0
	}
	return int(u)
}

// MarshalJSON writes the seconds.
func (u Undo) MarshalJSON() ([]byte, error) { return []byte(strconv.Itoa(u.Seconds())), nil }

// UnmarshalJSON reads what MarshalJSON wrote.
func (u *Undo) UnmarshalJSON(text []byte) error {
	seconds, err := strconv.Atoi(string(text))
	if err == nil {
		*u = UndoOf(seconds)
	}
	return err
}

// IdentifierUndo is for how long the removal of a proven identifier can be undone; 0 is not
// at all.
func (s Settings) IdentifierUndo() time.Duration {
	if s.IdentifierUndoSeconds == 0 {
		return usualUndo * time.Second
	}
	return time.Duration(s.IdentifierUndoSeconds.Seconds()) * time.Second
}

func (s Settings) validateUndo() (fields []fault.Field) {
	if s.IdentifierUndoSeconds != NoUndo && outside(int(s.IdentifierUndoSeconds), leastUndo, mostUndo) {
		fields = append(fields, fault.Field{
			Pointer: "/identifier_undo_seconds", Code: "range", Detail: "The removal of an address can be undone for 1 to 30 days, or with 0 not at all.",
		})
	}
	return fields
}
