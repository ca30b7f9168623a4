package fault_test

import (
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// proxy stands between a server and its PostgreSQL, and fails on request.
type proxy struct {
	listener net.Listener
	upstream string

	mu    sync.Mutex
	gone  bool          // connections are ended, and no new ones come about
	flows chan struct{} // closed while bytes pass
	ends  map[net.Conn]struct{}
}

// newProxy leads to the database and gives the address that passes through it.
func newProxy(t *testing.T, database string) (*proxy, string) {
	t.Helper()
	parsed, err := url.Parse(database)
	require.NoError(t, err)
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &proxy{
		listener: listener, upstream: filepath.Join(parsed.Query().Get("host"), ".s.PGSQL.5432"),
		flows: make(chan struct{}), ends: map[net.Conn]struct{}{},
	}
	close(p.flows)
	go p.accept()
	t.Cleanup(func() {
		require.NoError(t, listener.Close())
		p.cut()
	})
	return p, "postgres://lintel@" + listener.Addr().String() + "/" + strings.TrimPrefix(parsed.Path, "/") + "?sslmode=disable"
}

func (p *proxy) accept() {
	for {
		near, err := p.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("unix", p.upstream)
		if err != nil || !p.keep(near, far) {
			_ = near.Close()
			if err == nil {
				_ = far.Close()
			}
			continue
		}
		go p.pass(near, far)
		go p.pass(far, near)
	}
}

func (p *proxy) keep(conns ...net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, conn := range conns {
		p.ends[conn] = struct{}{}
	}
	return !p.gone
}

// pass carries bytes until one end is closed; while nothing may pass they wait.
func (p *proxy) pass(to, from net.Conn) {
	defer func() {
		_, _ = to.Close(), from.Close()
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.ends, to)
		delete(p.ends, from)
	}()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		p.mu.Lock()
		open := p.flows
		p.mu.Unlock()
		<-open
		if _, failed := to.Write(buffer[:n]); failed != nil || err != nil {
			return
		}
	}
}

// stall holds everything back, without telling anybody, until heal.
func (p *proxy) stall() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.flows = make(chan struct{})
}

// cut ends every connection and lets no new one come about, until heal.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gone = true
	for conn := range p.ends {
		_ = conn.Close()
	}
}

func (p *proxy) heal() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gone = false
	select {
	case <-p.flows:
	default:
		close(p.flows)
	}
}
