package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/tests/api/running"
)

// profileOf is a profile schema of these claims.
func profileOf(claims string) string {
	return `{"document":{"type":"object","additionalProperties":false,"properties":{` + claims + `}}}`
}

func (o *operator) createSchema(etag, body string) answer {
	o.t.Helper()
	headers := []string{"Content-Type", "application/json"}
	if etag != "" {
		headers = append(headers, "If-Match", etag)
	}
	return o.send(http.MethodPost, "/admin/v1/schemas", body, headers...)
}

func (o *operator) tryDocument(body string) wire.ProfileSchemaTrial {
	o.t.Helper()
	return read[wire.ProfileSchemaTrial](o.send(http.MethodPost, "/admin/v1/schemas/validate", body, "Content-Type", "application/json").is(http.StatusOK))
}

// schemaScenario has a server of its own: what profiles hold is everybody's.
func schemaScenario(t *testing.T, play func(t *testing.T, s *scenario)) {
	t.Helper()
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) { play(t, privately(t, running.NewPlace(t, engine), withApplications)) })
	}
}

func TestSchemasOverTheAPI(t *testing.T) {
	schemaScenario(t, func(t *testing.T, s *scenario) {
		keeper := s.operator(wire.ScopeSchemasRead, wire.ScopeSchemasWrite)
		got := keeper.send(http.MethodGet, "/admin/v1/schemas/current", "").is(http.StatusOK)
		first := read[wire.ProfileSchemaVersion](got)
		require.Equal(t, int32(1), first.Version)
		require.Equal(t, "builtin", first.ManagedBy)
		require.True(t, first.CreatedAt.IsNull())
		require.Equal(t, `"1"`, got.header.Get("ETag"))
		p := s.somebody()
		s.forgetEvents()

		const claims = `"name":{"type":"string","maxLength":80},"tier":{"type":"string","enum":["free","paid"],"x-user-access":"read","x-searchable":true},"big":{"type":"integer","maximum":12345678901234567890123}`
		created := keeper.createSchema(`"1"`, profileOf(claims)).is(http.StatusCreated)
		second := read[wire.ProfileSchemaVersion](created)
		require.Equal(t, int32(2), second.Version)
		require.Equal(t, "api", second.ManagedBy)
		require.True(t, second.Current)
		require.Equal(t, `"2"`, created.header.Get("ETag"))
		require.Contains(t, string(created.body), "12345678901234567890123", "numbers keep their digits")
		s.fired("schema.version_created")

		// It is at work at once: for people, for operators, and for who looks for somebody.
		configuration := read[wire.PublicConfiguration](s.app().send(http.MethodGet, "/v1/configuration", "").is(http.StatusOK))
		require.Equal(t, int32(2), configuration.ProfileSchemaVersion)
		p.send(http.MethodPatch, "/v1/me", `{"profile":{"tier":"paid"}}`, "Content-Type", "application/merge-patch+json").invalid("profile_invalid", "/profile/tier")
		manager := s.first()
		etag := manager.user(p.ID).header.Get("ETag")
		manager.patchUser(p.ID, etag, `{"profile":{"tier":"paid"}}`).is(http.StatusOK)
		s.forgetEvents()
		require.Eventually(t, func() bool {
			found := manager.send(http.MethodGet, "/admin/v1/users?claim=tier&claim_value=paid", "")
			return found.status == http.StatusOK && strings.Contains(string(found.body), p.ID)
		}, patience, look)

		// Going back, and what makes nothing new.
		keeper.createSchema(`"2"`, profileOf(claims)).is(http.StatusCreated)
		s.fired()
		body, err := json.Marshal(map[string]any{"document": first.Document})
		require.NoError(t, err)
		back := read[wire.ProfileSchemaVersion](keeper.createSchema(`"2"`, string(body)).is(http.StatusCreated))
		require.Equal(t, int32(3), back.Version)
		s.fired("schema.version_created")

		page := read[wire.ProfileSchemaPage](keeper.got(keeper.wire.ListSchemas(context.Background(), &wire.ListSchemasParams{Limit: new(int32(2))})).is(http.StatusOK))
		require.Equal(t, []int32{3, 2}, []int32{page.Items[0].Version, page.Items[1].Version})
		require.True(t, page.Items[0].Current)
		page = read[wire.ProfileSchemaPage](keeper.got(keeper.wire.ListSchemas(context.Background(), &wire.ListSchemasParams{Cursor: new(page.NextCursor.MustGet())})).is(http.StatusOK))
		require.Len(t, page.Items, 1)
		require.True(t, page.NextCursor.IsNull())
		old := read[wire.ProfileSchemaVersion](keeper.send(http.MethodGet, "/admin/v1/schemas/versions/2", "").is(http.StatusOK))
		require.False(t, old.Current)
		require.Equal(t, second.Document, old.Document)
	})
}

func TestSchemaThatIsRefused(t *testing.T) {
	schemaScenario(t, func(t *testing.T, s *scenario) {
		keeper := s.operator(wire.ScopeSchemasRead, wire.ScopeSchemasWrite)
		s.forgetEvents()
		good := profileOf(`"a":{"type":"string"}`)
		keeper.createSchema("", good).invalid("request_invalid", "#header/If-Match")
		keeper.createSchema(`"7"`, good).refused(http.StatusPreconditionFailed, "version_stale")
		keeper.createSchema(`"0"`, good).refused(http.StatusPreconditionFailed, "version_stale")
		keeper.createSchema(`"99999999999999999999"`, good).refused(http.StatusPreconditionFailed, "version_stale")
		keeper.createSchema(`"1"`, `{"document":[]}`).invalid("request_invalid", "/document")
		keeper.createSchema(`"1"`, `{}`).invalid("request_invalid", "/document")
		keeper.createSchema(`"1"`, `{"document":{},"more":1}`).invalid("request_invalid", "/more")
		keeper.createSchema(`"1"`, `{"document":{}}`).invalid("schema_invalid", "/document/additionalProperties", "/document/properties", "/document/type")
		keeper.createSchema(`"1"`, profileOf(`"a":{"type":"string","pattern":"("}`)).invalid("schema_invalid", "/document/properties/a/pattern")
		keeper.createSchema(`"1"`, profileOf(`"a":{"type":"string","pattern":"(a{1,1000}){1,1000}"}`)).invalid("schema_invalid", "/document/properties/a/pattern")
		keeper.createSchema(`"1"`, profileOf(`"name":{"type":"integer"}`)).invalid("schema_invalid", "/document/properties/name")
		deep := strings.Repeat(`{"type":"array","items":`, 40) + `{"type":"string"}` + strings.Repeat(`}`, 40)
		require.GreaterOrEqual(t, keeper.createSchema(`"1"`, profileOf(`"a":`+deep)).status, http.StatusBadRequest)
		for _, path := range []string{"/admin/v1/schemas/versions/2", "/admin/v1/schemas/versions/999999999"} {
			keeper.send(http.MethodGet, path, "").refused(http.StatusNotFound, "schema_unknown")
		}
		keeper.send(http.MethodGet, "/admin/v1/schemas/versions/0", "").invalid("request_invalid", "#path/schema_version")
		keeper.send(http.MethodGet, "/admin/v1/schemas?cursor=bm9uc2Vuc2U", "").invalid("request_invalid", "#query/cursor")
		s.fired()

		answers := together(8, func() answer { return keeper.createSchema(`"1"`, profileOf(`"a":{"type":"string","maxLength":9}`)) })
		made := 0
		for _, one := range answers {
			if one.status == http.StatusCreated {
				made++
				continue
			}
			one.refused(http.StatusPreconditionFailed, "version_stale")
		}
		require.Equal(t, 1, made)
		s.fired("schema.version_created")
	})
}

// A trial changes nothing, and tells of profiles only to who may read them, and then
// no more than how many do not fit.
func TestSchemaThatIsTried(t *testing.T) {
	schemaScenario(t, func(t *testing.T, s *scenario) {
		manager := s.first()
		for _, name := range []string{"Ada Lovelace", "Grace Hopper", "Al"} {
			manager.createUser(wire.NewUser{Identifiers: []wire.NewUserIdentifier{{Value: newName()}}, Profile: &wire.Profile{"name": name}}).is(http.StatusCreated)
		}
		s.forgetEvents()
		trial := manager.tryDocument(profileOf(`"name":{"type":"string","maxLength":5},"tier":{"type":"string"}`))
		require.True(t, trial.Valid)
		require.Empty(t, trial.Errors)
		require.Contains(t, trial.Changes, wire.ProfileSchemaChange{Claim: "tier", Change: "added"})
		require.Contains(t, trial.Changes, wire.ProfileSchemaChange{Claim: "name", Change: "definition"})
		require.Contains(t, trial.Changes, wire.ProfileSchemaChange{Claim: "nickname", Change: "removed"})
		require.Equal(t, wire.ProfileSchemaSample{Checked: 3, Failing: 2, Reasons: []wire.ProfileSchemaMisfit{{Claim: "name", Code: "max_length", Count: 2}}}, trial.Sample.MustGet())
		blind := s.operator(wire.ScopeSchemasRead)
		s.forgetEvents()
		require.True(t, blind.tryDocument(profileOf(`"name":{"type":"string","pattern":"^Ada"}`)).Sample.IsNull())
		bad := manager.tryDocument(profileOf(`"name":{"type":"integer"}`))
		require.False(t, bad.Valid)
		require.Equal(t, "/properties/name", bad.Errors[0].Pointer)
		require.NotEmpty(t, bad.Errors[0].Detail)
		require.Empty(t, bad.Changes)
		require.True(t, bad.Sample.IsNull())
		s.fired()
		require.Equal(t, int32(1), read[wire.ProfileSchemaVersion](manager.send(http.MethodGet, "/admin/v1/schemas/current", "").is(http.StatusOK)).Version)
	})
}

// What the configuration declares is changed there.
func TestSchemaOfTheConfiguration(t *testing.T) {
	place := running.NewPlace(t, running.Engines()[0])
	s := privately(t, place, func(settings *config.Config) {
		withApplications(settings)
		settings.ProfileSchema.Document = []byte(`{"type":"object","additionalProperties":false,"properties":{"name":{"type":"string"},"locale":{"type":"string"}}}`)
	})
	keeper := s.first()
	current := keeper.send(http.MethodGet, "/admin/v1/schemas/current", "").is(http.StatusOK)
	require.Equal(t, "configuration", read[wire.ProfileSchemaVersion](current).ManagedBy)
	keeper.createSchema(current.header.Get("ETag"), profileOf(`"a":{"type":"string"}`)).refused(http.StatusConflict, "declared_in_configuration")
	require.NoError(t, s.Stop())

	after := privately(t, place, withApplications).first()
	current = after.send(http.MethodGet, "/admin/v1/schemas/current", "").is(http.StatusOK)
	require.Equal(t, "api", read[wire.ProfileSchemaVersion](current).ManagedBy)
	after.createSchema(current.header.Get("ETag"), profileOf(`"a":{"type":"string"}`)).is(http.StatusCreated)
}

// What is equal to the current version makes nothing new.
func TestSchemaThatIsThereAlready(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		keeper := s.first()
		current := keeper.send(http.MethodGet, "/admin/v1/schemas/current", "").is(http.StatusOK)
		body, err := json.Marshal(map[string]any{"document": read[wire.ProfileSchemaVersion](current).Document})
		require.NoError(t, err)
		same := keeper.createSchema(current.header.Get("ETag"), string(body)).is(http.StatusCreated)
		require.Equal(t, string(current.body), string(same.body))
		s.fired()
	})
}
