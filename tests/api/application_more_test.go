package api_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/message/gateway"
	"github.com/lintel-id/lintel/server/message/mail"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/tests/api/running"
)

// Where nobody says when addresses are proven, it is before there is an account, and for a
// developer later; over the API and in the configuration alike.
func TestOwnershipProofWhereNobodySays(t *testing.T) {
	for _, engine := range running.Engines() {
		for usual, settings := range map[string]func(*config.Config){"before_account": inProduction, "deferred": withApplications} {
			t.Run(string(engine)+" "+usual, func(t *testing.T) {
				s := privately(t, running.NewPlace(t, engine), func(c *config.Config) {
					settings(c)
					c.BootstrapKey = secret.NewText(firstKey)
					c.Applications = []application.Declaration{{ClientID: "silent"}, {ClientID: "late", OwnershipProof: application.Deferred}}
				})
				keeper := s.keeper()
				made := read[wire.Application](keeper.createApplication(`{"client_id":"made","name":"Made"}`).is(http.StatusCreated))
				require.Equal(t, usual, made.OwnershipProof)
				s.fired("application.created")
				for clientID, want := range map[string]string{"silent": usual, "made": usual, "late": "deferred"} {
					found := read[wire.PublicConfiguration](s.app().configuration(clientID).is(http.StatusOK))
					require.Equal(t, want, found.OwnershipProof, clientID)
				}
				said := read[wire.Application](keeper.createApplication(`{"name":"Said","ownership_proof":"before_account"}`).is(http.StatusCreated))
				require.Equal(t, "before_account", said.OwnershipProof)
				s.fired("application.created")
			})
		}
	}
}

// Front ends read what codes and links they can offer.
func TestConfigurationOfCodesAndLinks(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), func(c *config.Config) {
				withApplications(c)
				c.Mail.Provider, c.SMS.Provider = mail.None, gateway.None
			})
			app := read[wire.Application](s.keeper().createApplication(`{"client_id":"linked","name":"Linked","link_uris":["https://shop.example/link"],"link_elsewhere":"refuse"}`).is(http.StatusCreated))
			require.Equal(t, []string{"https://shop.example/link"}, app.LinkUris)
			s.forgetEvents()
			silent := read[wire.PublicConfiguration](s.app().configuration("linked").is(http.StatusOK))
			require.Equal(t, wire.CodeConfiguration{Length: 6, Channels: []string{}}, silent.Code)
			require.Equal(t, wire.LinkConfiguration{Available: false, Elsewhere: "refuse"}, silent.Link, "nobody sends any")
			s.fired()
		})
	}
	forEachEngine(t, func(t *testing.T, s *scenario) {
		clientID := newWord()
		app := s.keeper().createApplication(`{"client_id":"` + clientID + `","name":"Linked","link_uris":["https://shop.example/link"]}`).is(http.StatusCreated)
		s.forgetEvents()
		found := read[wire.PublicConfiguration](s.app().configuration(clientID).is(http.StatusOK))
		require.Contains(t, found.Code.Channels, "email")
		require.Equal(t, wire.LinkConfiguration{Available: true, Elsewhere: "code"}, found.Link)
		s.keeper().updateApplication(read[wire.Application](app).ID, app.header.Get("ETag"), `{"link_uris":null,"link_elsewhere":"approve"}`).is(http.StatusOK)
		s.fired("application.updated")
		found = read[wire.PublicConfiguration](s.app().configuration(clientID).is(http.StatusOK))
		require.Equal(t, wire.LinkConfiguration{Available: false, Elsewhere: "approve"}, found.Link, "no page opens any")
		s.fired()
	})
}

func TestLinksThatAreRefused(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		keeper := s.keeper()
		many := make([]string, 11)
		for i := range many {
			many[i] = `"https://shop.example/link/` + strconv.Itoa(i) + `"`
		}
		list := `[` + strings.Join(many, ",") + `]`
		keeper.createApplication(`{"name":"x","link_uris":`+list+`}`).invalid("request_invalid", "/link_uris")
		keeper.createApplication(`{"name":"x","link_uris":[`+many[0]+`,`+many[0]+`]}`).invalid("application_invalid", "/link_uris/1")
		keeper.createApplication(`{"name":"x","link_uris":["https://shop.example/link#token"]}`).invalid("application_invalid", "/link_uris/0")
		keeper.createApplication(`{"name":"x","link_uris":["http://shop.example/link"]}`).invalid("application_invalid", "/link_uris/0")
		keeper.createApplication(`{"name":"x","link_elsewhere":"shout"}`).invalid("request_invalid", "/link_elsewhere")
		keeper.createApplication(`{"name":"x","link_targets":[]}`).invalid("request_invalid", "/link_targets")
		made := keeper.createApplication(`{"name":"x","link_uris":[` + many[0] + `]}`).is(http.StatusCreated)
		s.forgetEvents()
		keeper.updateApplication(read[wire.Application](made).ID, made.header.Get("ETag"), `{"link_uris":["https://u@shop.example/link"]}`).invalid("application_invalid", "/link_uris/0")
		s.fired()
	})
}
