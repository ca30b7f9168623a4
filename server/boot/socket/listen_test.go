package socket

import (
	"io"
	"net"
	"os"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func hasIPv6(t *testing.T) bool {
	t.Helper()
	listener, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		return false
	}
	require.NoError(t, listener.Close())
	return true
}

func TestLocalhostIsBothLoopbackAddresses(t *testing.T) {
	listeners, err := Open(t.Context(), "listen", "localhost:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, Close(listeners)) }()
	port := strconv.Itoa(int(Port(listeners[0])))
	require.Equal(t, "127.0.0.1:"+port, listeners[0].Addr().String())
	if hasIPv6(t) {
		require.Len(t, listeners, 2)
		require.Equal(t, "[::1]:"+port, listeners[1].Addr().String())
	}
}

// Somebody else on the other loopback address would answer half of the browsers.
func TestATakenPortIsToldWithItsKey(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "[::1]"} {
		if host == "[::1]" && !hasIPv6(t) {
			continue
		}
		taken, err := net.Listen("tcp", host+":0")
		require.NoError(t, err)
		port := strconv.Itoa(int(Port(taken)))
		_, err = Open(t.Context(), "operations.listen", "localhost:"+port)
		require.ErrorContains(t, err, "operations.listen: another program listens on port "+port)
		require.NoError(t, taken.Close())
	}
}

func TestOneAddressIsOneSocket(t *testing.T) {
	listeners, err := Open(t.Context(), "listen", "127.0.0.1:0")
	require.NoError(t, err)
	require.Len(t, listeners, 1)
	require.NoError(t, Close(listeners))
	require.NoError(t, Close(listeners), "closing twice is fine")
}

// brittle is a socket on a machine that is out of descriptors for a while.
type brittle struct {
	net.Listener
	failures []error
}

func (b *brittle) Accept() (net.Conn, error) {
	if len(b.failures) == 0 {
		return nil, net.ErrClosed
	}
	err := b.failures[0]
	b.failures = b.failures[1:]
	return nil, &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", err)}
}

// A flood of connections must not end the server.
func TestClass_Exhaustion_RunningOutOfDescriptorsPasses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		socket := &brittle{failures: []error{syscall.EMFILE, syscall.ENFILE, syscall.EMFILE}}
		_, err := Patient{socket}.Accept()
		require.ErrorIs(t, err, net.ErrClosed, "every other end is one")
		require.Empty(t, socket.failures)
	})
}

// Who sends more than is read still learns why it was refused.
func TestTheLastAnswerArrivesAlthoughMoreWasSent(t *testing.T) {
	listeners, err := Open(t.Context(), "listen", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, Close(listeners)) }()
	var served sync.WaitGroup
	served.Go(func() {
		connection, err := Patient{listeners[0]}.Accept()
		if assert.NoError(t, err) {
			_, err = io.ReadFull(connection, make([]byte, 1))
			assert.NoError(t, err)
			_, err = io.WriteString(connection, "too much")
			assert.NoError(t, err)
			assert.NoError(t, connection.Close())
		}
	})
	connection, err := net.Dial("tcp", listeners[0].Addr().String())
	require.NoError(t, err)
	_, err = connection.Write(make([]byte, 200_000))
	require.NoError(t, err)
	answer, err := io.ReadAll(connection)
	require.NoError(t, err)
	require.Equal(t, "too much", string(answer))
	require.NoError(t, connection.Close())
	served.Wait()
}
