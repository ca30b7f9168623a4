package flow

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/user"
)

// Status is where a flow stands.
type Status string

// The states of a flow.
const (
	Active    Status = "active"
	Completed Status = "completed"
	Denied    Status = "denied"
	Expired   Status = "expired"
)

// Row is a stored flow. State is sealed: it may hold what a person has typed.
type Row struct {
	ID             ID
	ApplicationID  application.ID
	Journey        string
	JourneyVersion int
	Status         Status
	State          []byte
	UserID         user.ID `json:",omitzero"` // who has proven something in it; zero: nobody
	Revision       int64   // raised by every submission
	CreatedAt      time.Time
	ExpiresAt      time.Time
}

// Answer is a replayable answer to one submission, sealed under a key that only
// the one who made the submission can cause to be derived.
type Answer struct {
	Key         [32]byte // MAC of what was asked under which Idempotency-Key
	Fingerprint [32]byte // MAC of the body
	Sealed      []byte
	ExpiresAt   time.Time
}

// Store keeps flows and their answers.
type Store interface {
	// InsertFlow adds a flow; ErrMoved when its id is taken, so that a start is
	// spent once.
	InsertFlow(ctx context.Context, row Row) error
	// FlowByID reads a flow; ErrUnknown.
	FlowByID(ctx context.Context, id ID) (Row, error)
	// UpdateFlow replaces status, state, user and expiry where the stored revision is
	// from, and sets row.Revision; ErrMoved otherwise.
	UpdateFlow(ctx context.Context, row Row, from int64) error
	// InsertAnswer adds an answer, in the place of one that has expired at now;
	// ErrMoved when there is a live one for the key.
	InsertAnswer(ctx context.Context, answer Answer, now time.Time) error
	// AnswerByKey reads an answer that has not expired at now; ErrUnknown.
	AnswerByKey(ctx context.Context, key [32]byte, now time.Time) (Answer, error)
	// DeleteFlows removes up to limit flows and answers that expired before the
	// given time, over all tenants, and tells how many.
	DeleteFlows(ctx context.Context, before time.Time, limit int) (int, error)
}
