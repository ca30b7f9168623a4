package running

import (
	"bytes"
	"sync"
)

// Log keeps what a server writes, at every level and with nothing redacted, so that
// a secret which reaches the logger at all is found.
type Log struct {
	mu      sync.Mutex
	written bytes.Buffer
}

// Write appends one line.
func (l *Log) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.written.Write(line)
}

// String is everything written so far.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.written.String()
}
