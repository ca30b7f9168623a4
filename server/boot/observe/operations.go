package observe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	checkTimeout     = 2 * time.Second
	operationTimeout = 10 * time.Second
	operationHeader  = 8 << 10
)

// Check is one condition of being ready.
type Check struct {
	Name string
	Ask  func(ctx context.Context) error
}

// Operations answers the platform, on sockets of its own:
//
//	/livez    200 while the process answers
//	/readyz   200 when it should be given requests, else 503 with the names of the
//	          checks that fail: database, migrations, sequencer, stopping
//	/metrics  see Metrics
type Operations struct {
	server    *http.Server
	listeners []net.Listener
	checks    []Check
	stopping  atomic.Bool
	logger    *slog.Logger
}

// NewOperations answers on the sockets once it serves.
func NewOperations(listeners []net.Listener, checks []Check, metrics http.Handler, logger *slog.Logger) *Operations {
	o := &Operations{listeners: listeners, checks: checks, logger: logger}
	routes := http.NewServeMux()
	routes.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, readiness{Status: "alive"})
	})
	routes.HandleFunc("GET /readyz", o.ready)
	routes.Handle("GET /metrics", metrics)
	o.server = &http.Server{
		Handler: routes, ReadHeaderTimeout: operationTimeout, ReadTimeout: operationTimeout,
		WriteTimeout: operationTimeout, IdleTimeout: time.Minute, MaxHeaderBytes: operationHeader,
		ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
	}
	return o
}

// readiness is what /livez and /readyz answer.
type readiness struct {
	Status  string   `json:"status"`
	Failing []string `json:"failing,omitempty"`
}

func (o *Operations) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), checkTimeout)
	defer cancel()
	var failing []string
	if o.stopping.Load() {
		failing = append(failing, "stopping")
	}
	for _, c := range o.checks {
		if err := c.Ask(ctx); err != nil {
			o.logger.WarnContext(ctx, "not ready", "check", c.Name, "error", err)
			failing = append(failing, c.Name)
		}
	}
	if len(failing) > 0 {
		answer(w, http.StatusServiceUnavailable, readiness{Status: "not_ready", Failing: failing})
		return
	}
	answer(w, http.StatusOK, readiness{Status: "ready"})
}

func answer(w http.ResponseWriter, status int, body readiness) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // whoever asked has gone
}

// Stopping makes the server not ready while it still answers.
func (o *Operations) Stopping() { o.stopping.Store(true) }

// Address is where the first socket listens.
func (o *Operations) Address() string { return o.listeners[0].Addr().String() }

// Serve answers until Stop is called or a socket fails.
func (o *Operations) Serve() error {
	var sockets errgroup.Group
	for _, listener := range o.listeners {
		sockets.Go(func() error {
			if err := o.server.Serve(listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
				return fmt.Errorf("operations listener: %w", err)
			}
			return nil
		})
	}
	return sockets.Wait()
}

// Stop ends the sockets; an answer that takes longer than ctx is cut.
func (o *Operations) Stop(ctx context.Context) error {
	err := o.server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, o.server.Close())
	}
	for _, listener := range o.listeners {
		// A socket that was not being served yet is unknown to the server.
		if closing := listener.Close(); closing != nil && !errors.Is(closing, net.ErrClosed) {
			err = errors.Join(err, closing)
		}
	}
	return err
}
