package stand

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/lintel-id/lintel/tests/load/drive"
	"github.com/lintel-id/lintel/tests/load/wire"
)

const (
	keyedClient  = "keyed"
	keyedOrigin  = "http://localhost:8080"
	relyingParty = "localhost"
)

// declared adds an application with passkeys. The one that a server makes up for developers
// stays as it is, and so does what is measured there.
const declared = `applications:
  - client_id: ` + keyedClient + `
    name: Keyed
    origins: ["` + keyedOrigin + `"]
    ownership_proof: deferred
    passkeys:
      rp_id: ` + relyingParty + `
`

// declare writes the configuration of a server, and names the variable that says where.
func declare(dir string) (variable string, err error) {
	path := filepath.Join(dir, "lintel.yaml")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	return "LINTEL_CONFIG=" + path, os.WriteFile(path, []byte(declared), 0o600)
}

// Keyed are users of one server who have a passkey and nothing else.
type Keyed struct {
	address string
	named   atomic.Int64
	turn    atomic.Int64

	mu    sync.Mutex
	known []*authenticator
}

func newKeyed(address string) *Keyed { return &Keyed{address: address, known: nil} }

// Starting spells the start of a flow in which passkeys are made or shown.
func (k *Keyed) Starting(journey, step string) []byte {
	body, err := json.Marshal(map[string]any{"journey": journey, "client_id": keyedClient, "transport": "token", "accepts": []string{step}})
	if err != nil {
		panic(err) // a map of strings
	}
	return wire.Post(k.address, "/v1/flows", "", body)
}

// Register adds so many.
func (k *Keyed) Register(ctx context.Context, count, connections int) error {
	connections = min(count, connections)
	_, err := drive.Load{
		Address: k.address, Connections: connections, Lasts: 0, Count: (count + connections - 1) / connections,
		Act: func(int) drive.Act { return k.registering() },
	}.Drive(ctx)
	return err
}

func (k *Keyed) registering() drive.Act {
	start := k.Starting("registration", "new_passkey")
	return func(c *wire.Conn) error {
		begun, err := begin(c, start)
		if err != nil {
			return err
		}
		made, err := newAuthenticator(begun.handle)
		if err != nil {
			return err
		}
		answer, err := made.makes(begun.challenge)
		if err != nil {
			return err
		}
		if err := k.submit(c, begun, map[string]any{
			"type": "new_passkey", "identifier": fmt.Sprintf("keyed%d@load.example", k.named.Add(1)), "credential": answer,
		}); err != nil {
			return err
		}
		k.mu.Lock()
		defer k.mu.Unlock()
		k.known = append(k.known, made)
		return nil
	}
}

// LoggingIn is a whole login of the next person: two requests, and what their authenticator
// does between them.
func (k *Keyed) LoggingIn() drive.Act {
	start := k.Starting("login", "passkey")
	return func(c *wire.Conn) error {
		begun, err := begin(c, start)
		if err != nil {
			return err
		}
		k.mu.Lock()
		who := k.known[int(k.turn.Add(1))%len(k.known)]
		k.mu.Unlock()
		answer, err := who.proves(begun.challenge)
		if err != nil {
			return err
		}
		return k.submit(c, begun, map[string]any{"type": "passkey", "credential": answer})
	}
}

// begun is what is read of a flow's first answer.
type begun struct{ id, token, challenge, handle string } // a handle, where a passkey is to be made

// begin looks for the words alone: reading all of it would take from the machine.
func begin(c *wire.Conn, start []byte) (begun, error) {
	answer, err := c.Exchange(start)
	if err != nil {
		return begun{}, err
	}
	if err := answer.Wants(http.StatusCreated); err != nil {
		return begun{}, err
	}
	found := begun{
		id: member(answer.Body, `"id":"`, "flw_"), token: member(answer.Body, `"flow_token":"`, ""),
		challenge: member(answer.Body, `"challenge":"`, ""), handle: member(after(answer.Body, `"user":{`), `"id":"`, ""),
	}
	if found.id == "" || found.token == "" || found.challenge == "" {
		return begun{}, fmt.Errorf("%w: %.300s", ErrFlow, answer.Body)
	}
	return found, nil
}

// member finds a text by what stands before it and how it begins; empty where there is none.
func member(body []byte, name, begins string) string {
	_, rest, found := bytes.Cut(body, []byte(name+begins))
	if !found {
		return ""
	}
	text, _, _ := bytes.Cut(rest, []byte(`"`))
	return begins + string(text)
}

func after(body []byte, mark string) []byte {
	_, rest, _ := bytes.Cut(body, []byte(mark))
	return rest
}

func (k *Keyed) submit(c *wire.Conn, to begun, submission map[string]any) error {
	body, err := json.Marshal(submission)
	if err != nil {
		return err
	}
	answer, err := c.Exchange(wire.Post(k.address, "/v1/flows/"+to.id+"/steps", "", body, "Lintel-Flow: "+to.token))
	if err != nil {
		return err
	}
	if err := answer.Wants(http.StatusOK); err != nil {
		return err
	}
	return LoggedIn(answer.Body)
}
