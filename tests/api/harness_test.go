package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/tests/api/running"
)

const (
	patience = 20 * time.Second      // for what has to happen, and mostly has at once
	look     = 2 * time.Millisecond  // how often it is looked for
	ask      = 20 * time.Millisecond // how often it is asked for, where each time counts
)

// scenario is one test on one engine.
type scenario struct {
	*shared
	t      *testing.T
	source string // the address its requests come from
}

// forEachEngine runs a scenario on every engine, from an address of its own and long
// after whatever an earlier one did.
func forEachEngine(t *testing.T, play func(t *testing.T, s *scenario)) {
	t.Helper()
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			server := servers[engine]
			server.start(t, engine)
			server.Clock.Advance(time.Hour)
			s := &scenario{shared: server, t: t, source: server.newSource()}
			s.forgetEvents()
			s.told.begin()
			play(t, s)
		})
	}
}

// privately starts a server that only this scenario uses.
func privately(t *testing.T, place *running.Place, adjust func(*config.Config)) *scenario {
	t.Helper()
	own := &shared{private: true}
	own.take(t, running.Start(t, place, adjust))
	t.Cleanup(func() {
		servers[place.Engine].answered.join(&own.answered)
		require.NoError(t, own.left())
	})
	s := &scenario{shared: own, t: t, source: own.newSource()}
	s.forgetEvents()
	return s
}

// newSource is an address that no scenario has used.
func (s *shared) newSource() string {
	s.sources++
	return fmt.Sprintf("203.0.%d.%d", s.sources/250, s.sources%250+1)
}

func loopback() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
}

// problemEntry is what the list says about one code.
type problemEntry struct {
	Code        string `json:"code"`
	Status      int    `json:"status"`
	Title       string `json:"title"`
	Description string `json:"description"`
}

func listedProblems(t *testing.T) map[string]problemEntry {
	var list []problemEntry
	if err := json.Unmarshal(gen.ProblemsJSON, &list); err != nil {
		var byCode map[string]problemEntry
		require.NoError(t, json.Unmarshal(gen.ProblemsJSON, &byCode))
		return byCode
	}
	entries := map[string]problemEntry{}
	for _, entry := range list {
		entries[entry.Code] = entry
	}
	return entries
}

// secretList is everything that was sent or received and must be seen nowhere else.
type secretList struct {
	mu    sync.Mutex
	known map[string]bool
}

const shortestSecret = 12 // shorter ones may stand anywhere by chance

func (l *secretList) add(values ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known == nil {
		l.known = map[string]bool{}
	}
	for _, value := range values {
		if len(value) >= shortestSecret {
			l.known[value] = true
		}
	}
}

// forget takes out what was sent in the place of a secret and is none.
func (l *secretList) forget(values ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, value := range values {
		delete(l.known, value)
	}
}

// in tells of each secret that stands in a text, without repeating it.
func (l *secretList) in(what, text string) (err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for value := range l.known {
		if strings.Contains(text, value) {
			err = errors.Join(err, fmt.Errorf("a secret that begins with %.4q stands in %s", value, what))
		}
	}
	return err
}

// eventLog is how far the events have been looked at, and whom they were about.
type eventLog struct {
	cursor  int64
	people  map[string]bool // of the scenario that goes on
	earlier map[string]bool // of all before it
}

// begin has a scenario's own people told from those of earlier ones.
func (l *eventLog) begin() {
	if l.earlier == nil {
		l.earlier = map[string]bool{}
	}
	maps.Copy(l.earlier, l.people)
	l.people = map[string]bool{}
}

// upkeep is what nobody asked for: what comes of the people of earlier scenarios when the
// clock goes on, and keys that follow each other.
func (l *eventLog) upkeep(told event.Envelope) bool {
	return told.Actor.Kind == reqctx.System && (l.earlier[told.Person] || strings.HasPrefix(told.Type, "jwks."))
}

func everywhere() context.Context { return reqctx.WithEveryTenant(context.Background()) }

// next waits until everything committed has its number and gives what is new. The
// numbers have no gap.
func (l *eventLog) next(t *testing.T, events *storage.Events) []event.Envelope {
	t.Helper()
	require.Eventually(t, func() bool {
		waiting, err := events.UnsequencedEvents(everywhere(), nil, 1)
		return err == nil && len(waiting) == 0
	}, patience, look, "every event gets its number")
	if l.people == nil {
		l.people = map[string]bool{}
	}
	var all []event.Envelope
	for {
		told, err := events.EventsAfter(everywhere(), l.cursor, nil, 1000)
		require.NoError(t, err)
		for _, one := range told {
			require.Equal(t, l.cursor+1, one.Seq, "numbers have no gap")
			l.cursor = one.Seq
			if one.Person != "" {
				l.people[one.Person] = true
			}
		}
		all = append(all, told...)
		if len(told) == 0 {
			return all
		}
	}
}

// all is the whole log as text, read again from its beginning.
func (l *eventLog) all(server *running.Server) (string, error) {
	var text strings.Builder
	for after := int64(0); ; {
		told, err := server.Events.EventsAfter(everywhere(), after, nil, 1000)
		if err != nil || len(told) == 0 {
			return text.String(), err
		}
		for _, one := range told {
			if one.Seq != after+1 {
				return "", fmt.Errorf("event %d follows event %d", one.Seq, after)
			}
			after = one.Seq
			text.WriteString(one.Type + " " + one.Subject + " " + string(one.Data) + " " + string(one.Personal) + "\n")
		}
	}
}

// news are the events since the last look, each as the catalogue describes it, without
// what the server that all share does by itself every few minutes for earlier scenarios.
func (s *scenario) news() []event.Envelope {
	s.t.Helper()
	told := s.told.next(s.t, s.Events)
	for _, one := range told {
		s.hold(one)
	}
	if s.private {
		return told
	}
	return slices.DeleteFunc(told, s.told.upkeep)
}

func (s *scenario) forgetEvents() { s.news() }

// fired requires that exactly these events were recorded since the last look, in
// this order, and gives them. When a message goes out is the sender's own affair, so that
// only who names it is told: no message goes out that was not queued.
func (s *scenario) fired(types ...string) []event.Envelope {
	s.t.Helper()
	told, got := s.looked(types)
	require.Equal(s.t, append([]string{}, types...), got, "exactly these events")
	return told
}

// happened is fired, in any order.
func (s *scenario) happened(types ...string) {
	s.t.Helper()
	_, got := s.looked(types)
	require.ElementsMatch(s.t, types, got, "exactly these events")
}

// looked gives the news and their types: with every message.sent that is waited for, and
// without any where none is.
func (s *scenario) looked(types []string) (told []event.Envelope, got []string) {
	s.t.Helper()
	sent := func(all []string) (n int) {
		for _, one := range all {
			if one == "message.sent" {
				n++
			}
		}
		return n
	}
	for ends := time.NewTimer(patience); ; {
		for _, one := range s.news() {
			if one.Type != "message.sent" || sent(types) > 0 {
				told, got = append(told, one), append(got, one.Type)
			}
		}
		if sent(got) >= sent(types) {
			return told, append([]string{}, got...)
		}
		select {
		case <-ends.C:
			return told, got
		case <-time.After(look):
		}
	}
}

// data is what an event tells, by member.
func data(t *testing.T, told event.Envelope) map[string]any {
	t.Helper()
	var members map[string]any
	require.NoError(t, json.Unmarshal(told.Data, &members))
	return members
}
