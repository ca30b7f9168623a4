package main

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

var (
	errAnswer  = errors.New("not an answer with a length")
	nameLength = []byte("content-length")
)

// connection is one kept-alive connection. It reads no more of an answer than it
// must, since whatever the load takes of the machine is missing to who is measured.
type connection struct {
	conn net.Conn
	in   *bufio.Reader
	body []byte
}

// dial connects; everything on the connection has to be over by the deadline.
func dial(ctx context.Context, address string, deadline time.Time) (*connection, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	if err := conn.SetDeadline(deadline); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return newConnection(conn), nil
}

func newConnection(conn net.Conn) *connection {
	return &connection{conn: conn, in: bufio.NewReaderSize(conn, 8<<10), body: nil}
}

func (c *connection) close() { _ = c.conn.Close() }

// exchange sends a whole request and reads the answer. The body is the connection's
// own until the next exchange.
func (c *connection) exchange(request []byte) (status int, body []byte, err error) {
	if _, err := c.conn.Write(request); err != nil {
		return 0, nil, err
	}
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return 0, nil, err
	}
	if len(line) < len("HTTP/1.1 200") {
		return 0, nil, errAnswer
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, nil, errAnswer
	}
	length, err := c.header()
	if err != nil {
		return 0, nil, err
	}
	if cap(c.body) < length {
		c.body = make([]byte, length)
	}
	c.body = c.body[:length]
	_, err = io.ReadFull(c.in, c.body)
	return status, c.body, err
}

// header reads to the empty line and gives the length of the body.
func (c *connection) header() (length int, err error) {
	length = -1
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(line) <= len("\r\n") {
			break
		}
		if len(line) > len(nameLength) && bytes.EqualFold(line[:len(nameLength)], nameLength) {
			value := bytes.TrimSpace(line[len(nameLength)+1:])
			if length, err = strconv.Atoi(string(value)); err != nil {
				return 0, errAnswer
			}
		}
	}
	if length < 0 || length > maxBody {
		return 0, errAnswer
	}
	return length, nil
}

// getRequest spells a request once for many uses.
func getRequest(address, path, token string) []byte {
	text := "GET " + path + " HTTP/1.1\r\nHost: " + address + "\r\n"
	if token != "" {
		text += "Authorization: Bearer " + token + "\r\n"
	}
	return []byte(text + "\r\n")
}

func postRequest(address, path string, body []byte) []byte {
	head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
		path, address, len(body))
	return append([]byte(head), body...)
}

// once asks a single time and wants 200.
func once(ctx context.Context, address, path string) error {
	c, err := dial(ctx, address, time.Now().Add(answerWithin))
	if err != nil {
		return err
	}
	defer c.close()
	status, body, err := c.exchange(getRequest(address, path, ""))
	if err != nil {
		return err
	}
	return wants(http.StatusOK, status, body)
}

// wants tells what came instead of the status that was wanted.
func wants(want, status int, body []byte) error {
	if status == want {
		return nil
	}
	return fmt.Errorf("answered %d instead of %d: %.300s", status, want, body)
}
