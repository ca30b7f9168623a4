package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/lintel-id/lintel/tests/load/open"
	"github.com/lintel-id/lintel/tests/load/report"
	"github.com/lintel-id/lintel/tests/load/stand"
)

const (
	handingOver   = "messages written and handed to a mail server on the loopback, SQLite"
	queuing       = "flow start to queued message"
	startsOffered = 200 // per second
	goalQueuing   = 3   // times the p95 of a bare insert

	// worksOff is how long a queue may take to be worked off between two turns.
	worksOff  = time.Minute
	lookAgain = 20 * time.Millisecond
	rowBytes  = 1024 // about what a flow and its message take
)

var errQueue = errors.New("the queue does not hold what was answered")

// post is one house with its queue, and what the rounds have found there.
type post struct {
	house    *house
	rows     *sql.DB // takes rows of ours
	queue    *sql.DB // the server's own
	started  int
	inserted int

	ratio, queued, worked, late []float64
	known, unknown, insert      spell
}

// spell is how long some took, round by round, in ms.
type spell struct{ p50, p95 []float64 }

func (s *spell) add(took []time.Duration) {
	s.p50 = append(s.p50, report.Milliseconds(report.Percentile(took, 50)))
	s.p95 = append(s.p95, report.Milliseconds(report.Percentile(took, 95)))
}

// messages starts flows that have a code sent, in turn to somebody's address and to nobody's,
// while the server sends what is queued. They take turns with rows that the driver alone
// inserts at the same rate, each with a commit as durable as the server's.
func (b *bench) messages(ctx context.Context, houses []*house) (err error) {
	posts := []*post{}
	defer func() {
		for _, p := range posts {
			err = errors.Join(err, p.rows.Close(), p.queue.Close())
		}
	}()
	for _, h := range houses {
		p, err := openPost(ctx, h)
		if err != nil {
			return err
		}
		posts = append(posts, p)
		if _, _, err = p.turn(ctx, 0, b.settings.lasts); err != nil { // caches and connections settle
			return err
		}
	}
	for round := range b.settings.Rounds {
		b.tell(fmt.Sprintf("messages, round %d", round+1))
		for i := range posts {
			p := posts[(i+round)%len(posts)]
			bare, sent, err := p.turn(ctx, round, 3*b.settings.lasts)
			if err != nil {
				return fmt.Errorf("%s: %w", p.house.Name, err)
			}
			p.add(bare, sent)
		}
	}
	for _, p := range posts {
		b.posted(p)
	}
	return b.handOver(ctx)
}

// handOver runs the benchmark of the worker, which writes letters and hands them to a mail server.
func (b *bench) handOver(ctx context.Context) error {
	b.tell("messages, handed over")
	rates := []float64{}
	for range b.settings.Rounds {
		said, err := b.benched(ctx, []string{b.programs.Message}, "^BenchmarkHandOver$", b.settings.lasts.String())
		if err != nil {
			return err
		}
		rate := parseBenchmark(said)["messages/s"]
		if rate == 0 {
			return fmt.Errorf("%w: %s", errBenchmark, said)
		}
		rates = append(rates, rate)
	}
	b.found.Figure(handingOver, "/s", rates...)
	return nil
}

func openPost(ctx context.Context, h *house) (*post, error) {
	rows, err := h.Bulk.Writer(readyStanding)
	if err != nil {
		return nil, err
	}
	queue, err := h.Bulk.Reader(1)
	if err == nil {
		_, err = rows.ExecContext(ctx, "CREATE TABLE bare_rows (id BIGINT PRIMARY KEY, content TEXT NOT NULL)")
	}
	if err != nil {
		return nil, errors.Join(err, rows.Close())
	}
	return &post{house: h, rows: rows, queue: queue}, nil
}

// turn lets both sides go, now one first and now the other.
func (p *post) turn(ctx context.Context, round int, lasts time.Duration) (bare []time.Duration, sent []open.Sent, err error) {
	sides := []func() error{
		func() (err error) { bare, err = p.insertRows(ctx, lasts); return err },
		func() (err error) { sent, err = p.start(ctx, lasts); return err },
	}
	if round%2 == 1 {
		slices.Reverse(sides)
	}
	for _, side := range sides {
		if err := side(); err != nil {
			return nil, nil, err
		}
	}
	return bare, sent, nil
}

func (p *post) insertRows(ctx context.Context, lasts time.Duration) (took []time.Duration, err error) {
	text := "INSERT INTO bare_rows (id, content) VALUES (?, ?)"
	if p.house.Name == stand.Postgres {
		text = "INSERT INTO bare_rows (id, content) VALUES ($1, $2)"
	}
	statement, err := p.rows.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, statement.Close()) }()
	first, content := p.inserted, strings.Repeat("x", rowBytes)
	took, err = open.Acts{Rate: startsOffered, Lasts: lasts, Act: func(ctx context.Context, n int) error {
		_, err := statement.ExecContext(ctx, first+n, content)
		return err
	}}.Run(ctx)
	p.inserted += len(took)
	return took, err
}

// start offers the flows, and waits until what they have queued was sent.
func (p *post) start(ctx context.Context, lasts time.Duration) ([]open.Sent, error) {
	before, err := p.count(ctx, "SELECT count(*) FROM messages")
	if err != nil {
		return nil, err
	}
	first := p.started
	sent, err := open.Stream{
		Address: p.house.Server.Address, Rate: startsOffered, Lasts: lasts, Ready: readyStanding, Most: mostStanding,
		Request: func(n int) []byte { return p.asking(first + n) },
	}.Run(ctx)
	if err != nil {
		return nil, err
	}
	p.started += len(sent)
	if err := p.workedOff(ctx); err != nil {
		return nil, err
	}
	after, err := p.count(ctx, "SELECT count(*) FROM messages")
	if answered := open.Count(sent, started).Count; err == nil && after-before != answered {
		err = fmt.Errorf("%w: %d messages for %d answers", errQueue, after-before, answered)
	}
	return sent, err
}

// asking has a code sent to somebody where n is even, and to nobody otherwise. No address comes
// twice, so that none has had its share.
func (p *post) asking(n int) []byte {
	to := fmt.Sprintf("nobody%d@bulk.example", n)
	if known(n) {
		to = p.house.crowd.Identifier(n / 2)
	}
	return p.house.People.Flow(stand.Submission{Journey: "login", Transport: "token", Submit: map[string]any{"type": "code", "identifier": to}})
}

func known(n int) bool { return n%2 == 0 }

func started(one open.Sent) bool { return one.Status == http.StatusCreated }

// workedOff waits until nothing is queued, so that the other side has the machine alone.
func (p *post) workedOff(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, worksOff)
	defer cancel()
	again := time.NewTicker(lookAgain)
	defer again.Stop()
	for began := time.Now(); ; {
		left, err := p.count(ctx, "SELECT count(*) FROM messages WHERE status = 'queued'")
		if err != nil {
			return err
		}
		if left == 0 {
			p.worked = append(p.worked, report.Milliseconds(time.Since(began)))
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %d are left: %w", errQueue, left, ctx.Err())
		case <-again.C:
		}
	}
}

func (p *post) count(ctx context.Context, query string) (count int, err error) {
	err = p.queue.QueryRowContext(ctx, query).Scan(&count)
	return count, err
}

// add sums up a round.
func (p *post) add(bare []time.Duration, sent []open.Sent) {
	var all, somebody, nobody []time.Duration
	for n, one := range sent {
		if !started(one) {
			continue
		}
		all = append(all, one.Took)
		if known(n) {
			somebody = append(somebody, one.Took)
		} else {
			nobody = append(nobody, one.Took)
		}
	}
	p.known.add(somebody)
	p.unknown.add(nobody)
	p.insert.add(bare)
	under := report.Milliseconds(report.Percentile(bare, 95))
	p.ratio = append(p.ratio, report.Quotients([]float64{report.Milliseconds(report.Percentile(all, 95))}, []float64{under})...)
	p.queued = append(p.queued, share(len(all), len(sent)))
	p.late = append(p.late, report.Milliseconds(open.Late(sent)))
}

func (b *bench) posted(p *post) {
	of := fmt.Sprintf("%s, %s, %d/s: ", queuing, p.house.Name, startsOffered)
	b.found.Goal(of+"p95 of a bare insert's", "×", report.Most, goalQueuing, p.ratio)
	b.found.Goal(of+"answered and queued", "of 1", report.Least, 1, p.queued)
	for _, one := range []struct {
		name string
		spell
	}{{"to somebody", p.known}, {"to nobody", p.unknown}, {"a bare insert", p.insert}} {
		b.found.Figure(of+one.name+", p50", "ms", one.p50...)
		b.found.Figure(of+one.name+", p95", "ms", one.p95...)
	}
	b.found.Figure(of+"sent later than planned, p99", "ms", p.late...)
	b.found.Figure(of+"until the queue was worked off", "ms", p.worked[1:]...)
}
