package house_test

import (
	"fmt"
	"path"
	"strings"
	"testing"
)

// tier is how high a room stands; an import only ever goes down.
type tier int

const (
	platform  tier = iota // knows no capability
	records               // what there is
	proofs                // what somebody can show
	journeys              // what people and protocols do
	listeners             // what follows the event log
	edge                  // wire and storage
	boot                  // the only room that knows everything
	cli                   // commands
	cmd                   // main
)

// capabilities is the list of nouns. A new package under server needs a line.
var capabilities = map[string]tier{
	"tenant": records, "user": records, "organization": records, "application": records,
	"schema": records, "template": records, "jwks": records, "role": records, "consent": records,

	"assurance": proofs, "password": proofs, "passkey": proofs, "code": proofs, "totp": proofs,
	"recoverycode": proofs, "session": proofs, "risk": proofs, "apikey": proofs, "idempotency": proofs, "job": proofs, "mailbox": proofs, "message": proofs, "recovery": proofs, "invitation": proofs, "notice": proofs,

	"erasure": journeys, "reversal": journeys, "merge": journeys, "export": journeys, "flow": journeys, "federation": journeys, "oauth": journeys, "oidc": journeys, "saml": journeys,
	"scim": journeys, "provisioning": journeys, "migration": journeys, "gateway": journeys, "action": journeys,

	"activity": listeners, "audit": listeners, "webhook": listeners, "stream": listeners, "connector": listeners, "lifecycle": listeners,
}

// upstairs is the rest of the building.
var upstairs = map[string]tier{
	"server/api": edge, "storage": edge, "server/boot": boot, "server/cli": cli, "server/cmd": cmd,
}

// neighbours may import each other although they stand on one tier: the room
// that imports, the room it imports, and why.
var neighbours = map[[2]string]string{
	{"server/consent", "server/application"}:            "terms are an application's, and a consent is given to one",
	{"server/consent", "server/user"}:                   "a consent is a user's",
	{"server/merge", "server/erasure"}:                  "who is made part of another user is erased right after",
	{"server/jwks", "server/tenant"}:                    "a tenant's own key seals what it signs with, and a suspended one signs nothing",
	{"server/role", "server/user"}:                      "a role is given to users",
	{"server/user", "server/schema"}:                    "a profile is read and checked by the schema of its tenant",
	{"server/password", "server/session"}:               "a changed password ends the sessions that began with the old one",
	{"server/password", "server/risk"}:                  "choosing a password costs a hash, and hashes are bounded per source",
	{"server/code", "server/message"}:                   "a code or link is what a message carries",
	{"server/code", "server/risk"}:                      "wrong codes are guesses, and guesses are counted",
	{"server/recovery", "server/code"}:                  "an address is masked, and reached, as for a code",
	{"server/recovery", "server/message"}:               "what everybody is told is a kind of message",
	{"server/recovery", "server/notice"}:                "everybody who can object is told",
	{"server/recovery", "server/risk"}:                  "wrong links are guesses, and guesses are counted",
	{"server/invitation", "server/code"}:                "whom an invitation is for is an address as codes and links are sent to",
	{"server/invitation", "server/message"}:             "an invitation is what a message carries",
	{"server/invitation", "server/risk"}:                "bringing an invitation is counted as answers to flows are",
	{"server/notice", "server/code"}:                    "an address of a user is written to on the channel that a code takes",
	{"server/notice", "server/message"}:                 "a notice is what a message carries",
	{"server/notice", "server/session"}:                 "a notice tells the device and the place as a session does",
	{"server/passkey", "server/notice"}:                 "who has passkeys is told when one goes",
	{"server/session", "server/assurance"}:              "a session keeps the facts from which assurance computes",
	{"server/platform/event", "server/platform/id"}:     "an event has an id like everything else",
	{"server/platform/event", "server/platform/clock"}:  "the sequencer waits and stamps by the clock it is given",
	{"server/platform/event", "server/platform/reqctx"}: "an event names the tenant and the actor of its request",
	{"server/platform/event", "server/platform/tx"}:     "an event is recorded in the transaction it tells of",
	{"server/platform/reqctx", "server/platform/id"}:    "the tenant and the actor of a request are ids",
	{"server/platform/seal", "server/platform/clock"}:   "a user's key is kept in memory for a while, by the clock it is given",
	{"server/platform/recall", "server/platform/clock"}: "an answer is repeated for a while, by the clock it is given",
	{"server/platform/recall", "server/platform/tx"}:    "what a unit of work reads is not repeated: it may never be committed",
	{"server/platform/rate", "server/platform/clock"}:   "a limiter counts by the clock it is given",
	{"server/platform/jose", "server/platform/secret"}:  "private keys redact themselves",
	{"server/platform/sweep", "server/platform/reqctx"}: "what is over is deleted over all tenants",
	{"server/platform/trace", "server/platform/fault"}:  "of an error a span keeps the code of its fault, and nothing else",
	{"server/platform/trace", "server/platform/reqctx"}: "a log line carries the trace of its request",
	{"server/platform/httpc", "server/platform/trace"}:  "a call to the outside is a span of the request that needs it",
	{"server/platform/httpc", "server/platform/clock"}:  "a call is measured by a stopwatch",
}

// room is the part of the building that a folder belongs to, and its tier.
func room(dir string) (name string, level tier, ok bool) {
	for prefix, level := range upstairs {
		if under(dir, prefix) {
			return prefix, level, true
		}
	}
	parts := strings.Split(dir, "/")
	if parts[0] != "server" || len(parts) < 2 {
		return "", 0, false
	}
	if parts[1] == "platform" && len(parts) > 2 {
		return path.Join(parts[:3]...), platform, true
	}
	level, ok = capabilities[parts[1]]
	return path.Join(parts[:2]...), level, ok
}

func importsGoDown(t *tree) (found []string) {
	for _, f := range t.files {
		if f.test || f.generated || !under(f.dir, "server", "storage") {
			continue
		}
		from, level, ok := room(f.dir)
		if !ok {
			found = append(found, f.dir+" has no tier: give it one in tests/house")
			continue
		}
		for imported := range f.imports() {
			dir, ours := strings.CutPrefix(imported, module)
			to, lower, known := room(dir)
			if ours && known && from != to {
				found = append(found, judge(f.path, from, to, level, lower)...)
			}
		}
	}
	return found
}

func judge(file, from, to string, level, lower tier) []string {
	switch {
	case level == listeners && lower != platform:
		return []string{fmt.Sprintf("%s: %s may see event envelopes only, not %s", file, from, to)}
	case level > lower, level == lower && neighbours[[2]string{from, to}] != "":
		return nil
	case level == lower:
		return []string{fmt.Sprintf("%s: %s and %s stand on one tier: list the pair with its reason, or use an event", file, from, to)}
	default:
		return []string{fmt.Sprintf("%s: %s stands above %s: use an event, or an interface filled in boot", file, to, from)}
	}
}

// A reason outlives the import it was given for unless somebody looks.
func neighboursStillMeet(t *tree) (found []string) {
	met := map[[2]string]bool{}
	for _, f := range t.files {
		from, _, _ := room(f.dir)
		for imported := range f.imports() {
			to, _, ok := room(strings.TrimPrefix(imported, module))
			met[[2]string{from, to}] = met[[2]string{from, to}] || ok && !f.test
		}
	}
	for pair := range neighbours {
		if !met[pair] {
			found = append(found, fmt.Sprintf("%s no longer imports %s: take the pair off the list", pair[0], pair[1]))
		}
	}
	return found
}

func TestImportsOnlyGoDown(t *testing.T) {
	requireKept(t, importsGoDown)
	requireKept(t, neighboursStillMeet)
}

func TestImportsGoDownFinds(t *testing.T) {
	imports := func(pkg, dir string) string {
		return "package " + pkg + "\nimport _ \"" + module + dir + "\"\n"
	}
	for name, test := range map[string]struct {
		path, imports string
		want          []string
	}{
		"down":             {"server/flow/x.go", "server/user", nil},
		"own chamber":      {"server/flow/step/x.go", "server/flow", nil},
		"listed neighbour": {"server/session/x.go", "server/assurance", nil},
		"a test":           {"server/user/x_test.go", "storage", nil},
		"up": {"server/user/x.go", "server/session",
			[]string{"server/user/x.go: server/session stands above server/user: use an event, or an interface filled in boot"}},
		"sideways": {"server/user/x.go", "server/role",
			[]string{"server/user/x.go: server/user and server/role stand on one tier: list the pair with its reason, or use an event"}},
		"platform up": {"server/platform/tx/x.go", "server/user",
			[]string{"server/platform/tx/x.go: server/user stands above server/platform/tx: use an event, or an interface filled in boot"}},
		"api to storage": {"server/api/x.go", "storage",
			[]string{"server/api/x.go: server/api and storage stand on one tier: list the pair with its reason, or use an event"}},
		"a listener that knows": {"server/audit/x.go", "server/user",
			[]string{"server/audit/x.go: server/audit may see event envelopes only, not server/user"}},
		"a stranger": {"server/widget/x.go", "server/user",
			[]string{"server/widget has no tier: give it one in tests/house"}},
	} {
		t.Run(name, func(t *testing.T) {
			requireFinds(t, importsGoDown, sample{test.path: imports("x", test.imports)}, test.want...)
		})
	}
}

func TestNeighboursStillMeetFinds(t *testing.T) {
	files, want := sample{}, []string{}
	for pair := range neighbours {
		if pair[0] == "server/consent" {
			want = append(want, fmt.Sprintf("server/consent no longer imports %s: take the pair off the list", pair[1]))
			continue
		}
		files[fmt.Sprintf("%s/x%d.go", pair[0], len(files))] = "package x\nimport _ \"" + module + pair[1] + "\"\n"
	}
	requireFinds(t, neighboursStillMeet, files, want...)
}
