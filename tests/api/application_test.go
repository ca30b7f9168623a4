package api_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
)

func (c *caller) configuration(clientID string) answer {
	c.t.Helper()
	return c.got(c.wire.GetConfiguration(context.Background(), &wire.GetConfigurationParams{ClientID: optional(clientID)}))
}

func TestConfiguration(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		found := read[wire.PublicConfiguration](c.configuration("").is(http.StatusOK))
		require.Equal(t, found, read[wire.PublicConfiguration](c.configuration("default").is(http.StatusOK)))
		require.Equal(t, "default", found.ClientID)
		require.Equal(t, []string{"login", "registration", "login_or_registration", "recovery", "verification", "step_up"}, found.Journeys)
		require.Equal(t, "deferred", found.OwnershipProof)
		require.Equal(t, []string{"email", "phone", "username"}, found.IdentifierTypes)
		require.ElementsMatch(t, []string{"identifier", "password", "new_password", "profile", "consent", "acknowledge", "code", "link"}, found.StepTypes)
		require.Equal(t, wire.PasswordPolicy{MinLength: 8, MaxLength: 128, MinStrength: 2}, found.PasswordPolicy)
		require.Empty(t, found.ProfileClaims)
		require.Empty(t, found.Terms)
		require.Equal(t, []string{"ar", "de", "en", "es", "fr", "ja", "pt"}, found.Locales)
		properties, ok := found.ProfileSchema["properties"].(map[string]any)
		require.True(t, ok)
		require.Contains(t, properties, "birthdate")
		s.fired()
	})
}

func TestConfigurationOfEachApplication(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		asking := read[wire.PublicConfiguration](c.configuration("asking").is(http.StatusOK))
		require.Equal(t, []string{"name", "locale"}, asking.ProfileClaims)
		require.Equal(t, []wire.Terms{{Subject: "terms", Version: "2030-01", URL: "https://example.com/terms"}}, asking.Terms)

		careful := read[wire.PublicConfiguration](c.configuration("careful").is(http.StatusOK))
		require.Equal(t, "before_account", careful.OwnershipProof)

		narrow := read[wire.PublicConfiguration](c.configuration("narrow").is(http.StatusOK))
		require.Equal(t, []string{"login"}, narrow.Journeys)
		require.Contains(t, narrow.StepTypes, "new_password", "for a password that has expired")
		require.NotContains(t, narrow.StepTypes, "profile")
		s.fired()
	})
}

func TestConfigurationOfNone(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		c.configuration("nobody").refused(http.StatusUnprocessableEntity, "client_unknown")
		c.configuration("closed").refused(http.StatusUnprocessableEntity, "client_unknown")
		c.send(http.MethodGet, "/v1/configuration?client_id=", "").invalid("request_invalid", "#query/client_id")
		c.send(http.MethodGet, "/v1/configuration?client_id=a&client_id=b", "").invalid("request_invalid", "#query/client_id")
		c.send(http.MethodGet, "/v1/configuration?client_id=%00", "").refused(http.StatusBadRequest, "request_malformed")
		c.send(http.MethodGet, "/v1/configuration?client_id=%FF", "").refused(http.StatusBadRequest, "request_malformed")
		s.fired()
	})
}

// Where addresses are proven first and nothing can prove them yet, a username is
// the way in, and it may be told to be taken.
func TestRegistrationWithProofFirst(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		c := s.app()
		start := c.asking("registration", c.choose(newWord(), newPassword(), nil))
		start.ClientID = optional("careful")
		c.completed(c.start(start).is(http.StatusCreated))
		s.fired("user.created", "password.set", "session.created")
		flow := read[wire.Flow](c.start(start).is(http.StatusCreated))
		requireRefusal(c, flow, "identifier_taken")
		s.fired("flow.refused")
	})
}
