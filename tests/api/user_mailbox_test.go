package api_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/mailbox"
	"github.com/lintel-id/lintel/tests/api/running"
)

// picky starts a server that takes neither what comes after a plus nor some domains.
func picky(t *testing.T, place *running.Place) *scenario {
	t.Helper()
	path := filepath.Join(t.TempDir(), "domains")
	require.NoError(t, os.WriteFile(path, []byte("bin.example\nmüll.example\n"), 0o600))
	return privately(t, place, func(settings *config.Config) {
		withApplications(settings)
		settings.Mailbox.Tagged, settings.Mailbox.DisposableFile = mailbox.Refuse, path
	})
}

// A new account has no address that its server does not take, by whichever way it would be
// had; whoever has one already goes on signing in with it, and operators give what they want.
func TestAddressesOfThrowAwayMailboxesAreNotTaken(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			place := running.NewPlace(t, engine)
			before := privately(t, place, withApplications)
			p := &person{caller: before.app(), name: newWord() + "+old@bin.example", password: newPassword()}
			p.completed(p.start(p.asking("registration", p.choose(p.name, p.password, nil))).is(http.StatusCreated))
			require.NoError(t, before.Stop())

			s := picky(t, place)
			for address, code := range map[string]string{
				newWord() + "@bin.example": "disposable", newWord() + "@a.BIN.example": "disposable", newWord() + "+shop@example.com": "tagged",
			} {
				for _, journey := range []string{"registration", "login_or_registration"} {
					c := s.app()
					f := c.goOn(c.start(c.asking(journey, c.identify(address))))
					requireRefusal(c, f.Flow, "identifier_invalid", "/identifier")
					require.Equal(t, code, f.Error.Errors[0].Code)
				}
				c := s.app()
				requireRefusal(c, c.goOn(c.start(c.asking("registration", c.choose(address, newPassword(), nil)))).Flow, "identifier_invalid", "/identifier")
				c = s.somebody().caller
				refused := c.addIdentifier(address).refused(http.StatusUnprocessableEntity, "identifier_invalid")
				require.Equal(t, []string{"/value"}, places(refused.Errors))
				s.forgetEvents()
				o := s.operator(wire.ScopeUsersWrite)
				o.createUser(wire.NewUser{Identifiers: []wire.NewUserIdentifier{{Value: address}}}).is(http.StatusCreated)
				s.forgetEvents()
			}
			again := s.app()
			again.completed(again.start(again.asking("login", again.prove(p.name, p.password))).is(http.StatusCreated))
			s.forgetEvents()
		})
	}
}

// Where addresses are proven first there is no other way to such a mailbox either. A journey
// that may be a login says so once the address is proven: before, it would tell who has one.
func TestClass_SideDoor_NoWayToAThrowAwayMailbox(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := picky(t, running.NewPlace(t, engine))
			for address, code := range map[string]string{
				newWord() + "@bin.example": "disposable", newWord() + "@a.BIN.example": "disposable", newWord() + "@xn--mll-hoa.example": "disposable",
				newWord() + "@MÜLL.example": "disposable", newWord() + "+shop@example.com": "tagged",
			} {
				refused := func(f wire.Flow) {
					requireRefusal(s.app(), f, "identifier_invalid", "/identifier")
					require.Equal(t, code, f.Error.Errors[0].Code, address)
				}
				c := s.app()
				for _, submission := range []*wire.StepSubmission{
					c.identify(address), c.choose(address, newPassword(), nil), c.code(address, ""), c.link(wire.LinkSubmission{Identifier: &address}),
				} {
					refused(c.careful("registration", submission).Flow)
				}
				member, _, made := s.member()
				refused(member.careful("verification", member.code(address, "")).Flow)
				refused(member.careful("verification", member.link(wire.LinkSubmission{Identifier: &address})).Flow)
				require.Len(t, member.own().Identifiers, len(made.Outcome.User.Identifiers))
				require.Empty(t, s.first().messages(wire.ListMessagesParams{To: &address}), "nothing was sent to %s", address)

				s.refusedOnceProven(address, refused)
				require.Empty(t, s.manager().found(url.Values{"identifier": {address}}), "nobody has %s", address)
				s.forgetEvents()
			}
		})
	}
}

// refusedOnceProven has an address proven by a code and by a link, to sign in or register.
func (s *scenario) refusedOnceProven(address string, refused func(wire.Flow)) {
	s.t.Helper()
	to := reached(address)
	c := s.app()
	typed := c.careful("login_or_registration", c.code(address, ""))
	require.Nil(s.t, typed.Error)
	refused(read[wire.Flow](typed.submit(c.code("", s.mailed(to, 1))).is(http.StatusOK)))
	s.Clock.Advance(time.Minute)
	followed := c.careful("login_or_registration", c.link(wire.LinkSubmission{Identifier: &address}))
	require.Nil(s.t, followed.Error)
	brought := c.link(wire.LinkSubmission{LinkToken: optional(s.linked(to, 2).Get("link"))})
	refused(read[wire.Flow](followed.submit(brought).is(http.StatusOK)))
	s.Clock.Advance(time.Minute)
}

// reached is an address as mail servers are given it.
func reached(address string) string {
	local, domain, _ := strings.Cut(address, "@")
	return local + "@" + strings.NewReplacer("MÜLL", "xn--mll-hoa", "bücher", "xn--bcher-kva").Replace(domain)
}

// Mailboxes are anybody's: of an international domain, with an international name, and with a
// plus where that is not refused. Each is proven, and finds its user however it is written.
func TestInternationalMailboxesAreProven(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		word := newWord()
		for address, again := range map[string]string{
			word + "@bücher.example":           strings.ToUpper(word) + "@xn--bcher-kva.example",
			"jürgen" + word + "@example.com":   "JÜRGEN" + word + "@Example.com",
			"佐藤" + word + "@bücher.example":    "佐藤" + word + "@BÜCHER.example",
			word + "+shop@example.com":         strings.ToUpper(word) + "+Shop@example.com",
			"o'neill." + word + "@a.b.example": "O'Neill." + word + "@A.B.example",
			"josé" + word + "@bücher.example":  "jose\u0301" + word + "@bücher.example",
		} {
			c := s.app()
			made := c.careful("registration", c.code(address, "")).finished(c.code("", s.mailed(reached(address), 1)))
			require.Equal(t, address, made.Outcome.User.Identifiers[0].Value)
			require.False(t, made.Outcome.User.Identifiers[0].VerifiedAt.IsNull(), address)
			s.Clock.Advance(time.Minute)
			back := s.app()
			login := back.careful("login", back.code(again, ""))
			letters := s.Letters(t, reached(address), 2)
			require.Len(t, letters, 2, "it goes to the mailbox that was proven: %s", again)
			require.Equal(t, made.Outcome.User.ID, login.finished(back.code("", s.mailed(reached(address), 2))).Outcome.User.ID)
		}
		s.forgetEvents()
	})
}
