package boot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/boot/observe"
	"github.com/lintel-id/lintel/server/boot/socket"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/storage"
)

const (
	operationsGrace = 2 * time.Second // for a last scrape while the server stops
	tracesGrace     = 3 * time.Second // for the traces of the last requests
)

var errRan = errors.New("boot: a server runs once")

// Surroundings are what a server takes from the process around it.
type Surroundings struct {
	Clock  clock.Clock  // nil: the machine's
	Logger *slog.Logger // nil: nothing is logged
}

// NewLogger is the log that the configuration asks for.
func NewLogger(settings config.Config, out io.Writer) *slog.Logger {
	return observe.NewLogger(settings.Log, settings.Mode == config.Development, out)
}

func (s Surroundings) withDefaults() Surroundings {
	if s.Clock == nil {
		s.Clock = clock.System{}
	}
	if s.Logger == nil {
		s.Logger = slog.New(slog.DiscardHandler)
	}
	return s
}

// Server is a whole Lintel: listeners, services, workers and a database.
type Server struct {
	config     config.Config
	logger     *slog.Logger
	services   *services
	public     *publicServer
	operations *observe.Operations
	baseURL    string

	ran      atomic.Bool
	releases []func() error // the last one first
	released sync.Once
	left     error
}

// New takes the sockets, opens the database and makes everything ready; Run then
// serves. Connections that come in between wait. A server that is not run must be
// closed. What the operator can repair is told as config.Problems.
func New(ctx context.Context, settings config.Config, around Surroundings) (*Server, error) {
	if err := settings.Validate(); err != nil {
		return nil, err
	}
	around = around.withDefaults()
	s := &Server{config: settings, logger: around.Logger}
	if err := s.prepare(ctx, around); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Server) prepare(ctx context.Context, around Surroundings) error {
	measured := observe.NewMetrics()
	s.config.Database.Observer, s.config.Hasher.Observer, s.config.Outbound.Observer = measured, measured, measured
	tracing, err := observe.NewTracing(s.config.Traces, s.logger) //nolint:contextcheck // it sends until it is stopped, whatever becomes of the start
	if err != nil {
		return err
	}
	s.onRelease(func() error { return stopTracing(tracing) }) //nolint:contextcheck // the start is over by then
	public, err := socket.Open(ctx, "listen", s.config.Listen)
	if err != nil {
		return err
	}
	s.onRelease(func() error { return socket.Close(public) })
	inside, err := socket.Open(ctx, "operations.listen", s.config.Operations.Listen)
	if err != nil {
		return err
	}
	s.onRelease(func() error { return socket.Close(inside) })

	root, err := s.config.Keyring()
	if err != nil {
		return err
	}
	var movable *clock.Movable
	if s.config.TestMode {
		movable = clock.NewMovable(around.Clock)
		around.Clock = movable
	}
	db, err := s.open(ctx, around)
	if err != nil {
		return err
	}
	s.services = &services{config: s.config, clock: around.Clock, testClock: movable, logger: s.logger, db: db, measured: measured, tracer: tracing.Tracer()}
	s.onRelease(func() error { return closeParts(s.services.closers) })
	if err := s.services.wire(root); err != nil {
		return err
	}
	measured.Watch(observe.Rooms{
		Hasher: s.services.hasher, Sessions: s.services.sessions, Database: db,
		Sequencer: s.services.watch, Limiter: s.services.counts, Audit: s.services.audit, Tracing: tracing,
	})
	if err := s.furnish(ctx, public); err != nil {
		return err
	}
	s.operations = observe.NewOperations(inside, s.services.checks(), measured.Handler(), s.logger)
	return nil
}

// open opens the database, as the only server on it where that is embedded.
func (s *Server) open(ctx context.Context, around Surroundings) (*storage.DB, error) {
	if s.config.DatabaseURL.IsZero() {
		release, err := storage.ClaimDataDir(ctx, s.config.DataDir)
		if err != nil {
			return nil, fmt.Errorf("data_dir: %w", err)
		}
		s.onRelease(release)
	}
	db, err := openDatabase(ctx, s.config, around)
	if err != nil {
		return nil, err
	}
	s.onRelease(db.Close)
	return db, nil
}

// furnish brings the database to what is configured and meanwhile reads the
// contract for the public listener: the first waits for the disk, the second counts.
func (s *Server) furnish(ctx context.Context, public []net.Listener) error {
	var both errgroup.Group
	both.Go(func() error { //nolint:contextcheck // each request brings its own
		surface, err := s.services.surface()
		if err != nil {
			return err
		}
		s.public = &publicServer{app: surface.App(), listeners: public}
		return nil
	})
	both.Go(func() error {
		if err := prepareTables(ctx, s.services.db); err != nil {
			return err
		}
		here, err := s.services.founding.Declare(ctx, socket.Port(public[0]))
		s.baseURL = here.BaseURL
		return err
	})
	return both.Wait()
}

func (s *Server) onRelease(release func() error) { s.releases = append(s.releases, release) }

func closeParts(closers []func() error) error {
	var failed error
	for _, closer := range slices.Backward(closers) {
		failed = errors.Join(failed, closer())
	}
	return failed
}

// Close gives back what New took, for a server that is not run.
func (s *Server) Close() error {
	s.released.Do(func() { s.left = closeParts(s.releases) })
	return s.left
}

// PublicAddress is where the first public socket listens.
func (s *Server) PublicAddress() string { return s.public.listeners[0].Addr().String() }

// OperationsAddress is where the first operations socket listens.
func (s *Server) OperationsAddress() string { return s.operations.Address() }

// BaseURL is what the default tenant is called.
func (s *Server) BaseURL() string { return s.baseURL }

// Run serves until ctx ends or a socket fails, then stops in order; see the
// package's comment. It returns when nothing of the server is left.
func (s *Server) Run(ctx context.Context) error {
	if !s.ran.CompareAndSwap(false, true) {
		return errRan
	}
	s.warn(ctx)
	background, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	var workers sync.WaitGroup
	workers.Go(func() { runWorkers(background, s.services.workers(), s.logger) })

	sockets, failed := errgroup.WithContext(background)
	sockets.Go(s.public.serve)
	sockets.Go(s.operations.Serve)
	s.logger.InfoContext(ctx, "serving", "address", s.PublicAddress(), "operations", s.OperationsAddress(),
		"base_url", s.baseURL, "mode", string(s.config.Mode), "database", string(s.services.db.Engine()))
	select {
	case <-ctx.Done():
	case <-failed.Done():
	}

	watch := clock.Started()
	s.logger.InfoContext(ctx, "stopping")
	s.operations.Stopping()
	err := s.finish(background)
	end()
	workers.Wait()
	err = errors.Join(err, s.stopOperations(ctx), sockets.Wait(), s.Close())
	s.logger.InfoContext(ctx, "stopped", "after", watch.Elapsed())
	return err
}

// stopTracing comes last, so that nothing is traced any more. It has a context of its
// own: whatever ended the server has ended the other one.
func stopTracing(tracing *observe.Tracing) error {
	ctx, cancel := context.WithTimeout(context.Background(), tracesGrace)
	defer cancel()
	return tracing.Stop(ctx)
}

// finish closes the public listener and waits for what was accepted.
func (s *Server) finish(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.ShutdownTimeout)
	defer cancel()
	if err := s.public.stop(ctx); err != nil {
		return fmt.Errorf("stopping: %w", err)
	}
	return nil
}

func (s *Server) stopOperations(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), operationsGrace)
	defer cancel()
	return s.operations.Stop(ctx)
}

// warn tells what is allowed and still worth a second look.
func (s *Server) warn(ctx context.Context) {
	if s.config.TestMode {
		s.logger.WarnContext(ctx, "test mode: anybody may move the clock")
	}
	if s.config.Mode == config.Development && !config.OnLoopback(s.config.Listen) {
		s.logger.WarnContext(ctx, "a development server listens for other machines", "listen", s.config.Listen)
	}
}
