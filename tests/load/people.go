package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
)

// phrase is what everybody here answers with.
const phrase = "a long walk to the blue harbour"

// people are the users of one server.
type people struct {
	address string
	named   atomic.Int64
	turn    atomic.Int64

	mu     sync.Mutex
	known  []string // identifiers that are registered
	tokens []string // of their first sessions, in the same order
}

func newPeople(address string) *people { return &people{address: address} }

// submission is the start of a flow with its first answer.
type submission struct {
	Journey   string         `json:"journey"`
	Transport string         `json:"transport"`
	Submit    map[string]any `json:"submit,omitempty"`
}

func (p *people) request(s submission) []byte {
	body, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings and maps of strings
	}
	return postRequest(p.address, "/v1/flows", body)
}

// register adds so many people and gives what the load has found.
func (p *people) register(ctx context.Context, count, connections int) (round, error) {
	return load{
		address: p.address, connections: connections, lasts: 0, count: (count + connections - 1) / connections, want: http.StatusCreated,
		next: func(int) func() []byte {
			return func() []byte {
				return p.request(submission{"registration", "token", map[string]any{
					"type": "new_password", "identifier": fmt.Sprintf("person%d@load.example", p.named.Add(1)),
					"password": phrase, "profile": map[string]string{"name": "Person"},
				}})
			}
		},
		took: func(_ int, body []byte) error { return p.welcome(body) },
	}.drive(ctx)
}

// completed is what is read of a flow's answer.
type completed struct {
	Status  string `json:"status"`
	Outcome struct {
		Token string `json:"session_token"`
		User  struct {
			Identifiers []struct {
				Value string `json:"value"`
			} `json:"identifiers"`
		} `json:"user"`
	} `json:"outcome"`
}

var errFlow = errors.New("the flow was not completed")

func (p *people) welcome(body []byte) error {
	var flow completed
	if err := json.Unmarshal(body, &flow); err != nil {
		return err
	}
	if flow.Status != "completed" || flow.Outcome.Token == "" || len(flow.Outcome.User.Identifiers) == 0 {
		return fmt.Errorf("%w: %.300s", errFlow, body)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known = append(p.known, flow.Outcome.User.Identifiers[0].Value)
	p.tokens = append(p.tokens, flow.Outcome.Token)
	return nil
}

// token is one session for each connection.
func (p *people) token(connection int) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.tokens[connection%len(p.tokens)]
}

// login is the next person's; all take turns, so that nobody is in twice at a time.
func (p *people) login() []byte {
	p.mu.Lock()
	identifier := p.known[int(p.turn.Add(1))%len(p.known)]
	p.mu.Unlock()
	return p.request(submission{"login", "token", map[string]any{
		"type": "password", "identifier": identifier, "password": phrase,
	}})
}

// loggedIn looks for the word alone: reading all of it would take from the machine.
func loggedIn(_ int, body []byte) error {
	if !completedFlow(body) {
		return fmt.Errorf("%w: %.300s", errFlow, body)
	}
	return nil
}
