package api_test

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/storage"
	"github.com/lintel-id/lintel/tests/api/running"
)

func inProduction(settings *config.Config) {
	settings.Mode, settings.BaseURL = config.Production, "https://id.example.com"
	settings.TrustedProxies, settings.RootKeys = loopback(), secret.NewText(rootKey)
	settings.Applications = []application.Declaration{{
		ClientID: "shop", Origins: []string{"https://shop.example.com"}, OwnershipProof: application.Deferred,
	}}
}

// In production nothing is made up: cookies only over https and from this very host,
// and every front end says who it is.
func TestProduction(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), inProduction)
			b := s.browser("https://shop.example.com")
			start := b.asking("registration", b.choose(newName(), newPassword(), nil))
			b.start(start).refused(http.StatusUnprocessableEntity, "client_id_required")
			b.configuration("").refused(http.StatusUnprocessableEntity, "client_id_required")
			b.configuration("default").refused(http.StatusUnprocessableEntity, "client_unknown")
			s.fired()

			start.ClientID = optional("shop")
			began := b.start(start).is(http.StatusCreated)
			flow := b.completed(began)
			s.fired("user.created", "password.set", "session.created")
			for _, name := range []string{"__Host-lintel_session", "__Host-lintel_browser"} {
				cookie := cookieOf(began, name)
				require.NotNil(t, cookie, name)
				require.True(t, cookie.Secure && cookie.HttpOnly)
				require.Equal(t, "/", cookie.Path)
				require.Empty(t, cookie.Domain)
			}
			require.NotEmpty(t, began.header.Get("Strict-Transport-Security"))
			require.Equal(t, flow.Outcome.Session.ID, b.me().session().ID)

			// The name without the prefix is nobody's.
			plain := s.app()
			plain.cookies["lintel_session"] = b.cookies["__Host-lintel_session"]
			plain.me().refused(http.StatusUnauthorized, "session_invalid")

			for _, host := range []string{"localhost", s.Address, "id.example.com.evil.example"} {
				stranger := s.app()
				stranger.host = host
				stranger.me().refused(http.StatusMisdirectedRequest, "tenant_unknown")
			}
			require.Equal(t, "application/json", s.app().send(http.MethodGet, "/", "").is(http.StatusOK).header.Get("Content-Type"))
		})
	}
}

// What was answered before a stop holds after the start: sessions, flows half way,
// and the answers to what is asked again.
func TestClass_SingleUse_AcrossARestart(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			place := running.NewPlace(t, engine)
			s := privately(t, place, withApplications)
			p := s.somebody()
			f := s.app().begin("login")
			f.accepted(f.identify(p.name))
			once := key("before-and-after")
			body := p.asking("registration", p.choose(newName(), newPassword(), nil))
			first := read[wire.Flow](s.app().start(body, once).is(http.StatusCreated))
			s.forgetEvents()
			require.NoError(t, s.Stop())

			after := privately(t, place, withApplications)
			c := after.app()
			require.Equal(t, p.session, c.with(p.bearer).me().session().ID)
			require.Equal(t, first, read[wire.Flow](c.start(body, once).is(http.StatusCreated)))
			after.fired()

			on := &ongoing{caller: c, Flow: f.Flow}
			c.flow = f.flow
			c.completed(on.submit(c.prove("", p.password)).is(http.StatusOK))
			after.fired("session.created")
			on.submit(c.prove("", p.password)).refused(http.StatusConflict, "step_not_offered")
		})
	}
}

// A password that has leaked is told at the next login, and taken from nobody new.
func TestPasswordAtRisk(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			place := running.NewPlace(t, engine)
			before := privately(t, place, withApplications)
			p := before.somebody()
			require.NoError(t, before.Stop())

			digest := sha1.Sum([]byte(p.password))
			list := filepath.Join(t.TempDir(), "breached")
			require.NoError(t, os.WriteFile(list, []byte(strings.ToUpper(hex.EncodeToString(digest[:]))+":7\n"), 0o600))
			s := privately(t, place, func(settings *config.Config) {
				withApplications(settings)
				settings.Breached.File = list
			})
			c := s.app()
			f := c.goOn(c.start(c.asking("login", c.prove(p.name, p.password))))
			require.Equal(t, []string{"acknowledge"}, f.offers())
			notice, err := f.Steps[0].AsAcknowledgeStep()
			require.NoError(t, err)
			require.Equal(t, "password_at_risk", notice.Notice.Code)
			s.fired()
			c.completed(f.submit(sent(c, func(submission *wire.StepSubmission) error {
				return submission.FromAcknowledgeSubmission(wire.AcknowledgeSubmission{Type: wire.AcknowledgeSubmissionTypeAcknowledge})
			})).is(http.StatusOK))
			s.fired("session.created")

			// The old one sits where the new one is chosen, too.
			problem := c.setPassword(p.password).invalid("password_rejected", "/password")
			require.Equal(t, "breached", problem.Errors[0].Code)
			c.setPassword(newPassword()).is(http.StatusNoContent)
			s.fired("password.changed", "session.ended")
		})
	}
}

// What one node has ended is over on the other within a second, also where it was
// in use a moment ago.
func TestPromise_RevocationIsFast_OnEveryNode(t *testing.T) {
	place := running.NewPlace(t, storage.Postgres) // the embedded database has one node
	one := privately(t, place, withApplications)
	p := one.somebody()
	two := privately(t, place, func(settings *config.Config) {
		withApplications(settings)
		settings.API.Limits.Source.Rate, settings.API.Limits.Account.Rate = 0, 0 // it is asked as fast as it answers
	})
	one.app().me().refused(http.StatusUnauthorized, "session_invalid") // a second node takes no host from the first
	there := two.app().with(p.bearer)
	there.me().session()
	there.me().session()

	p.logout().is(http.StatusNoContent)
	since := clock.Started()
	begun := time.Duration(0)
	for there.me().status == http.StatusOK {
		require.Less(t, begun, time.Second, "a request that began a second after the end was let in")
		begun = since.Elapsed()
	}
	there.me().refused(http.StatusUnauthorized, "session_invalid")
}

// The client that is generated reads every answer: what was meant and what went wrong.
func TestPromise_ClientsWork_GoReadsEveryAnswer(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		client := &wire.ClientWithResponses{ClientInterface: c.wire}
		ctx := context.Background()
		made, err := client.CreateFlowWithResponse(ctx, nil, c.asking("registration", c.choose(newName(), newPassword(), nil)))
		require.NoError(t, err)
		require.NotNil(t, made.JSON201)
		c.bearer = *made.JSON201.Outcome.SessionToken

		session, err := client.GetSessionWithResponse(ctx)
		require.NoError(t, err)
		require.Equal(t, made.JSON201.Outcome.Session, *session.JSON200)

		missing, err := client.EndMySessionWithResponse(ctx, "ses_01h455vb4pex5vsknk084sn02q")
		require.NoError(t, err)
		require.Equal(t, "session_unknown", missing.ApplicationProblemJSON404.Code)

		// What would walk up the path is a name like any other.
		dots, err := client.EndMySessionWithResponse(ctx, "../../session")
		require.NoError(t, err)
		require.GreaterOrEqual(t, dots.StatusCode(), http.StatusBadRequest)
		session, err = client.GetSessionWithResponse(ctx)
		require.NoError(t, err)
		require.NotNil(t, session.JSON200)
	})
}
