package api_test

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/gen"
)

// attempt is one operation of the document as somebody tries it with what is not
// theirs.
type attempt struct {
	id, method, path string
	signed, flow     bool
	body, kind       string
	example          string // the body as the reference shows it
	ids              bool   // whether the path names an object
	scope            string // what an API key has to be good for; empty: none is asked for
	operator         bool   // whether an operator key is asked for
	matched          bool   // whether it has to say which version it changes
}

// belongings are what one person has, by the name of the parameter it goes into.
type belongings struct {
	bearer, flow, key string
	etag              string // empty: of the first version
	ids               map[string]string
}

// madeUp has the form of everything and is nobody's.
func madeUp() belongings {
	const id = "01h455vb4pex5vsknk084sn02q"
	token := strings.Repeat("A", 43)
	return belongings{bearer: "ls_" + token, flow: "lf_" + token, key: "lk_" + token, ids: map[string]string{
		"flow_id": "flw_" + id, "session_id": "ses_" + id, "identifier_id": "idn_" + id, "passkey_id": "psk_" + id, "api_key_id": "key_" + id, "application_id": "app_" + id,
		"application_secret_id": "acs_" + id, "settings_version": "1", "user_id": "usr_" + id, "tenant_id": "tnt_" + id, "role_id": "rol_" + id, "number": "1", "job_id": "job_" + id, "message_id": "msg_" + id, "invitation_id": "inv_" + id, "range_prefix": "999999", "template_kind": "test", "template_channel": "email", "template_locale": "fr", "template_version": "1", "schema_version": "1",
		"kid": token,
	}}
}

// bodies stand in for an example that would do something at the other tenant too.
var bodies = map[string]string{
	"createSchema": `{"document":{}}`, // what profiles hold is everybody's
	"createFlow":   `{"journey":"step_up","transport":"token","client_id":"default"}`,
}

// attempts makes one of every operation that is served outside of test mode, from the
// document itself, so that no operation can be forgotten.
func attempts(t *testing.T) (all []attempt) {
	t.Helper()
	var document struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	require.NoError(t, json.Unmarshal(gen.SpecJSON, &document))
	for _, path := range slices.Sorted(maps.Keys(document.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(document.Paths[path])) {
			var operation struct {
				ID      string `json:"operationId"`
				Surface string `json:"x-surface"`
				Scope   string `json:"x-scope"`
				With    []struct {
					Ref string `json:"$ref"`
				} `json:"parameters"`
				Security []map[string][]string `json:"security"`
				Body     struct {
					Content map[string]struct {
						Examples map[string]struct {
							Value json.RawMessage `json:"value"`
						} `json:"examples"`
					} `json:"content"`
				} `json:"requestBody"`
			}
			if json.Unmarshal(document.Paths[path][method], &operation) != nil || operation.ID == "" || operation.Surface == "test" {
				continue
			}
			one := attempt{id: operation.ID, method: strings.ToUpper(method), path: path, ids: strings.Contains(path, "{"), scope: operation.Scope}
			for _, parameter := range operation.With {
				one.matched = one.matched || strings.HasSuffix(parameter.Ref, "/IfMatchNeeded")
			}
			for _, way := range operation.Security {
				_, cookie := way["sessionCookie"]
				_, flow := way["flowToken"]
				_, operator := way["operatorKey"]
				one.operator = one.operator || operator
				one.signed, one.flow = one.signed || cookie, one.flow || flow
			}
			for kind, media := range operation.Body.Content {
				first := slices.Sorted(maps.Keys(media.Examples))[0]
				one.kind, one.body = kind, string(media.Examples[first].Value)
				one.example = one.body
			}
			if body, ok := bodies[one.id]; ok {
				one.body = body
			}
			all = append(all, one)
		}
	}
	return all
}

// with tries the operation with what somebody has.
func (a attempt) with(c *caller, has belongings) answer {
	c.t.Helper()
	path := a.path
	for name, id := range has.ids {
		path = strings.ReplaceAll(path, "{"+name+"}", id)
	}
	require.NotContains(c.t, path, "{", "%s: say what belongs in its path", a.id)
	headers := []string{}
	if a.body != "" {
		headers = append(headers, "Content-Type", a.kind)
	}
	if a.signed {
		headers = append(headers, "Authorization", "Bearer "+has.bearer)
	}
	if (a.scope != "" || a.operator) && has.key != "" {
		headers = append(headers, "Authorization", "Bearer "+has.key)
	}
	if a.matched {
		headers = append(headers, "If-Match", cmp.Or(has.etag, `"1"`))
	}
	if a.flow {
		headers = append(headers, "Lintel-Flow", has.flow)
	}
	return c.send(a.method, path, a.body, headers...)
}

// association tells whether an operation is a document of a relying party, which there are at
// its own domain.
func association(operation string) bool {
	switch operation {
	case "getRelatedOrigins", "getAppleAppSiteAssociation", "getAssetLinks", "getPasskeyEndpoints", "redirectToChangePassword":
		return true
	}
	return false
}

// said is an answer without what is different in every answer.
func said(t *testing.T, a answer) (int, map[string]any) {
	t.Helper()
	var body map[string]any
	if len(a.body) > 0 {
		require.NoError(t, json.Unmarshal(a.body, &body), "%s", a.body)
	}
	delete(body, "trace_id")
	return a.status, body
}

// owner is somebody with one of everything.
func (s *scenario) owner() (*person, *ongoing, belongings) {
	s.t.Helper()
	p := s.somebody()
	f := s.app().begin("login")
	f.accepted(f.identify(p.name))
	has := belongings{bearer: p.bearer, flow: f.flow, ids: map[string]string{"flow_id": f.ID, "session_id": p.session, "number": "1", "schema_version": "1"}}
	identifiers := read[wire.IdentifierPage](p.send(http.MethodGet, "/v1/me/identifiers", "").is(http.StatusOK))
	has.ids["identifier_id"] = identifiers.Items[0].ID
	s.plantPasskey(p)
	has.ids["passkey_id"] = p.passkeys().Items[0].ID
	key, secret := s.issue(wire.ScopeAll)
	has.key, has.ids["api_key_id"], has.ids["user_id"] = secret, key.ID, p.ID
	has.ids["role_id"] = s.granted(p.ID, "invoices:read").ID
	mighty := &operator{caller: s.app().with(secret)}
	app := read[wire.Application](mighty.createApplication(`{"name":"Somebody's"}`).is(http.StatusCreated))
	proof := read[wire.IssuedApplicationSecret](mighty.send(http.MethodPost, "/admin/v1/applications/"+app.ID+"/secrets", "{}").is(http.StatusCreated))
	mighty.set(`"0"`, `{"deletion_grace_seconds":2592000}`) // as it is anyway; once is enough
	has.ids["settings_version"] = "1"
	has.ids["application_id"], has.ids["application_secret_id"] = app.ID, proof.ApplicationSecret.ID
	mighty.recovers(p.ID, newName()).is(http.StatusCreated)
	mighty.got(mighty.wire.StopUserRecovery(context.Background(), p.ID)).is(http.StatusNoContent)
	other := mighty.createUser(wire.NewUser{Identifiers: []wire.NewUserIdentifier{{Value: newWord()}}}).is(http.StatusCreated)
	has.ids["source_user_id"] = read[wire.UserRecord](other).ID
	s.forgetEvents()
	if s.first().send(http.MethodGet, "/admin/v1/audit/entries/1", "").status != http.StatusOK {
		s.recorded() // so that there is a first entry
	}
	has.ids["kid"] = s.app().kids()[0] // the first need makes the key
	p.exported()
	has.ids["job_id"] = s.first().finished(s.first().got(s.first().wire.VerifyAudit(context.Background(), nil, wire.NewAuditVerification{}))).ID
	has.ids["message_id"] = mighty.settled(read[wire.Message](mighty.tryOut(newWord() + "@example.com").is(http.StatusCreated)).ID).ID
	has.ids["invitation_id"] = mighty.invited(newWord() + "@example.com").Invitation.ID
	has.ids["range_prefix"] = mighty.stopped("3361200")
	mighty.setTemplate("fr", `"0"`, `{"subject":"S","heading":"H","body":"B","footer":"F"}`) // once is enough
	for name, value := range map[string]string{"kind": "test", "channel": "email", "locale": "fr", "version": "1"} {
		has.ids["template_"+name] = value
	}
	s.forgetEvents()
	return p, f, has
}

// state is all that the owner can see of what is theirs.
func (p *person) state(f *ongoing) string {
	p.t.Helper()
	var all strings.Builder
	for _, path := range []string{"/v1/me", "/v1/session", "/v1/me/sessions", "/v1/me/identifiers"} {
		all.Write(p.send(http.MethodGet, path, "").is(http.StatusOK).body)
	}
	all.Write(f.read().is(http.StatusOK).body)
	return all.String()
}

// Whatever one tenant knows is worth nothing at another: with the tokens, flows and
// ids of the first, every operation of the document answers at the second as it does
// to what was made up, tells no event, and leaves everything as it was.
func TestClass_ObjectLevel_EveryOperationKeepsToItsTenant(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		host := s.secondTenant()
		p, f, has := s.owner()
		for _, c := range []*caller{s.app(), s.app().at(host)} { // the first need of a tenant makes its key
			c.jwks()
		}
		s.forgetEvents()
		before := p.state(f)
		for _, one := range attempts(t) {
			if one.operator {
				continue // an operator stands above the tenants
			}
			if one.method == http.MethodGet && !association(one.id) { // at home it is all worth something
				one.with(s.app(), has).is(http.StatusOK)
				s.forgetEvents() // that a result was read is told
			}
			there := s.app().at(host)
			status, body := said(t, one.with(there, has))
			nobody, nothing := said(t, one.with(there, madeUp()))
			require.Equal(t, nobody, status, one.id)
			require.Equal(t, nothing, body, one.id)
			for name, id := range has.ids {
				require.NotContains(t, body, id, "%s tells the %s", one.id, name)
			}
			if one.signed || one.flow || one.scope != "" {
				require.GreaterOrEqual(t, status, http.StatusBadRequest, "%s let a stranger in", one.id)
			}
			s.fired()
		}
		require.Equal(t, before, p.state(f))
	})
}

// Within a tenant, somebody signed in reaches what is theirs and nothing else.
func TestClass_ObjectLevel_EveryIDKeepsToItsUser(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p, f, has := s.owner()
		stranger, own, theirs := s.owner()
		before := p.state(f)
		for _, one := range attempts(t) {
			if !one.ids || one.scope != "" || one.operator { // an API key is nobody's in particular
				continue
			}
			mixed, control := theirs, theirs
			mixed.ids, control.ids = has.ids, madeUp().ids
			status, body := said(t, one.with(stranger.caller, mixed))
			nobody, nothing := said(t, one.with(stranger.caller, control))
			require.Equal(t, nobody, status, one.id)
			require.Equal(t, nothing, body, one.id)
			require.GreaterOrEqual(t, status, http.StatusBadRequest, "%s let a stranger in", one.id)
			s.fired()
		}
		require.Equal(t, before, p.state(f))
		require.NotEmpty(t, stranger.state(own))
	})
}

// Whoever sets somebody's password is that somebody: a key changes nobody who may more
// than it does, by whichever operation there is on users.
func TestClass_SideGrant_NobodyWhoMayMoreIsChanged(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		p, _, has := s.owner()
		key, secret := s.issue(wire.ScopeUsersWrite)
		has.key = secret
		mighty := s.first()
		reads := read[wire.Role](mighty.createRole(wire.NewRole{Key: newKey(), Name: "Reads keys", Permissions: []string{"lintel:api_keys:read"}}).is(http.StatusCreated))
		for _, role := range []string{mighty.builtIn("lintel_owner").ID, mighty.builtIn("lintel_auditor").ID, reads.ID} {
			mighty.assign(p.ID, role).is(http.StatusCreated)
			s.forgetEvents()
			tried := 0
			for _, one := range attempts(t) {
				if one.scope == string(wire.ScopeUsersWrite) && strings.Contains(one.path, "{user_id}") {
					one.with(s.app(), has).refused(http.StatusForbidden, "scope_exceeded")
					tried++
				}
			}
			require.Greater(t, tried, 10)
			s.fired()
			mighty.unassign(p.ID, role).is(http.StatusNoContent)
			s.forgetEvents()
		}
		clerk := &operator{caller: s.app().with(secret)}
		clerk.setPassword(p.ID, newPassword(), false).is(http.StatusNoContent)
		s.forgetEvents()

		// Who has what the user has may.
		mighty.assign(p.ID, reads.ID).is(http.StatusCreated)
		etag := mighty.key(key.ID).header.Get("ETag")
		mighty.updateKey(key.ID, etag, `{"scopes":["users:write","api_keys:read"]}`).is(http.StatusOK)
		clerk.setPassword(p.ID, newPassword(), false).is(http.StatusNoContent)
		s.forgetEvents()
	})
}
