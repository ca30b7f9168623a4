package message

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/platform/id"
)

type idKind struct{}

func (idKind) Prefix() string { return "msg" }

// ID names a message.
type ID = id.Of[idKind]

// Channel is how a message reaches its reader.
type Channel string

// The channels.
const (
	Email Channel = "email"
	SMS   Channel = "sms"
)

// Status is where a message stands.
type Status string

// The states.
const (
	Queued Status = "queued"
	Sent   Status = "sent"   // a provider took it
	Failed Status = "failed" // given up, until somebody has it sent again
	// Withheld is what was for a user's address only, and met nobody who may sign in.
	Withheld Status = "withheld"
)

// Message is what is known of one.
type Message struct {
	ID      ID
	Tenant  id.Tenant
	Kind    Kind
	Channel Channel
	// Application is the id of the one that it is sent for; empty where that is none.
	Application string
	Locale      string   // what it is written in, as far as its reader is known
	Recipient   []byte   // the address, sealed
	Address     [32]byte // fingerprint of the address, to find it by
	Content     []byte   // the values that go into the words, sealed; nil once they are forgotten
	Status      Status
	Code        string // why the last attempt failed
	Reference   string // what the provider calls it
	// Person is the user it goes to, as far as that is known.
	Person string
	// HolderOnly has it sent to nobody but a user who may sign in, which is found out then.
	HolderOnly bool
	// Delivery is what the provider has told since it took it; nil: nothing.
	Delivery *Delivery

	CreatedAt  time.Time
	DueAt      time.Time // when it is tried next; of a claimed one, when the claim ends
	SentAt     *time.Time
	OutdatedAt time.Time // it is of no use from then on
	ExpiresAt  time.Time // nothing is known of it from then on

	// Fence counts the claims: whoever has an older one has lost the message. Lost
	// counts those whose outcome nobody noted, since it was queued last. Unsure: one of
	// them, or of those before, may have been sent.
	Claimed  bool
	Fence    int64
	Attempts int
	Lost     int
	Unsure   bool
}

// Letter is a message as its reader sees it; one by SMS has only Locale and Text.
type Letter struct {
	Locale  string
	Subject string
	Text    string
	HTML    string
}

// Filter picks from a tenant's messages.
type Filter struct {
	Status  Status    // empty: any
	Address *[32]byte // nil: any
}

// Store keeps messages.
type Store interface {
	// InsertMessage adds one.
	InsertMessage(ctx context.Context, message Message) error
	// MessageByID finds one; ErrUnknown.
	MessageByID(ctx context.Context, wanted ID) (Message, error)
	// Messages lists the newest first, before the one that is given (zero: from the newest).
	Messages(ctx context.Context, filter Filter, before ID, limit int) ([]Message, error)
	// ClaimMessages takes queued messages of any tenant that are due at now, the longest
	// due first, has them due again when the claim ends, and raises their fences.
	ClaimMessages(ctx context.Context, now, until time.Time, limit int) ([]Message, error)
	// UpdateMessage writes what became of a queued message where its fence is that of
	// message; ErrLost otherwise.
	UpdateMessage(ctx context.Context, message Message) error
	// ResolveMessage notes whom a claimed message goes to, and what it has become, where its
	// fence is that of message; ErrLost otherwise.
	ResolveMessage(ctx context.Context, message Message) error
	// MoveMessages makes another user's what goes to a user.
	MoveMessages(ctx context.Context, from, to string) error
	// NoteDelivery notes what became of a message that was sent, or may have been, where that
	// is one of over (empty: nothing is known), and tells whether it did.
	NoteDelivery(ctx context.Context, message Message, over []Outcome) (bool, error)
	// RequeueMessage queues a failed one as it is given; ErrNotFailed where it has not.
	RequeueMessage(ctx context.Context, message Message) error
	// DeleteMessages removes up to limit messages that are not queued and expired before a
	// time, over all tenants, and tells how many.
	DeleteMessages(ctx context.Context, before time.Time, limit int) (int, error)
}
