package fault_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// person is a user as the load has made them: what was asked for, and what was
// acknowledged of it.
type person struct {
	email   string
	id      string
	token   string // of the session that came with the registration
	asked   int    // changes of the profile that were sent
	changed int    // and acknowledged
	second  string // token of another session
	other   string // its id
	leaving bool   // its end was asked for
	left    bool   // and acknowledged
}

// load is several clients that register, sign in, change things and sign out.
type load struct {
	begun chan struct{} // closed with the first acknowledgement

	mu      sync.Mutex
	people  []*person // whose registration was acknowledged
	refused int       // answers that asked to come back later
	wrong   []string  // answers that should not have been
}

var names atomic.Int64

var errLater = errors.New("come back later")

func newLoad() *load { return &load{begun: make(chan struct{})} }

// begin lets clients loose; done is closed when the last of them has given up.
func (l *load) begin(ctx context.Context, t *testing.T, address string, clients int) (done chan struct{}) {
	t.Helper()
	done = make(chan struct{})
	go func() {
		defer close(done)
		l.run(ctx, t, address, clients)
	}()
	select {
	case <-l.begun:
	case <-done:
	case <-time.After(patience):
	}
	require.NotEmpty(t, l.acknowledged(), "nothing is acknowledged")
	return done
}

func (l *load) acknowledged() []*person {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.people)
}

// run keeps the clients busy until the server is gone or ctx ends.
func (l *load) run(ctx context.Context, t *testing.T, address string, clients int) {
	t.Helper()
	var all sync.WaitGroup
	for range clients {
		c := callerAt(t, address)
		all.Go(func() {
			for ctx.Err() == nil {
				c.move()
				if err := l.live(ctx, c); err != nil && !errors.Is(err, errLater) {
					return
				}
			}
		})
	}
	all.Wait()
}

// live is one person's day.
func (l *load) live(ctx context.Context, c *caller) error {
	email := fmt.Sprintf("person%d@fault.example", names.Add(1))
	f, err := l.flow(ctx, c, registration(email))
	if err != nil {
		return err
	}
	p := &person{email: email, id: f.Outcome.User.ID, token: f.Outcome.Token}
	l.mu.Lock()
	if l.people = append(l.people, p); len(l.people) == 1 {
		close(l.begun)
	}
	l.mu.Unlock()
	if err := l.change(ctx, c, p); err != nil {
		return err
	}
	if f, err = l.flow(ctx, c, login(email, phrase)); err != nil {
		return err
	}
	p.second, p.other = f.Outcome.Token, f.Outcome.Session.ID
	p.leaving = true
	if _, err := l.ask(ctx, c, http.StatusNoContent, http.MethodDelete, "/v1/session", p.second, nil); err != nil {
		return err
	}
	p.left = true
	for range 3 {
		if err := l.change(ctx, c, p); err != nil {
			return err
		}
	}
	return nil
}

func (l *load) change(ctx context.Context, c *caller, p *person) error {
	p.asked++
	_, err := l.ask(ctx, c, http.StatusOK, http.MethodPatch, "/v1/me", p.token, object{"profile": object{"name": fmt.Sprintf("n%d", p.asked)}})
	if err == nil {
		p.changed = p.asked
	}
	return err
}

func (l *load) flow(ctx context.Context, c *caller, start object) (flow, error) {
	got, err := l.ask(ctx, c, http.StatusCreated, http.MethodPost, "/v1/flows", "", start)
	if err != nil {
		return flow{}, err
	}
	var f flow
	if err := json.Unmarshal(got.body, &f); err != nil || f.Status != "completed" {
		return flow{}, l.complain(got)
	}
	return f, nil
}

// ask sends one request and counts what is not the answer that is wanted.
func (l *load) ask(ctx context.Context, c *caller, want int, method, path, bearer string, body any) (answer, error) {
	got, err := c.send(ctx, method, path, bearer, body)
	switch {
	case err != nil:
		return answer{}, err
	case got.status == want:
		return got, nil
	case got.status == http.StatusServiceUnavailable && got.header.Get("Retry-After") != "":
		l.mu.Lock()
		defer l.mu.Unlock()
		l.refused++
		return answer{}, errLater
	}
	return answer{}, l.complain(got)
}

func (l *load) complain(got answer) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wrong = append(l.wrong, fmt.Sprintf("%d %s", got.status, got.body))
	return errLater
}
