package api_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/clients/go/wire"
	"github.com/lintel-id/lintel/server/boot/config"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/tests/api/running"
)

// bomb is a query that would be dear, or would say something else, if it were taken at its
// word, and what it is answered with.
type bomb struct {
	query string
	code  string // empty: it is an honest question that finds nothing
	place string // empty: the problem names none
}

// The lists that take filters, or may be thought to.
const (
	usersList = "/admin/v1/users"
	auditList = "/admin/v1/audit"
	jobsList  = "/admin/v1/jobs"
)

func filter(pairs ...string) string {
	query := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	return query.Encode()
}

func sealedCursor(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// manyTerms are so many terms that no operation has.
func manyTerms(count int) string {
	terms := make([]string, count)
	for i := range terms {
		terms[i] = "or" + strconv.Itoa(i) + "=1"
	}
	return strings.Join(terms, "&")
}

// everyListsBombs are refused alike by every list.
func everyListsBombs() []bomb {
	return []bomb{
		{"filter=" + strings.Repeat("(", 4000) + "a" + strings.Repeat(")", 4000), "request_invalid", "#query/filter"},
		{filter("filter", strings.Repeat("not (", 500)+`userName eq "a"`+strings.Repeat(")", 500)), "request_invalid", "#query/filter"},
		{filter("q", strings.Repeat("a OR ", 2000)+"a"), "request_invalid", "#query/q"},
		{"$where=" + url.QueryEscape("sleep(1e9)"), "request_invalid", "#query/$where"},
		{"limit[$gt]=1", "request_invalid", "#query/limit[$gt]"},
		{"limit=" + strings.Repeat("9", 5000), "request_invalid", "#query/limit"},
		{"limit=1e9", "request_invalid", "#query/limit"},
		{"limit=-1", "request_invalid", "#query/limit"},
		{"limit=0x7f", "request_invalid", "#query/limit"},
		{strings.Repeat("limit=1&", 1500), "request_invalid", "#query/limit"},
		{"cursor=" + strings.Repeat("A", 5000), "request_invalid", "#query/cursor"},
		{"cursor=" + url.QueryEscape("' OR ''='"), "request_invalid", "#query/cursor"},
		{"cursor=%00", "request_malformed", ""},
		{"cursor=%ff%fe", "request_malformed", ""},
		{"cursor=%zz", "request_malformed", ""},
		{"limit=1;drop=1", "request_malformed", ""},
		{"%ff%c0%af=1", "request_invalid", "#query"},
		{strings.Repeat("n", 5000) + "=1", "request_invalid", "#query"},
		{"x=" + strings.Repeat("x", 20_000), "headers_too_large", ""},
		{manyTerms(4000), "headers_too_large", ""},
	}
}

// userBombs are refused by the document alone.
func userBombs() []bomb {
	long := strings.Repeat("a", 321)
	return []bomb{
		{"identifier=" + long, "request_invalid", "#query/identifier"},
		{"identifier_prefix=" + strings.Repeat("a", 10_000), "request_invalid", "#query/identifier_prefix"},
		{filter("identifier_prefix", strings.Repeat("\ufdfa", 321)), "request_invalid", "#query/identifier_prefix"}, // each is eighteen characters elsewhere
		{strings.Repeat("identifier=a&", 1000), "request_invalid", "#query/identifier"},
		{"status=active&status=suspended", "request_invalid", "#query/status"},
		{"identifier[$ne]=x", "request_invalid", "#query/identifier[$ne]"},
		{"identifier[]=a&", "request_invalid", "#query/identifier[]"},
		{filter("status", "active' OR '1'='1"), "request_invalid", "#query/status"},
		{"status=active,suspended", "request_invalid", "#query/status"},
		{filter("order", "created; DROP TABLE users"), "request_invalid", "#query/order"},
		{filter("claim", strings.Repeat("a/", 101), "claim_value", "1"), "request_invalid", "#query/claim"},
		{filter("claim", "insurer", "claim_value", strings.Repeat("[", 513)+strings.Repeat("]", 513)), "request_invalid", "#query/claim_value"},
		{"profile.insurer=AOK", "request_invalid", "#query/profile.insurer"},
		{filter("created_from", "1 OR 1=1"), "request_invalid", "#query/created_from"},
		{filter("created_from", "10000-01-01T00:00:00Z"), "request_invalid", "#query/created_from"},
		{filter("last_login_before", "9999-12-31T23:59:59-23:59"), "request_invalid", "#query/last_login_before"},
		{"identifier=%00", "request_malformed", ""},
		{"identifier_prefix=abc%ff", "request_malformed", ""},
		{"claim=insurer&claim_value=%c0%af", "request_malformed", ""},
		{"identifier_prefix=%e2%28%a1", "request_malformed", ""},
	}
}

func auditBombs() []bomb {
	return []bomb{
		{"type=" + strings.Repeat("a", 101), "request_invalid", "#query/type"},
		{filter("type", "session.created' OR 1=1 --"), "request_invalid", "#query/type"},
		{"type=" + strings.Repeat("a.", 40) + "a", "request_invalid", "#query/type"},
		{filter("type", "session%"), "request_invalid", "#query/type"},
		{strings.Repeat("type=session&", 1000), "request_invalid", "#query/type"},
		{strings.Repeat("actor_id=a&", 1000), "request_invalid", "#query/actor_id"},
		{"actor_id=" + strings.Repeat("a", 10_000), "request_invalid", "#query/actor_id"},
		{"subject=" + strings.Repeat("a", 101), "request_invalid", "#query/subject"},
		{filter("user_id", "usr_' OR 1=1"), "request_invalid", "#query/user_id"},
		{"after=9223372036854775808", "request_invalid", "#query/after"},
		{"after=-1", "request_invalid", "#query/after"},
		{filter("before", "9999-12-31T23:59:59-23:59"), "request_invalid", "#query/before"},
		{"data.name=x", "request_invalid", "#query/data.name"},
		{"subject=%00", "request_malformed", ""},
		{"actor_id=%ff", "request_malformed", ""},
	}
}

func jobBombs() []bomb {
	return []bomb{
		{"status=running", "request_invalid", "#query/status"},
		{filter("type", strings.Repeat("a", 5000)), "request_invalid", "#query/type"},
	}
}

// drop sends a bomb and requires the answer that it is meant to get.
func (o *operator) drop(list string, one bomb) {
	o.t.Helper()
	got := o.send(http.MethodGet, list+"?"+one.query, "")
	if one.code == "" {
		require.JSONEq(o.t, `{"items":[],"next_cursor":null}`, string(got.is(http.StatusOK).body), "%s %.80s", list, one.query)
		return
	}
	problem := got.refused(o.problems[one.code].Status, one.code)
	require.Less(o.t, len(got.body), 4096, "%s %.80s: what was sent is not sent back", list, one.query)
	if one.place == "" {
		require.Empty(o.t, problem.Errors, "%s %.80s", list, one.query)
		return
	}
	require.Equal(o.t, one.place, places(problem.Errors)[0], "%s %.80s", list, one.query)
}

// Protects the database: what a filter must not hold is refused by the document alone.
// That is told before anybody's key is looked up, so whoever has none is told the same,
// and not one statement has been asked for it.
func TestClass_Exhaustion_FilterBombsReachNoDatabase(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *scenario) {
		nobody := &operator{caller: s.app().with(madeUp().key)}
		first, since := s.first(), clock.Started()
		sent := 0
		for list, bombs := range map[string][]bomb{usersList: userBombs(), auditList: auditBombs(), jobsList: jobBombs()} {
			for _, one := range append(bombs, everyListsBombs()...) {
				s.Clock.Advance(time.Minute) // what is worth nothing is counted for its source
				nobody.drop(list, one)
				first.drop(list, one)
				sent += 2
			}
		}
		require.Greater(t, sent, 150)
		require.Less(t, since.Elapsed(), patience)
		s.fired()
	})
}

// askedBombs fit the document, and either no index answers them or they find nothing.
func askedBombs() map[string][]bomb {
	deepCursor, somebody := strings.Repeat(`[`, 1500)+strings.Repeat("]", 1500), madeUp().ids["user_id"]
	return map[string][]bomb{
		usersList: {
			{"identifier_prefix=%25a", "filter_not_indexed", "#query/identifier_prefix"},
			{filter("claim", "nickname", "claim_value", "Ada"), "filter_not_indexed", "#query/claim"},
			{filter("claim", strings.Repeat("a/", 99)+"a", "claim_value", "1"), "filter_not_indexed", "#query/claim"},
			{filter("claim", "insurer') OR ('1'='1", "claim_value", "x"), "filter_not_indexed", "#query/claim"},
			{filter("claim", "$.insurer", "claim_value", "x"), "filter_not_indexed", "#query/claim"},
			{filter("claim", "insurer/*", "claim_value", "x"), "filter_not_indexed", "#query/claim"},
			{"cursor=" + sealedCursor(deepCursor), "request_invalid", "#query/cursor"},
			{"cursor=" + sealedCursor(`{"id":"`+somebody+`","lookup":"\u0000"}`), "request_invalid", "#query/cursor"},
			{"cursor=" + sealedCursor(`{"id":"' OR 1=1 --"}`), "request_invalid", "#query/cursor"},
			{query: filter("identifier_prefix", "%%%")},
			{query: filter("identifier_prefix", "___")},
			{query: filter("identifier_prefix", "***")},
			{query: filter("identifier_prefix", "bom_")},
			{query: filter("identifier_prefix", "bom%")},
			{query: filter("identifier_prefix", strings.Repeat("\ufdfa", 320))},
			{query: filter("identifier_prefix", strings.Repeat("a\u0301", 160))},
			{query: filter("identifier_prefix", strings.Repeat("(", 320))},
			{query: filter("identifier", "bomb-%@example.com")},
			{query: filter("identifier", "' OR '1'='1")},
			{query: filter("identifier", "'; DROP TABLE users; --")},
			{query: filter("identifier", `\' OR 1=1 #`)},
			{query: filter("claim", "insurer", "claim_value", strings.Repeat("[", 512)+strings.Repeat("]", 512))},
			{query: filter("claim", "insurer", "claim_value", `{"$ne":null}`)},
			{query: filter("claim", "insurer", "claim_value", `"\u0000"`)},
			{query: filter("claim", "insurer", "claim_value", `"\ud800"`)},
			{query: filter("claim", "insurer", "claim_value", "%")},
			{query: filter("claim", "insurer", "claim_value", "' OR '1'='1")},
			{query: filter("claim", "member", "claim_value", strings.Repeat("9", 1024))},
			{query: filter("claim", "member", "claim_value", "1e999999999")},
			{query: filter("created_from", "9999-12-31T23:59:59Z", "created_before", "0000-01-01T00:00:00Z")},
			{query: filter("created_before", "0000-01-01T00:00:00Z")},
		},
		auditList: {
			{"cursor=" + sealedCursor("9223372036854775808"), "request_invalid", "#query/cursor"},
			{"cursor=" + sealedCursor("1 OR 1=1"), "request_invalid", "#query/cursor"},
			{query: filter("actor_id", "%")},
			{query: filter("actor_id", "key_%")},
			{query: filter("actor_id", "' OR '1'='1")},
			{query: filter("subject", "'; DROP TABLE audit_records; --")},
			{query: filter("subject", "_______________________________")},
			{query: filter("type", strings.Repeat("_", 100))},
			{query: "after=9223372036854775807"},
			{query: filter("before", "0000-01-01T00:00:00Z")},
			{query: filter("from", "9999-12-31T23:59:59Z")},
		},
		jobsList: {
			{"cursor=" + sealedCursor("job_' OR 1=1"), "request_invalid", "#query/cursor"},
			{"cursor=" + sealedCursor(strings.Repeat("[", 150)), "request_invalid", "#query/cursor"},
		},
	}
}

// Protects what is asked of the database: a filter is a value and never syntax, whatever
// it holds, and what no index answers is refused. Afterwards everybody is still found.
func TestClass_Injection_FiltersAreValues(t *testing.T) {
	for _, engine := range running.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			s := privately(t, running.NewPlace(t, engine), func(settings *config.Config) {
				withApplications(settings)
				settings.ProfileSchema.Document = []byte(`{"type":"object","additionalProperties":false,"properties":{"name":{"type":"string"},"locale":{"type":"string"},
					"insurer":{"type":"string","x-searchable":true},"member":{"type":"integer","x-searchable":true}}}`)
			})
			first := s.first()
			made := read[wire.UserRecord](first.createUser(wire.NewUser{
				Identifiers: []wire.NewUserIdentifier{{Value: "bomb-1@example.com"}}, Profile: &wire.Profile{"insurer": "AOK", "member": 7},
			}).is(http.StatusCreated))
			s.forgetEvents()
			s.recorded()
			since := clock.Started()
			for list, bombs := range askedBombs() {
				for _, one := range bombs {
					s.Clock.Advance(time.Minute)
					first.drop(list, one)
				}
			}
			require.Less(t, since.Elapsed(), patience)
			s.fired()
			for _, honest := range []url.Values{
				{"identifier_prefix": {"bomb"}}, {"identifier": {"bomb-1@example.com"}}, {"claim": {"insurer"}, "claim_value": {"AOK"}},
				{"claim": {"member"}, "claim_value": {"7"}}, {"created_from": {"0000-01-01T00:00:00Z"}, "created_before": {"9999-12-31T23:59:59Z"}},
			} {
				require.Equal(t, []string{made.ID}, first.found(honest))
			}
			require.NotEmpty(t, first.audited(wire.ListAuditEntriesParams{Subject: &made.ID}))
		})
	}
}
