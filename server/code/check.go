package code

import (
	"context"
	"crypto/subtle"
	"strings"
	"unicode"

	"github.com/lintel-id/lintel/server/platform/secret"
)

const longestTyped = 64

// Count counts a try before it is looked at. What is returned is to be stored on top of what
// was read, so that of tries side by side one alone goes on to Check. ErrSpent, ErrExpired,
// which need no storing.
// Spec: NIST SP 800-63B-4 §3.2.2.
func (s *Service) Count(sent Challenge, spent Spent) (Challenge, Spent, error) {
	switch {
	case sent.Wrong >= tries, spent.Wrong >= runTries:
		return sent, spent, ErrSpent
	case !s.deps.Clock.Now().Before(sent.ExpiresAt):
		return sent, spent, ErrExpired
	}
	sent.Wrong++
	spent.Wrong++
	return sent, spent, nil
}

// Check compares a typed code, whose try was counted, with what was sent in the run. ErrWrong,
// ErrSpent where it was the last try, and risk.ErrTooMany where too many were made for the
// address or from the source.
func (s *Service) Check(ctx context.Context, flow string, sent Challenge, spent Spent, typed string) error {
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return err
	}
	attempt, err := s.deps.Guesses.Begin(ctx, "code|"+string(sent.To.Type)+":"+sent.To.Lookup)
	if err != nil {
		return err
	}
	answer := sent.digest(box, flow, plain(typed))
	switch {
	case subtle.ConstantTimeCompare(answer[:], sent.Digest[:]) == 1:
		return attempt.Ended(ctx, nil)
	case sent.Wrong >= tries || spent.Wrong >= runTries:
		return attempt.Ended(ctx, ErrSpent)
	}
	return attempt.Ended(ctx, ErrWrong)
}

// Follow compares what a link brings with what was sent in the run. Nothing is counted: it
// is as long as a key. ErrLink.
func (s *Service) Follow(sent Challenge, token secret.Text) error {
	brought, ok := secret.ParseToken(tokenPrefix, token.Reveal())
	if !ok || !sent.Link {
		return ErrLink
	}
	digest := brought.Digest()
	if subtle.ConstantTimeCompare(digest[:], sent.Token) != 1 || !s.deps.Clock.Now().Before(sent.ExpiresAt) {
		return ErrLink
	}
	return nil
}

// Shown is the code that a link shows where it is opened elsewhere than it was asked for.
func (s *Service) Shown(ctx context.Context, flow string, sent Challenge) (string, error) {
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return "", err
	}
	return sent.shown(box, flow), nil
}

// plain is a code as it was sent, whichever digits it was typed in and however it was parted.
func plain(typed string) string {
	if len(typed) > longestTyped {
		return ""
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsDigit(r):
			return '0' + digit(r)
		case unicode.IsSpace(r), unicode.Is(unicode.Pd, r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, typed)
}

// digit is the value of a digit of any script: each script has its ten in order, and the
// ranges of the standard begin with a zero. Spec: Unicode 15.0 §4.6.
func digit(r rune) rune {
	for _, one := range unicode.Nd.R16 {
		if r >= rune(one.Lo) && r <= rune(one.Hi) {
			return (r - rune(one.Lo)) % decimal
		}
	}
	for _, one := range unicode.Nd.R32 {
		if r >= rune(one.Lo) && r <= rune(one.Hi) {
			return (r - rune(one.Lo)) % decimal
		}
	}
	return 0
}
