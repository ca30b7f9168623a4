package api_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/mailbox"
	"github.com/lintel-id/lintel/tests/api/running"
)

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

			path := filepath.Join(t.TempDir(), "domains")
			require.NoError(t, os.WriteFile(path, []byte("bin.example\n"), 0o600))
			s := privately(t, place, func(settings *config.Config) {
				withApplications(settings)
				settings.Mailbox.Tagged, settings.Mailbox.DisposableFile = mailbox.Refuse, path
			})
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
