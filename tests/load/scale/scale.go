package scale

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/tests/load/bulk"
	"github.com/lintel-id/lintel/tests/load/drive"
	"github.com/lintel-id/lintel/tests/load/report"
	"github.com/lintel-id/lintel/tests/load/stand"
)

const (
	goal     = 1.5
	bareGoal = 0.25 // of the rate of a bare read

	sessionsEach = 2
	eventsEach   = 5
	suspended    = 10 // one of so many is

	// profiles is a schema with a claim that somebody can be found by.
	profiles = `{"type": "object", "additionalProperties": false, "properties": {
		"name": {"type": "string", "maxLength": 80}, "team": {"type": "string", "maxLength": 80, "x-searchable": true}}}`
)

// Config says how much is compared.
type Config struct {
	Small, Large int  // users
	Lists        bool // only the lists of users, who have no history then
	Rounds       int
	Lasts        time.Duration
	Connections  []int
	Tell         func(string)
}

// town is one database, its server, and all who live there.
type town struct {
	*stand.Engine
	key   string // of an operator
	crowd bulk.Crowd
	next  func() int
}

// pair are the two that take turns on an engine.
type pair struct {
	engine       string
	small, large *town
}

// compared is one line of the results.
type compared struct {
	pair         *pair
	operation    string
	connections  int
	small, large *drive.Side
	floor        *drive.Side // of a list
}

// Run loads, compares, and adds what it finds.
func Run(ctx context.Context, s *stand.Stand, config Config, found *report.Results) error {
	pairs := make([]*pair, len(s.Engines()))
	for i, engine := range s.Engines() {
		pairs[i] = &pair{engine: engine}
		var err error
		if pairs[i].small, err = settle(ctx, s, engine, "small"); err != nil {
			return err
		}
		if pairs[i].large, err = settle(ctx, s, engine, "large"); err != nil {
			return err
		}
	}
	if err := fillAll(ctx, config, pairs, found); err != nil {
		return err
	}
	all := compare(config, pairs)
	if err := turns(ctx, config, all); err != nil {
		return err
	}
	tell(all, found)
	return nil
}

func compare(config Config, pairs []*pair) (all []*compared) {
	operations := lists()
	if !config.Lists {
		operations = append(lookups(), operations...)
	}
	for _, p := range pairs {
		for _, connections := range config.Connections {
			for _, o := range operations {
				c := &compared{
					pair: p, operation: o.name, connections: connections,
					small: p.small.side(o, connections), large: p.large.side(o, connections), floor: nil,
				}
				if o.bare != nil {
					c.floor = p.large.bare(o.bare, connections)
				}
				all = append(all, c)
			}
		}
	}
	return all
}

// settle founds a town with one inhabitant, after whom the others are made.
func settle(ctx context.Context, s *stand.Stand, engine, name string) (*town, error) {
	file := filepath.Join(s.Dir(), "profiles.json")
	if err := os.WriteFile(file, []byte(profiles), 0o600); err != nil {
		return nil, err
	}
	t := &town{Engine: nil, key: secret.NewToken(apikey.Prefix).Reveal(), crowd: bulk.Crowd{}, next: scattered()}
	var err error
	if t.Engine, err = s.Start(ctx, engine, name, "LINTEL_PROFILE_SCHEMA="+file, "LINTEL_BOOTSTRAP_KEY="+t.key); err != nil {
		return nil, err
	}
	t.People.Tell("team", bulk.Team)
	return t, t.People.Register(ctx, 1, 1)
}

// fillAll loads the engines side by side, since each mostly waits for another part of
// the machine.
func fillAll(ctx context.Context, config Config, pairs []*pair, found *report.Results) error {
	var all sync.WaitGroup
	failed := make([]error, len(pairs))
	figures := make([][]report.Series, len(pairs))
	for i, p := range pairs {
		all.Go(func() {
			for _, one := range []struct {
				*town
				users int
			}{{p.small, config.Small}, {p.large, config.Large}} {
				config.Tell(fmt.Sprintf("loading %d users, %s", one.users, p.engine))
				var more []report.Series
				if more, failed[i] = one.fill(ctx, config, one.users); failed[i] != nil {
					return
				}
				figures[i] = append(figures[i], more...)
			}
		})
	}
	all.Wait()
	for i, p := range pairs {
		if failed[i] != nil {
			return fmt.Errorf("load %s: %w", p.engine, failed[i])
		}
		found.Figures = append(found.Figures, figures[i]...)
	}
	return nil
}

func (t *town) fill(ctx context.Context, config Config, users int) (figures []report.Series, err error) {
	began, size := time.Now(), bulk.Size{Users: users, Suspended: suspended, Sessions: sessionsEach, Events: eventsEach}
	if config.Lists {
		size.Sessions, size.Events = 1, 0
	}
	t.crowd, err = bulk.Load(ctx, t.Bulk, t.People.First(), size)
	if err != nil {
		return nil, err
	}
	took := time.Since(began).Seconds()
	disk, err := t.Bulk.MB(ctx)
	if err != nil {
		return nil, err
	}
	what := fmt.Sprintf("%d users, %d sessions, %d events, %s: ", users, users*size.Sessions, users*size.Events, t.Name)
	return []report.Series{
		report.NewSeries(what+"loading", "s", []float64{took}), report.NewSeries(what+"on disk", "MB", []float64{disk}),
	}, nil
}

func (t *town) side(o operation, connections int) *drive.Side {
	return drive.NewSide(t.Server.PID, drive.Load{
		Address: t.Server.Address, Connections: connections, Act: func(int) drive.Act { return o.act(t) },
	})
}

func turns(ctx context.Context, config Config, all []*compared) error {
	for _, c := range all {
		for _, side := range c.sides() {
			if err := side.Warm(ctx, config.Lasts); err != nil {
				return fmt.Errorf("%s, %s: %w", c.operation, c.pair.engine, err)
			}
		}
	}
	for round := range config.Rounds {
		config.Tell(fmt.Sprintf("small and large, round %d", round+1))
		for _, c := range all {
			if err := drive.Turn(ctx, round, config.Lasts, c.sides()); err != nil {
				return fmt.Errorf("%s, %s: %w", c.operation, c.pair.engine, err)
			}
		}
	}
	return nil
}

func (c *compared) sides() []*drive.Side {
	if c.floor == nil {
		return []*drive.Side{c.small, c.large}
	}
	return []*drive.Side{c.small, c.large, c.floor}
}

func tell(all []*compared, found *report.Results) {
	for _, c := range all {
		within := c.pair.engine + ", " + report.Connections(c.connections)
		small, large := c.small.Rounds().P50, c.large.Rounds().P50
		line := report.Scale{
			Engine: c.pair.engine, Operation: c.operation, Connections: c.connections,
			Small: report.NewSeries("", "ms", small), Large: report.NewSeries("", "ms", large),
			Ratio: report.NewSeries("", "×", report.Quotients(large, small)),
		}
		found.Scale = append(found.Scale, line)
		found.Goal(fmt.Sprintf("%s, %s: large of small", c.operation, within), "×", report.Most, goal, line.Ratio.Rounds)
		if c.floor == nil {
			continue
		}
		rate := c.large.Rounds().Rate
		found.Figure(fmt.Sprintf("%s, %s: %s", c.operation, within, bareName), "/s", c.floor.Rounds().Rate...)
		found.Goal(fmt.Sprintf("%s, %s: of a %s", c.operation, within, bareName), "of 1", report.Least, bareGoal,
			report.Quotients(rate, c.floor.Rounds().Rate))
		found.Figure(fmt.Sprintf("%s, %s, large", c.operation, within), "/s", rate...)
	}
}
