package flow

import (
	"context"
	"sync"
	"time"

	"github.com/lintel-id/lintel/server/flow/journey"
)

const lookAgain = 500 * time.Millisecond // for changes made on another node

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
	changed, leave, ok := s.changes.join(c.ID)
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
			return s.view(now), err
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
	}
	state.Node, state.Visit, state.Trail, state.Refusal = to, visit, trail[:len(trail)-1], nil
	r.state = state
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

// changes wakes those who wait for a flow in this process.
type changes struct {
	mu      sync.Mutex
	room    int
	waiting map[ID]*waiters
}

type waiters struct {
	count   int
	changed chan struct{}
}

func newChanges(room int) *changes {
	return &changes{room: room, waiting: map[ID]*waiters{}}
}

// join gives a channel that closes with the next change, and how to leave; false
// when too many wait already.
func (c *changes) join(id ID) (<-chan struct{}, func(), bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.room == 0 {
		return nil, nil, false
	}
	c.room--
	w := c.waiting[id]
	if w == nil {
		w = &waiters{count: 0, changed: make(chan struct{})}
		c.waiting[id] = w
	}
	w.count++
	return w.changed, func() { c.leave(id, w) }, true
}

func (c *changes) leave(id ID, w *waiters) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.room++
	if w.count--; w.count == 0 && c.waiting[id] == w {
		delete(c.waiting, id)
	}
}

func (c *changes) announce(id ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if w := c.waiting[id]; w != nil {
		close(w.changed)
		delete(c.waiting, id)
	}
}
