package relyingparty

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lintel-id/lintel/server/application/target"
	"github.com/lintel-id/lintel/server/platform/fault"
)

const (
	maxOrigins      = 32
	maxLabels       = 5 // Spec: WebAuthn L3 §5.11: "Clients MUST support at least five".
	maxApps         = 32
	maxFingerprints = 16
	maxPackage      = 255
	maxBundle       = 155
	maxHints        = 3
	maxAlgorithms   = 14
	maxAAGUIDs      = 256

	shortestTimeout = 30 * time.Second
	longestTimeout  = 10 * time.Minute
)

// judge collects what is wrong with a policy.
type judge struct {
	Policy
	application []string // the origins of the application
	fields      []fault.Field
}

// Check judges a policy beside the origins of its application; nil is nothing to judge.
func (p *Policy) Check(application []string) []fault.Field {
	if p == nil {
		return nil
	}
	j := &judge{Policy: *p.Settled(), application: application, fields: nil}
	for _, check := range []func(*judge){
		(*judge).id, (*judge).origins, (*judge).androidApps, (*judge).appleApps, (*judge).values,
		(*judge).algorithms, (*judge).authenticators, (*judge).timeout, (*judge).pages,
	} {
		check(j)
	}
	return j.fields
}

// want notes what is wrong unless it holds.
func (j *judge) want(holds bool, pointer, code, detail string) bool {
	if !holds {
		j.fields = append(j.fields, fault.Field{Pointer: "/passkeys" + pointer, Code: code, Detail: detail})
	}
	return holds
}

// list notes what is wrong with the items of a list: each fits, and none is there twice.
func list[T comparable](j *judge, pointer string, items []T, most int, fits func(T) bool, code, rule string) {
	if len(items) > most {
		j.fields = append(j.fields, fault.Field{
			Pointer: "/passkeys" + pointer, Code: "max_items", Detail: "Give at most {count}.", Numbers: map[string]float64{"count": float64(most)},
		})
		return
	}
	for i, item := range items {
		at := pointer + "/" + strconv.Itoa(i)
		if j.want(fits(item), at, code, rule) {
			j.want(!slices.Contains(items[:i], item), at, "duplicate", "This is there already.")
		}
	}
}

// id takes what a browser takes: "a valid domain string", which is neither an address nor
// what many people have in common. localhost is nobody's, so passkeys of it are for the
// machine of a developer. Spec: WebAuthn L3 §4, §5.1.3.
func (j *judge) id() {
	switch {
	case !j.want(j.ID != "", "/rp_id", "required", "This is required."):
	case isLocal(j.ID):
		remote := func(origin string) bool { return !target.IsLoopback(target.Host(origin)) }
		j.want(!slices.ContainsFunc(slices.Concat(j.application, j.Origins), remote), "/rp_id", "inconsistent",
			"The relying party localhost goes with origins on the loopback only.")
	default:
		j.want(isDomain(j.ID), "/rp_id", "format",
			"A relying party id is a domain name in lower case and ASCII that is no public suffix, without a scheme, a port or a dot at its end.")
	}
}

// origins takes as many that are outside of the relying party as every browser looks at.
func (j *judge) origins() {
	list(j, "/origins", j.Origins, maxOrigins, target.IsOrigin, "format",
		"An origin is https://host[:port], or http:// on the loopback, in lower case, without a default port or a path.")
	labels := map[string]bool{}
	for _, one := range j.RelatedOrigins() {
		if label := labelOf(one); label != "" {
			labels[label] = true
		}
	}
	j.want(len(labels) <= maxLabels, "/origins", "max_items", "Origins outside of the relying party id have at most 5 names before their public suffixes.")
}

func (j *judge) androidApps() {
	names := make([]string, len(j.AndroidApps))
	for i, app := range j.AndroidApps {
		names[i] = app.Package
	}
	if len(names) > maxApps {
		list(j, "/android_apps", names, maxApps, isPackage, "format", "")
		return
	}
	for i, app := range j.AndroidApps {
		at := "/android_apps/" + strconv.Itoa(i)
		if j.want(isPackage(app.Package), at+"/package_name", "format",
			"A package name is two or more words of letters, digits and underscores with dots between them, at most 255 characters.") {
			j.want(!slices.Contains(names[:i], app.Package), at+"/package_name", "duplicate", "This is there already.")
		}
		j.want(len(app.Fingerprints) > 0, at+"/sha256_cert_fingerprints", "required", "This is required.")
		list(j, at+"/sha256_cert_fingerprints", app.Fingerprints, maxFingerprints, isFingerprint, "format",
			"A fingerprint is the SHA-256 of a signing certificate: 32 pairs of hexadecimal digits with colons between them.")
	}
}

func (j *judge) appleApps() {
	list(j, "/apple_apps", j.AppleApps, maxApps, isAppleApp, "format", "An Apple app is ten capital letters or digits, a dot and its bundle id.")
}

// values takes what the contract lists.
func (j *judge) values() {
	known := func(holds bool, pointer string) {
		j.want(holds, pointer, "enum", "This is not one of the known values.")
	}
	known(slices.Contains([]Verification{VerificationRequired, VerificationPreferred, VerificationDiscouraged}, j.Verification), "/user_verification")
	known(slices.Contains([]Attachment{AnyAttachment, Platform, CrossPlatform}, j.Attachment), "/attachment")
	known(slices.Contains([]Attestation{AttestationNone, AttestationDirect, AttestationRequired}, j.Attestation), "/attestation")
	isHint := func(one Hint) bool { return slices.Contains([]Hint{SecurityKey, ClientDevice, Hybrid}, one) }
	list(j, "/hints", j.Hints, maxHints, isHint, "enum", "This is not one of the known values.")
}

func (j *judge) algorithms() {
	list(j, "/algorithms", j.Algorithms, maxAlgorithms, isAlgorithm, "enum", "This is not one of the known values.")
}

// authenticators wants proof where something hangs on it: without attestation whoever makes
// a passkey says what it is made on. Spec: WebAuthn L3 §6.5.1.1.
func (j *judge) authenticators() {
	j.want(len(j.AllowedAAGUIDs) == 0 || j.Attestation == AttestationRequired, "/allowed_aaguids", "inconsistent",
		"A list of those that are allowed needs the attestation required, since an AAGUID that is only claimed proves nothing.")
	list(j, "/allowed_aaguids", written(j.AllowedAAGUIDs), maxAAGUIDs, anything, "format", "")
	list(j, "/denied_aaguids", written(j.DeniedAAGUIDs), maxAAGUIDs, anything, "format", "")
	for i, one := range j.DeniedAAGUIDs {
		j.want(!slices.Contains(j.AllowedAAGUIDs, one), "/denied_aaguids/"+strconv.Itoa(i), "inconsistent", "This is allowed and denied at once.")
	}
}

func anything(string) bool { return true }

func (j *judge) timeout() {
	j.want(j.Timeout >= shortestTimeout && j.Timeout <= longestTimeout && j.Timeout%time.Second == 0,
		"/timeout_seconds", "range", "A timeout is whole seconds, from 30 seconds to 10 minutes.")
}

// pages takes what stands in an origin that is known: others lead people there in the name
// of the relying party.
func (j *judge) pages() {
	known := map[string]bool{}
	for _, one := range slices.Concat(j.application, j.Origins) {
		known[target.Origin(one)] = true
	}
	for _, one := range []struct{ pointer, address string }{
		{"/enroll_url", j.EnrollURL}, {"/manage_url", j.ManageURL}, {"/change_password_url", j.ChangePasswordURL},
	} {
		if one.address == "" || !j.want(target.IsEndpoint(one.address), one.pointer, "format",
			"This is an https URL, or an http one on the loopback; no fragment, user, * or dot segments, and the host in lower case.") {
			continue
		}
		j.want(known[target.Origin(one.address)], one.pointer, "inconsistent", "This is a page of an origin of the application or of its passkeys.")
	}
}

func isFingerprint(text string) bool {
	_, ok := digestOf(text)
	return ok
}

// isPackage takes the name of an Android app. Spec: Android, application ID.
func isPackage(text string) bool {
	words := strings.Split(text, ".")
	for _, word := range words {
		if word == "" || !isLetter(word[0]) || strings.ContainsFunc(word, func(r rune) bool { return r > 'z' || !isLetter(byte(r)) && !isDigit(r) && r != '_' }) {
			return false
		}
	}
	return len(words) > 1 && len(text) <= maxPackage
}

// isAppleApp takes a team id, and the bundle id of an app of that team.
func isAppleApp(text string) bool {
	team, bundle, _ := strings.Cut(text, ".")
	isWritten := func(r rune) bool { return r <= 'z' && (isLetter(byte(r)) || isDigit(r) || r == '-' || r == '.') }
	return len(team) == 10 && !strings.ContainsFunc(team, func(r rune) bool { return (r < 'A' || r > 'Z') && !isDigit(r) }) &&
		bundle != "" && len(bundle) <= maxBundle && !strings.ContainsFunc(bundle, func(r rune) bool { return !isWritten(r) })
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }

func isDigit(r rune) bool { return r >= '0' && r <= '9' }
