package boot

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/boot/socket"
)

// slow is a server with one request that stays until it is released.
type slow struct {
	server  *publicServer
	entered chan struct{}
	release chan struct{}
	served  chan error
	client  *http.Client
}

func newSlow(t *testing.T) *slow {
	t.Helper()
	listeners, err := socket.Open(t.Context(), "listen", "127.0.0.1:0")
	require.NoError(t, err)
	s := &slow{
		entered: make(chan struct{}), release: make(chan struct{}), served: make(chan error, 1),
		client: &http.Client{Transport: &http.Transport{}},
	}
	t.Cleanup(s.client.CloseIdleConnections)
	app := fiber.New(fiber.Config{IdleTimeout: time.Minute, DisableStartupMessage: true})
	app.Get("/slow", func(c *fiber.Ctx) error {
		close(s.entered)
		<-s.release
		return c.SendString("done")
	})
	s.server = &publicServer{app: app, listeners: listeners}
	return s
}

type response struct {
	body string
	err  error
}

func (s *slow) get() <-chan response {
	answered := make(chan response, 1)
	go func() {
		got, err := s.client.Get("http://" + s.server.listeners[0].Addr().String() + "/slow")
		if err != nil {
			answered <- response{err: err}
			return
		}
		defer got.Body.Close()
		body, err := io.ReadAll(got.Body)
		answered <- response{body: string(body), err: err}
	}()
	return answered
}

func TestStoppingFinishesWhatWasAccepted(t *testing.T) {
	s := newSlow(t)
	go func() { s.served <- s.server.serve() }()
	answered := s.get()
	<-s.entered

	stopped := make(chan error, 1)
	go func() { stopped <- s.server.stop(context.Background()) }()
	require.NoError(t, <-s.served, "the socket is closed at once")
	require.Error(t, (<-s.get()).err, "nothing more is accepted")
	require.Empty(t, stopped, "it waits for the request")

	close(s.release)
	got := <-answered
	require.NoError(t, got.err)
	require.Equal(t, "done", got.body)
	require.NoError(t, <-stopped)
}

func TestStoppingGivesUpAtTheDeadline(t *testing.T) {
	s := newSlow(t)
	go func() { s.served <- s.server.serve() }()
	answered := s.get()
	<-s.entered
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, s.server.stop(ctx), errCut)
	close(s.release)
	<-answered
	require.NoError(t, <-s.served)
}

// A stop that comes before serving has begun must not leave a socket open.
func TestStoppingBeforeServing(t *testing.T) {
	s := newSlow(t)
	require.NoError(t, s.server.stop(t.Context()))
	require.NoError(t, s.server.serve())
	require.Error(t, (<-s.get()).err)
}
