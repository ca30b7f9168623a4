package wire

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// maxBody is far over the longest answer of the server.
const maxBody = 1 << 20

// ErrAnswer says that an answer could not be read.
var ErrAnswer = errors.New("not an answer with a length")

// Conn is one kept-alive connection. It reads no more of an answer than it must,
// since whatever the load takes of the machine is missing to who is measured.
type Conn struct {
	conn net.Conn
	in   *bufio.Reader
	body []byte
}

// Answer is what came back. The body is the connection's own until the next exchange.
type Answer struct {
	Status     int
	Body       []byte
	RetryAfter bool // whether the answer says when to come again
}

// Dial connects; everything on the connection has to be over by the deadline.
func Dial(ctx context.Context, address string, deadline time.Time) (*Conn, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	if err := conn.SetDeadline(deadline); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return New(conn), nil
}

// New speaks over a connection that stands.
func New(conn net.Conn) *Conn {
	return &Conn{conn: conn, in: bufio.NewReaderSize(conn, 8<<10), body: nil}
}

// Close ends the connection.
func (c *Conn) Close() { _ = c.conn.Close() }

// Exchange sends a whole request and reads the answer.
func (c *Conn) Exchange(request []byte) (Answer, error) {
	if _, err := c.conn.Write(request); err != nil {
		return Answer{}, err
	}
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return Answer{}, err
	}
	if len(line) < len("HTTP/1.1 200") {
		return Answer{}, ErrAnswer
	}
	var answer Answer
	if answer.Status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return Answer{}, ErrAnswer
	}
	length, err := c.header(&answer)
	if err != nil {
		return Answer{}, err
	}
	if cap(c.body) < length {
		c.body = make([]byte, length)
	}
	c.body = c.body[:length]
	answer.Body = c.body
	_, err = io.ReadFull(c.in, c.body)
	return answer, err
}

// header reads to the empty line and gives the length of the body.
func (c *Conn) header(answer *Answer) (length int, err error) {
	length = -1
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(line) <= len("\r\n") {
			break
		}
		if value, found := field(line, "content-length"); found {
			if length, err = strconv.Atoi(string(value)); err != nil {
				return 0, ErrAnswer
			}
		} else if value, found := field(line, "retry-after"); found {
			answer.RetryAfter = len(value) > 0
		}
	}
	if length < 0 || length > maxBody {
		return 0, ErrAnswer
	}
	return length, nil
}

func field(line []byte, name string) (value []byte, found bool) {
	if len(line) <= len(name) || line[len(name)] != ':' || !bytes.EqualFold(line[:len(name)], []byte(name)) {
		return nil, false
	}
	return bytes.TrimSpace(line[len(name)+1:]), true
}

// Get spells a request once for many uses.
func Get(address, path, token string) []byte {
	return []byte("GET " + path + " HTTP/1.1\r\nHost: " + address + "\r\n" + bearer(token) + "\r\n")
}

// Post spells a request with a body; more are whole header lines.
func Post(address, path, token string, body []byte, more ...string) []byte {
	request := fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s",
		path, address, len(body), bearer(token))
	for _, line := range more {
		request = append(append(request, line...), "\r\n"...)
	}
	return append(append(request, "\r\n"...), body...)
}

func bearer(token string) string {
	if token == "" {
		return ""
	}
	return "Authorization: Bearer " + token + "\r\n"
}

// Once asks a single time and wants 200.
func Once(ctx context.Context, address, path string, within time.Duration) error {
	c, err := Dial(ctx, address, time.Now().Add(within))
	if err != nil {
		return err
	}
	defer c.Close()
	answer, err := c.Exchange(Get(address, path, ""))
	if err != nil {
		return err
	}
	return answer.Wants(http.StatusOK)
}

// Wants tells what came instead of the status that was wanted.
func (a Answer) Wants(status int) error {
	if a.Status == status {
		return nil
	}
	return fmt.Errorf("answered %d instead of %d: %.300s", a.Status, status, a.Body)
}
