package flow

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

const (
	lookAgain     = 2 * time.Second // for changes made on another node
	maxPerFlow    = 4               // long polls on one flow
	maxPerAddress = 64              // long polls from one address
)

// Read gives the current state; with a wait, once it is past the revision that the
// caller has seen, or when the time is over.
func (s *Service) Read(ctx context.Context, access Access, wait time.Duration, seen *int64) (View, error) {
	c, err := s.open(ctx, access)
	if err != nil {
		return View{}, err
	}
	r, err := s.load(ctx, c)
	if err != nil {
		return View{}, err
	}
	if wait <= 0 || r.row.Status != Active || seen != nil && *seen < r.row.Revision {
		return s.view(r), nil
	}
	return s.wait(ctx, c, r, min(wait, s.config.MaxWait))
}

func (s *Service) wait(ctx context.Context, c claims, r run, wait time.Duration) (View, error) {
	changed, leave, ok := s.changes.join(c.ID, rate.Source(reqctx.ClientOf(ctx).Address))
	if !ok {
		return View{}, ErrTooManyWaiting.After(time.Second)
	}
	defer leave()
	over := time.NewTimer(wait)
	defer over.Stop()
	again := time.NewTicker(lookAgain)
	defer again.Stop()
	for ended := false; ; {
		now, err := s.load(ctx, c)
		if err != nil {
			return View{}, err
		}
		if ended || now.row.Revision != r.row.Revision || now.row.Status != r.row.Status {
			return s.view(now), nil
		}
		select {
		case <-ctx.Done():
			now, err := s.load(context.WithoutCancel(ctx), c)
			if err != nil {
				return View{}, err
			}
			return s.view(now), nil
		case <-over.C:
			ended = true
		case <-again.C:
		case <-changed:
		}
	}
}

// Back returns to the question before, where the journey allows it. Going back to
// the first one forgets what was gathered.
func (s *Service) Back(ctx context.Context, access Access) (View, error) {
	c, err := s.open(ctx, access)
	if err != nil {
		return View{}, err
	}
	r, err := s.load(ctx, c)
	if err != nil {
		return View{}, err
	}
	if !r.canGoBack() {
		return View{}, ErrMoved
	}
	visit, trail := r.state.Visit+1, r.state.Trail
	to := trail[len(trail)-1]
	state := r.state.Clone()
	if to == r.journey.Nodes[0].Name {
		state = s.begin(c, r.app, r.journey, r.now).state
		state.Spent = r.state.Spent
	}
	state.Node, state.Visit, state.Trail, state.Refusal = to, visit, trail[:len(trail)-1], nil
	state.Signals = nil
	r.state = state
	if err := s.prepare(ctx, &r); err != nil {
		return View{}, err
	}
	answer, err := s.settle(ctx, r, Retry{}, Result{})
	return answer.View, err
}

// Abandon ends a flow and forgets what it was told; one that has ended stays as it is.
func (s *Service) Abandon(ctx context.Context, access Access) error {
	c, err := s.open(ctx, access)
	if err != nil {
		return err
	}
	r, err := s.load(ctx, c)
	if err != nil {
		return err
	}
	if r.row.Status != Active {
		return nil
	}
	r.state = s.begin(c, r.app, r.journey, r.now).state
	r.state.Node = journey.Done
	r.row.Status = Expired
	_, err = s.settle(ctx, r, Retry{}, Result{})
	return err
}
