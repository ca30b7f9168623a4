package audit

import (
	"context"
	"encoding/hex"
	"errors"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
)

// Hash closes one record and, through it, all before.
type Hash [32]byte

// String is the hash as it is noted.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

var errHash = errors.New("audit: a hash is 64 hexadecimal digits")

// ParseHash reads what String wrote.
func ParseHash(text string) (hash Hash, err error) {
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != len(hash) {
		return Hash{}, errHash
	}
	return Hash(raw), nil
}

// Record is one link of a tenant's chain: an event, its place, and the hash over it
// and all before it.
type Record struct {
	Number int64 // from 1, without a gap
	Event  event.Envelope
	Hash   Hash
}

// Head is the end of a tenant's chain; the number is 0 while it has no record.
type Head struct {
	Tenant id.Tenant
	Number int64
	Hash   Hash
}

// Store keeps records, heads and how far the log has been recorded. It serves the
// whole process: reqctx.ErrNoTenant for a context that was not opened for that.
type Store interface {
	// AuditCursor is the sequence number up to which every event has its record.
	AuditCursor(ctx context.Context) (int64, error)
	// AuditHead is the end of the tenant's chain, of number 0 where there is none.
	AuditHead(ctx context.Context, tenant id.Tenant) (Head, error)
	// AppendAudit adds the records and moves heads and cursor, all or nothing;
	// ErrTaken when the cursor no longer stands at from.
	AppendAudit(ctx context.Context, from, to int64, records []Record, heads []Head) error
	// AuditRecords lists a tenant's records above a number in order.
	AuditRecords(ctx context.Context, tenant id.Tenant, after int64, limit int) ([]Record, error)
	// LastAudit is the highest number of a tenant's records, 0 when it has none.
	LastAudit(ctx context.Context, tenant id.Tenant) (int64, error)
	// AuditRemoval is what retention has taken from a tenant's chain, of number 0 where
	// nothing was.
	AuditRemoval(ctx context.Context, tenant id.Tenant) (Removal, error)
	// TrimAudit removes a tenant's records up to those of to, all or nothing; ErrTaken
	// when the removal no longer stands at from.
	TrimAudit(ctx context.Context, from int64, to Removal) error
	// NextAudited is the first tenant after the given one that has a head, a record, a
	// removal or an event; zero when there is none.
	NextAudited(ctx context.Context, after id.Tenant) (id.Tenant, error)
}

// ErrTaken tells that another node has recorded these events, or removed these records.
var ErrTaken = errors.New("audit: another node was first")
