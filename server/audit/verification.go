package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// Verification verifies the chain of the tenant in scope, as a job.
type Verification struct{ Records *Service }

// VerificationAsked is what to verify; Number 0 is without a noted head.
type VerificationAsked struct {
	Number int64  `json:"number"`
	Hash   string `json:"hash"`
}

// Found is what a verification found, as it is told.
type Found struct {
	Holds   bool      `json:"holds"`
	Records int64     `json:"records"` // that hold
	Events  int64     `json:"events"`  // of them compared with their events
	Head    FoundHead `json:"head"`
	// First is the number that the chain begins with; Removed is nil while that is 1.
	First   int64         `json:"first_number"`
	Removed *FoundRemoval `json:"removed"`
	Broken  *FoundBreak   `json:"broken"`
}

// FoundRemoval is what retention has taken from the beginning.
type FoundRemoval struct {
	Number int64     `json:"number"`
	Hash   string    `json:"hash"`
	At     time.Time `json:"removed_at"`
}

// FoundHead is the end of the chain.
type FoundHead struct {
	Number int64  `json:"number"`
	Hash   string `json:"hash"`
}

// FoundBreak is the first place at which the chain does not hold.
type FoundBreak struct {
	Number int64 `json:"number"`
	Seq    int64 `json:"event_number"` // 0 when that cannot be told
	Fault  Fault `json:"fault"`
}

// Do verifies, and writes what it found as JSON.
func (v Verification) Do(ctx context.Context, asked json.RawMessage, out io.Writer, told func(done, total int64) error) error {
	var wanted VerificationAsked
	if err := json.Unmarshal(asked, &wanted); err != nil {
		return fmt.Errorf("verification: %w", err)
	}
	tenant, err := reqctx.Tenant(ctx)
	if err != nil {
		return err
	}
	noted := Head{Tenant: tenant, Number: wanted.Number, Hash: Hash{}}
	if wanted.Number > 0 {
		if noted.Hash, err = ParseHash(wanted.Hash); err != nil {
			return err
		}
	}
	cursor, err := v.Records.deps.Store.AuditCursor(reqctx.WithEveryTenant(ctx))
	if err != nil {
		return fmt.Errorf("audit cursor: %w", err)
	}
	report, _, err := v.Records.verify(ctx, tenant, noted, cursor, told)
	if err != nil {
		return err
	}
	found := Found{
		Holds: report.Broken == nil, Records: report.Records, Events: report.Events,
		Head:  FoundHead{Number: report.Head.Number, Hash: report.Head.Hash.String()},
		First: report.Removal.First(), Removed: nil, Broken: nil,
	}
	if gone := report.Removal; gone.Number > 0 {
		found.Removed = &FoundRemoval{Number: gone.Number, Hash: gone.Hash.String(), At: gone.At}
	}
	if report.Broken != nil {
		found.Broken = &FoundBreak{Number: report.Broken.Number, Seq: report.Broken.Seq, Fault: report.Broken.Fault}
	}
	return json.NewEncoder(out).Encode(found)
}
