package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// mostPerConnection bounds a round that its duration does not.
const mostPerConnection = 1_000_000

// load is a closed loop: each connection sends its next request when the answer to
// the last is there.
type load struct {
	address     string
	connections int
	// lasts is how long new requests are sent; 0 is until all connections have sent
	// what count says.
	lasts time.Duration
	// count is the most requests of one connection.
	count int
	want  int
	// next makes the requests of one connection.
	next func(connection int) func() []byte
	// took sees each answer, if given; connections call it side by side.
	took func(connection int, body []byte) error
}

// round is what one load has found. A rate counts whole requests over the time until
// the last answer.
type round struct {
	rate          float64
	p50, p95, p99 time.Duration
	answered      int
}

func (l load) drive(ctx context.Context) (round, error) {
	ctx, cancel := context.WithTimeout(ctx, l.lasts+time.Minute)
	defer cancel()
	connections, err := l.connect(ctx)
	defer func() {
		for _, c := range connections {
			c.close()
		}
	}()
	if err != nil {
		return round{}, err
	}
	latencies := make([][]time.Duration, l.connections)
	failed := make([]error, l.connections)
	var all sync.WaitGroup
	began := time.Now()
	for i, c := range connections {
		all.Go(func() { latencies[i], failed[i] = l.loop(ctx, i, c, began.Add(l.lasts)) })
	}
	all.Wait()
	elapsed := time.Since(began)
	if err := errors.Join(failed...); err != nil {
		return round{}, err
	}
	var merged []time.Duration
	for _, one := range latencies {
		merged = append(merged, one...)
	}
	return round{
		rate: float64(len(merged)) / elapsed.Seconds(), answered: len(merged),
		p50: percentile(merged, 50), p95: percentile(merged, 95), p99: percentile(merged, 99),
	}, nil
}

func (l load) connect(ctx context.Context) ([]*connection, error) {
	deadline := time.Now().Add(l.lasts + time.Minute)
	connections := make([]*connection, 0, l.connections)
	for range l.connections {
		c, err := dial(ctx, l.address, deadline)
		if err != nil {
			return connections, err
		}
		connections = append(connections, c)
	}
	return connections, nil
}

func (l load) loop(ctx context.Context, i int, c *connection, end time.Time) ([]time.Duration, error) {
	latencies := make([]time.Duration, 0, 1<<12)
	next := l.next(i)
	sent := time.Now()
	for range min(l.count, mostPerConnection) {
		if ctx.Err() != nil || l.lasts > 0 && !sent.Before(end) {
			break
		}
		status, body, err := c.exchange(next())
		if err == nil {
			err = wants(l.want, status, body)
		}
		if err == nil && l.took != nil {
			err = l.took(i, body)
		}
		if err != nil {
			return latencies, fmt.Errorf("%s: %w", l.address, err)
		}
		now := time.Now()
		latencies = append(latencies, now.Sub(sent))
		sent = now
	}
	return latencies, ctx.Err()
}

// same sends one request over and over.
func same(request []byte) func() []byte { return func() []byte { return request } }
