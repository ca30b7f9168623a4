package main

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/lintel-id/lintel/tests/load/bulk"
	"github.com/lintel-id/lintel/tests/load/drive"
	"github.com/lintel-id/lintel/tests/load/process"
	"github.com/lintel-id/lintel/tests/load/report"
	"github.com/lintel-id/lintel/tests/load/stand"
	"github.com/lintel-id/lintel/tests/load/wire"
)

const (
	checkWarm    = "session check, warm"
	checkCold    = "session check, cold"
	mint         = "session token minted"
	jwks         = "JWKS"
	flowStart    = "flow start"
	login        = "login"
	registration = "registration"

	mintPath = "/v1/session/token"
	jwksPath = "/.well-known/jwks.json"
)

// operation is one that callers ask for, and what it is set against.
type operation struct {
	name    string
	against []string
	act     func(h *house) func(connection int) drive.Act
}

// quick are bounded by the server, slow ones by the hash.
func quick() []operation {
	return []operation{
		{checkWarm, []string{report.HelloWorld}, func(h *house) func(int) drive.Act {
			return func(connection int) drive.Act { return get(h, "/v1/session", h.People.Token(connection)) }
		}},
		{checkCold, []string{report.HelloWorld}, func(h *house) func(int) drive.Act {
			return func(int) drive.Act {
				return drive.Ask(http.StatusOK, func() []byte { return wire.Get(h.Server.Address, "/v1/session", h.cold()) }, nil)
			}
		}},
		{jwks, []string{report.HelloWorld}, func(h *house) func(int) drive.Act {
			return func(int) drive.Act { return get(h, jwksPath, "") }
		}},
		{flowStart, []string{report.HelloWorld}, func(h *house) func(int) drive.Act {
			start := h.People.Flow(stand.Submission{Journey: "login", Transport: "token", Submit: nil})
			return func(int) drive.Act { return drive.Ask(http.StatusCreated, drive.Same(start), nil) }
		}},
		{mint, []string{report.HelloWorld, report.SignatureAlone}, func(h *house) func(int) drive.Act {
			return func(connection int) drive.Act {
				return drive.Ask(http.StatusOK, drive.Same(minting(h, h.People.Token(connection))), nil)
			}
		}},
	}
}

func slow() []operation {
	return []operation{
		{login, []string{report.HashAlone}, func(h *house) func(int) drive.Act {
			return func(int) drive.Act { return drive.Ask(http.StatusCreated, h.People.Login, stand.LoggedIn) }
		}},
		{registration, []string{report.HashAlone}, func(h *house) func(int) drive.Act {
			return func(int) drive.Act { return h.People.Registering() }
		}},
	}
}

func get(h *house, path, token string) drive.Act {
	return drive.Ask(http.StatusOK, drive.Same(wire.Get(h.Server.Address, path, token)), nil)
}

func minting(h *house, token string) []byte {
	return wire.Post(h.Server.Address, mintPath, token, nil)
}

// coldTokens gives each session of the crowd once before any comes again, and there
// are twice as many as the server keeps in memory.
func coldTokens(crowd bulk.Crowd) func() string {
	var turn atomic.Int64
	return func() string { return crowd.Token(int(turn.Add(1)) * bulk.Stride) }
}

// measured is one who takes turns, and what it is set against.
type measured struct {
	name, engine string
	connections  int
	side         *drive.Side
	against      []*measured
}

// operations sets every operation on every engine against what could be done at most,
// at each number of connections.
func (b *bench) operations(ctx context.Context, floor *process.Process, houses []*house) error {
	there, err := b.there(ctx, houses)
	if err != nil {
		return err
	}
	var groups [][]*measured
	for _, connections := range b.settings.Connections {
		hello := &measured{report.HelloWorld, "", connections, drive.NewSide(floor.PID, drive.Load{
			Address: floor.Address, Connections: connections,
			Act: func(int) drive.Act {
				return drive.Ask(http.StatusOK, drive.Same(wire.Get(floor.Address, "/", "")), nil)
			},
		}), nil}
		cores := min(connections, runtime.GOMAXPROCS(0))
		sign := &measured{report.SignatureAlone, "", connections, alone(cores, signing()), nil}
		hash := &measured{report.HashAlone, "", connections, alone(cores, hashing()), nil}
		limits := map[string]*measured{report.HelloWorld: hello, report.SignatureAlone: sign, report.HashAlone: hash}
		groups = append(groups,
			append([]*measured{hello, sign}, sides(there, houses, connections, limits)...),
			append([]*measured{hash}, sides(slow(), houses, queued(connections), limits)...))
	}
	if err := b.turns(ctx, "operations", groups); err != nil {
		return err
	}
	for _, group := range groups {
		b.sum(group)
	}
	return nil
}

// queued is how many connections find room in the queue for a hash.
func queued(connections int) int { return min(connections, 32*runtime.GOMAXPROCS(0)) }

func sides(of []operation, houses []*house, connections int, limits map[string]*measured) (made []*measured) {
	for _, o := range of {
		for _, h := range houses {
			one := &measured{o.name, h.Name, connections, drive.NewSide(h.Server.PID, drive.Load{
				Address: h.Server.Address, Connections: connections, Act: o.act(h),
			}), nil}
			for _, limit := range o.against {
				one.against = append(one.against, limits[limit])
			}
			made = append(made, one)
		}
	}
	return made
}

func (b *bench) turns(ctx context.Context, part string, groups [][]*measured) error {
	for _, group := range groups {
		for _, one := range group {
			if err := one.side.Warm(ctx, b.settings.lasts); err != nil {
				return fmt.Errorf("%s, %s: %w", one.name, one.engine, err)
			}
		}
	}
	for round := range b.settings.Rounds {
		b.tell(fmt.Sprintf("%s, round %d", part, round+1))
		for _, group := range groups {
			sides := make([]*drive.Side, len(group))
			for i, one := range group {
				sides[i] = one.side
			}
			if err := drive.Turn(ctx, round, b.settings.lasts, sides); err != nil {
				return err
			}
		}
	}
	return nil
}

// there leaves out what this server does not have yet.
func (b *bench) there(ctx context.Context, houses []*house) (found []operation, err error) {
	h := houses[0]
	c, err := wire.Dial(ctx, h.Server.Address, time.Now().Add(time.Minute))
	if err != nil {
		return nil, err
	}
	defer c.Close()
	for _, o := range quick() {
		request := map[string][]byte{
			jwks: wire.Get(h.Server.Address, jwksPath, ""), mint: minting(h, h.People.Token(0)),
		}[o.name]
		if request != nil {
			answer, err := c.Exchange(request)
			if err != nil {
				return nil, err
			}
			if answer.Status == http.StatusNotFound {
				b.found.Note(o.name + " was left out: this server does not have it.")
				continue
			}
		}
		found = append(found, o)
	}
	return found, nil
}

// goals are of the median share with the most connections.
func goals(name string) (least, mostP99 float64) {
	switch name {
	case checkWarm:
		return 0.40, 3
	case jwks:
		return 0.60, 0
	case login:
		return 0.90, 0
	}
	return 0, 0
}

func (b *bench) sum(group []*measured) {
	most := b.settings.Connections[len(b.settings.Connections)-1]
	for _, one := range group {
		rounds := one.side.Rounds()
		total := report.NewOperation(one.name, one.engine, one.connections, rounds)
		for _, limit := range one.against {
			share := total.Against(limit.name, rounds, limit.side.Rounds())
			least, mostP99 := goals(one.name)
			at := fmt.Sprintf("%s, %s, %s", one.name, one.engine, report.Connections(one.connections))
			if limit.connections == most && least > 0 {
				b.found.Goal(at+": of "+limit.name, "of 1", report.Least, least, share.Rate.Rounds)
			}
			if limit.connections == most && mostP99 > 0 {
				b.found.Goal(at+": p99 of "+limit.name+"'s", "×", report.Most, mostP99, share.P99.Rounds)
			}
		}
		b.found.Operations = append(b.found.Operations, total)
	}
}
