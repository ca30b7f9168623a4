package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/lintel-id/lintel/tests/load/bulk"
	"github.com/lintel-id/lintel/tests/load/process"
	"github.com/lintel-id/lintel/tests/load/report"
	"github.com/lintel-id/lintel/tests/load/scale"
	"github.com/lintel-id/lintel/tests/load/stand"
)

// bench is one run.
type bench struct {
	settings settings
	programs stand.Programs
	dir      string
	found    *report.Results
	tell     func(string)
}

func (b *bench) run(ctx context.Context) (err error) {
	info, err := os.Stat(b.programs.Server)
	if err != nil {
		return err
	}
	b.found.Figure("binary", "MB", float64(info.Size())/(1<<20))
	for _, part := range []struct {
		name  string
		needs []string
		run   func(ctx context.Context) error
	}{
		{"under load", []string{"operations", "messages", "passkeys", "overload"}, b.underLoad},
		{"cold starts", []string{"start"}, b.coldStarts},
		{"commits", []string{"commits"}, b.commits},
		{"scale", []string{"scale", "lists"}, b.scale},
	} {
		if !slices.ContainsFunc(part.needs, b.does) {
			continue
		}
		b.tell(part.name)
		if err := part.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}

func (b *bench) does(part string) bool { return slices.Contains(b.settings.only, part) }

// house is a server on one engine and all who use it.
type house struct {
	*stand.Engine
	crowd bulk.Crowd
	cold  func() string // a token that the server does not have in memory
}

func (b *bench) underLoad(ctx context.Context) (err error) {
	s, err := stand.New(b.programs, b.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	houses := []*house{}
	for _, name := range s.Engines() {
		engine, err := s.Start(ctx, name, "bench")
		if err != nil {
			return err
		}
		b.tell("people, " + name)
		if err := engine.People.Register(ctx, b.settings.users, 32); err != nil {
			return err
		}
		crowd, err := bulk.Load(ctx, engine.Bulk, engine.People.First(), bulk.Size{Users: b.settings.crowd, Suspended: 0, Sessions: 2, Events: 5})
		if err != nil {
			return err
		}
		houses = append(houses, &house{Engine: engine, crowd: crowd, cold: coldTokens(crowd)})
	}
	if len(houses) == 1 {
		b.found.Note("PostgreSQL was left out: this machine has none.")
	}
	if b.does("operations") {
		floor, err := s.Floor(ctx)
		if err != nil {
			return err
		}
		if err := b.operations(ctx, floor, houses); err != nil {
			return err
		}
	}
	if b.does("messages") {
		if err := b.messages(ctx, houses); err != nil {
			return fmt.Errorf("messages: %w", err)
		}
	}
	if b.does("passkeys") {
		if err := b.passkeys(ctx, s, houses); err != nil {
			return fmt.Errorf("passkeys: %w", err)
		}
	}
	if b.does("overload") {
		b.tell("overload")
		if err := b.overload(ctx, houses); err != nil {
			return fmt.Errorf("overload: %w", err)
		}
	}
	return b.memory(houses)
}

// memory tells what the servers have come to.
func (b *bench) memory(houses []*house) error {
	for _, h := range houses {
		for _, one := range []struct {
			what string
			ask  func(pid int) (float64, error)
		}{
			{"memory after the load", process.ResidentMB}, {"most memory under load", process.PeakMB},
		} {
			used, err := one.ask(h.Server.PID)
			if errors.Is(err, process.ErrUntold) {
				return nil
			}
			b.found.Figure(one.what+", "+h.Name, "MB", used)
		}
	}
	return nil
}

func (b *bench) scale(ctx context.Context) (err error) {
	s, err := stand.New(b.programs, b.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return scale.Run(ctx, s, scale.Config{
		Small: b.settings.small, Large: b.settings.large, Lists: !b.does("scale"), Rounds: b.settings.Rounds, Lasts: b.settings.lasts,
		Connections: []int{1, 16}, Tell: b.tell,
	}, b.found)
}
