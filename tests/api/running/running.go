package running

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/boot"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/platform/trace"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/tests/fixtures/postgres"
)

// Engines are the database systems that every scenario runs on.
func Engines() []storage.Engine { return []storage.Engine{storage.SQLite, storage.Postgres} }

// Place is where a server keeps its rows; others may follow the first, or join it.
type Place struct {
	Engine storage.Engine
	url    string
	dir    string
	starts int
}

// NewPlace makes an empty place that lives as long as the test.
func NewPlace(tb testing.TB, engine storage.Engine) *Place {
	tb.Helper()
	place := &Place{Engine: engine, url: "", dir: tb.TempDir(), starts: 0}
	if engine == storage.Postgres {
		place.url = postgres.NewDatabase(tb)
	}
	return place
}

// clock stands a minute after that of the server before, so that what that one had
// leased for seconds is free.
func (p *Place) clock() *clock.Fake {
	p.starts++
	return clock.NewFake(time.Date(2030, 1, 2, 3, p.starts, 0, 0, time.UTC))
}

// Server is a running Lintel.
type Server struct {
	URL     string // what the server calls itself
	Address string // where its first public socket listens
	Clock   *clock.Fake
	Log     *Log
	Events  *storage.Events // a handle of the test's own on the same rows
	DB      *storage.DB

	stop   func() error
	place  *Place
	opener *opener

	arrivals sync.Mutex
	arrived  map[string]int // the messages that were seen so far, by file, in order
}

// Start runs a development server until the test ends or Stop is called. Hashing is
// cheap and the clock stands; adjust changes the rest.
func Start(tb testing.TB, place *Place, adjust func(*config.Config)) *Server {
	tb.Helper()
	s := &Server{Clock: place.clock(), Log: &Log{}, place: place, arrived: map[string]int{}}
	settings := place.settings(adjust)
	ctx := context.Background()
	around := boot.Surroundings{Clock: s.Clock, Logger: slog.New(trace.Correlated(slog.NewJSONHandler(s.Log, &slog.HandlerOptions{Level: slog.LevelDebug})))}
	if place.Engine == storage.Postgres {
		_, err := boot.Migrate(ctx, settings, around)
		require.NoError(tb, err)
	}
	server, err := boot.New(ctx, settings, around)
	require.NoError(tb, err)
	s.URL, s.Address = server.BaseURL(), server.PublicAddress()
	s.run(tb, server)

	s.DB, err = storage.Open(ctx, storage.Config{
		URL: place.url, DataDir: place.dir, Clock: s.Clock, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	require.NoError(tb, err)
	tb.Cleanup(func() {
		if err := s.DB.Close(); err != nil {
			tb.Errorf("close the test's handle: %v", err)
		}
	})
	s.Events = storage.NewEvents(s.DB)
	s.opener, err = newOpener(settings, s.Clock, s.DB)
	require.NoError(tb, err)
	return s
}

func (p *Place) settings(adjust func(*config.Config)) config.Config {
	settings := config.Default()
	settings.Listen, settings.Operations.Listen = "localhost:0", "localhost:0"
	settings.DataDir, settings.DatabaseURL = p.dir, secret.NewText(p.url)
	settings.Hasher.Cost = password.Cost{Memory: 64, Time: 1, Threads: 1}
	if adjust != nil {
		adjust(&settings)
	}
	return settings
}

// run serves in the background and makes Stop wait for the end of all of it.
func (s *Server) run(tb testing.TB, server *boot.Server) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	s.stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	tb.Cleanup(func() {
		if err := s.stop(); err != nil {
			tb.Errorf("the server did not stop in order: %v", err)
		}
	})
}

// Stop ends the server and tells whether it stopped in order, with nothing left.
func (s *Server) Stop() error { return s.stop() }
