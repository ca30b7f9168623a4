package notice

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/user"
)

// Passkey is what a user is told of one of theirs.
type Passkey struct {
	Owner       user.ID
	Name        string // what whoever added it calls it, who may have been somebody else
	Application string // the id of the one that it happened in; empty: none
	Locale      string // what is spoken where it happened
}

// PasskeyAdded tells that there is one more.
func (s *Service) PasskeyAdded(ctx context.Context, added Passkey) error {
	return s.passkey(ctx, message.PasskeyAdded, added)
}

// PasskeyRemoved tells that there is one less.
func (s *Service) PasskeyRemoved(ctx context.Context, removed Passkey) error {
	return s.passkey(ctx, message.PasskeyRemoved, removed)
}

func (s *Service) passkey(ctx context.Context, kind message.Kind, about Passkey) error {
	return s.Tell(ctx, Notice{
		Owner: about.Owner, Kind: kind, Application: about.Application, Locale: about.Locale,
		Values: map[string]string{message.ValuePasskey: called(about.Name)},
	})
}

const (
	maxCalled = 40 // in characters
	maxDigits = 5  // fewer than a telephone number has
	maxMarks  = 2  // that stand on one letter
)

// called is a passkey's name as a message may say it; empty where it may not. Whoever is in an
// account can call a passkey anything, and a message in the tenant's name must not carry what
// they would like to say to its owner: no address, no number to call, no sentence, and nothing
// that a mail client would make a link of.
func called(name string) string {
	if !utf8.ValidString(name) || strings.TrimSpace(name) != name || utf8.RuneCountInString(name) > maxCalled {
		return ""
	}
	digits, marks, before := 0, 0, ' '
	for _, r := range name {
		switch {
		case unicode.Is(unicode.M, r):
			marks++
		case before == '.' && r != ' ', r == ' ' && before == ' ':
			return ""
		case r >= '0' && r <= '9':
			digits++
			marks = 0
		case unicode.IsLetter(r), strings.ContainsRune(" .-'’()", r):
			marks = 0
		default:
			return ""
		}
		if digits > maxDigits || marks > maxMarks || marks > 0 && !unicode.In(before, unicode.L, unicode.M) {
			return ""
		}
		before = r
	}
	return name
}
