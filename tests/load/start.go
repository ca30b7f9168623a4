package main

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"time"

	"github.com/lintel-id/lintel/tests/load/process"
	"github.com/lintel-id/lintel/tests/load/report"
	"github.com/lintel-id/lintel/tests/load/stand"
	"github.com/lintel-id/lintel/tests/load/wire"
)

const (
	goalStart    = 100 // ms, about
	goalMemory   = 45  // MB, about
	idleFor      = time.Second
	answerWithin = 20 * time.Second
)

// coldStarts starts the server again and again on a database that exists, and sees
// how long its first answer takes and what it holds while nobody asks.
func (b *bench) coldStarts(ctx context.Context) error {
	port, err := freePort(ctx)
	if err != nil {
		return err
	}
	// The same address each time, as it is for whoever restarts a server: in
	// development a server's addresses are part of what it stores.
	environ := process.Environment(append(stand.Environ(filepath.Join(b.dir, "start")), "LINTEL_LISTEN="+port)...)
	var ready, fresh, idle []float64
	for n := range b.settings.starts + 1 {
		one, err := b.coldStart(ctx, environ)
		if err != nil {
			return err
		}
		if n == 0 {
			b.found.Figure("first start, which makes the database", "ms", one.ready)
			continue
		}
		ready, fresh, idle = append(ready, one.ready), append(fresh, one.fresh), append(idle, one.idle)
	}
	b.found.Goal("cold start to the first 200", "ms", report.Near, goalStart, ready)
	b.found.Goal("memory after a second of idling", "MB", report.Near, goalMemory, idle)
	b.found.Figure("memory at the first answer", "MB", fresh...)
	return nil
}

// begun is one start: when it answered, and its memory then and later.
type begun struct {
	ready, fresh, idle float64
}

func (b *bench) coldStart(ctx context.Context, environ []string) (found begun, err error) {
	server, err := process.Start(ctx, "server", b.programs.Server, []string{"serve"}, environ)
	if err != nil {
		return begun{}, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	if err := wire.Once(ctx, server.Address, "/v1/configuration", answerWithin); err != nil {
		return begun{}, err
	}
	found.ready = report.Milliseconds(time.Since(server.Started))
	if found.fresh, err = process.ResidentMB(server.PID); err != nil {
		return found, nil // not told by this machine
	}
	idle := time.NewTimer(idleFor)
	defer idle.Stop()
	select {
	case <-idle.C:
	case <-ctx.Done():
		return begun{}, ctx.Err()
	}
	found.idle, err = process.ResidentMB(server.PID)
	return found, err
}

// freePort is an address that nobody listens on at the moment.
func freePort(ctx context.Context) (string, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}
