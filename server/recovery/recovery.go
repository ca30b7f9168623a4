package recovery

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/user"
)

// Status is where a recovery stands.
type Status string

// The states; open and expired are not stored, they follow from the time.
const (
	Waiting   Status = "waiting"
	Open      Status = "open"
	Completed Status = "completed"
	Stopped   Status = "stopped"
	Expired   Status = "expired"
)

// Recovery is an account that opens to another address.
type Recovery struct {
	UserID        user.ID
	ApplicationID application.ID // whose words the notices have, and whose page stops it
	Type          user.IdentifierType
	Recipient     []byte        // the address, sealed
	Address       [32]byte      // MAC of it as it is compared
	Token         secret.Digest // of what stops it
	Status        Status        // Waiting, Completed or Stopped
	CreatedAt     time.Time
	OpensAt       time.Time
	ExpiresAt     time.Time
	EndedAt       *time.Time // when it was completed or stopped
}

// At is where it stands at a time.
func (r Recovery) At(now time.Time) Status {
	switch {
	case r.Status != Waiting:
		return r.Status
	case !now.Before(r.ExpiresAt):
		return Expired
	case !now.Before(r.OpensAt):
		return Open
	}
	return Waiting
}

// Store keeps at most one recovery of a user.
type Store interface {
	// StartRecovery adds one in the place of one of the same user that is over at now; ErrRunning
	// where one is not.
	StartRecovery(ctx context.Context, started Recovery, now time.Time) error
	// RecoveryOf reads a user's; ErrUnknown.
	RecoveryOf(ctx context.Context, owner user.ID) (Recovery, error)
	// RecoveriesTo reads up to limit that wait for an address and have not expired at now.
	RecoveriesTo(ctx context.Context, address [32]byte, now time.Time, limit int) ([]Recovery, error)
	// RecoveryByToken reads the one that a token stops; ErrUnknown.
	RecoveryByToken(ctx context.Context, token secret.Digest) (Recovery, error)
	// EndRecovery writes Status and EndedAt of ended where it is Waiting still, for the same
	// address and with the same token; ErrUnknown otherwise.
	EndRecovery(ctx context.Context, ended Recovery) error
}
