package boot

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

// check is one condition of being ready.
type check struct {
	name string
	ask  func(ctx context.Context) error
}

// operations answers the platform, on sockets of its own:
//
//	/livez    200 while the process answers
//	/readyz   200 when it should be given requests, else 503 with the names of the
//	          checks that fail: database, migrations, sequencer, stopping
//	/metrics  see metrics
type operations struct {
	server    *http.Server
	listeners []net.Listener
	checks    []check
	stopping  atomic.Bool
	logger    *slog.Logger
}

func newOperations(listeners []net.Listener, checks []check, metrics http.Handler, logger *slog.Logger) *operations {
	o := &operations{listeners: listeners, checks: checks, logger: logger}
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

func (o *operations) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), checkTimeout)
	defer cancel()
	var failing []string
	if o.stopping.Load() {
		failing = append(failing, "stopping")
	}
	for _, c := range o.checks {
		if err := c.ask(ctx); err != nil {
			o.logger.WarnContext(ctx, "not ready", "check", c.name, "error", err)
			failing = append(failing, c.name)
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

// serve answers until stop is called or a socket fails.
func (o *operations) serve() error {
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

// stop ends the sockets; an answer that takes longer than ctx is cut.
func (o *operations) stop(ctx context.Context) error {
	err := o.server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, o.server.Close())
	}
	return errors.Join(err, closeAll(o.listeners))
}
