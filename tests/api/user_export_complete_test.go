package api_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/tests/api/running"
)

// withheld are the columns about people that no export has, each with the reason.
func withheld() map[string]string {
	return map[string]string{
		"passwords.hash":                   "a hash can be guessed at",
		"passwords.scheme":                 "it says how to guess",
		"sessions.digest":                  "it stands for the token",
		"seal_user_keys.sealed":            "it is the key itself",
		"flows.state":                      "sealed; what was typed is told, and the hash in it is not",
		"events.personal":                  "sealed; it is told opened",
		"audit_records.personal":           "sealed; it is told opened",
		"events.source":                    "sealed; it is told opened",
		"audit_records.source":             "sealed; it is told opened",
		"messages.recipient":               "sealed; it is told opened",
		"messages.address":                 "a fingerprint, of what is told",
		"messages.content":                 "what lets somebody in may stand in it",
		"recoveries.recipient":             "sealed; it is told opened",
		"recoveries.address":               "a fingerprint, of what is told",
		"recoveries.token":                 "it stands for the link",
		"invitations.address":              "a fingerprint, of what is told",
		"invitations.content":              "sealed; it is told opened",
		"invitations.digest":               "it stands for the token",
		"reversals.digest":                 "it stands for the link",
		"reversals.content":                "sealed; it is told opened",
		"passkeys.credential_id":           "it is between an authenticator and the server",
		"passkeys.public_key":              "it is what proofs are verified with",
		"user_identifiers.ordinal":         "the order of the list is it",
		"role_assignments.organization_id": "of the whole tenant, which is null",
	}
}

// vacant are the columns in which the person of the test need not have anything.
func vacant() []string {
	return []string{"jobs.claimed_to", "jobs.code", "invitations.locale", "invitations.revoked_at", "messages.application_id", "messages.code", "messages.content", "messages.delivery", "messages.delivery_code", "messages.delivery_at", "recoveries.ended_at", "events.actor_by", "audit_records.actor_by"}
}

// unsealed is the address in where managers came from, which is kept as it is.
func unsealed(column, value string) string {
	var from event.Source
	if column == "source" && json.Unmarshal([]byte(value), &from) == nil {
		return from.Address
	}
	return value
}

// leaves are all values in a document, as texts.
func leaves(value any, into map[string]bool) {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			into[name] = true
			leaves(member, into)
		}
	case []any:
		for _, item := range value {
			leaves(item, into)
		}
	case nil:
	default:
		into[fmt.Sprint(value)] = true
	}
}

func leavesOf(t *testing.T, text string) map[string]bool {
	t.Helper()
	decoder, found := json.NewDecoder(strings.NewReader(text)), map[string]bool{}
	decoder.UseNumber()
	var value any
	require.NoError(t, decoder.Decode(&value))
	leaves(value, found)
	return found
}

type anyKind struct{}

func (anyKind) Prefix() string { return "any" }

// told tells whether a column's value is among the leaves in one of the ways to write it.
func told(column string, among map[string]bool) bool {
	ways := []string{column, hex.EncodeToString([]byte(column)), base64.RawURLEncoding.EncodeToString([]byte(column))}
	if parsed, err := uuid.Parse(column); err == nil {
		column = string(parsed[:])
	}
	if len(column) == 16 {
		raw := [16]byte([]byte(column))
		ways = append(ways, uuid.UUID(raw).String())
		suffix := strings.TrimPrefix(id.FromBytes[anyKind](raw).String(), "any_")
		for leaf := range among {
			if strings.HasSuffix(leaf, "_"+suffix) {
				return true
			}
		}
	}
	if number, err := strconv.ParseInt(column, 10, 64); err == nil {
		ways = append(ways, time.UnixMicro(number).UTC().Format(time.RFC3339Nano), map[int64]string{0: "false", 1: "true"}[number])
	}
	if at, err := time.Parse("2006-01-02 15:04:05.999999999 -0700 MST", column); err == nil {
		ways = append(ways, at.UTC().Format(time.RFC3339Nano))
	}
	var inside any
	decoder := json.NewDecoder(strings.NewReader(column))
	decoder.UseNumber()
	if strings.ContainsAny(column[:1], "{[") && decoder.Decode(&inside) == nil {
		parts := map[string]bool{}
		leaves(inside, parts)
		delete(parts, "at_us") // the name of a member that is written as "at"
		for part := range parts {
			if !told(part, among) {
				return false
			}
		}
		return true
	}
	return slices.ContainsFunc(ways, func(way string) bool { return way != "" && among[way] })
}

// rowsNaming are a table's rows that name a person in any column, but for the jobs that
// move while they are written down.
func rowsNaming(t *testing.T, name string, table running.Table, person string) (rows [][]string) {
	t.Helper()
	var of user.ID
	require.NoError(t, of.UnmarshalText([]byte(person)))
	raw := of.Bytes()
	written := []string{person, string(raw[:]), uuid.UUID(raw).String()}
	for _, row := range table.Rows {
		moving := name == "jobs" && row[slices.Index(table.Columns, "actor_kind")] != "user"
		// What the log tells of somebody's acts on others stands among the audit records.
		acts := name == "events" && row[slices.Index(table.Columns, "person")] != person && row[slices.Index(table.Columns, "subject")] != person
		if !moving && !acts && slices.ContainsFunc(row, func(value string) bool { return slices.Contains(written, value) }) {
			rows = append(rows, row)
		}
	}
	return rows
}

// An export is complete: whatever any column of any table has about a person stands in
// the one that operators have made, unless it is on the list of what is withheld. A new
// table, or a column, with something about people fails here until a holder tells it; a
// column that the person of this test has nothing in fails too, until they do.
func TestExportHoldsEverything(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
				withApplications(settings)
				settings.ProfileSchema.Document = []byte(`{"type":"object","additionalProperties":false,"properties":{"name":{"type":"string"},
					"locale":{"type":"string"},"family_name":{"type":"string","x-searchable":true}}}`)
			})
			o := s.operator(wire.ScopeAll)
			p, _, _ := s.everythingThereIs()
			private, public := "private-"+newWord(), "public-"+newWord()
			etag := o.user(p.ID).is(http.StatusOK).header.Get("ETag")
			o.patchUser(p.ID, etag, `{"private_metadata":{"a":"`+private+`"},"public_metadata":{"b":"`+public+`"}}`).is(http.StatusOK)
			o.impersonate(p.ID, ticket).is(http.StatusCreated)
			found := read[wire.UserRecord](o.user(p.ID).is(http.StatusOK))
			o.send(http.MethodPatch, "/admin/v1/users/"+p.ID+"/identifiers/"+found.Identifiers[0].ID, `{"verified":true}`,
				"Content-Type", "application/merge-patch+json", "If-Match", o.user(p.ID).header.Get("ETag")).is(http.StatusOK)
			o.expirePassword(p.ID, false).is(http.StatusNoContent)
			o.deleteUser(p.ID, false).is(http.StatusOK)
			s.forgetEvents()
			s.recorded()

			text := o.result(o.finished(o.exportUser(p.ID)).ID)
			among, tables, seen := leavesOf(t, text), s.Tables(t), 0
			for _, name := range append(aboutPeople(tables), "users") {
				rows := rowsNaming(t, name, tables[name], p.ID)
				require.NotEmpty(t, rows, "%s: the person has something everywhere", name)
				for i, column := range tables[name].Columns {
					where, some := name+"."+column, false
					for _, row := range rows {
						value := unsealed(column, row[i])
						if value == "" || value == "null" || column == "tenant_id" {
							continue
						}
						some, seen = true, seen+1
						if reason := withheld()[where]; reason == "" {
							late := name == "events" || name == "audit_records" // the export's own
							require.True(t, told(value, among) || late && isLate(row, tables[name]), "%s: %q is in no section", where, value)
							continue
						}
						if len(value) > 16 {
							for _, form := range []string{value, hex.EncodeToString([]byte(value)), base64.StdEncoding.EncodeToString([]byte(value)), base64.RawURLEncoding.EncodeToString([]byte(value))} {
								require.NotContains(t, text, form, "%s: %s", where, withheld()[where])
							}
						}
					}
					require.True(t, some || column == "tenant_id" || slices.Contains(vacant(), where), "%s: plant something", where)
				}
			}
			require.Greater(t, seen, 200)
			for _, secret := range []string{p.bearer, p.password, rootKey, firstKey, "$argon2"} {
				require.NotContains(t, text, secret)
			}
			require.Contains(t, text, private)
		})
	}
}

// isLate tells whether a row tells of the export itself, which was under way.
func isLate(row []string, table running.Table) bool {
	at := func(name string) string { return row[slices.Index(table.Columns, name)] }
	return at("type") == "user.export_requested" && at("actor_kind") == "api_key"
}
