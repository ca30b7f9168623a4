package scale

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/lintel-id/lintel/tests/load/bulk"
	"github.com/lintel-id/lintel/tests/load/drive"
	"github.com/lintel-id/lintel/tests/load/report"
	"github.com/lintel-id/lintel/tests/load/stand"
)

const (
	goal = 1.5

	sessionsEach = 2
	eventsEach   = 5
)

// Config says how much is compared.
type Config struct {
	Small, Large int // users
	Rounds       int
	Lasts        time.Duration
	Connections  []int
	Tell         func(string)
}

// town is one database, its server, and all who live there.
type town struct {
	*stand.Engine
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
	var all []*compared
	for _, p := range pairs {
		for _, o := range operations() {
			for _, connections := range config.Connections {
				all = append(all, &compared{
					pair: p, operation: o.name, connections: connections,
					small: p.small.side(o, connections), large: p.large.side(o, connections),
				})
			}
		}
	}
	if err := turns(ctx, config, all); err != nil {
		return err
	}
	tell(all, found)
	return nil
}

// settle founds a town with one inhabitant, after whom the others are made.
func settle(ctx context.Context, s *stand.Stand, engine, name string) (*town, error) {
	started, err := s.Start(ctx, engine, name)
	if err != nil {
		return nil, err
	}
	return &town{Engine: started, next: scattered()}, started.People.Register(ctx, 1, 1)
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
				if more, failed[i] = one.fill(ctx, one.users); failed[i] != nil {
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

func (t *town) fill(ctx context.Context, users int) (figures []report.Series, err error) {
	began := time.Now()
	t.crowd, err = bulk.Load(ctx, t.Bulk, t.People.First(), bulk.Size{Users: users, Sessions: sessionsEach, Events: eventsEach})
	if err != nil {
		return nil, err
	}
	took := time.Since(began).Seconds()
	size, err := t.Bulk.MB(ctx)
	if err != nil {
		return nil, err
	}
	what := fmt.Sprintf("%d users, %d sessions, %d events, %s: ", users, users*sessionsEach, users*eventsEach, t.Name)
	return []report.Series{
		report.NewSeries(what+"loading", "s", []float64{took}), report.NewSeries(what+"on disk", "MB", []float64{size}),
	}, nil
}

func (t *town) side(o operation, connections int) *drive.Side {
	return drive.NewSide(t.Server.PID, drive.Load{
		Address: t.Server.Address, Connections: connections, Act: func(int) drive.Act { return o.act(t) },
	})
}

func turns(ctx context.Context, config Config, all []*compared) error {
	for _, c := range all {
		for _, side := range []*drive.Side{c.small, c.large} {
			if err := side.Warm(ctx, config.Lasts); err != nil {
				return fmt.Errorf("%s, %s: %w", c.operation, c.pair.engine, err)
			}
		}
	}
	for round := range config.Rounds {
		config.Tell(fmt.Sprintf("small and large, round %d", round+1))
		for _, c := range all {
			if err := drive.Turn(ctx, round, config.Lasts, []*drive.Side{c.small, c.large}); err != nil {
				return fmt.Errorf("%s, %s: %w", c.operation, c.pair.engine, err)
			}
		}
	}
	return nil
}

func tell(all []*compared, found *report.Results) {
	for _, c := range all {
		small, large := c.small.Rounds().P50, c.large.Rounds().P50
		line := report.Scale{
			Engine: c.pair.engine, Operation: c.operation, Connections: c.connections,
			Small: report.NewSeries("", "ms", small), Large: report.NewSeries("", "ms", large),
			Ratio: report.NewSeries("", "×", report.Quotients(large, small)),
		}
		found.Scale = append(found.Scale, line)
		found.Goal(fmt.Sprintf("%s, %s, %s: large of small", c.operation, c.pair.engine, report.Connections(c.connections)),
			"×", report.Most, goal, line.Ratio.Rounds)
	}
}
