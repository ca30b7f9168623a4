package drive

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/lintel-id/lintel/tests/load/report"
	"github.com/lintel-id/lintel/tests/load/wire"
)

// mostPerConnection bounds a round that its duration does not.
const mostPerConnection = 1_000_000

// Act is what a connection does over and over: one exchange or a few.
type Act func(c *wire.Conn) error

// Load is a closed loop: each connection acts again when the answer to the last is
// there.
type Load struct {
	Address     string
	Connections int
	// Lasts is how long connections act anew; 0 is until all have done what Count says.
	Lasts time.Duration
	// Count is the most that one connection does; 0 is as often as there is time.
	Count int
	// Act makes what one connection does.
	Act func(connection int) Act
}

// Round is what one load has found. A rate counts whole acts over the time until
// the last answer.
type Round struct {
	Rate          float64
	P50, P95, P99 time.Duration
	Answered      int
}

// NewRound sums up how long each took. The durations are sorted in place.
func NewRound(took []time.Duration, elapsed time.Duration) Round {
	return Round{
		Rate: float64(len(took)) / elapsed.Seconds(), Answered: len(took),
		P50: report.Percentile(took, 50), P95: report.Percentile(took, 95), P99: report.Percentile(took, 99),
	}
}

// Drive runs the loop once; the first answer that is not wanted ends it.
func (l Load) Drive(ctx context.Context) (Round, error) {
	ctx, cancel := context.WithTimeout(ctx, l.Lasts+time.Minute)
	defer cancel()
	connections, err := l.connect(ctx)
	defer func() {
		for _, c := range connections {
			c.Close()
		}
	}()
	if err != nil {
		return Round{}, err
	}
	latencies := make([][]time.Duration, l.Connections)
	failed := make([]error, l.Connections)
	var all sync.WaitGroup
	began := time.Now()
	for i, c := range connections {
		all.Go(func() { latencies[i], failed[i] = l.loop(ctx, i, c, began.Add(l.Lasts)) })
	}
	all.Wait()
	elapsed := time.Since(began)
	if err := errors.Join(failed...); err != nil {
		return Round{}, err
	}
	var merged []time.Duration
	for _, one := range latencies {
		merged = append(merged, one...)
	}
	return NewRound(merged, elapsed), nil
}

func (l Load) connect(ctx context.Context) ([]*wire.Conn, error) {
	deadline := time.Now().Add(l.Lasts + time.Minute)
	connections := make([]*wire.Conn, 0, l.Connections)
	for range l.Connections {
		c, err := wire.Dial(ctx, l.Address, deadline)
		if err != nil {
			return connections, err
		}
		connections = append(connections, c)
	}
	return connections, nil
}

func (l Load) loop(ctx context.Context, i int, c *wire.Conn, end time.Time) ([]time.Duration, error) {
	latencies := make([]time.Duration, 0, 1<<12)
	act := l.Act(i)
	most := l.Count
	if most == 0 {
		most = mostPerConnection
	}
	sent := time.Now()
	for range most {
		if ctx.Err() != nil || l.Lasts > 0 && !sent.Before(end) {
			break
		}
		if err := act(c); err != nil {
			return latencies, fmt.Errorf("%s: %w", l.Address, err)
		}
		now := time.Now()
		latencies = append(latencies, now.Sub(sent))
		sent = now
	}
	return latencies, ctx.Err()
}

// Ask is an act of one exchange; look sees the body of the wanted answer, if given.
func Ask(want int, next func() []byte, look func(body []byte) error) Act {
	return func(c *wire.Conn) error {
		answer, err := c.Exchange(next())
		if err != nil {
			return err
		}
		if err := answer.Wants(want); err != nil || look == nil {
			return err
		}
		return look(answer.Body)
	}
}

// Same sends one request over and over.
func Same(request []byte) func() []byte { return func() []byte { return request } }
