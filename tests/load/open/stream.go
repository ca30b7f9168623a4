package open

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/lintel-id/lintel/tests/load/wire"
)

// patience is how long after its end a stream waits for its last answers.
const patience = 30 * time.Second

// Stream is one kind of request at a steady rate.
type Stream struct {
	Address string
	Rate    float64 // per second
	Lasts   time.Duration
	Request func(n int) []byte
	// Ready is how many connections stand before the first request, Most how many may
	// stand at all. A request that finds none is not sent, and counts as not answered.
	Ready, Most int

	dial func(ctx context.Context, address string, deadline time.Time) (*wire.Conn, error) // wire.Dial
}

// Sent is what became of one request.
type Sent struct {
	Status     int // 0 is no answer
	RetryAfter bool
	Due        time.Duration // since the stream began
	Took       time.Duration // from when it was due to the answer
	Late       time.Duration // from when it was due until we got to it
}

// Run offers the whole stream and waits for the last answer.
func (s Stream) Run(ctx context.Context) ([]Sent, error) {
	if s.dial == nil {
		s.dial = wire.Dial
	}
	pool := &pool{deadline: time.Now().Add(s.Lasts + patience), stream: s}
	defer pool.close()
	if err := pool.fill(ctx); err != nil {
		return nil, fmt.Errorf("%s: %w", s.Address, err)
	}
	count := int(s.Rate * s.Lasts.Seconds())
	sent := make([]Sent, count)
	var all sync.WaitGroup
	every := time.Duration(float64(time.Second) / s.Rate)
	err := eachDue(ctx, count, every, func(n int, due time.Time) {
		all.Go(func() {
			sent[n] = pool.send(ctx, s.Request(n), due)
			sent[n].Due = time.Duration(n) * every
		})
	})
	all.Wait()
	return sent, err
}

// eachDue calls at every due time. When it wakes late it catches up at once: the
// schedule does not move.
func eachDue(ctx context.Context, count int, every time.Duration, call func(n int, due time.Time)) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	<-timer.C
	began := time.Now()
	for n := range count {
		due := began.Add(time.Duration(n) * every)
		if wait := time.Until(due); wait > 0 {
			timer.Reset(wait)
			select {
			case <-timer.C:
			case <-ctx.Done():
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		call(n, due)
	}
	return nil
}

// pool lends connections, the one that was used last first.
type pool struct {
	stream   Stream
	deadline time.Time

	mu   sync.Mutex
	idle []*wire.Conn
	lent int
}

func (p *pool) fill(ctx context.Context) error {
	for range p.stream.Ready {
		c, err := p.stream.dial(ctx, p.stream.Address, p.deadline)
		if err != nil {
			return err
		}
		p.idle = append(p.idle, c)
	}
	return nil
}

func (p *pool) send(ctx context.Context, request []byte, due time.Time) Sent {
	found := Sent{Status: 0, RetryAfter: false, Due: 0, Took: 0, Late: max(0, time.Since(due))}
	c, standing := p.take()
	if !standing {
		return found
	}
	defer func() { p.give(c, found.Status != 0) }()
	if c == nil {
		var err error
		if c, err = p.stream.dial(ctx, p.stream.Address, p.deadline); err != nil {
			return found
		}
	}
	answer, err := c.Exchange(request)
	if err != nil {
		return found
	}
	found.Status, found.RetryAfter, found.Took = answer.Status, answer.RetryAfter, time.Since(due)
	return found
}

// take gives a connection, or the right to make one.
func (p *pool) take() (c *wire.Conn, standing bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) == 0 && p.lent >= p.stream.Most {
		return nil, false
	}
	p.lent++
	if last := len(p.idle) - 1; last >= 0 {
		c, p.idle = p.idle[last], p.idle[:last]
	}
	return c, true
}

func (p *pool) give(c *wire.Conn, usable bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lent--
	switch {
	case usable:
		p.idle = append(p.idle, c)
	case c != nil:
		c.Close()
	}
}

func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.idle {
		c.Close()
	}
}
