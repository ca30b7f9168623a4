package socket

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"syscall"
	"time"

	"github.com/lintel-id/lintel/server/boot/config"
)

const portAttempts = 16

// Open opens the sockets of one address. localhost is both loopback
// addresses, since a browser may try either; the second is left out where the
// machine has no IPv6.
func Open(ctx context.Context, key, address string) ([]net.Listener, error) {
	host, port, err := config.SplitAddress(address)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	if host != config.Localhost {
		one, err := listen(ctx, key, host, port)
		if err != nil {
			return nil, err
		}
		return []net.Listener{one}, nil
	}
	for attempt := 1; ; attempt++ {
		both, err := listenBoth(ctx, key, port)
		// A port that was free on one may be taken on the other: try another.
		if err == nil || port != 0 || attempt == portAttempts {
			return both, err
		}
	}
}

func listenBoth(ctx context.Context, key string, port uint16) ([]net.Listener, error) {
	first, err := listen(ctx, key, config.Loopback4, port)
	if err != nil {
		return nil, err
	}
	second, err := listen(ctx, key, config.Loopback6, Port(first))
	switch {
	case err == nil:
		return []net.Listener{first, second}, nil
	case errors.Is(err, syscall.EADDRINUSE): // somebody else would answer half of the browsers
		return nil, errors.Join(err, first.Close())
	default:
		return []net.Listener{first}, nil
	}
}

func listen(ctx context.Context, key, host string, port uint16) (net.Listener, error) {
	var sockets net.ListenConfig
	listener, err := sockets.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(int(port))))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s: another program listens on port %d: %w", key, port, err)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	return listener, nil
}

// Port is the port that the system chose, where it was asked to.
func Port(listener net.Listener) uint16 {
	address, err := netip.ParseAddrPort(listener.Addr().String())
	if err != nil {
		return 0
	}
	return address.Port()
}

// Close closes all; closing twice is no error.
func Close(listeners []net.Listener) error {
	var failed error
	for _, listener := range listeners {
		if err := listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// Patient waits where the machine has no descriptor or memory for another
// connection: the library would take that for the end of the socket, and a flood
// of connections for the end of the server.
type Patient struct{ net.Listener }

const (
	firstPause = 5 * time.Millisecond
	lastPause  = time.Second
)

// Accept takes the next connection, when there is room for it.
func (p Patient) Accept() (net.Conn, error) {
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		connection, err := p.Listener.Accept()
		if plain, ok := connection.(*net.TCPConn); ok {
			return lingering{plain}, err
		}
		if !exhausted(err) {
			return connection, err
		}
		<-time.After(pause)
	}
}

func exhausted(err error) bool {
	for _, passing := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM} {
		if errors.Is(err, passing) {
			return true
		}
	}
	return false
}
