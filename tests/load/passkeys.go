package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/lintel-id/lintel/tests/load/drive"
	"github.com/lintel-id/lintel/tests/load/report"
	"github.com/lintel-id/lintel/tests/load/stand"
	"github.com/lintel-id/lintel/tests/load/wire"
)

const (
	passkeyLogin  = "passkey login"
	passwordLogin = "login with a password" //nolint:gosec // it is a name
	bareInsert    = "a bare insert"

	goalOfInsert = 0.15 // at least
	goalOfHash   = 10   // times as many as logins with a password

	flooding = 50 // starts on each connection
)

// passkeys sets whole logins, of two requests each, against a bare server that commits a row
// for each request on the same engine, and against the same server's logins with a password.
func (b *bench) passkeys(ctx context.Context, s *stand.Stand, houses []*house) error {
	var groups [][]*measured
	for _, h := range houses {
		b.tell("passkeys, " + h.Name)
		if err := h.Keyed.Register(ctx, b.settings.users, 32); err != nil {
			return fmt.Errorf("%s: %w", h.Name, err)
		}
		floor, err := s.Inserts(ctx, h.Name)
		if err != nil {
			return err
		}
		for _, connections := range b.settings.Connections {
			insert := &measured{bareInsert, h.Name, connections, drive.NewSide(floor.PID, drive.Load{
				Address: floor.Address, Connections: connections, Act: func(int) drive.Act {
					return drive.Ask(http.StatusOK, drive.Same(wire.Post(floor.Address, "/", "", nil)), nil)
				},
			}), nil}
			password := &measured{passwordLogin, h.Name, connections, drive.NewSide(h.Server.PID, drive.Load{
				Address: h.Server.Address, Connections: queued(connections), Act: func(int) drive.Act {
					return drive.Ask(http.StatusCreated, h.People.Login, stand.LoggedIn)
				},
			}), nil}
			passkey := &measured{passkeyLogin, h.Name, connections, drive.NewSide(h.Server.PID, drive.Load{
				Address: h.Server.Address, Connections: connections, Act: func(int) drive.Act { return h.Keyed.LoggingIn() },
			}), []*measured{insert, password}}
			groups = append(groups, []*measured{insert, passkey, password})
		}
	}
	if err := b.turns(ctx, "passkeys", groups); err != nil {
		return err
	}
	for _, group := range groups {
		b.keyed(group[1])
	}
	for _, h := range houses {
		if err := b.flooded(ctx, h); err != nil {
			return fmt.Errorf("%s: %w", h.Name, err)
		}
	}
	return nil
}

// keyed tells what logins have come to, and what they were set against.
func (b *bench) keyed(logins *measured) {
	rounds := logins.side.Rounds()
	total := report.NewOperation(logins.name, logins.engine, logins.connections, rounds)
	most := b.settings.Connections[len(b.settings.Connections)-1]
	for _, limit := range logins.against {
		share := total.Against(limit.name, rounds, limit.side.Rounds())
		unit, goal := "of 1", goalOfInsert
		if limit.name == passwordLogin {
			unit, goal = "×", goalOfHash
		}
		if logins.connections == most {
			at := fmt.Sprintf("%s, %s, %s", logins.name, logins.engine, report.Connections(logins.connections))
			b.found.Goal(at+": of "+limit.name, unit, report.Least, goal, share.Rate.Rounds)
		}
		b.found.Operations = append(b.found.Operations, report.NewOperation(limit.name, limit.engine, limit.connections, limit.side.Rounds()))
	}
	b.found.Operations = append(b.found.Operations, total)
}

// flooded starts flows that nobody goes on with, and counts what they have written.
func (b *bench) flooded(ctx context.Context, h *house) error {
	before, err := written(ctx, h)
	if err != nil {
		return err
	}
	connections := b.settings.Connections[len(b.settings.Connections)-1]
	start := h.Keyed.Starting("login", "passkey")
	found, err := drive.Load{
		Address: h.Server.Address, Connections: connections, Lasts: 0, Count: flooding,
		Act: func(int) drive.Act { return drive.Ask(http.StatusCreated, drive.Same(start), nil) },
	}.Drive(ctx)
	if err != nil {
		return err
	}
	after, err := written(ctx, h)
	if err != nil {
		return err
	}
	of := fmt.Sprintf("flow start with passkeys, %s: ", h.Name)
	b.found.Goal(fmt.Sprintf("%srows of flows and events after %d", of, found.Answered), "", report.Most, 0, []float64{float64(after - before)})
	b.found.Figure(of+"a flood", "/s", found.Rate)
	return nil
}

// written counts the rows that a flow and what it leads to are kept in.
func written(ctx context.Context, h *house) (count int, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	db, err := h.Bulk.Reader(1)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	err = db.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM flows) + (SELECT count(*) FROM events)").Scan(&count)
	return count, err
}
