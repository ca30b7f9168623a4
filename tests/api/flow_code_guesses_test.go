package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/platform/rate"
	"github.com/lintel-id/lintel/tests/api/running"
)

// stranger is somebody at an address that nobody has used.
func (s *scenario) stranger() *caller {
	c := s.app()
	c.source = s.newSource()
	return c
}

// wrongs types wrong codes for what a flow has sent, until the code or the source takes no
// more, and tells how many were looked at.
func (c *caller) wrongs(begun *ongoing) (taken int, slowed bool) {
	c.t.Helper()
	for range 5 {
		a := begun.submit(c.code("", "nothing"))
		if a.status == http.StatusTooManyRequests {
			a.refused(http.StatusTooManyRequests, "too_many_attempts")
			require.NotEmpty(c.t, a.header.Get("Retry-After"))
			return taken, true
		}
		taken++
		want := "code_invalid"
		if taken == 5 {
			want = "code_spent"
		}
		requireRefusal(c, read[wire.Flow](a.is(http.StatusOK)), want)
	}
	return taken, false
}

// Strangers at many addresses together try a hundred codes of an account, however many flows
// they begin, and not one more: from then on the right one does not let anybody in who comes
// from anywhere. Where its owner has typed a right one before, they still get in.
func TestPromise_LockoutIsNoWeapon_CodesOfManyStrangers(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
				withApplications(settings)
				// Ten messages an hour, of five tries each, would slow them down before.
				settings.Budget.Recipient = rate.Limit{Rate: 100, Period: time.Second, Burst: 100}
			})
			_, name, made := s.member()
			home := s.app()
			away := s.stranger()
			elsewhere := away.careful("login", away.code(name, ""))
			right, sent, all := s.mailed(name, 2), 2, 0
			for slowed := false; !slowed; sent++ {
				require.Less(t, sent, 30, "nobody slowed the strangers down")
				var taken int
				c := s.stranger()
				taken, slowed = c.wrongs(c.careful("login", c.code(name, "")))
				all += taken
			}
			require.Equal(t, 100, all)
			elsewhere.submit(away.code("", right)).refused(http.StatusTooManyRequests, "too_many_attempts")

			s.Mail(t, name, sent) // what is sent side by side may arrive in any order
			begun := home.careful("login", home.code(name, ""))
			back := begun.finished(home.code("", s.mailed(name, sent+1)))
			require.Equal(t, made.Outcome.User.ID, back.Outcome.User.ID)

			s.Clock.Advance(10 * time.Second) // which gives one of the tries back
			elsewhere.finished(away.code("", right))
			s.forgetEvents()
		})
	}
}

// One address that tries codes of many names is slowed down as well, and by what it has tried,
// not by how many answers it gave: it may still begin. Others go on.
func TestClass_SideDoor_CodesOfManyNamesFromOneAddress(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c, slowed, all := s.stranger(), false, 0
		for names := 0; !slowed; names++ {
			require.Less(t, names, 20, "nobody slowed it down")
			var taken int
			taken, slowed = c.wrongs(c.careful("login", c.code(newName(), "")))
			all += taken
			s.Clock.Advance(2 * time.Second) // gives one of these tries back, and ten answers
		}
		require.Greater(t, all, 60)
		c.careful("login", c.identify(newName()))
		other := s.stranger()
		taken, slowed := other.wrongs(other.careful("login", other.code(newName(), "")))
		require.Equal(t, 5, taken)
		require.False(t, slowed)
		s.forgetEvents()
	})
}
