package message

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/lintel-id/lintel/server/platform/reqctx"
)

const (
	lookEvery   = 2 * time.Second
	lease       = 2 * time.Minute // of a claim
	maxAttempts = 12
	firstPause  = 10 * time.Second // doubled after each attempt
	longestStop = time.Hour
	putOffFor   = 5 * time.Minute

	deleteEvery = 10 * time.Minute
	deleteBatch = 500
)

// Run sends what is due until ctx ends. Every node runs it: a claim lets one of them send
// each message. What has begun then is finished.
func (s *Service) Run(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() {
		s.every(ctx, lookEvery, s.wake, func(ctx context.Context) error { return s.sendDue(ctx, &all) })
	})
	all.Go(func() { s.every(ctx, deleteEvery, nil, s.DeleteExpired) })
	all.Wait()
}

func (s *Service) every(ctx context.Context, interval time.Duration, wake <-chan struct{}, act func(ctx context.Context) error) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		if err := act(ctx); err != nil && ctx.Err() == nil {
			s.deps.Logger.WarnContext(ctx, "message: will try again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-wake:
		}
	}
}

// DeleteExpired removes what is to be forgotten.
func (s *Service) DeleteExpired(ctx context.Context) error {
	for {
		count, err := s.deps.Store.DeleteMessages(reqctx.WithEveryTenant(ctx), s.deps.Clock.Now(), deleteBatch)
		if err != nil || count < deleteBatch {
			return err
		}
	}
}

// SendAll sends what is due and waits for it.
func (s *Service) SendAll(ctx context.Context) error {
	var all sync.WaitGroup
	defer all.Wait()
	return s.sendDue(ctx, &all)
}

// sendDue begins to send what is due, as many at once as there are hands. No more are
// claimed than begin at once: what waits while its claim runs out is taken for lost.
func (s *Service) sendDue(ctx context.Context, all *sync.WaitGroup) error {
	for {
		free, err := s.hands(ctx)
		if err != nil {
			return nil //nolint:nilerr // the node stops
		}
		now := s.deps.Clock.Now()
		claimed, err := s.deps.Store.ClaimMessages(reqctx.WithEveryTenant(ctx), now, now.Add(lease), free)
		s.idle(free - len(claimed))
		for _, one := range claimed {
			all.Go(func() {
				defer s.idle(1)
				s.send(context.WithoutCancel(ctx), one)
			})
		}
		if err != nil || len(claimed) == 0 {
			return err
		}
	}
}

// hands waits until at least one is free and takes all that are.
func (s *Service) hands(ctx context.Context) (taken int, err error) {
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-s.free:
		taken = 1
	}
	for {
		select {
		case <-s.free:
			taken++
		default:
			return taken, nil
		}
	}
}

func (s *Service) idle(hands int) {
	for range hands {
		s.free <- struct{}{}
	}
}

// send hands over a claimed message and notes what became of it. Whoever lost a claim to
// it before may have sent it; that is risked once, since a message that does not arrive is
// worse than one that arrives twice.
func (s *Service) send(ctx context.Context, claimed Message) {
	ctx = reqctx.WithTenant(reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.System, ID: ""}), claimed.Tenant)
	var err error
	claimed.Claimed = false
	switch {
	case claimed.Lost > 1:
		err = s.fail(ctx, claimed, codeUnknown)
	case !s.deps.Clock.Now().Before(claimed.OutdatedAt):
		err = s.fail(ctx, claimed, codeOutdated)
	default:
		err = s.attempt(ctx, claimed)
	}
	if err != nil && !errors.Is(err, ErrLost) { // what the node that has it notes counts
		s.deps.Logger.WarnContext(ctx, "message: what became of it is not noted", "message", claimed.ID, "error", err)
	}
}

func (s *Service) attempt(ctx context.Context, claimed Message) error {
	claimed, admitted, err := s.admit(ctx, claimed)
	switch {
	case errors.Is(err, ErrLost):
		return err
	case err != nil:
		return s.putOff(ctx, claimed, err)
	case !admitted:
		return s.withhold(ctx, claimed)
	}
	readable, err := s.read(ctx, claimed)
	if err != nil {
		return s.putOff(ctx, claimed, err)
	}
	reference, err := s.handOver(ctx, readable)
	now := s.deps.Clock.Now()
	if err == nil {
		claimed.Status, claimed.SentAt, claimed.Reference, claimed.Code = Sent, &now, reference, ""
		claimed.ExpiresAt = now.Add(s.config.KeepFor)
		if !s.config.KeepContent {
			claimed.Content = nil
		}
		return s.end(ctx, claimed, func(ctx context.Context) error {
			return s.record(ctx, EventSent, claimed, SentData{
				Kind: claimed.Kind, Channel: claimed.Channel, Attempts: claimed.Attempts, MayHaveRepeated: claimed.Unsure,
			})
		})
	}
	refusal := asRefusal(err)
	s.deps.Logger.WarnContext(ctx, "message: not sent", "message", claimed.ID, "kind", claimed.Kind, "channel", claimed.Channel,
		"attempt", claimed.Attempts, "code", refusal.Code, "error", refusal.Cause)
	if refusal.Unsure {
		claimed.Lost, claimed.Unsure = claimed.Lost+1, true
	}
	switch {
	case claimed.Lost > 1:
		return s.fail(ctx, claimed, codeUnknown)
	case refusal.Final, claimed.Attempts >= maxAttempts:
		return s.fail(ctx, claimed, refusal.Code)
	}
	claimed.Code, claimed.DueAt = refusal.Code, now.Add(pause(claimed.Attempts))
	return s.deps.Store.UpdateMessage(ctx, claimed)
}

// pause is how long to wait after so many attempts.
func pause(attempts int) time.Duration {
	return min(firstPause<<(attempts-1), longestStop)
}

// putOff has a message wait that nobody can read for now: its tenant is suspended, or
// something is wrong with what we have. That is no attempt; it waits while it is of use.
func (s *Service) putOff(ctx context.Context, claimed Message, cause error) error {
	s.deps.Logger.WarnContext(ctx, "message: put off", "message", claimed.ID, "kind", claimed.Kind, "error", cause)
	claimed.Attempts, claimed.Code, claimed.DueAt = claimed.Attempts-1, codeNotReady, s.deps.Clock.Now().Add(putOffFor)
	return s.deps.Store.UpdateMessage(ctx, claimed)
}

// handOver ends with its time, whatever the provider does. What it had under way then may have
// been taken, unless the provider knows better.
func (s *Service) handOver(ctx context.Context, readable Readable) (string, error) {
	provider, ok := s.deps.Providers[readable.Channel]
	if !ok {
		return "", ErrChannel
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	reference, err := provider.Send(ctx, readable.To, readable.Letter, readable.Message)
	if _, said := errors.AsType[*Refusal](err); err != nil && !said && ctx.Err() != nil {
		return "", &Refusal{Code: ProviderUnavailable, Final: false, Unsure: true, Cause: err}
	}
	return reference, err
}

// fail gives a message up.
func (s *Service) fail(ctx context.Context, claimed Message, code string) error {
	claimed.Status, claimed.Code, claimed.ExpiresAt = Failed, code, s.deps.Clock.Now().Add(s.config.KeepFor)
	return s.end(ctx, claimed, func(ctx context.Context) error {
		return s.record(ctx, EventFailed, claimed, FailedData{Kind: claimed.Kind, Channel: claimed.Channel, Attempts: claimed.Attempts, Code: code})
	})
}

func (s *Service) end(ctx context.Context, ended Message, told func(ctx context.Context) error) error {
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		if err := s.deps.Store.UpdateMessage(ctx, ended); err != nil {
			return err
		}
		return told(ctx)
	})
}
