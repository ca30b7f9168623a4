package invitation

import (
	"context"
	"encoding/json"
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/user"
)

type idKind struct{}

func (idKind) Prefix() string { return "inv" }

// ID names an invitation.
type ID = id.Of[idKind]

// Delivery is how the link of an invitation reaches whom it is for.
type Delivery string

// The deliveries.
const (
	ByMessage Delivery = "message" // to the address, which whoever brings it has proven
	ByCaller  Delivery = "none"    // by whoever made it, so that it proves no address
)

// Status is where an invitation stands.
type Status string

// The states. One that has run out is Expired from then on, whatever is stored.
const (
	Pending  Status = "pending"
	Accepted Status = "accepted"
	Revoked  Status = "revoked"
	Expired  Status = "expired"
)

// Invitation is what is stored of one.
type Invitation struct {
	ID          ID
	Application application.ID
	Address     [32]byte // fingerprint of whom it is for, to find it by
	Content     []byte   // what it says of people, sealed
	Locale      string   // what it is written in; empty: the tenant's own
	Delivery    Delivery
	Status      Status
	By          reqctx.Actor
	Inviter     user.ID // which user invites; zero: whoever manages the tenant
	User        user.ID // who accepted it; zero: nobody yet
	Digest      secret.Digest
	Lifetime    time.Duration // how long each token is good
	CreatedAt   time.Time
	SentAt      time.Time // when the token was made
	ExpiresAt   time.Time
	AcceptedAt  *time.Time
	RevokedAt   *time.Time
}

// At is where the invitation stands at a time.
func (i Invitation) At(now time.Time) Status {
	if i.Status == Pending && !now.Before(i.ExpiresAt) {
		return Expired
	}
	return i.Status
}

// Proves tells whether whoever brings the token has proven the address: nobody has it but
// who reads what is sent there.
func (i Invitation) Proves() bool { return i.Delivery == ByMessage }

// Opened is an invitation with what it says of people.
type Opened struct {
	Invitation

	To      code.Address
	Name    string          // of who invites
	Profile json.RawMessage // that the invited person begins with; nil: none
}

// Filter picks from a tenant's invitations.
type Filter struct {
	Status      Status         // empty: any
	Address     *[32]byte      // nil: any
	Inviter     user.ID        // zero: any, and nobody
	Application application.ID // zero: any
	Now         time.Time      // by which one is expired
}

// Store keeps invitations.
type Store interface {
	// InsertInvitation adds one, once those of the inviter for the address at the application
	// that have run out are noted as expired; ErrExists where another one is pending.
	InsertInvitation(ctx context.Context, invitation Invitation) error
	// InvitationByID finds one; ErrUnknown.
	InvitationByID(ctx context.Context, wanted ID) (Invitation, error)
	// InvitationByDigest finds the one with a token; ErrUnknown.
	InvitationByDigest(ctx context.Context, digest secret.Digest) (Invitation, error)
	// Invitations lists the newest first, before the one that is given (zero: from the newest).
	Invitations(ctx context.Context, filter Filter, before ID, limit int) ([]Invitation, error)
	// RenewInvitation writes the token and times of one that has the digest was and is neither
	// accepted nor revoked, and has it pending; ErrClosed, and ErrExists as above.
	RenewInvitation(ctx context.Context, invitation Invitation, was secret.Digest) error
	// AcceptInvitation notes who accepted a pending one that has the digest and has not run out
	// at now; ErrInvalid.
	AcceptInvitation(ctx context.Context, wanted ID, digest secret.Digest, by user.ID, now time.Time) error
	// RevokeInvitation notes that one is revoked that was not accepted or revoked; ErrClosed.
	RevokeInvitation(ctx context.Context, wanted ID, now time.Time) error
	// MoveInvitations makes another user's what a user has accepted and whom they have invited.
	// Where both have one pending for an address at an application only the other's stays.
	MoveInvitations(ctx context.Context, from, to user.ID) error
	// DeleteInvitations removes up to limit that ran out before a time, over all tenants, and
	// tells how many.
	DeleteInvitations(ctx context.Context, before time.Time, limit int) (int, error)
}
