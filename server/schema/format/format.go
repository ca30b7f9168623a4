package format

import (
	"errors"
	"net/url"
	"strings"
	"time"
	_ "time/tzdata" // the zones are the same on every machine

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/secure/precis"
)

// errClaim says no more than that: the sentence a caller reads is chosen by where
// it happened, and the schema library never gets to see ours.
var errClaim = errors.New("format: claim does not fit its format")

// Standard are those of JSON Schema that a document may use.
func Standard() []string { return []string{"date", "date-time", "email", "uuid"} }

// Own are the formats that are defined here. Whether a text may be empty
// is not theirs to say: the schema's minLength does.
func Own() []*jsonschema.Format {
	check := func(name string, fits func(text string) bool) *jsonschema.Format {
		return &jsonschema.Format{Name: name, Validate: func(value any) error {
			if text, ok := value.(string); ok && text != "" && !fits(text) {
				return errClaim
			}
			return nil
		}}
	}
	return []*jsonschema.Format{
		check("line", isLine), check("lines", isLines), check("uri", isWebAddress),
		check("birthdate", isBirthdate), check("time-zone", isTimeZone), check("language-tag", isLanguageTag),
	}
}

// isLine takes one line of visible text in any script. Joiners pass only where a
// script needs them. Spec: RFC 8264 §4.3 (FreeformClass).
func isLine(text string) bool {
	_, err := precis.NewFreeform().String(text)
	return err == nil && strings.TrimSpace(text) != "" && !strings.ContainsRune(text, '\u2800')
}

// isLines takes several lines. "Newlines can be represented either as a carriage
// return/line feed pair or as a single line feed character."
// Spec: OpenID Connect Core 1.0 §5.1.1.
func isLines(text string) bool {
	if strings.TrimSpace(text) == "" {
		return false
	}
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if strings.TrimSpace(line) != "" && !isLine(line) {
			return false
		}
	}
	return true
}

// isWebAddress takes http and https only, so that no page that shows the claim can
// be made to run it, and no user information, which passes for the host.
func isWebAddress(text string) bool {
	for _, r := range text {
		if r <= ' ' || r >= 0x7f || strings.ContainsRune("\\<>\"^`{|}", r) {
			return false
		}
	}
	address, err := url.Parse(text)
	return err == nil && (address.Scheme == "https" || address.Scheme == "http") &&
		address.Hostname() != "" && address.User == nil
}

// isBirthdate takes "ISO 8601-1 YYYY-MM-DD format. The year MAY be 0000, indicating
// that it is omitted. To represent only the year, YYYY format is allowed."
// Spec: OpenID Connect Core 1.0 §5.1.
func isBirthdate(text string) bool {
	layout := time.DateOnly
	if len(text) == len("2006") {
		layout = "2006"
	}
	_, err := time.Parse(layout, text)
	return err == nil && len(text) == len(layout) && text != "0000"
}

// isTimeZone takes a name of the IANA time zone database. The shape comes first,
// since names are looked up as files. Spec: RFC 6557.
func isTimeZone(text string) bool {
	if text[0] < 'A' || text[0] > 'Z' || text == "Local" || strings.Contains(text, "//") {
		return false
	}
	for _, r := range text {
		if !IsAlnum(r) && !strings.ContainsRune("/_+-", r) {
			return false
		}
	}
	_, err := time.LoadLocation(text)
	return err == nil
}

// isLanguageTag takes a BCP 47 tag with dashes whose parts are registered.
// Spec: RFC 5646 §2.2.9.
func isLanguageTag(text string) bool {
	if strings.Contains(text, "_") {
		return false
	}
	_, err := language.Parse(text)
	return err == nil
}

// IsAlnum tells whether a letter or digit is one of ASCII.
func IsAlnum(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
