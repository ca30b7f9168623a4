package api_test

import (
	"bufio"
	"bytes"
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp/fasthttputil"

	"github.com/lintel-id/lintel/server/api"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/rate"
)

// BenchmarkSession is the warm session check with everything on, and beside it what
// a handler costs that says hello; the house promises two fifths of that.
func BenchmarkSession(b *testing.B) {
	h := build(b, nil)
	token := h.register(b, "ada@example.com")
	deps := h.deps
	deps.Metrics, deps.Logger, deps.Clock = nothing{}, slog.New(slog.DiscardHandler), clock.System{}
	config := api.DefaultConfig()
	config.Limits.Account = rate.Limit{Rate: 1_000_000, Period: time.Second, Burst: 1_000_000} // counted, and never reached
	limiter, err := rate.NewMemory(rate.MemoryDeps{Clock: deps.Clock}, rate.DefaultMemoryConfig())
	require.NoError(b, err)
	deps.Limiter = limiter
	made, err := api.New(deps, config)
	require.NoError(b, err)
	hello := fiber.New(fiber.Config{DisableStartupMessage: true})
	hello.Get("/", func(c *fiber.Ctx) error { return c.SendString("Hello, World!") })

	const greeting = "GET / HTTP/1.1\r\nHost: localhost:8080\r\n\r\n"
	check := "GET /v1/session HTTP/1.1\r\nHost: localhost:8080\r\nAuthorization: Bearer " + token + "\r\nUser-Agent: bench\r\n\r\n"
	b.Run("memory/hello", func(b *testing.B) { throughput(b, hello, inMemory(), greeting) })
	b.Run("memory/session", func(b *testing.B) { throughput(b, made.App(), inMemory(), check) })
	b.Run("tcp/hello", func(b *testing.B) { throughput(b, hello, onLoopback(b), greeting) })
	b.Run("tcp/session", func(b *testing.B) { throughput(b, made.App(), onLoopback(b), check) })
}

// line is a listener and how to reach it.
type line struct {
	net.Listener
	dial func() (net.Conn, error)
}

func inMemory() line {
	listener := fasthttputil.NewInmemoryListener()
	return line{listener, listener.Dial}
}

func onLoopback(b *testing.B) line {
	listener, err := (&net.ListenConfig{}).Listen(b.Context(), "tcp", "127.0.0.1:0")
	require.NoError(b, err)
	address := listener.Addr().String()
	return line{listener, func() (net.Conn, error) { return net.Dial("tcp", address) }}
}

// throughput sends the same request over as many connections as run in parallel.
func throughput(b *testing.B, app *fiber.App, listener line, request string) {
	ended := make(chan error, 1)
	go func() { ended <- app.Listener(listener) }()
	defer func() {
		require.NoError(b, app.Shutdown())
		require.NoError(b, <-ended)
	}()
	b.SetParallelism(32)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		conn, err := listener.dial()
		if err != nil {
			b.Error(err)
			return
		}
		defer conn.Close()
		reader := bufio.NewReader(conn)
		for pb.Next() {
			if err := exchange(conn, reader, request); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.StopTimer()
}

// exchange is a client that costs next to nothing: it finds the length and skips.
func exchange(conn net.Conn, reader *bufio.Reader, request string) error {
	if _, err := conn.Write([]byte(request)); err != nil {
		return err
	}
	length, first := 0, true
	for {
		line, err := reader.ReadSlice('\n')
		if err != nil {
			return err
		}
		if first && !bytes.HasPrefix(line, []byte("HTTP/1.1 200")) {
			return fiber.NewError(fiber.StatusTeapot, string(line))
		}
		first = false
		if len(line) == 2 {
			break
		}
		if rest, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			for _, digit := range bytes.TrimSpace(rest) {
				length = length*10 + int(digit-'0')
			}
		}
	}
	_, err := reader.Discard(length)
	return err
}
