package process

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	startWithin = 30 * time.Second
	stopWithin  = 30 * time.Second
	keptJournal = 16 << 10
)

// Process is a program of ours that serves; whoever starts it stops it.
type Process struct {
	PID     int
	Address string
	Started time.Time

	name    string
	cancel  context.CancelFunc
	ended   chan struct{} // closed with err in place
	err     error
	journal *journal
}

// Start runs a program and returns when it has said where it serves. The end of ctx
// stops it as Stop does.
func Start(ctx context.Context, name, path string, args, environ []string) (*Process, error) {
	ctx, cancel := context.WithCancel(ctx)
	p := &Process{name: name, cancel: cancel, ended: make(chan struct{}), journal: newJournal()}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env, cmd.Stderr = environ, p.journal
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = stopWithin
	p.Started = time.Now()
	if err := cmd.Start(); err != nil {
		cancel()
		return nil, err
	}
	p.PID = cmd.Process.Pid
	go func() {
		defer close(p.ended)
		p.err = cmd.Wait()
	}()
	patience := time.NewTimer(startWithin)
	defer patience.Stop()
	select {
	case p.Address = <-p.journal.serving:
		return p, nil
	case <-p.ended:
	case <-patience.C:
	}
	return nil, errors.Join(fmt.Errorf("%s did not start: %s", name, p.journal.tail()), p.Stop())
}

// Stop asks the process to end and waits until it has.
func (p *Process) Stop() error {
	p.cancel()
	<-p.ended
	if p.err == nil || errors.Is(p.err, context.Canceled) { // it ended in order, as it was told
		return nil
	}
	if exit, ok := errors.AsType[*exec.ExitError](p.err); ok {
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signal() == syscall.SIGTERM {
			return nil // one that does not care how it ends
		}
	}
	return fmt.Errorf("%s: %w: %s", p.name, p.err, p.journal.tail())
}

// Environment is ours without what would configure the server, and with what is said.
func Environment(with ...string) []string {
	var kept []string
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "LINTEL_") {
			kept = append(kept, entry)
		}
	}
	return append(kept, with...)
}

// journal is what a process writes. It finds the line that says where it serves,
// and keeps some of the rest for when something goes wrong.
type journal struct {
	serving chan string

	mu    sync.Mutex
	begun []byte
	found bool
}

func newJournal() *journal {
	return &journal{serving: make(chan string, 1)}
}

// Write takes what the process has written, in whatever pieces.
func (j *journal) Write(piece []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.begun = append(j.begun, piece...)
	if !j.found {
		j.search()
	}
	if over := len(j.begun) - keptJournal; over > 0 {
		j.begun = append(j.begun[:0], j.begun[over:]...)
	}
	return len(piece), nil
}

func (j *journal) search() {
	for line := range bytes.Lines(j.begun) {
		var entry struct {
			Message string `json:"msg"`
			Address string `json:"address"`
		}
		if json.Unmarshal(line, &entry) == nil && entry.Message == "serving" && entry.Address != "" {
			j.found = true
			j.serving <- entry.Address
			return
		}
	}
}

func (j *journal) tail() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.TrimSpace(string(j.begun))
}
