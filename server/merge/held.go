package merge

import (
	"context"

	"github.com/lintel-id/lintel/server/erasure"
	"github.com/lintel-id/lintel/server/user"
)

// Mover says what of a room's outlasts the source.
type Mover interface {
	// MoveUser gives the target what it is to have of the source, within the unit of work
	// in ctx, and tells of it. What it leaves is erased right after.
	MoveUser(ctx context.Context, source, target user.ID) error
}

// Held is what one room holds about people: who erases it, and who moves it before.
type Held struct {
	Eraser erasure.Eraser
	Mover  Mover
}

// Dropped is for rooms of which nothing moves: all goes with the source.
type Dropped struct{}

// MoveUser moves nothing.
func (Dropped) MoveUser(context.Context, user.ID, user.ID) error { return nil }

// Planned is for what the plan itself has moved before: the users.
type Planned struct{}

// MoveUser has nothing left to move.
func (Planned) MoveUser(context.Context, user.ID, user.ID) error { return nil }

// Erasers are those of all that is held.
func Erasers(all []Held) []erasure.Eraser {
	erasers := make([]erasure.Eraser, len(all))
	for i, one := range all {
		erasers[i] = one.Eraser
	}
	return erasers
}
