package main

import (
	"bytes"
	"context"
	"net/http"
	"time"
)

const (
	goalSession = 0.40
	goalLogin   = 0.90
	goalCommits = 1.00
)

// side is one of those that take turns.
type side struct {
	name   string
	pid    int
	load   load
	rounds []round
	cpu    []float64 // of the process for one request, in ms
}

func (s *side) once(ctx context.Context) error {
	before, unknown := cpuTime(s.pid)
	found, err := s.load.drive(ctx)
	if err != nil {
		return err
	}
	s.rounds = append(s.rounds, found)
	if after, err := cpuTime(s.pid); err == nil && unknown == nil && found.answered > 0 {
		s.cpu = append(s.cpu, milliseconds(after-before)/float64(found.answered))
	}
	return nil
}

func (s *side) rates() []float64 {
	return s.each(func(r round) float64 { return r.rate })
}

func (s *side) each(of func(round) float64) []float64 {
	values := make([]float64, len(s.rounds))
	for i, r := range s.rounds {
		values[i] = of(r)
	}
	return values
}

// tell adds what was found, one figure after the other.
func (s *side) tell(found *results, what string) {
	in := func(of func(round) time.Duration) []float64 {
		return s.each(func(r round) float64 { return milliseconds(of(r)) })
	}
	found.figure(what, "/s", s.rates())
	found.figure(what+", p50", "ms", in(func(r round) time.Duration { return r.p50 }))
	found.figure(what+", p95", "ms", in(func(r round) time.Duration { return r.p95 }))
	found.figure(what+", p99", "ms", in(func(r round) time.Duration { return r.p99 }))
	if len(s.cpu) > 0 {
		found.figure(what+", CPU of the process", "ms each", s.cpu)
	}
}

// sessions sets the session check with a warm cache against the floor.
func (b *bench) sessions(ctx context.Context, engines []*engine) error {
	floor, err := start(ctx, "hello", b.programs.floor, nil, environment())
	if err != nil {
		return err
	}
	defer floor.cancel()
	hello := &side{name: "hello", pid: floor.pid, load: b.checks(floor.address, func(int) func() []byte {
		return same(getRequest(floor.address, "/", ""))
	})}
	sides := []*side{hello}
	for _, e := range engines {
		sides = append(sides, &side{name: e.name, pid: e.server.pid, load: b.checks(e.server.address, func(i int) func() []byte {
			return same(getRequest(e.server.address, "/v1/session", e.people.token(i)))
		})})
	}
	if err := b.turns(ctx, sides); err != nil {
		return err
	}
	hello.tell(b.found, "bare server")
	for _, s := range sides[1:] {
		b.found.ratio("session checks of a bare server's, "+s.name, goalSession, quotients(s.rates(), hello.rates()))
		b.found.cpuShare("session checks: the same in CPU time, "+s.name, quotients(hello.cpu, s.cpu))
		s.tell(b.found, "session checks, "+s.name)
	}
	return floor.stop()
}

func (b *bench) checks(address string, next func(int) func() []byte) load {
	return load{
		address: address, connections: b.settings.Connections, lasts: b.settings.Duration, count: mostPerConnection,
		want: http.StatusOK, next: next,
	}
}

// turns warms every side up and then lets them go one after the other, round by
// round. Who begins changes, so that nobody always runs in another's wake.
func (b *bench) turns(ctx context.Context, sides []*side) error {
	for _, s := range sides {
		warm := s.load
		warm.lasts = warmUp
		if _, err := warm.drive(ctx); err != nil {
			return err
		}
	}
	for r := range b.settings.Rounds {
		for i := range sides {
			if err := sides[(i+r)%len(sides)].once(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func completedFlow(body []byte) bool { return bytes.Contains(body, []byte(`"status":"completed"`)) }
