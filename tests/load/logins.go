package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/lintel-id/lintel/server/password"
)

// registrations makes the people, engine by engine in turns, and tells the rate.
func (b *bench) registrations(ctx context.Context, engines []*engine) error {
	rates := make([][]float64, len(engines))
	each := (b.settings.Users + b.settings.Rounds - 1) / b.settings.Rounds
	connections := min(each, b.settings.LoginConnections)
	for range b.settings.Rounds {
		for i, e := range engines {
			found, err := e.people.register(ctx, each, connections)
			if err != nil {
				return err
			}
			rates[i] = append(rates[i], found.rate)
		}
	}
	for i, e := range engines {
		b.found.figure("registrations, "+e.name, "/s", rates[i])
	}
	return nil
}

// logins sets logins against the hash that each of them has to compute, and tells
// how many flows can be started when nothing is hashed.
func (b *bench) logins(ctx context.Context, engines []*engine) error {
	hashes := &hashing{}
	var logins, starts []*side
	for _, e := range engines {
		logins = append(logins, &side{name: e.name, pid: e.server.pid, load: load{
			address: e.server.address, connections: b.settings.LoginConnections, lasts: b.settings.Duration,
			count: mostPerConnection, want: http.StatusCreated, took: loggedIn,
			next: func(int) func() []byte { return e.people.login },
		}})
		start := same(e.people.request(submission{Journey: "login", Transport: "token", Submit: nil}))
		starts = append(starts, &side{name: e.name, pid: e.server.pid, load: load{
			address: e.server.address, connections: b.settings.Connections, lasts: b.settings.Duration,
			count: mostPerConnection, want: http.StatusCreated,
			next: func(int) func() []byte { return start },
		}})
	}
	(&hashing{}).once(ctx, warmUp)
	for r := range b.settings.Rounds {
		hashes.once(ctx, b.settings.Duration)
		for i := range logins {
			if err := logins[(i+r)%len(logins)].once(ctx); err != nil {
				return err
			}
		}
	}
	if err := b.turns(ctx, starts); err != nil {
		return fmt.Errorf("flow starts: %w", err)
	}
	b.found.figure("password hashes alone", "/s", hashes.rates)
	b.found.figure("password hashes alone, CPU", "ms each", hashes.cpu)
	for i := range logins {
		b.found.ratio("logins of the hashes alone, "+logins[i].name, goalLogin, quotients(logins[i].rates(), hashes.rates))
		b.found.cpuShare("logins: the same in CPU time, "+logins[i].name, quotients(hashes.cpu, logins[i].cpu))
		logins[i].tell(b.found, "logins, "+logins[i].name)
		starts[i].tell(b.found, "flow starts, "+starts[i].name)
	}
	return nil
}

// hashing is the floor of a login: hashes of the default cost, one worker for each
// core, and nothing else.
type hashing struct {
	rates, cpu []float64
}

func (h *hashing) once(ctx context.Context, lasts time.Duration) {
	cost := password.DefaultCost()
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails
	var done atomic.Int64
	var workers sync.WaitGroup
	before, unknown := cpuTime(os.Getpid())
	began := time.Now()
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for ctx.Err() == nil && time.Since(began) < lasts {
				argon2.IDKey([]byte(phrase), salt, cost.Time, cost.Memory, cost.Threads, 32)
				done.Add(1)
			}
		})
	}
	workers.Wait()
	hashes := float64(max(1, done.Load()))
	h.rates = append(h.rates, hashes/time.Since(began).Seconds())
	if after, err := cpuTime(os.Getpid()); err == nil && unknown == nil {
		h.cpu = append(h.cpu, milliseconds(after-before)/hashes)
	}
}
