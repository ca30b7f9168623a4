package idempotency

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/platform/secret"
)

// Request is what somebody asks, as far as it tells whether it is the same again.
type Request struct {
	Key    string      // the Idempotency-Key
	Caller secret.Text // the credential, which the key belongs to
	Asked  [][]byte    // method, address, headers that matter, body
}

// Answer is what was answered.
type Answer struct {
	Status      int    `json:"status"`
	ContentType string `json:"content_type,omitempty"`
	ETag        string `json:"etag,omitempty"`
	Body        []byte `json:"body,omitempty"`
}

// Row is a request that was begun; Sealed is empty until it is answered.
type Row struct {
	Key         [32]byte // MAC of who asked under which Idempotency-Key
	Fingerprint [32]byte // MAC of what was asked
	Sealed      []byte
	ExpiresAt   time.Time
}

// Store keeps requests that were begun, and their answers.
type Store interface {
	// InsertClaim adds a row, in the place of one that has expired at now; ErrBusy when
	// there is a live one.
	InsertClaim(ctx context.Context, row Row, now time.Time) error
	// ClaimByKey reads a row that has not expired at now; ErrNone.
	ClaimByKey(ctx context.Context, key [32]byte, now time.Time) (Row, error)
	// AnswerClaim puts answer and expiry of a row in the place of what there is.
	AnswerClaim(ctx context.Context, row Row) error
	// DeleteClaim removes a row that has no answer.
	DeleteClaim(ctx context.Context, key [32]byte) error
	// DeleteClaims removes up to limit rows that expired before a time, over all tenants,
	// and tells how many.
	DeleteClaims(ctx context.Context, before time.Time, limit int) (int, error)
}
