package flow_test

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/flow"
	"github.com/lintel-id/lintel/server/flow/step"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// A program is pairs of bytes: what is done, and with what. Whoever does it may know
// every token, since what is asked here is what a token is good for.
const (
	doStart = iota
	doStartWithPassword
	doIdentifier
	doPassword
	doNewPassword
	doConsent
	doProfile
	doBack
	doAbandon
	doWait
	doWithAnothersToken
	doWithoutBrowser
	doStepUp
	doRead
	actions
)

const longestProgram = 64

// played is one flow as somebody who watched would remember it.
type played struct {
	access  flow.Access
	journey string
	begun   time.Time
	claimed []string         // identifiers that were named in it
	proven  map[user.ID]bool // whose password was given in it, or who was made in it
	chosen  bool             // a password was chosen in it
	agreed  bool
	over    bool
	session user.ID // who was signed in when a step_up began
}

// game plays a program against the real rooms and holds them to what must never be.
type game struct {
	t        *testing.T
	h        house
	ctx      context.Context
	names    [2]string
	accounts map[string]user.ID
	secrets  map[string]string
	agreed   map[user.ID]bool
	flows    []*played
	signedIn *session.Resolved
}

var passwords = [...]string{good, wrong, "short"}

func newGame(t *testing.T, h house, number uint32) *game {
	t.Helper()
	address := netip.AddrFrom4([4]byte{10, byte(number >> 16), byte(number >> 8), byte(number)})
	g := &game{
		t: t, h: h, ctx: reqctx.WithClient(h.ctx, reqctx.Client{Address: address, UserAgent: "fuzz"}),
		names:    [2]string{fmt.Sprintf("a%d@example.com", number), fmt.Sprintf("b%d@example.com", number)},
		accounts: map[string]user.ID{}, secrets: map[string]string{}, agreed: map[user.ID]bool{},
	}
	made, err := h.users.Create(g.ctx, someone(g.names[0]))
	require.NoError(t, err)
	h.setPassword(t, made.ID, good)
	g.accounts[g.names[0]], g.secrets[g.names[0]] = made.ID, good
	return g
}

func (g *game) play(program []byte) {
	for len(program) >= 2 {
		g.act(program[0]%actions, program[1])
		program = program[2:]
	}
}

func (g *game) act(action, with byte) {
	name, word := g.names[with&1], passwords[int(with>>1&3)%len(passwords)]
	one := g.pick(with >> 4)
	switch action {
	case doStart, doStartWithPassword, doStepUp:
		g.start(action, with, name, word)
	case doWait:
		g.h.clock.Advance(time.Duration(with) * 10 * time.Second)
	case doBack, doRead, doAbandon:
		g.move(one, action)
	case doIdentifier:
		g.submit(one, step.IdentifierSubmission{Identifier: name}, name, "")
	case doPassword:
		given := name
		if with&8 != 0 {
			given = ""
		}
		g.submit(one, withPassword(given, word), given, word)
	case doNewPassword:
		g.submit(one, newPassword(name, word), name, word)
	case doConsent:
		version := "1"
		if with&1 != 0 {
			version = "2"
		}
		g.submit(one, step.ConsentSubmission{Agreed: []step.Agreement{{Subject: "terms", Version: version}}}, "", "")
	case doProfile:
		g.submit(one, step.ProfileSubmission{Profile: []byte(`{"name":"Ada"}`)}, "", "")
	case doWithAnothersToken, doWithoutBrowser:
		g.trespass(one, g.pick(with>>2), action)
	}
}

func (g *game) pick(number byte) *played {
	if len(g.flows) == 0 {
		return nil
	}
	return g.flows[int(number)%len(g.flows)]
}

func (g *game) start(action, with byte, name, word string) {
	begin := flow.Start{Journey: []string{"login", "registration", "login_or_registration"}[int(with>>4&3)%3], Transport: session.Bearer}
	if with&0x40 != 0 {
		begin.Transport, begin.Origin = session.Cookie, origin
	}
	if action == doStepUp {
		begin.Journey, begin.Session = "step_up", g.signedIn
	}
	one := &played{journey: begin.Journey, begun: g.h.clock.Now(), proven: map[user.ID]bool{}}
	if action == doStepUp && g.signedIn != nil {
		one.session = g.signedIn.Session.UserID
		one.claimed = slices.Clone(g.names[:])
	}
	var given, tried string
	if action == doStartWithPassword {
		begin.Submission, given, tried = withPassword(name, word), name, word
		if begin.Journey == "registration" {
			begin.Submission = newPassword(name, word)
		}
	}
	result, err := g.h.Start(g.ctx, begin)
	if err != nil {
		g.allowed(err)
		return
	}
	one.access = access(result)
	g.flows = append(g.flows, one)
	g.look(one, result, begin.Submission, given, tried)
}

func (g *game) submit(one *played, submission step.Submission, name, word string) {
	if one == nil {
		return
	}
	result, err := g.h.Submit(g.ctx, one.access, submission, flow.Retry{})
	if err != nil {
		g.allowed(err)
		require.True(g.t, result.SessionToken.IsZero())
		return
	}
	g.look(one, result, submission, name, word)
}

// allowed takes what a caller may be told; anything else is a fault of ours.
func (g *game) allowed(err error) { require.NotNil(g.t, fault.As(err), "%v", err) }

// note remembers what the submission has shown, as a generous witness would.
func (g *game) note(one *played, result flow.Result, submission step.Submission, name, word string) {
	if name != "" {
		one.claimed = append(one.claimed, name)
	}
	switch asked := submission.(type) {
	case step.PasswordSubmission:
		for _, claimed := range one.claimed {
			if id, ok := g.accounts[claimed]; ok && g.secrets[claimed] == word {
				one.proven[id] = true
			}
		}
	case step.NewPasswordSubmission:
		if result.View.Refusal == nil && word != passwords[2] {
			one.chosen = true
			g.secrets["chosen in "+one.access.ID.String()] = word
		}
	case step.ConsentSubmission:
		one.agreed = one.agreed || asked.Agreed[0].Version == "1"
	}
}

// look holds an answer against everything that must never be.
func (g *game) look(one *played, result flow.Result, submission step.Submission, name, word string) {
	t := g.t
	require.False(t, one.over, "a flow that is over takes no answer")
	require.True(t, g.h.clock.Now().Before(one.begun.Add(flow.DefaultConfig().Lifetime)), "nor does one whose time is over")
	g.note(one, result, submission, name, word)
	for _, offer := range kinds(result.View) {
		if offer == "consent" || offer == "profile" || offer == "acknowledge" {
			require.True(t, one.chosen || len(one.proven) > 0, "%s is asked of somebody who has shown nothing", offer)
		}
	}
	if result.View.Status != flow.Completed {
		require.True(t, result.SessionToken.IsZero())
		return
	}
	one.over = true
	done := result.View.Outcome.User.ID
	created := true
	for _, known := range g.accounts {
		created = created && known != done
	}
	if created {
		require.True(t, one.chosen, "somebody was made without a password")
		require.NotEqual(t, "login", one.journey)
		g.created(one, result, done)
	} else {
		require.True(t, one.proven[done], "somebody is signed in whose password was not given in this flow")
	}
	require.True(t, one.agreed || g.agreed[done] || one.journey == "step_up", "somebody is signed in who has not agreed")
	g.agreed[done] = g.agreed[done] || one.agreed
	if one.journey == "step_up" {
		require.Equal(t, one.session, done, "another one has stepped up")
	}
	if token := result.SessionToken.Reveal(); token != "" {
		resolved, err := g.h.sessions.Resolve(g.ctx, token)
		require.NoError(t, err)
		require.Equal(t, done, resolved.Session.UserID)
		g.signedIn = &resolved
	}
}

func (g *game) created(one *played, result flow.Result, made user.ID) {
	name := result.View.Outcome.User.Identifiers[0].Value
	require.Contains(g.t, one.claimed, name, "an identifier that nobody named")
	_, taken := g.accounts[name]
	require.False(g.t, taken, "two have one identifier")
	g.accounts[name], one.proven[made] = made, true
	g.secrets[name] = g.secrets["chosen in "+one.access.ID.String()]
}

func (g *game) move(one *played, action byte) {
	if one == nil {
		return
	}
	var err error
	switch action {
	case doBack:
		_, err = g.h.Back(g.ctx, one.access)
		require.False(g.t, err == nil && one.over, "back from the end")
	case doRead:
		_, err = g.h.Read(g.ctx, one.access, 0, nil)
	case doAbandon:
		if err = g.h.Abandon(g.ctx, one.access); err == nil {
			one.over = true
		}
	}
	if err != nil {
		g.allowed(err)
	}
}

// trespass comes with what belongs to another flow, or from another browser.
func (g *game) trespass(one, another *played, action byte) {
	if one == nil || one == another && action == doWithAnothersToken {
		return
	}
	bent := one.access
	if action == doWithAnothersToken {
		bent.Token, bent.Browser = another.access.Token, another.access.Browser
	} else if bent.Browser = secret.NewToken("lb").Reveal(); one.access.Browser == "" {
		bent.Token = ""
	}
	_, err := g.h.Submit(g.ctx, bent, withPassword(g.names[0], good), flow.Retry{})
	require.ErrorIs(g.t, err, flow.ErrToken)
	require.ErrorIs(g.t, g.h.Abandon(g.ctx, bent), flow.ErrToken)
	_, err = g.h.Read(g.ctx, bent, 0, nil)
	require.ErrorIs(g.t, err, flow.ErrToken)
}

// programs are the seeds: what people do, and some of what they should not.
func programs() [][]byte {
	return [][]byte{
		{doStart, 0, doIdentifier, 0, doPassword, 8, doConsent, 0},
		{doStartWithPassword, 0, doConsent, 1, doConsent, 0, doConsent, 0, doPassword, 0},
		{doStart, 16, doNewPassword, 1, doConsent, 0, doStartWithPassword, 1, doStepUp, 0, doPassword, 1},
		{doStart, 32, doIdentifier, 1, doNewPassword, 1, doBack, 0, doIdentifier, 0, doPassword, 8, doConsent, 0},
		{doStart, 0, doStart, 0x40, doWithAnothersToken, 4, doWithoutBrowser, 0x10, doPassword, 0x10, doConsent, 0x10},
		{doStart, 0, doPassword, 0, doWait, 255, doConsent, 0, doRead, 0, doAbandon, 0, doConsent, 0},
		{doStartWithPassword, 0, doAbandon, 0, doConsent, 0, doBack, 0},
		{doStart, 0, doIdentifier, 1, doPassword, 8, doIdentifier, 0, doPassword, 2, doPassword, 0, doConsent, 0},
		{doStart, 16, doStart, 16, doNewPassword, 1, doNewPassword, 0x11, doConsent, 0, doConsent, 0x10},
	}
}

// A game in which nobody ever came in would prove nothing.
func TestTheGameIsPlayedToItsEnd(t *testing.T) {
	h := build(t, func(d *application.Declaration) {
		d.Terms = &application.Terms{Version: "1", URL: "https://example.com/terms"}
	})
	signedIn, made := 0, 0
	for i, program := range programs() {
		g := newGame(t, h, uint32(i+1))
		g.play(program)
		made += len(g.accounts) - 1
		for _, one := range g.flows {
			if one.over && len(one.proven) > 0 {
				signedIn++
			}
		}
	}
	require.GreaterOrEqual(t, signedIn, 6)
	require.GreaterOrEqual(t, made, 2)
}

// Whatever several clients do in whatever order, nobody is signed in who has not shown
// in that very flow what it asks for, and no flow ends twice.
func FuzzFlows(f *testing.F) {
	for _, seed := range programs() {
		f.Add(seed)
	}
	h := build(f, func(d *application.Declaration) {
		d.Terms = &application.Terms{Version: "1", URL: "https://example.com/terms"}
	})
	var games atomic.Uint32
	f.Fuzz(func(t *testing.T, program []byte) {
		newGame(t, h, games.Add(1)).play(program[:min(len(program), longestProgram)])
	})
}
