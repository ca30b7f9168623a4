package flow

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/platform/secret"
)

const answerPurpose = "flow.answer"

// Retry is what lets a repeated submission be recognised.
type Retry struct {
	Key  string // the Idempotency-Key; empty: nothing is kept
	Body []byte // the request body as it came

	scope []byte // what besides the tenant the key belongs to: the flow token, or the start
}

// kept is an answer as it is sealed. The key of the seal is derived from the
// tenant's key, the Idempotency-Key and the body, and the body holds the
// credential: who cannot repeat the request cannot open the answer, not even from
// a copy of the database and the keys.
type kept struct {
	Row          Row         `json:"row"`
	State        *step.State `json:"state"`
	FlowToken    string      `json:"flow_token,omitempty"`
	SessionToken string      `json:"session_token,omitempty"`
	Browser      string      `json:"browser,omitempty"`
}

// replay finds the answer to a submission that was made before.
func (s *Service) replay(ctx context.Context, retry Retry) (Result, bool, error) {
	if retry.Key == "" {
		return Result{}, false, nil
	}
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return Result{}, false, err
	}
	stored, err := s.deps.Store.AnswerByKey(ctx, retry.key(box), s.deps.Clock.Now())
	if errors.Is(err, ErrUnknown) {
		return Result{}, false, nil
	}
	if err != nil {
		return Result{}, false, fmt.Errorf("read answer: %w", err)
	}
	asked := retry.fingerprint(box)
	if subtle.ConstantTimeCompare(stored.Fingerprint[:], asked[:]) != 1 {
		return Result{}, false, ErrKeyReused
	}
	own, err := retry.box(box)
	if err != nil {
		return Result{}, false, err
	}
	plain, err := own.Open(answerPurpose, stored.Sealed, stored.Key[:])
	if err != nil {
		return Result{}, false, fmt.Errorf("open answer: %w", err)
	}
	var k kept
	if err := json.Unmarshal(plain, &k); err != nil {
		return Result{}, false, fmt.Errorf("open answer: %w", err)
	}
	answer, err := s.restore(ctx, k)
	return answer, err == nil, err
}

func (s *Service) restore(ctx context.Context, k kept) (Result, error) {
	app, err := s.applicationByID(ctx, k.Row.ApplicationID)
	if err != nil {
		return Result{}, err
	}
	r := run{row: k.Row, app: app, journey: s.journeys[k.Row.Journey], state: k.State, now: s.deps.Clock.Now()}
	return Result{
		View: s.view(r), FlowToken: secret.NewText(k.FlowToken),
		SessionToken: secret.NewText(k.SessionToken), Browser: secret.NewText(k.Browser),
	}, nil
}

// keep stores an answer with what it answers, in the same unit of work; ErrMoved
// when the same key is being used at this moment.
func (s *Service) keep(ctx context.Context, retry Retry, r run, answer Result) error {
	if retry.Key == "" {
		return nil
	}
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return err
	}
	own, err := retry.box(box)
	if err != nil {
		return err
	}
	r.row.State = nil
	plain, err := json.Marshal(kept{
		Row: r.row, State: r.state, FlowToken: answer.FlowToken.Reveal(),
		SessionToken: answer.SessionToken.Reveal(), Browser: answer.Browser.Reveal(),
	})
	if err != nil {
		return fmt.Errorf("keep answer: %w", err)
	}
	key := retry.key(box)
	sealed, err := own.Seal(answerPurpose, plain, key[:])
	if err != nil {
		return fmt.Errorf("keep answer: %w", err)
	}
	return s.deps.Store.InsertAnswer(ctx, Answer{
		Key: key, Fingerprint: retry.fingerprint(box), Sealed: sealed, ExpiresAt: r.now.Add(s.config.ReplayFor),
	}, r.now)
}

func (r Retry) key(box *seal.Box) [32]byte {
	return box.MAC("flow.answer.key", r.scope, []byte(r.Key))
}

func (r Retry) fingerprint(box *seal.Box) [32]byte {
	return box.MAC("flow.answer.fingerprint", r.scope, r.Body)
}

func (r Retry) box(box *seal.Box) (*seal.Box, error) {
	key := box.MAC("flow.answer.seal", r.scope, []byte(r.Key), r.Body)
	return seal.NewBox(key[:])
}
