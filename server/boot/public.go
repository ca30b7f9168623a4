package boot

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/sync/errgroup"

	"github.com/lintel-id/lintel/server/boot/socket"
)

// errCut tells that the deadline came before the last answer.
var errCut = errors.New("some requests were not finished before the deadline")

// publicServer answers the world on a few sockets.
type publicServer struct {
	app       *fiber.App
	listeners []net.Listener
}

// serve answers until stop is called or a socket fails.
func (s *publicServer) serve() error {
	s.app.Handler() // builds the routes, which the sockets then share
	var sockets errgroup.Group
	for _, listener := range s.listeners {
		sockets.Go(func() error {
			if err := s.app.Server().Serve(socket.Patient{Listener: listener}); err != nil {
				return fmt.Errorf("public listener: %w", err)
			}
			return nil
		})
	}
	return sockets.Wait()
}

// stop accepts nothing more and waits for what was accepted, until ctx ends.
func (s *publicServer) stop(ctx context.Context) error {
	err := s.app.ShutdownWithContext(ctx)
	// A socket that was not being served yet is unknown to the server.
	closed := socket.Close(s.listeners)
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return errCut
	case err != nil && !errors.Is(err, net.ErrClosed):
		return err
	}
	return closed
}
