package main

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/lintel-id/lintel/tests/load/drive"
	"github.com/lintel-id/lintel/tests/load/open"
	"github.com/lintel-id/lintel/tests/load/report"
	"github.com/lintel-id/lintel/tests/load/stand"
	"github.com/lintel-id/lintel/tests/load/wire"
)

const (
	checksOffered = 0.05 // of the session checks that the server can do alone
	loginsOffered = 4    // times the logins that it can do alone
	mostStanding  = 4096 // connections of a stream
	readyStanding = 32

	goalAnswered = 0.99
	goalAdmitted = 0.60
	goalLost     = 0
	markRefusal  = 100 // ms, to be called at once
)

// flood is what the rounds of one house have found.
type flood struct {
	peak, capacity, checks, logins     []float64
	answered, admitted, lost, late     []float64
	check50, check99, login50, login99 []float64
	refusal50, refusal99               []float64
}

// overload offers far more logins than can be hashed, and looks at what becomes of
// them and of everybody else. What a house can do alone is measured just before.
func (b *bench) overload(ctx context.Context, houses []*house) error {
	floods := make([]flood, len(houses))
	for round := range b.settings.Rounds {
		for i := range houses {
			i = (i + round) % len(houses)
			if err := b.flood(ctx, houses[i], &floods[i]); err != nil {
				return err
			}
		}
	}
	for i, h := range houses {
		b.drowned(h.Name, &floods[i])
	}
	return nil
}

func (b *bench) flood(ctx context.Context, h *house, f *flood) error {
	most := b.settings.Connections[len(b.settings.Connections)-1]
	peak, err := drive.Load{Address: h.Server.Address, Connections: most, Lasts: b.settings.lasts, Act: func(i int) drive.Act {
		return get(h, "/v1/session", h.People.Token(i))
	}}.Drive(ctx)
	if err != nil {
		return err
	}
	capacity, err := drive.Load{Address: h.Server.Address, Connections: 32, Lasts: 2 * b.settings.lasts, Act: func(int) drive.Act {
		return drive.Ask(http.StatusCreated, h.People.Login, stand.LoggedIn)
	}}.Drive(ctx)
	if err != nil {
		return err
	}
	checks := open.Stream{
		Address: h.Server.Address, Rate: checksOffered * peak.Rate, Lasts: 4 * b.settings.lasts,
		Ready: readyStanding, Most: mostStanding,
		Request: func(n int) []byte { return wire.Get(h.Server.Address, "/v1/session", h.People.Token(n)) },
	}
	logins := checks
	logins.Rate, logins.Request = loginsOffered*capacity.Rate, func(int) []byte { return h.People.Login() }

	var both sync.WaitGroup
	var checked, tried []open.Sent
	var failed [2]error
	both.Go(func() { checked, failed[0] = checks.Run(ctx) })
	both.Go(func() { tried, failed[1] = logins.Run(ctx) })
	both.Wait()
	for _, err := range failed {
		if err != nil {
			return err
		}
	}
	f.peak, f.capacity = append(f.peak, peak.Rate), append(f.capacity, capacity.Rate)
	f.checks, f.logins = append(f.checks, checks.Rate), append(f.logins, logins.Rate)
	f.add(checked, tried, capacity.Rate, logins.Lasts)
	return nil
}

// add counts a login as admitted in time when its answer came while logins were
// still offered: the queue that is left is worked off at leisure.
func (f *flood) add(checked, tried []open.Sent, capacity float64, lasts time.Duration) {
	answered := open.Count(checked, func(s open.Sent) bool { return s.Status == http.StatusOK })
	admitted := open.Count(tried, func(s open.Sent) bool { return s.Status == http.StatusCreated })
	inTime := open.Count(tried, func(s open.Sent) bool { return s.Status == http.StatusCreated && s.Due+s.Took <= lasts })
	refused := open.Count(tried, func(s open.Sent) bool { return s.Status == http.StatusServiceUnavailable && s.RetryAfter })
	f.answered = append(f.answered, share(answered.Count, len(checked)))
	f.admitted = append(f.admitted, float64(inTime.Count)/lasts.Seconds()/capacity)
	f.lost = append(f.lost, share(len(tried)-admitted.Count-refused.Count, len(tried)))
	f.late = append(f.late, report.Milliseconds(max(open.Late(checked), open.Late(tried))))
	f.check50, f.check99 = append(f.check50, report.Milliseconds(answered.P50)), append(f.check99, report.Milliseconds(answered.P99))
	f.login50, f.login99 = append(f.login50, report.Milliseconds(admitted.P50)), append(f.login99, report.Milliseconds(admitted.P99))
	f.refusal50, f.refusal99 = append(f.refusal50, report.Milliseconds(refused.P50)), append(f.refusal99, report.Milliseconds(refused.P99))
}

func share(part, of int) float64 { return float64(part) / float64(max(1, of)) }

func (b *bench) drowned(engine string, f *flood) {
	b.found.Goal("overload, "+engine+": session checks answered", "of 1", report.Least, goalAnswered, f.answered)
	b.found.Goal("overload, "+engine+": logins admitted, of those alone", "of 1", report.Least, goalAdmitted, f.admitted)
	b.found.Goal("overload, "+engine+": logins neither admitted nor told when to return", "of 1", report.Most, goalLost, f.lost)
	b.found.Goal("overload, "+engine+": p99 of a refusal", "ms", report.Near, markRefusal, f.refusal99)
	rate := func(rounds []float64) report.Series { return report.NewSeries("", "/s", rounds) }
	part := func(rounds []float64) report.Series { return report.NewSeries("", "of 1", rounds) }
	ms := func(rounds []float64) report.Series { return report.NewSeries("", "ms", rounds) }
	b.found.Overload = append(b.found.Overload, report.Overload{
		Engine: engine, Peak: rate(f.peak), Capacity: rate(f.capacity), OfferedChecks: rate(f.checks), OfferedLogins: rate(f.logins),
		Answered: part(f.answered), Admitted: part(f.admitted), Lost: part(f.lost), Late: ms(f.late),
		Check:   report.Latency{P50: ms(f.check50), P99: ms(f.check99)},
		Login:   report.Latency{P50: ms(f.login50), P99: ms(f.login99)},
		Refusal: report.Latency{P50: ms(f.refusal50), P99: ms(f.refusal99)},
	})
}
