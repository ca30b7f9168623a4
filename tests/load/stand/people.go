package stand

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/lintel-id/lintel/tests/load/drive"
	"github.com/lintel-id/lintel/tests/load/wire"
)

// Phrase is what everybody here answers with.
const Phrase = "a long walk to the blue harbour"

// ErrFlow says that a flow did not come to where it should.
var ErrFlow = errors.New("the flow was not completed")

// People are the users of one server.
type People struct {
	address string
	profile map[string]string
	named   atomic.Int64
	turn    atomic.Int64

	mu     sync.Mutex
	known  []string // identifiers that are registered
	tokens []string // of their first sessions, in the same order
}

func newPeople(address string) *People {
	return &People{address: address, profile: map[string]string{"name": "Person"}}
}

// Tell adds a claim to the profile of whoever registers from now on.
func (p *People) Tell(claim, value string) { p.profile[claim] = value }

// Submission is the start of a flow with its first answer.
type Submission struct {
	Journey   string         `json:"journey"`
	Transport string         `json:"transport"`
	Submit    map[string]any `json:"submit,omitempty"`
}

// Flow spells the start of a flow.
func (p *People) Flow(s Submission) []byte {
	body, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings and maps of strings
	}
	return wire.Post(p.address, "/v1/flows", "", body)
}

// Register adds so many people.
func (p *People) Register(ctx context.Context, count, connections int) error {
	connections = min(count, connections)
	_, err := drive.Load{
		Address: p.address, Connections: connections, Lasts: 0, Count: (count + connections - 1) / connections,
		Act: func(int) drive.Act { return p.Registering() },
	}.Drive(ctx)
	return err
}

// Registering is a person who was not there before, and is known afterwards.
func (p *People) Registering() drive.Act {
	return drive.Ask(http.StatusCreated, func() []byte {
		return p.Flow(Submission{"registration", "token", map[string]any{
			"type": "new_password", "identifier": fmt.Sprintf("person%d@load.example", p.named.Add(1)),
			"password": Phrase, "profile": p.profile,
		}})
	}, p.welcome)
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

func (p *People) welcome(body []byte) error {
	var flow completed
	if err := json.Unmarshal(body, &flow); err != nil {
		return err
	}
	if flow.Status != "completed" || flow.Outcome.Token == "" || len(flow.Outcome.User.Identifiers) == 0 {
		return fmt.Errorf("%w: %.300s", ErrFlow, body)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known = append(p.known, flow.Outcome.User.Identifiers[0].Value)
	p.tokens = append(p.tokens, flow.Outcome.Token)
	return nil
}

// Token is one session for each connection.
func (p *People) Token(connection int) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.tokens[connection%len(p.tokens)]
}

// First is the identifier of the first person who registered.
func (p *People) First() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.known[0]
}

// Login is the next person's; all take turns, so that nobody is in twice at a time.
func (p *People) Login() []byte {
	p.mu.Lock()
	identifier := p.known[int(p.turn.Add(1))%len(p.known)]
	p.mu.Unlock()
	return p.Flow(Submission{"login", "token", map[string]any{
		"type": "password", "identifier": identifier, "password": Phrase,
	}})
}

// LoggedIn looks for the word alone: reading all of it would take from the machine.
func LoggedIn(body []byte) error {
	if !bytes.Contains(body, []byte(`"status":"completed"`)) {
		return fmt.Errorf("%w: %.300s", ErrFlow, body)
	}
	return nil
}
