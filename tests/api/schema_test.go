package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/tenant"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/tests/api/running"
)

// clinic is a profile schema with claims that are read only, hidden and searchable.
func clinic() []byte {
	return []byte(`{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "additionalProperties": false,
		"required": ["insurer"],
		"properties": {
			"name": {"type": "string", "format": "line", "maxLength": 60},
			"insurer": {"type": "string", "pattern": "^[A-Z]{3}$", "x-searchable": true},
			"member": {"type": "integer", "x-user-access": "read", "x-searchable": true, "$comment": "given by the clinic"},
			"triage": {"$ref": "#/$defs/triage", "x-user-access": "none"}
		},
		"$defs": {"triage": {"type": "string", "enum": ["green", "crimson"]}}
	}`)
}

func withClinic(document []byte) func(*config.Config) {
	return func(settings *config.Config) {
		withApplications(settings)
		settings.Tenants = []config.TenantDeclaration{{
			Declaration:   tenant.Declaration{Name: "clinic", BaseURL: "http://clinic.localhost"},
			Applications:  []application.Declaration{{ClientID: "ward", OwnershipProof: application.Deferred, ProfileClaims: []string{"name"}}},
			ProfileSchema: config.ProfileSchema{Document: document},
		}}
	}
}

// patient registers at the clinic and is asked for what its schema requires.
func (s *scenario) patient(insurer string) (p *person, told []event.Envelope) {
	c := s.app().at("clinic.localhost")
	p = &person{caller: c, name: newName(), password: newPassword()}
	start := c.asking("registration", c.choose(p.name, p.password, wire.Profile{"name": "Ada"}))
	start.ClientID = optional("ward")
	f := c.goOn(c.start(start))
	f.refused("profile_invalid", c.tell(wire.Profile{"member": 1}), "/profile/member")
	f.refused("profile_invalid", c.tell(wire.Profile{"triage": "green"}), "/profile/triage")
	f.refused("profile_invalid", c.tell(wire.Profile{"name": "Ada"}), "/profile/insurer")
	p.User = c.completed(f.submit(c.tell(wire.Profile{"insurer": insurer})).is(http.StatusOK)).Outcome.User
	require.Equal(s.t, wire.Profile{"name": "Ada", "insurer": insurer}, p.Profile)
	told = s.fired("flow.refused", "flow.refused", "flow.refused", "user.created", "password.set", "session.created")
	return p, told
}

func TestTenantHasItsOwnProfileSchema(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), withClinic(clinic()))
			found := read[wire.PublicConfiguration](s.app().at("clinic.localhost").configuration("ward").is(http.StatusOK))
			require.EqualValues(t, 2, found.ProfileSchemaVersion)
			require.Equal(t, []string{"name", "insurer"}, found.ProfileClaims)
			shown, err := json.Marshal(found.ProfileSchema)
			require.NoError(t, err)
			require.JSONEq(t, `{
				"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "additionalProperties": false, "required": ["insurer"],
				"properties": {
					"name": {"type": "string", "format": "line", "maxLength": 60}, "insurer": {"type": "string", "pattern": "^[A-Z]{3}$"},
					"member": {"type": "integer", "readOnly": true}
				}}`, string(shown))
			require.EqualValues(t, 1, read[wire.PublicConfiguration](s.app().configuration("").is(http.StatusOK)).ProfileSchemaVersion)

			p, told := s.patient("ABC")
			there := s.behind(told[3].Tenant)
			var id user.ID
			require.NoError(t, id.UnmarshalText([]byte(p.ID)))
			_, err = there.users.UpdateProfile(there.ctx, id, schema.Operator, nil, json.RawMessage(`{"member":7,"triage":"crimson"}`))
			require.NoError(t, err)
			require.Equal(t, []any{"member", "triage"}, data(t, s.fired("user.updated")[0])["fields"])
			for name, value := range map[string]string{"member": "7", "insurer": "abc"} {
				page, err := there.users.FindByAttribute(there.ctx, name, value, user.ID{}, 10)
				require.NoError(t, err)
				require.Equal(t, []user.ID{id}, page.Items)
			}

			require.Equal(t, wire.Profile{"name": "Ada", "insurer": "ABC", "member": 7.0}, p.record().user().Profile)
			p.patch(`{"profile":{"member":8}}`).invalid("profile_invalid", "/profile/member")
			p.patch(`{"profile":{"insurer":null}}`).invalid("profile_invalid", "/profile/insurer")
			p.patch(`{"profile":{"insurer":"xyz"}}`).invalid("profile_invalid", "/profile/insurer")
			require.Equal(t, wire.Profile{"insurer": "XYZ", "member": 7.0}, p.patch(`{"profile":{"member":7,"insurer":"XYZ","name":null}}`).user().Profile)
			require.Equal(t, []any{"insurer", "name"}, data(t, s.fired("user.updated")[0])["fields"])
		})
	}
}

// A hidden claim is in no answer, and to write it is answered as if it did not exist.
func TestClass_Enumeration_HiddenClaimsOverTheAPI(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), withClinic(clinic()))
			p, told := s.patient("ABC")
			there := s.behind(told[3].Tenant)
			var id user.ID
			require.NoError(t, id.UnmarshalText([]byte(p.ID)))
			_, err := there.users.UpdateProfile(there.ctx, id, schema.Operator, nil, json.RawMessage(`{"triage":"crimson"}`))
			require.NoError(t, err)
			s.fired("user.updated")

			signIn := p.asking("login", p.prove(p.name, p.password))
			signIn.ClientID = optional("ward")
			for what, answered := range map[string]answer{
				"record": p.record(), "change": p.patch(`{"profile":{"name":"A"}}`), "nothing": p.patch(`{"profile":{"triage":null}}`),
				"login": p.start(signIn), "configuration": p.configuration("ward"), "activity": p.send(http.MethodGet, "/v1/me/activity", ""),
			} {
				require.Less(t, answered.status, 300, what)
				require.NotContains(t, string(answered.body), "crimson", what)
				require.NotContains(t, string(answered.body), "triage", what)
			}
			require.ElementsMatch(t, []string{"user.updated", "session.created", "session.created", "password.set", "user.created"}, happened(p.activity(100, "").Items),
				"what an operator noted is not theirs to see")
			for _, value := range []string{`"green"`, `"crimson"`, `"blue"`, `7`, `{}`, `{"a":null}`} {
				hidden := p.patch(`{"profile":{"triage":`+value+`}}`).invalid("profile_invalid", "/profile/triage")
				absent := p.patch(`{"profile":{"absent":`+value+`}}`).invalid("profile_invalid", "/profile/absent")
				require.Equal(t, strings.ReplaceAll(hidden.Errors[0].Pointer, "triage", "absent"), absent.Errors[0].Pointer)
				hidden.Errors[0].Pointer = absent.Errors[0].Pointer
				require.Equal(t, absent.Errors, hidden.Errors)
				require.Equal(t, absent.Detail, hidden.Detail)
			}
		})
	}
}

// A schema changes between two starts: profiles stay, a required claim troubles nobody
// who is there, and a node that declares the older one changes nothing back.
func TestPromise_ProfilesEvolve_ANewVersionAtTheNextStart(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			place := running.NewPlace(t, engine)
			s := privately(t, place, withClinic(clinic()))
			p, _ := s.patient("ABC")
			require.NoError(t, s.Stop())

			next := []byte(strings.NewReplacer(
				`"required": ["insurer"]`, `"required": ["insurer", "doctor"]`,
				`"name": {"type": "string", "format": "line", "maxLength": 60}`, `"doctor": {"type": "string"}`,
			).Replace(string(clinic())))
			s = privately(t, place, func(settings *config.Config) {
				withClinic(next)(settings)
				settings.Tenants[0].Applications[0].ProfileClaims = nil
			})
			require.Equal(t, []any{3.0}, versions(t, s))
			again := s.app().at("clinic.localhost").with(p.bearer)
			again.host, again.base = p.host, p.base
			require.Equal(t, wire.Profile{"name": "Ada", "insurer": "ABC"}, again.record().user().Profile)
			require.Equal(t, wire.Profile{"name": "Ada", "insurer": "DEF"}, again.patch(`{"profile":{"insurer":"DEF"}}`).user().Profile)
			again.patch(`{"profile":{"name":"Bea"}}`).invalid("profile_invalid", "/profile/name")
			require.Equal(t, wire.Profile{"doctor": "Who", "insurer": "DEF"}, again.patch(`{"profile":{"name":null,"doctor":"Who"}}`).user().Profile)
			require.Equal(t, []string{"insurer", "doctor"}, read[wire.PublicConfiguration](again.configuration("ward").is(http.StatusOK)).ProfileClaims)
			s.fired("user.updated", "user.updated")
			require.NoError(t, s.Stop())

			s = privately(t, place, func(settings *config.Config) {
				withClinic(clinic())(settings)
				settings.Tenants[0].Applications[0].ProfileClaims = nil
			})
			require.EqualValues(t, 3, read[wire.PublicConfiguration](s.app().at("clinic.localhost").configuration("ward").is(http.StatusOK)).ProfileSchemaVersion)
		})
	}
}

// versions are those that the log tells of, from the first one that this server made.
func versions(t *testing.T, s *scenario) (found []any) {
	t.Helper()
	events, err := s.Events.EventsAfter(everywhere(), 0, nil, 1000)
	require.NoError(t, err)
	for _, one := range events {
		if one.Type == schema.EventVersionCreated.Name {
			found = append(found, data(t, one)["version"])
		}
	}
	return found[1:]
}
