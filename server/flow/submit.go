package flow

import (
	"context"
	"errors"
	"fmt"

	"github.com/lintel-id/lintel/server/consent"
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/platform/tx"
)

// Submit answers one of the offered steps.
func (s *Service) Submit(ctx context.Context, access Access, submission step.Submission, retry Retry) (Result, error) {
	c, err := s.open(ctx, access)
	if err != nil {
		return Result{}, err
	}
	r, err := s.load(ctx, c)
	if err != nil {
		return Result{}, err
	}
	retry.scope = []byte(access.Token)
	return s.answer(ctx, r, submission, retry, Result{})
}

// answer takes one submission through: replay if it was made before, ask the
// handler, then write all that follows from it in one unit of work. What base
// holds comes back with the answer.
func (s *Service) answer(ctx context.Context, r run, submission step.Submission, retry Retry, base Result) (Result, error) {
	if err := s.deps.Guesses.Submission(ctx); err != nil {
		return Result{}, err
	}
	replayed, found, err := s.replay(ctx, retry)
	if err != nil || found {
		return replayed, err
	}
	handler, err := s.offered(r, submission)
	if err != nil {
		return Result{}, err
	}
	if r, err = s.counted(ctx, r, submission); err != nil && fault.As(err) == nil || errors.Is(err, ErrMoved) {
		return Result{}, err
	}
	next := r
	next.state = r.state.Clone()
	next.state.Refusal, next.state.Signals = nil, nil
	if err == nil {
		err = s.take(ctx, &next, handler, submission)
	}
	if err != nil {
		s.drop(ctx, next)
		refusal, ok := refusalOf(err)
		if !ok {
			return Result{}, err
		}
		next = s.refused(r, next, refusal)
	}
	answer, err := s.settle(ctx, next, retry, base)
	if err != nil {
		s.drop(ctx, next)
	}
	if refusal, ok := refusalOf(err); ok { // what held when it was asked no longer does at the commit
		again := over(s.restarted(r, refusal), err)
		if err := s.prepare(ctx, &again); err != nil {
			return Result{}, err
		}
		answer, err = s.settle(ctx, again, retry, base)
	}
	if errors.Is(err, ErrMoved) {
		if replayed, found, replayErr := s.replay(ctx, retry); replayErr != nil || found {
			return replayed, replayErr
		}
	}
	return answer, err
}

// take has an answer handled and moves the run along.
func (s *Service) take(ctx context.Context, next *run, handler step.Handler, submission step.Submission) error {
	outcome, err := handler.Answer(ctx, next.handed(), submission)
	if err != nil {
		return err
	}
	return s.advance(ctx, next, outcome)
}

// drop gives back what a message cost that an answer would have sent.
func (s *Service) drop(ctx context.Context, answered run) {
	if outbox := answered.state.Outbox; outbox != nil {
		s.deps.Messages.Drop(ctx, *outbox)
	}
}

// counted stores that a code is tried, before anybody looks whether it is right: of answers
// side by side one alone goes on, and none of the others learns anything. ErrMoved for them.
func (s *Service) counted(ctx context.Context, r run, submission step.Submission) (run, error) {
	if r.state.Challenge == nil || !step.Tries(submission) {
		return r, nil
	}
	challenge, spent, err := s.deps.Codes.Count(*r.state.Challenge, r.state.Spent)
	if err != nil {
		return r, err
	}
	r.state = r.state.Clone()
	r.state.Challenge, r.state.Spent = &challenge, spent
	before := r
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		r = before
		return s.write(ctx, &r)
	})
	return r, err
}

// refused is the run as it was before an answer that was not taken, but for what counts all
// the same: the codes that were tried and sent, and what the platform is to be told.
func (s *Service) refused(before, after run, refusal *step.Refusal) run {
	answered := after.state
	after.state = before.state.Clone()
	after.state.Challenge, after.state.Spent, after.state.Refusal = answered.Challenge, answered.Spent, refusal
	after.state.Signals, after.state.Suspicion = answered.Signals, answered.Suspicion
	return after
}

// restarted is the run back at its first question, with a refusal and nothing else
// gathered: somebody took the identifier, or the proof was withdrawn, at the last
// moment.
func (s *Service) restarted(r run, refusal *step.Refusal) run {
	invited := r.state.Invited
	r.state = &step.State{
		Node: r.journey.Nodes[0].Name, Visit: r.state.Visit + 1, Accepts: r.state.Accepts, Locale: r.state.Locale,
		Transport: r.state.Transport, Step: r.state.Step, Guest: r.state.Guest, Host: r.state.Host, Seed: r.state.Seed, Spent: r.state.Spent, Refusal: refusal,
	}
	if invited != nil {
		invited.Begin(r.state)
	}
	return r
}

// offered finds the handler of a submission, if the run offers that step now.
func (s *Service) offered(r run, submission step.Submission) (step.Handler, error) {
	kind, offer := submission.Answers()
	if offer != "" && offer != offerID(r.state, kind) {
		return nil, ErrMoved
	}
	for _, o := range s.offers(r) {
		if o.Step() == kind {
			return s.deps.Steps[kind], nil
		}
	}
	return nil, ErrMoved
}

// advance moves the run along its journey.
func (s *Service) advance(ctx context.Context, r *run, outcome journey.Outcome) error {
	facts, err := s.facts(ctx, *r)
	if err != nil {
		return err
	}
	to, ok := r.journey.After(r.state.Node, outcome, facts)
	if !ok {
		return fmt.Errorf("journey %s: %s leads nowhere from %s", r.journey.Name, outcome, r.state.Node)
	}
	if to != r.state.Node && !r.waits(outcome) { // where another code is sent the question stays the same
		r.state.Trail = append(r.state.Trail, r.state.Node)
	}
	r.state.Node = to
	r.state.Visit++
	if to == journey.Done {
		r.row.Status = Completed
		return nil
	}
	if err := s.prepare(ctx, r); err != nil {
		return err
	}
	s.stopWhereNothingCanBeShown(r)
	return nil
}

// waits tells whether the run leaves a question that a proof has answered for good: what was
// sent is spent, and going back leads to the question before it.
func (r run) waits(outcome journey.Outcome) bool {
	node, _ := r.journey.Node(r.state.Node)
	return outcome == journey.Proven && len(node.Offers) == 1 && (node.Offers[0] == journey.Code || node.Offers[0] == journey.Link)
}

// facts answers the conditions of the journey for a run.
func (s *Service) facts(ctx context.Context, r run) (journey.Facts, error) {
	terms := r.app.Terms != nil && len(r.state.Agreed) == 0
	if who := r.state.User(); terms && !who.IsZero() {
		given, err := s.deps.Consents.Given(ctx, who, r.app.ID, consent.Terms, r.app.Terms.Version)
		if err != nil {
			return nil, err
		}
		terms = !given
	}
	held, err := s.holdsPasskey(ctx, r)
	if err != nil {
		return nil, err
	}
	return journey.Facts{
		journey.IdentifierFree: r.state.Free,
		journey.ProfileWanted:  len(step.MissingClaims(r.handed())) > 0,
		journey.TermsWanted:    terms,
		journey.PasswordAtRisk: r.state.AtRisk,

		journey.PasswordExpired: r.state.Renews(),

		journey.OwnershipWanted: step.OwnershipWanted(r.handed()),
		journey.Newcomer:        r.state.Owned != nil && r.state.Proven == nil,

		journey.DeletionScheduled: r.state.Deletion != nil && !r.state.Deletion.Seen,

		journey.SecondFactorWanted: held && r.app.Passkeys.SecondFactor && r.state.Proven.Passkey == nil,
		journey.PasskeyWanted:      !held && step.Upgrades(r.handed()),
	}, nil
}

// stopWhereNothingCanBeShown ends a run whose client cannot show any of the steps.
func (s *Service) stopWhereNothingCanBeShown(r *run) {
	if r.row.Status == Active && len(s.offers(*r)) == 0 {
		r.row.Status = Denied
		r.state.Refusal, _ = refusalOf(ErrClientTooOld)
	}
}

// settle writes what an answer has led to, in one unit of work.
func (s *Service) settle(ctx context.Context, r run, retry Retry, base Result) (Result, error) {
	var answer Result
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		attempt := r
		attempt.state = r.state.Clone()
		answer = base
		if attempt.row.Status == Completed {
			token, err := s.deps.Ending.Complete(ctx, attempt.handed())
			if err != nil {
				return err
			}
			answer.SessionToken = token
		}
		if err := s.write(ctx, &attempt); err != nil {
			return err
		}
		if outbox := attempt.state.Outbox; outbox != nil {
			if _, err := s.deps.Messages.Put(ctx, *outbox); err != nil {
				return err
			}
		}
		if suspicion := attempt.state.Suspicion; suspicion != nil {
			if err := s.deps.Passkeys.Suspect(ctx, *suspicion); err != nil {
				return err
			}
		}
		if refusal := attempt.state.Refusal; refusal != nil {
			if err := s.record(ctx, attempt, refusal); err != nil {
				return err
			}
		}
		answer.View = s.view(attempt)
		if answer.View.Status != Active {
			answer.FlowToken = secret.Text{}
		}
		tx.AfterCommit(ctx, func() { s.changes.announce(attempt.row.ID) })
		return s.keep(ctx, retry, attempt, answer)
	})
	if f := fault.As(err); f != nil && f.Kind == fault.Stale { // somebody else changes the same user
		err = ErrMoved.Because(err)
	}
	return answer, err
}

// record tells of a refused answer. The event is the same size and cost whether
// the identifier is known or not.
func (s *Service) record(ctx context.Context, r run, refusal *step.Refusal) error {
	return s.deps.Events.Record(ctx, event.Draft{
		Type: EventRefused, Subject: r.row.ID.String(),
		Data:   Refused{Journey: r.journey.Name, Node: r.state.Node, Code: refusal.Code},
		Person: "", Personal: nil,
	})
}

// refusalOf tells whether a flow shows an error as a refused answer: what the
// person can mend. Everything else ends the request.
func refusalOf(err error) (*step.Refusal, bool) {
	f := fault.As(err)
	if f == nil || f.Kind != fault.Invalid && f.Kind != fault.Conflict || errors.Is(err, ErrMoved) {
		return nil, false
	}
	refusal := &step.Refusal{Code: f.Code, Detail: f.Message, RetryAfter: f.RetryAfter, Fields: nil}
	for _, field := range f.Fields {
		refusal.Fields = append(refusal.Fields, step.Field(field))
	}
	return refusal, true
}
