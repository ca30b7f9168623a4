package lint

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/openapi/tool/bundle"
)

const sample = "../testdata/sample"

// edit replaces one text in one file of the sample; an empty old appends.
type edit struct{ file, old, changed string }

func load(t *testing.T, edits ...edit) *bundle.Bundle {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(sample)))
	for _, e := range edits {
		path := filepath.Join(dir, filepath.FromSlash(e.file))
		data, err := os.ReadFile(path)
		if e.old != "" {
			require.NoError(t, err)
			require.Contains(t, string(data), e.old)
		}
		text := string(data) + e.changed
		if e.old != "" {
			text = strings.Replace(string(data), e.old, e.changed, 1)
		}
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	b, err := bundle.Load(dir)
	require.NoError(t, err)
	return b
}

func TestTheSampleKeepsEveryRule(t *testing.T) {
	findings, err := Check(load(t))
	require.NoError(t, err)
	require.Empty(t, findings)
}

func TestTheContractKeepsEveryRule(t *testing.T) {
	b, err := bundle.Load("../..")
	require.NoError(t, err)
	findings, err := Check(b)
	require.NoError(t, err)
	require.Empty(t, findings)
}

const (
	root     = "openapi.yaml"
	flow     = "paths/flow.yaml"
	session  = "paths/session.yaml"
	flows    = "schemas/flow.yaml"
	sessions = "schemas/session.yaml"
	events   = "events/session.yaml"
	english  = "locales/en.yaml"
	german   = "locales/de.yaml"
	problem  = `{$ref: "../openapi.yaml#/components/responses/Problem"}`
	expires  = `expires_at: {type: string, format: date-time, description: When it ends.}`
	label    = `label: {type: [string, "null"], maxLength: 64, description: What the person calls it.}`
	user     = `user: {type: string, description: The user.}`
	wait     = `schema: {type: integer, format: int32, minimum: 0, maximum: 30}`
	example  = `example: {id: ses_1, user: ada}`
)

// breaks says for each rule how to break it, and where and how that is told.
var breaks = []struct {
	rule  string
	edits []edit
	says  string
}{
	{"version", []edit{{root, "openapi: 3.1.0", "openapi: 3.1.1"}}, "openapi.yaml#/openapi: version: "},
	{"common-subset", []edit{{sessions, user, `user: {type: string, const: ada, description: The user.}`}}, "schemas/session.yaml#/Session/properties/user: common-subset: const"},
	{"common-subset", []edit{{sessions, user, `user: {type: string, nullable: true, description: The user.}`}}, "nullable"},
	{"common-subset", []edit{{sessions, user, `user: {type: string, writeOnly: true, description: The user.}`}}, "writeOnly"},
	{"common-subset", []edit{{sessions, user, `user: {anyOf: [{type: string}], description: The user.}`}}, "anyOf"},
	{"common-subset", []edit{{sessions, user, `user: {type: [string, integer], description: The user.}`}}, "type is one type"},
	{"ref-alone", []edit{{sessions, `id: {$ref: "#/SessionId"}`, `id: {$ref: "#/SessionId", description: The id.}`}}, "schemas/session.yaml#/Session/properties/id: ref-alone: "},
	{"valid", []edit{{root, "  title: Sample\n", ""}}, "openapi.yaml#: valid: "},
	{"used", []edit{{sessions, "", "Forgotten: {type: string, description: Nobody refers to it.}\n"}}, "schemas/session.yaml#/Forgotten: used: "},
	{"used", []edit{{session, "", "/v1/forgotten: {}\n"}}, "paths/session.yaml#/~1v1~1forgotten: used: "},
	{"used", []edit{{root, "  parameters:\n", "  parameters:\n    Unused: {name: unused, in: query, description: Not used., schema: {type: string, maxLength: 9}}\n"}}, "/components/parameters/Unused: used: "},
	{"nameplate", []edit{{session, "tags: [session]", "tags: [flow]"}}, "belongs into paths/flow.yaml"},
	{"nameplate", []edit{{root, "  - {name: session, description: Who is signed in.}\n", ""}}, "not listed in openapi.yaml"},
	{"nameplate", []edit{{root, ", description: Who is signed in.", ""}}, "needs a description"},
	{"nameplate", []edit{{"paths/device.yaml", "", "{}\n"}}, "paths/device.yaml#: nameplate: no operation"},

	{"operation-id", []edit{{session, "operationId: getSession", "operationId: get_session"}}, "paths/session.yaml#/~1v1~1session/get: operation-id: "},
	{"operation-id", []edit{{session, "operationId: getSession", "operationId: session"}}, `"session"`},
	{"operation-id-unique", []edit{{session, "operationId: getSession", "operationId: getFloW"}, {flow, "operationId: getFlow", "operationId: getFlow"}}, "is also that of"},
	{"one-tag", []edit{{session, "tags: [session]", "tags: [session, flow]"}}, "exactly one tag"},
	{"surface", []edit{{session, "x-surface: frontend", "x-surface: everybody"}}, "x-surface is one of"},
	{"path", []edit{{session, "x-surface: frontend", "x-surface: management"}}, "begin with /admin/v1/"},
	{"scope", []edit{{session, "x-surface: frontend", "x-surface: management"}}, "asked with managementKey or operatorKey, and with nothing else"},
	{"scope", []edit{{session, "x-surface: frontend", "x-surface: frontend\n    x-scope: all"}}, "are for management operations"},
	{"path", []edit{{root, "/v1/me/sessions:", "/v1/me/Sessions_all:"}}, "neither kebab-case"},
	{"retry", []edit{{session, "x-retry: safe", "x-retry: always"}}, "safe, idempotent or never"},
	{"retry", []edit{{session, "x-retry: safe", "x-retry: never"}}, "for reads"},
	{"retry", []edit{{flow, "x-retry: never", "x-retry: safe"}}, "only for them"},
	{"retry", []edit{{flow, "    parameters:\n      - $ref: \"../openapi.yaml#/components/parameters/IdempotencyKey\"\n", ""}}, "idempotent only with"},
	{"security", []edit{{session, "    security: [{sessionCookie: []}, {sessionToken: []}]\n", ""}}, "has to be stated"},
	{"security", []edit{{session, "[{sessionCookie: []}, {sessionToken: []}]", "[{sessionCookie: []}]"}}, "go together"},
	{"security", []edit{{session, "[{sessionCookie: []}, {sessionToken: []}]", "[{sessionCookie: [], sessionToken: []}]"}}, "not one requirement"},
	{"prose", []edit{{session, "    summary: Who am I\n", ""}}, "summary and description"},
	{"prose", []edit{{session, "summary: Who am I", "summary: Who am I."}}, "full stop"},
	{"prose", []edit{{flow, "        description: How many seconds to wait for a change.\n", ""}}, "the parameter wait"},
	{"prose", []edit{{sessions, user, "user: {type: string}"}}, "schemas/session.yaml#/Session/properties/user: prose: "},
	{"one-success", []edit{{flow, `      "204": {description: It is gone.}`, `      "204": {description: It is gone.}` + "\n" + `      "202": {description: It will be gone.}`}}, "has 2"},
	{"one-success", []edit{{flow, `"204": {description: It is gone.}`, `"200": {description: It is gone.}`}}, "needs 1 content types and has 0"},
	{"one-success", []edit{{session, "        application/merge-patch+json:\n", "        application/json: {schema: {$ref: \"../schemas/session.yaml#/SessionUpdate\"}, example: {}}\n        application/merge-patch+json:\n"}}, "one content type and has 2"},

	{"errors-listed", []edit{{session, `      default: ` + problem + "\n", ""}}, "paths/session.yaml#/~1v1~1session/get/responses: errors-listed: default missing"},
	{"errors-listed", []edit{{flow, `      "413": ` + problem + "\n", ""}}, "413 missing"},
	{"errors-listed", []edit{{session, `      "401": ` + problem + "\n", ""}}, "401 missing"},
	{"errors-listed", []edit{{root, "  /v1/session:", "  /v1/session/{flow_id}:"}, {session, `      "404": ` + problem + "\n", ""}}, "404 missing"},
	{"problem", []edit{{session, `      default: ` + problem, `      default: {description: Oops., content: {text/plain: {schema: {type: string}, example: oops}}}`}}, "schema Problem"},
	{"problem", []edit{{session, `      default: ` + problem, `      default: {$ref: "../openapi.yaml#/components/responses/ValidationProblem"}`}}, "schema Problem"},
	{"retry-after", []edit{{root, "        Retry-After: {", "        Retry-Later: {"}}, "Retry-After"},

	{"pagination", []edit{{session, "    x-pagination: cursor\n", ""}}, "marked x-pagination"},
	{"pagination", []edit{{session, "      - $ref: \"../openapi.yaml#/components/parameters/Limit\"\n", ""}}, "limit and cursor"},
	{"pagination", []edit{{sessions, "required: [items, next_cursor]", "required: [items]"}}, "required members"},
	{"pagination", []edit{{root, "name: limit", "name: offset"}}, "never by number"},
	{"merge-patch", []edit{{session, "application/merge-patch+json", "application/json"}}, "a PATCH takes"},
	{"merge-patch", []edit{{session, "  patch:\n", "  put:\n"}}, "sent with PATCH"},
	{"lost-update", []edit{{session, "    x-surface: frontend\n    x-retry: idempotent", "    x-surface: management\n    x-retry: idempotent"}}, "takes If-Match"},
	{"lost-update", []edit{{session, "    x-retry: idempotent\n", "    x-retry: idempotent\n    parameters:\n      - {name: If-Match, in: header, description: The state., schema: {type: string, maxLength: 64}}\n"}}, "needs an ETag"},
	{"idempotency-key", []edit{{flow, "    x-retry: never\n    parameters:\n      - $ref: \"../openapi.yaml#/components/parameters/IdempotencyKey\"\n", "    x-retry: never\n"}}, "takes an Idempotency-Key"},
	{"content-type", []edit{{flow, "        application/json:\n          schema: {$ref: \"../schemas/flow.yaml#/FlowStart\"}", "        application/xml:\n          schema: {$ref: \"../schemas/flow.yaml#/FlowStart\"}"}}, "is not JSON"},

	{"named-object", []edit{{sessions, user, "user: {type: object, additionalProperties: true, description: The user.}"}}, "schemas/session.yaml#/Session/properties/user: named-object: "},
	{"named-object", []edit{{session, `schema: {$ref: "../schemas/session.yaml#/SessionList"}`, "schema: {type: object, additionalProperties: true}"}}, "responses/200/content/application~1json/schema: named-object: "},
	{"all-of", []edit{{sessions, "", "Both: {description: Both., allOf: [{$ref: \"#/Session\"}, {$ref: \"#/SessionList\"}]}\n"}, {sessions, `items: {$ref: "#/Session"}`, `items: {$ref: "#/Both"}`}}, "schemas/session.yaml#/Both: all-of: "},
	{"closed-request", []edit{{flows, "  required: [journey]\n  additionalProperties: false\n", "  required: [journey]\n"}}, "schemas/flow.yaml#/FlowStart: closed-request: "},
	{"open-response", []edit{{sessions, "  required: [id, user]\n", "  required: [id, user]\n  additionalProperties: false\n"}}, "schemas/session.yaml#/Session: open-response: "},
	{"required-or-nullable", []edit{{flows, "required: [id, status, steps, expires_at, error]", "required: [id, status, steps, expires_at]"}}, "schemas/flow.yaml#/Flow/properties/error: required-or-nullable: "},
	{"required-or-nullable", []edit{{sessions, "required: [id, user]", "required: [id, user, name]"}}, "name is required and not described"},
	{"bounded-request", []edit{{sessions, label, `label: {type: [string, "null"], description: What the person calls it.}`}}, "needs maxLength"},
	{"bounded-request", []edit{{sessions, label, label + "\n    marks: {type: array, items: {type: string, maxLength: 9}, description: Marks.}"}}, "needs maxItems"},
	{"bounded-request", []edit{{sessions, "additionalProperties: false", "additionalProperties: true"}}, "needs maxProperties"},
	{"secret", []edit{{flows, "flow_token: {type: string, x-secret: true,", "flow_token: {type: string,"}}, "schemas/flow.yaml#/Flow/properties/flow_token: secret: "},

	{"union", []edit{{flows, "      identifier: \"#/IdentifierOffer\"\n", ""}}, "schemas/flow.yaml#/StepOffer: union: the mapping"},
	{"union", []edit{{flows, "      identifier: \"#/IdentifierOffer\"\n", "      identifier: \"#/IdentifierOffer\"\n      who: \"#/IdentifierOffer\"\n"}}, "exactly once"},
	{"union", []edit{{flows, "  discriminator:\n    propertyName: type\n    mapping:\n      password: \"#/PasswordOffer\"\n      identifier: \"#/IdentifierOffer\"\n", ""}}, "needs a discriminator"},
	{"union-variant", []edit{{flows, "type: {type: string, enum: [password], description: The step.}", "type: {type: string, enum: [pass], description: The step.}"}}, "PasswordOffer has to require"},
	{"union-variant", []edit{{flows, "  description: Asks for the password.\n  required: [id, type]", "  description: Asks for the password.\n  required: [id]"}}, "PasswordOffer has to require"},

	{"named-enum", []edit{{sessions, label, `label: {type: string, enum: [a, b], description: What the person calls it.}`}}, "schemas/session.yaml#/SessionUpdate/properties/label: named-enum: "},
	{"open-set", []edit{{sessions, user, "user: {type: string, enum: [a, b], description: The user.}"}}, "schemas/session.yaml#/Session/properties/user: open-set: "},
	{"closed-set", []edit{{sessions, label, `label: {type: string, maxLength: 64, x-extensible-enum: [a, b], description: What the person calls it.}`}}, "closed set: enum"},
	{"closed-set", []edit{{sessions, user, `user: {type: integer, format: int32, x-extensible-enum: [1, 2], description: The user.}`}}, "one of strings"},
	{"integer", []edit{{flow, wait, "schema: {type: integer}"}}, "int32 or int64"},
	{"integer", []edit{{flow, wait, "schema: {type: number}"}}, "fractions"},
	{"time", []edit{{flows, expires, `expires_at: {type: integer, format: int64, description: When it ends.}`}}, "schemas/flow.yaml#/Flow/properties/expires_at: time: "},
	{"time", []edit{{sessions, user, `user: {type: string, format: date-time, description: The user.}`}}, "go together"},
	{"time", []edit{{flows, expires, `expires_at: {type: string, format: date-time, description: When it ends., example: "2026-01-02T03:04:05+02:00"}`}}, "not in UTC"},
	{"duration", []edit{{sessions, user, user + "\n    idle_timeout: {type: integer, format: int32, description: How long.}"}}, "idle_timeout_seconds"},
	{"id", []edit{{sessions, "  pattern: ^ses_[A-Za-z0-9]+$\n", ""}}, "schemas/session.yaml#/SessionId: id: "},
	{"id", []edit{{root, `schema: {$ref: "schemas/flow.yaml#/FlowId"}`, "schema: {type: string, maxLength: 9}"}}, "refers to the schema"},

	{"schema-name", []edit{{sessions, "", "Date: {type: string, description: A word that is taken.}\n"}, {sessions, user, `user: {$ref: "#/Date"}`}}, "schemas/session.yaml#/Date: schema-name: "},
	{"schema-name", []edit{{sessions, "", "GetSessionResult: {type: string, description: A word that is taken.}\n"}, {sessions, user, `user: {$ref: "#/GetSessionResult"}`}}, "from the operation getSession"},
	{"schema-name", []edit{{sessions, "", "user_name: {type: string, description: In another form.}\n"}, {sessions, user, `user: {$ref: "#/user_name"}`}}, "PascalCase"},
	{"schema-name-unique", []edit{{sessions, "", "SESSION: {type: string, description: In another case.}\n"}, {sessions, user, `user: {$ref: "#/SESSION"}`}}, "differ only in case"},
	{"property-name", []edit{{sessions, user, user + "\n    userName: {type: string, description: A name.}"}}, "schemas/session.yaml#/Session/properties/userName: property-name: "},

	{"example", []edit{{session, "            " + example + "\n", ""}}, "responses/200/content/application~1json: example: "},
	{"example-valid", []edit{{session, example, "example: {id: ses_1}"}}, "example-valid: "},
	{"example-valid", []edit{{session, example, "example: {id: usr_1, user: ada}"}}, "example-valid: "},
	{"example-valid", []edit{{flow, "transport: token", "transport: pigeon"}}, "examples/login: example-valid: "},
	{"example-valid", []edit{{root, "type: \"https://id.example.com/problems/not_found\"", "type: not_found"}}, "example-valid: "},
	{"example-valid", []edit{{flow, wait, wait + "\n        example: 31"}}, "example-valid: "},
	{"example-valid", []edit{{flows, expires, `expires_at: {type: string, format: date-time, description: When it ends., example: tomorrow}`}}, "schemas/flow.yaml#/Flow/properties/expires_at/example: example-valid: "},

	{"event-name", []edit{{events, "session.ended", "session.end-of"}}, "events/session.yaml#/1/type: event-name: "},
	{"event-name", []edit{{events, "session.ended", "session.end"}}, "in the past"},
	{"event-prose", []edit{{events, "Somebody signed in.", "Somebody signed in"}}, "events/session.yaml#/0/description: event-prose: "},
	{"event-prose", []edit{{events, "Somebody signed in.", "Somebody. It happens."}}, "one sentence"},
	{"event-prose", []edit{{events, ", description: What they hold.", ""}}, "events/session.yaml#/0/personal/properties/device/description: event-prose: "},
	{"event-schema", []edit{{events, "x-extensible-enum", "enum"}}, "events/session.yaml#/1/data/properties/reason: event-schema: enum"},
	{"event-schema", []edit{{events, `[string, "null"]`, "[string, integer]"}}, "type is one of"},
	{"event-schema", []edit{{events, "type: integer", "type: number"}}, "type is one of"},
	{"event-schema", []edit{{events, "    additionalProperties: false\n", ""}}, "events/session.yaml#/0/data: event-schema: an object is closed"},
	{"event-schema", []edit{{events, "required: [count]", "required: [count, size]"}}, "size is required"},
	{"event-schema", []edit{{events, "traits: {type: object, additionalProperties: true", "traits: {type: array"}}, "what its items are"},
	{"event-schema", []edit{{events, "  data:\n    type: object", "  data:\n    type: array\n    items: {type: object, additionalProperties: false}"}}, "are objects"},
	{"event-personal", []edit{{events, "reason: {type: string,", "device: {type: string, description: What they hold.}\n      reason: {type: string,"}}, "events/session.yaml#/1/data/properties/device: event-personal: device is personal in session.created"},
	{"event-secret", []edit{{events, "device: {", "password: {"}}, "events/session.yaml#/0/personal/properties/password: event-secret: "},
	{"event-secret", []edit{{events, "reason: {", "reason: {x-secret: true, "}}, "carries no secret"},
	{"event-example", []edit{{events, "data: {count: 1}", "data: {count: one}"}}, "events/session.yaml#/0/example/data: event-example: "},
	{"event-example", []edit{{events, "device: A phone", "device: 1"}}, "events/session.yaml#/0/example/personal: event-example: "},
	{"event-example", []edit{{events, "{reason: logout, at", "{reason: logout, when"}}, "additional properties"},
	{"event-example", []edit{{events, "2030-01-02T03:04:05Z", "tomorrow"}}, "date-time"},
	{"locale-tag", []edit{{"locales/de_AT.yaml", "", "name: Deutsch\n"}}, "locales/de_AT.yaml#: locale-tag: the file is not called"},
	{"locale-tag", []edit{{"locales/qqqqqqqqq.yaml", "", "name: Q\n"}}, "locales/qqqqqqqqq.yaml#: locale-tag: "},
	{"locale-tag", []edit{{german, "name: Deutsch", "name: ''"}}, "locales/de.yaml#/name: locale-tag: "},
	{"locale-keys", []edit{{german, "  not_found: Hier ist nichts.\n", ""}}, "locales/de.yaml#/details/not_found: locale-keys: missing"},
	{"locale-keys", []edit{{german, "  codes: Alle Codes\n", "  codes: Alle Codes\n  more: Mehr\n"}}, "locales/de.yaml#/pages/more: locale-keys: English has no such text"},
	{"locale-keys", []edit{{english, "  not_found: Nothing is here.\n", ""}}, "locales/en.yaml#/details/not_found: locale-keys: missing"},
	{"locale-names", []edit{{german, "Mindestens {count} Zeichen", "Mindestens {zahl} Zeichen"}}, "other fills in [{zahl}] where English fills in [{count}]"},
	{"locale-names", []edit{{german, "Mindestens {count} Zeichen", "Mindestens viele Zeichen"}}, "other fills in []"},
	{"locale-names", []edit{{german, "Mindestens ein Zeichen", "Mindestens {one Zeichen"}}, "a name stands in {…}"},
	{"locale-plain", []edit{{german, "Hier ist nichts.", "Hier ist <b>nichts</b>."}}, "locales/de.yaml#/details/not_found: locale-plain: other has markup"},
	{"locale-plain", []edit{{german, "Hier ist nichts.", "Hier&nbsp;ist nichts."}}, "has markup"},
	{"locale-plain", []edit{{german, "Hier ist nichts.", `"Hier ist\u202e nichts."`}}, "that nobody sees"},
	{"locale-plain", []edit{{german, "Hier ist nichts.", `"Hier ist  nichts."`}}, "two in a row"},
	{"locale-plain", []edit{{german, "Hier ist nichts.", `"Hier ist nu\u0308scht."`}}, "composed form"},
	{"locale-plain", []edit{{german, "Hier ist nichts.", `""`}}, "other is empty"},
	{"locale-sentence", []edit{{german, "Hier ist nichts.", "Hier ist nichts"}}, "locales/de.yaml#/details/not_found: locale-sentence: "},
	{"locale-sentence", []edit{{german, "Nicht gefunden", "Nicht gefunden."}}, "locales/de.yaml#/titles/not_found: locale-sentence: "},
	{"locale-plural", []edit{{german, "    one: Mindestens ein Zeichen verwenden.\n", "    few: Mindestens wenige Zeichen verwenden.\n"}}, "locales/de.yaml#/fields/min_length: locale-plural: the form one is missing"},
	{"locale-plural", []edit{{german, "    one: Mindestens ein Zeichen verwenden.\n", "    single: Mindestens ein Zeichen verwenden.\n"}}, "single is not a plural form"},
	{"locale-plural", []edit{{german, "    other: Mindestens {count} Zeichen verwenden.\n", ""}}, "the form other is missing"},
	{"locale-plural", []edit{{german, "    other: Mindestens", "    few: Mindestens {count} Zeichen verwenden.\n    other: Mindestens"}}, "the language has no number that is few"},
	{"locale-plural", []edit{{german, "    one: Mindestens ein Zeichen verwenden.\n", ""}}, "the form one is missing"},
	{"locale-plural", []edit{{german, "  not_found: Hier ist nichts.", "  not_found: {one: Eins., other: Hier ist nichts.}"}}, "only a text with {count}"},
}

func TestEachRuleIsBroken(t *testing.T) {
	broken := map[string]bool{}
	for _, c := range breaks {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			findings, err := Check(load(t, c.edits...))
			require.NoError(t, err)
			var told []string
			for _, finding := range findings {
				if finding.Rule == c.rule {
					told = append(told, finding.String())
				}
			}
			require.NotEmpty(t, told, "%v", findings)
			require.Contains(t, strings.Join(told, "\n"), c.says)
		})
		broken[c.rule] = true
	}
	for _, rule := range Rules() {
		require.True(t, broken[rule.ID], "nothing breaks the rule %s", rule.ID)
		require.NotEmpty(t, rule.Reason, rule.ID)
	}
}

func TestFindingsAreSortedAndSaidOnce(t *testing.T) {
	findings, err := Check(load(t, edit{root, "openapi: 3.1.0", "openapi: 3.1.1"}, edit{session, "x-retry: safe", "x-retry: always"}))
	require.NoError(t, err)
	require.Len(t, findings, 2)
	require.Equal(t, "openapi.yaml#/openapi: version: it is \"3.1.1\" and has to be 3.1.0", findings[0].String())
	require.Equal(t, "paths/session.yaml#/~1v1~1session/get: retry: x-retry is safe, idempotent or never", findings[1].String())
}

// WebAuthn's objects are the W3C's, letter by letter.
func TestVerbatimObjectsKeepTheirNames(t *testing.T) {
	findings, err := Check(load(t, edit{sessions, "  description: Who is signed in.\n", "  description: Who is signed in.\n  x-verbatim: W3C WebAuthn\n"},
		edit{sessions, user, user + "\n    userHandle: {type: string, description: A name.}"}))
	require.NoError(t, err)
	require.Empty(t, findings)
}

// What a standard defines is open, as browsers learn new members, has null where it has it, and
// calls a time what it likes. Only objects that say whose they are may.
func TestVerbatimObjectsKeepTheirManners(t *testing.T) {
	foreign := "Foreign:\n  type: object\n  description: Of a standard.\n%s  properties:\n    timeout: {type: integer, format: int32, description: In milliseconds.}\n    handle: {type: [string, \"null\"], maxLength: 9, description: Whose.}\n"
	used := edit{sessions, label, label + "\n    foreign: {$ref: \"#/Foreign\"}"}
	findings, err := Check(load(t, used, edit{sessions, "", fmt.Sprintf(foreign, "  x-verbatim: W3C WebAuthn\n")}))
	require.NoError(t, err)
	require.Empty(t, findings)
	findings, err = Check(load(t, used, edit{sessions, "", fmt.Sprintf(foreign, "")}))
	require.NoError(t, err)
	var rules []string
	for _, finding := range findings {
		rules = append(rules, finding.Rule)
	}
	require.ElementsMatch(t, []string{"closed-request", "duration", "required-or-nullable"}, rules)
}
