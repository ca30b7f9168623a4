package socket

import (
	"io"
	"net"
	"time"
)

const (
	lingerFor  = 500 * time.Millisecond
	lingerMost = 1 << 20 // bytes
)

// lingering lets the other end read the last answer. A socket that is closed while
// something unread lies in it is reset, and the reset overtakes the answer: whoever
// sent a body that is too long would see a broken connection and not a 413. So the
// end of our side is told first, and for a moment what still comes is thrown away.
// Spec: RFC 9112 §9.6.
type lingering struct{ *net.TCPConn }

// Close tells the end, drains and closes.
func (c lingering) Close() error {
	if c.CloseWrite() == nil {
		enough := time.AfterFunc(lingerFor, func() { _ = c.CloseRead() })
		_, _ = io.CopyN(io.Discard, c.TCPConn, lingerMost)
		enough.Stop()
	}
	return c.TCPConn.Close()
}
