package template

import (
	"cmp"
	"context"
	"time"

	"golang.org/x/text/language"

	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// Short is the channel whose words are a text and nothing else.
const Short = "sms"

// Key names words: whose they are, what a message is about, how it reaches its reader, and
// the language.
type Key struct {
	Application string // the id of the application whose words they are; empty: the tenant's
	Kind        string
	Channel     string
	Locale      string
}

// Compare orders keys of the same owner by kind, channel and language.
func (k Key) Compare(other Key) int {
	return cmp.Or(cmp.Compare(k.Kind, other.Kind), cmp.Compare(k.Channel, other.Channel), cmp.Compare(k.Locale, other.Locale))
}

// Words are what a message says: a subject with either a heading, sentences and a footer,
// which stand in the built-in layout, or HTML beside the same as text; and on the channel
// Short a text alone. A paragraph that is nothing but the placeholder of a code or of a
// link is shown as that.
type Words struct {
	Subject string
	Heading string
	Body    string // an empty line begins another paragraph
	Footer  string
	HTML    string
	Text    string
}

// Placeholder is a name in braces that stands for a value.
type Placeholder struct {
	Name     string
	Required bool   // words without it are of no use to their reader
	Sample   string // what a preview shows
}

// Kind is a kind of message as words are written for it.
type Kind struct {
	Name         string
	Channels     []string
	Placeholders []Placeholder
}

// Version is what the words of a key were from some time on.
type Version struct {
	Key

	Number  int64 // counted by key; 0 where there have never been any
	Removed bool  // the built-in words have held since
	Words   Words // zero where they were removed
	At      time.Time
	By      reqctx.Actor
}

// Holds tells whether the tenant has words of its own since this version.
func (v Version) Holds() bool { return v.Number > 0 && !v.Removed }

// Store keeps versions.
type Store interface {
	// InsertVersion adds one; ErrChanged where its key has that number already.
	InsertVersion(ctx context.Context, version Version) error
	// DropVersions removes those of a key up to a number.
	DropVersions(ctx context.Context, key Key, upTo int64) error
	// LatestVersion is the newest of a key; its number is 0 where there is none.
	LatestVersion(ctx context.Context, key Key) (Version, error)
	// VersionByNumber finds one; ErrVersionUnknown.
	VersionByNumber(ctx context.Context, key Key, number int64) (Version, error)
	// VersionsBefore lists those of a key below a number (0: all) without their words, the
	// newest first.
	VersionsBefore(ctx context.Context, key Key, before int64, limit int) ([]Version, error)
	// Templates lists the newest version of each key of the same owner above the given one
	// that has not been removed, without its words.
	Templates(ctx context.Context, after Key, limit int) ([]Version, error)
}

// Canonical is the one spelling of a language tag that has a language and perhaps a script
// and a region, and false for any other text.
func Canonical(text string) (string, bool) {
	if len(text) > len("zhh-Hant-419") {
		return "", false
	}
	tag, err := language.Raw.Parse(text)
	if err != nil || len(tag.Variants()) > 0 || len(tag.Extensions()) > 0 || tag.IsRoot() {
		return "", false
	}
	return tag.String(), true
}

// Wider are a language and those that it is a form of, the closest first: of pt-BR both it
// and pt, and of zh-Hant-TW not zh, which is written otherwise.
func Wider(locale string) (found []string) {
	for tag, err := language.Raw.Parse(locale); err == nil && !tag.IsRoot(); tag = tag.Parent() {
		found = append(found, tag.String())
	}
	return found
}
