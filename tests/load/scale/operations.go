package scale

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"sync/atomic"

	"github.com/lintel-id/lintel/tests/load/bulk"
	"github.com/lintel-id/lintel/tests/load/drive"
	"github.com/lintel-id/lintel/tests/load/stand"
	"github.com/lintel-id/lintel/tests/load/wire"
)

// operation is one that finds its rows among many.
type operation struct {
	name string
	bare *bareRead // what a list of users is also set against
	act  func(t *town) drive.Act
}

// lookups find one among all.
func lookups() []operation {
	return []operation{
		{"identifier lookup", nil, lookup},
		{"session check, cold", nil, func(t *town) drive.Act { return t.asking("/v1/session") }},
		{"first page of sessions", nil, func(t *town) drive.Act { return t.asking("/v1/me/sessions") }},
		{"flow without hash", nil, begin},
	}
}

// scattered numbers a crowd in another order than it was made in.
func scattered() func() int {
	var turn atomic.Int64
	return func() int { return int(turn.Add(1)) * bulk.Stride }
}

// asking asks with the token of a session that was not used lately.
func (t *town) asking(path string) drive.Act {
	return drive.Ask(http.StatusOK, func() []byte {
		return wire.Get(t.Server.Address, path, t.crowd.Token(t.next()))
	}, nil)
}

// lookup names somebody who is there, where the server has to know it.
func lookup(t *town) drive.Act {
	return drive.Ask(http.StatusCreated, func() []byte {
		return t.People.Flow(stand.Submission{Journey: "login_or_registration", Transport: "token", Submit: t.somebody()})
	}, func(body []byte) error {
		if !bytes.Contains(body, []byte(`"type":"password"`)) {
			return fmt.Errorf("%w: nobody was found: %.300s", stand.ErrFlow, body)
		}
		return nil
	})
}

func (t *town) somebody() map[string]any {
	return map[string]any{"type": "identifier", "identifier": t.crowd.Identifier(t.next())}
}

// begin is two requests: start a login, and say who is there.
func begin(t *town) drive.Act {
	start := t.People.Flow(stand.Submission{Journey: "login", Transport: "token", Submit: nil})
	return func(c *wire.Conn) error {
		answer, err := c.Exchange(start)
		if err != nil {
			return err
		}
		if err := answer.Wants(http.StatusCreated); err != nil {
			return err
		}
		var flow struct {
			ID    string `json:"id"`
			Token string `json:"flow_token"`
		}
		if err := json.Unmarshal(answer.Body, &flow); err != nil {
			return err
		}
		body, err := json.Marshal(t.somebody())
		if err != nil {
			return err
		}
		answer, err = c.Exchange(wire.Post(t.Server.Address, "/v1/flows/"+flow.ID+"/steps", "", body, "Lintel-Flow: "+flow.Token))
		if err != nil {
			return err
		}
		return answer.Wants(http.StatusOK)
	}
}
