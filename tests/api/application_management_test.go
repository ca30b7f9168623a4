package api_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/tests/api/running"
)

const allApplications = "/admin/v1/applications"

func (o *operator) createApplication(body string) answer {
	o.t.Helper()
	return o.send(http.MethodPost, allApplications, body)
}

func (o *operator) application(id string) answer {
	o.t.Helper()
	return o.got(o.wire.GetApplication(context.Background(), id))
}

func (o *operator) updateApplication(id, etag, patch string) answer {
	o.t.Helper()
	return o.send(http.MethodPatch, allApplications+"/"+id, patch, "Content-Type", "application/merge-patch+json", "If-Match", etag)
}

func (o *operator) deleteApplication(id string) answer {
	o.t.Helper()
	return o.got(o.wire.DeleteApplication(context.Background(), id))
}

// keeper is a program that may manage applications.
func (s *scenario) keeper() *operator {
	s.t.Helper()
	return s.operator(wire.ScopeApplicationsRead, wire.ScopeApplicationsWrite)
}

func TestApplicationForItsWholeLife(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		keeper, clientID := s.keeper(), newWord()
		made := keeper.createApplication(`{"client_id":"` + clientID + `","name":"Shop","origins":["https://` + clientID + `.example"],
			"redirect_uris":["https://shop.example/cb"],"grant_types":["authorization_code","refresh_token"],"token_endpoint_auth_method":"client_secret_basic",
			"terms":{"version":"1","url":"https://shop.example/terms"},"token":{"audiences":["orders"]},"contacts":["dev@shop.example"],"default_max_age":0}`).is(http.StatusCreated)
		app := read[wire.Application](made)
		require.Equal(t, "api", app.ManagedBy)
		require.True(t, app.Enabled)
		require.False(t, app.Default)
		require.Equal(t, "web", app.ApplicationType)
		require.Equal(t, []string{"code"}, app.ResponseTypes)
		require.Equal(t, "deferred", app.OwnershipProof, "the server is in development")
		require.Equal(t, "code", app.LinkElsewhere)
		require.Empty(t, app.LinkUris)
		require.Equal(t, wire.ApplicationToken{Audiences: []string{"orders"}, LifetimeSeconds: 300}, app.Token)
		require.Equal(t, int32(0), app.DefaultMaxAge.MustGet())
		require.Equal(t, app.ID, s.fired("application.created")[0].Subject)
		require.Equal(t, app, read[wire.Application](keeper.application(app.ID).is(http.StatusOK)))
		require.Equal(t, []wire.Terms{{Subject: "terms", Version: "1", URL: "https://shop.example/terms"}},
			read[wire.PublicConfiguration](s.app().configuration(clientID).is(http.StatusOK)).Terms, "it is there at once")

		s.Clock.Advance(time.Second)
		etag := made.header.Get("ETag")
		changed := keeper.updateApplication(app.ID, etag, `{"name":"Store","terms":null,"token":{"lifetime_seconds":60},"contacts":[],"default_max_age":null,"origins":null}`).is(http.StatusOK)
		after := read[wire.Application](changed)
		require.Equal(t, "Store", after.Name)
		require.Nil(t, after.Terms)
		require.Equal(t, wire.ApplicationToken{Audiences: []string{"orders"}, LifetimeSeconds: 60}, after.Token, "a patch of a part")
		require.Empty(t, after.Contacts)
		require.Empty(t, after.Origins)
		require.True(t, after.DefaultMaxAge.IsNull())
		require.Equal(t, app.RedirectUris, after.RedirectUris)
		told := data(t, s.fired("application.updated")[0])
		require.Equal(t, []any{"name", "origins", "terms", "token_lifetime", "contacts", "default_max_age"}, told["fields"])
		require.Equal(t, map[string]any{"name": "Store", "origins": []any{}, "terms": nil, "token_lifetime": "1m0s", "default_max_age": nil}, told["after"])
		require.Equal(t, map[string]any{"version": "1", "url": "https://shop.example/terms"}, told["before"].(map[string]any)["terms"])
		require.Empty(t, read[wire.PublicConfiguration](s.app().configuration(clientID).is(http.StatusOK)).Terms)
		keeper.updateApplication(app.ID, etag, `{"name":"Late"}`).refused(http.StatusPreconditionFailed, "version_stale")
		same := keeper.updateApplication(app.ID, changed.header.Get("ETag"), `{"name":"Store"}`).is(http.StatusOK)
		require.Equal(t, changed.header.Get("ETag"), same.header.Get("ETag"))
		s.fired()

		keeper.deleteApplication(app.ID).is(http.StatusNoContent)
		s.fired("application.deleted")
		keeper.application(app.ID).refused(http.StatusNotFound, "application_unknown")
		keeper.deleteApplication(app.ID).refused(http.StatusNotFound, "application_unknown")
		s.app().configuration(clientID).refused(http.StatusUnprocessableEntity, "client_unknown")
		keeper.createApplication(`{"client_id":"` + clientID + `","name":"Again"}`).is(http.StatusCreated)
		s.fired("application.created")
	})
}

func TestApplicationsByThePage(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		keeper, made := s.keeper(), map[string]bool{}
		for range 3 {
			app := read[wire.Application](keeper.createApplication(`{"name":"Many"}`).is(http.StatusCreated))
			require.Regexp(t, `^cli_[a-z2-7]{26}$`, app.ClientID)
			made[app.ID] = true
		}
		var cursor *string
		for pages := 0; ; pages++ {
			require.Less(t, pages, 500)
			page := read[wire.ApplicationPage](keeper.got(keeper.wire.ListApplications(context.Background(), &wire.ListApplicationsParams{Cursor: cursor, Limit: new(int32(2))})).is(http.StatusOK))
			for _, app := range page.Items {
				delete(made, app.ID)
			}
			next, err := page.NextCursor.Get()
			if err != nil {
				break
			}
			cursor = &next
		}
		require.Empty(t, made)
		s.fired("application.created", "application.created", "application.created")
	})
}

func TestApplicationThatIsRefused(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		keeper := s.keeper()
		made := keeper.createApplication(`{"name":"Here"}`).is(http.StatusCreated)
		app, etag := read[wire.Application](made), made.header.Get("ETag")
		s.forgetEvents()
		for body, where := range map[string]string{
			`{"name":"x","redirect_uris":["https://a.example/..;/x"]}`:                                   "/redirect_uris/0",
			`{"name":"x","origins":["https://a.example/"]}`:                                              "/origins/0",
			`{"name":"x","grant_types":["client_credentials"]}`:                                          "/token_endpoint_auth_method",
			`{"name":"x","jwks":{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}}`:                                "/jwks",
			`{"name":"x","jwks_uri":"http://a.example/jwks"}`:                                            "/jwks_uri",
			`{"name":"x","profile_claims":["shoe_size"]}`:                                                "/profile_claims/0",
			`{"name":"x","journeys":["dance"]}`:                                                          "/journeys/0",
			`{"name":"x","application_type":"native","token_endpoint_auth_method":"client_secret_post"}`: "/token_endpoint_auth_method",
		} {
			keeper.createApplication(body).invalid("application_invalid", where)
		}
		keeper.createApplication(`{"name":"x","grant_types":["password"]}`).invalid("request_invalid", "/grant_types/0")
		keeper.createApplication(`{"name":"x","managed_by":"configuration"}`).invalid("request_invalid", "/managed_by")
		keeper.createApplication(`{"client_id":"careful","name":"x"}`).refused(http.StatusConflict, "client_id_taken")
		keeper.updateApplication(app.ID, etag, `{"grant_types":["authorization_code"]}`).invalid("application_invalid", "/redirect_uris")
		keeper.updateApplication(app.ID, etag, `{"name":null}`).invalid("request_invalid", "/name")
		keeper.updateApplication(app.ID, etag, `{"client_id":"other"}`).invalid("request_invalid", "/client_id")
		keeper.updateApplication(app.ID, "", `{"name":"x"}`).invalid("request_invalid", "#header/If-Match")
		keeper.updateApplication("app_01h455vb4pex5vsknk084sn02q", etag, `{"name":"x"}`).refused(http.StatusNotFound, "application_unknown")
		keeper.send(http.MethodGet, allApplications+"?cursor=bm9uc2Vuc2U", "").invalid("request_invalid", "#query/cursor")
		s.fired()
	})
}

// What the configuration declares is its own: the API shows it and changes nothing.
func TestApplicationThatIsDeclared(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		keeper := s.keeper()
		declared, err := storage.NewApplications(s.DB).ApplicationByClientID(s.behind(s.tenant()).ctx, "careful")
		require.NoError(t, err)
		found := keeper.application(declared.ID.String()).is(http.StatusOK)
		require.Equal(t, "configuration", read[wire.Application](found).ManagedBy)
		keeper.updateApplication(declared.ID.String(), found.header.Get("ETag"), `{"enabled":false}`).refused(http.StatusConflict, "declared_in_configuration")
		keeper.deleteApplication(declared.ID.String()).refused(http.StatusConflict, "declared_in_configuration")
		s.fired()
	})
}

// A start leaves alone what was made over the API, takes over what is declared from now
// on, and hands over what is declared no more.
func TestApplicationsOverAStart(t *testing.T) {
	place := running.NewPlace(t, storage.SQLite)
	declaring := func(clients ...string) func(*config.Config) {
		return func(settings *config.Config) {
			withApplications(settings)
			settings.Applications = nil
			for _, clientID := range clients {
				settings.Applications = append(settings.Applications, application.Declaration{ClientID: clientID})
			}
		}
	}
	first := privately(t, place, declaring("one"))
	made := read[wire.Application](first.first().createApplication(`{"client_id":"two","name":"Two"}`).is(http.StatusCreated))
	kept := read[wire.Application](first.first().createApplication(`{"client_id":"three","name":"Three"}`).is(http.StatusCreated))
	require.NoError(t, first.Stop())

	second := privately(t, place, declaring("two"))
	taken := read[wire.Application](second.first().application(made.ID).is(http.StatusOK))
	require.Equal(t, "configuration", taken.ManagedBy)
	require.Equal(t, "two", taken.Name)
	require.Equal(t, kept, read[wire.Application](second.first().application(kept.ID).is(http.StatusOK)))
	all := read[wire.ApplicationPage](second.first().send(http.MethodGet, allApplications, "").is(http.StatusOK))
	at := slices.IndexFunc(all.Items, func(app wire.Application) bool { return app.ClientID == "one" })
	require.Equal(t, "api", all.Items[at].ManagedBy)
	second.first().deleteApplication(all.Items[at].ID).is(http.StatusNoContent)
}

// A disabled or deleted application takes its sessions, its flows and its tokens with it,
// at once.
func TestClass_SideGrant_AnApplicationSwitchedOffOverTheAPI(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		for _, how := range []string{"disabled", "deleted"} {
			keeper, clientID := s.keeper(), newWord()
			made := keeper.createApplication(`{"client_id":"` + clientID + `","name":"Shop","ownership_proof":"deferred"}`).is(http.StatusCreated)
			app := read[wire.Application](made)
			c := s.app()
			start := c.asking("registration", c.choose(newName(), newPassword(), nil))
			start.ClientID = &clientID
			c.completed(c.start(start).is(http.StatusCreated))
			signed := c
			signed.me().is(http.StatusOK)
			start = c.asking("login", nil)
			start.ClientID = &clientID
			other := c.with("")
			f := other.goOn(other.start(start))
			s.forgetEvents()

			if how == "disabled" {
				keeper.updateApplication(app.ID, made.header.Get("ETag"), `{"enabled":false}`).is(http.StatusOK)
				s.fired("application.updated")
			} else {
				keeper.deleteApplication(app.ID).is(http.StatusNoContent)
				s.fired("application.deleted")
			}
			signed.gone()
			signed.token("").refused(http.StatusUnauthorized, "session_invalid")
			signed.refresh().refused(http.StatusUnauthorized, "session_invalid")
			other.start(start).refused(http.StatusUnprocessableEntity, "client_unknown")
			require.GreaterOrEqual(t, f.submit(f.identify(newName())).status, http.StatusBadRequest, how)
			s.fired()
		}
	})
}

func TestSecretsOfAnApplication(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		keeper := s.keeper()
		app := read[wire.Application](keeper.createApplication(`{"name":"Service"}`).is(http.StatusCreated))
		other := read[wire.Application](keeper.createApplication(`{"name":"Other"}`).is(http.StatusCreated))
		s.forgetEvents()
		secrets := allApplications + "/" + app.ID + "/secrets"
		issue := func(body string) answer { return keeper.send(http.MethodPost, secrets, body) }
		first := read[wire.IssuedApplicationSecret](issue(`{}`).is(http.StatusCreated))
		require.Regexp(t, `^lcs_[A-Za-z0-9_-]{43}$`, first.Secret)
		require.True(t, first.ApplicationSecret.ExpiresAt.IsNull())
		told := s.fired("application.secret_created")[0]
		require.Equal(t, app.ID, told.Subject)
		require.Equal(t, first.ApplicationSecret.ID, data(t, told)["secret_id"])

		s.Clock.Advance(time.Second)
		next := read[wire.IssuedApplicationSecret](issue(`{"overlap_seconds":60}`).is(http.StatusCreated))
		page := keeper.send(http.MethodGet, secrets, "").is(http.StatusOK)
		require.NotContains(t, string(page.body), "lcs_")
		items := read[wire.ApplicationSecretPage](page).Items
		require.Len(t, items, 2)
		require.Equal(t, s.Clock.Now().Add(time.Minute), items[0].ExpiresAt.MustGet())
		require.Equal(t, next.ApplicationSecret, items[1])
		for range 3 {
			issue(`{}`).is(http.StatusCreated)
		}
		issue(`{}`).refused(http.StatusConflict, "application_secret_limit")
		s.forgetEvents()
		keeper.send(http.MethodDelete, allApplications+"/"+other.ID+"/secrets/"+next.ApplicationSecret.ID, "").refused(http.StatusNotFound, "application_secret_unknown")
		keeper.send(http.MethodDelete, secrets+"/"+next.ApplicationSecret.ID, "").is(http.StatusNoContent)
		s.fired("application.secret_deleted")
		keeper.send(http.MethodDelete, secrets+"/"+next.ApplicationSecret.ID, "").refused(http.StatusNotFound, "application_secret_unknown")
		issue(`{"expires_at":"2001-01-01T00:00:00Z"}`).invalid("application_invalid", "/expires_at")
		issue(`{"overlap_seconds":2592001}`).invalid("request_invalid", "/overlap_seconds")
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			body := map[string]string{http.MethodPost: "{}"}[method]
			keeper.send(method, allApplications+"/app_01h455vb4pex5vsknk084sn02q/secrets", body).refused(http.StatusNotFound, "application_unknown")
		}
		s.fired()
	})
}

// Client secrets, API keys and sessions are planes that never stand in for one another.
func TestClass_SideGrant_AClientSecretIsNoKey(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		keeper := s.keeper()
		app := read[wire.Application](keeper.createApplication(`{"name":"Service"}`).is(http.StatusCreated))
		issued := read[wire.IssuedApplicationSecret](keeper.send(http.MethodPost, allApplications+"/"+app.ID+"/secrets", "{}").is(http.StatusCreated))
		s.forgetEvents()
		for _, text := range []string{issued.Secret, strings.Replace(issued.Secret, "lcs_", "lk_", 1)} {
			(&operator{caller: s.app().with(text)}).application(app.ID).refused(http.StatusUnauthorized, "api_key_invalid")
		}
		s.app().with(issued.Secret).me().refused(http.StatusUnauthorized, "session_invalid")
		behind := s.behind(s.tenant())
		_, err := behind.applications.VerifySecret(behind.ctx, app.ClientID, issued.Secret)
		require.NoError(t, err)
		for _, text := range []string{firstKey, strings.Replace(firstKey, "lk_", "lcs_", 1), s.somebody().bearer} {
			_, err = behind.applications.VerifySecret(behind.ctx, app.ClientID, text)
			require.ErrorIs(t, err, application.ErrSecretInvalid)
		}
		s.forgetEvents()
	})
}
