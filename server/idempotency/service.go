package idempotency

import (
	"context"
	"crypto/subtle"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/sweep"
)

const (
	purpose = "idempotency.answer"

	// KeepFor is how long an answer can be had again.
	KeepFor = 24 * time.Hour
	// lease is how long a request may be worked on; whoever began it is taken for dead then.
	lease = 2 * time.Minute

	cleanupEvery = 10 * time.Minute
)

// Boxes gives the box of the tenant in scope.
type Boxes interface {
	// Box is the tenant's own; whatever is wrong with it is no fault.
	Box(ctx context.Context) (*seal.Box, error)
}

// Deps are what a Service needs.
type Deps struct {
	Store   Store
	Tenants Boxes
	Clock   clock.Clock
	Logger  *slog.Logger
}

// Service keeps answers for who asks again.
type Service struct{ deps Deps }

// New makes a Service.
func New(deps Deps) (*Service, error) {
	if deps.Store == nil || deps.Tenants == nil || deps.Clock == nil || deps.Logger == nil {
		return nil, errors.New("idempotency: a dependency is missing")
	}
	return &Service{deps: deps}, nil
}

// Claim is the right to work on a request, which nobody else has meanwhile.
type Claim struct {
	row Row
	box *seal.Box // its key comes from the request, so that the tenant's alone opens nothing
}

// Begin gives the claim to a request, or the answer that it was given before. ErrBusy
// while somebody works on it, ErrReused where it is another request under the same key.
func (s *Service) Begin(ctx context.Context, request Request) (*Claim, *Answer, error) {
	tenant, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return nil, nil, err
	}
	asked := joined(request.Asked)
	caller, key := []byte(request.Caller.Reveal()), []byte(request.Key)
	own := tenant.MAC("idempotency.seal", caller, key, asked)
	box, err := seal.NewBox(own[:])
	if err != nil {
		return nil, nil, err
	}
	now := s.deps.Clock.Now()
	claim := &Claim{box: box, row: Row{
		Key: tenant.MAC("idempotency.key", caller, key), Fingerprint: tenant.MAC("idempotency.fingerprint", caller, asked),
		Sealed: nil, ExpiresAt: now.Add(lease),
	}}
	kept, err := s.deps.Store.ClaimByKey(ctx, claim.row.Key, now)
	switch {
	case errors.Is(err, ErrNone):
		// Whoever comes second in this moment hears that the first is at work.
		if err := s.deps.Store.InsertClaim(ctx, claim.row, now); err != nil {
			return nil, nil, soon(err)
		}
		return claim, nil, nil
	case err != nil:
		return nil, nil, fmt.Errorf("read claim: %w", err)
	case subtle.ConstantTimeCompare(kept.Fingerprint[:], claim.row.Fingerprint[:]) != 1:
		return nil, nil, ErrReused
	case len(kept.Sealed) == 0:
		return nil, nil, soon(ErrBusy)
	}
	answer, err := claim.open(kept.Sealed)
	return nil, answer, err
}

// soon says when to come back for the answer of who is at work.
func soon(err error) error {
	if errors.Is(err, ErrBusy) {
		return ErrBusy.After(time.Second)
	}
	return err
}

// joined is all parts in one, each with its length before it, so that no two lists are
// the same text.
func joined(parts [][]byte) []byte {
	var all []byte
	for _, part := range parts {
		all = binary.BigEndian.AppendUint64(all, uint64(len(part)))
		all = append(all, part...)
	}
	return all
}

func (c *Claim) open(sealed []byte) (*Answer, error) {
	plain, err := c.box.Open(purpose, sealed, c.row.Key[:])
	if err != nil {
		return nil, fmt.Errorf("open answer: %w", err)
	}
	answer := new(Answer)
	if err := json.Unmarshal(plain, answer); err != nil {
		return nil, fmt.Errorf("open answer: %w", err)
	}
	return answer, nil
}

// Keep ends a claim with its answer.
func (s *Service) Keep(ctx context.Context, claim *Claim, answer Answer) error {
	plain, err := json.Marshal(answer)
	if err != nil {
		return fmt.Errorf("keep answer: %w", err)
	}
	row := claim.row
	if row.Sealed, err = claim.box.Seal(purpose, plain, row.Key[:]); err != nil {
		return fmt.Errorf("keep answer: %w", err)
	}
	row.ExpiresAt = s.deps.Clock.Now().Add(KeepFor)
	return s.deps.Store.AnswerClaim(ctx, row)
}

// Drop ends a claim that came to nothing: the same may be tried again at once.
func (s *Service) Drop(ctx context.Context, claim *Claim) error {
	return s.deps.Store.DeleteClaim(ctx, claim.row.Key)
}

// RunCleanup deletes what has expired, until ctx ends.
func (s *Service) RunCleanup(ctx context.Context) {
	sweep.Run(ctx, cleanupEvery, "idempotency claims", s.deps.Logger, s.DeleteExpired)
}

// DeleteExpired deletes in small batches, over all tenants, and tells how many.
func (s *Service) DeleteExpired(ctx context.Context) (int, error) {
	now := s.deps.Clock.Now()
	return sweep.All(ctx, func(ctx context.Context, limit int) (int, error) { return s.deps.Store.DeleteClaims(ctx, now, limit) })
}
