package code

import (
	"context"
	"crypto/subtle"
	"strings"
	"unicode"

	"github.com/lintel-id/lintel/server/platform/secret"
)

const longestTyped = 64

// Check compares a typed code with what was sent in the run. What is returned is to be kept
// whether it was right or not, since it counts. ErrWrong, ErrSpent, ErrExpired, and
// risk.ErrTooMany where too many were tried for the address or from the source.
// Spec: NIST SP 800-63B-4 §3.2.2.
func (s *Service) Check(ctx context.Context, flow string, sent Challenge, spent Spent, typed string) (Challenge, Spent, error) {
	switch {
	case sent.Wrong >= s.config.Tries, spent.Wrong >= s.config.RunTries:
		return sent, spent, ErrSpent
	case !s.deps.Clock.Now().Before(sent.ExpiresAt):
		return sent, spent, ErrExpired
	}
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return sent, spent, err
	}
	attempt, err := s.deps.Guesses.Begin(ctx, "code|"+string(sent.To.Type)+":"+sent.To.Lookup)
	if err != nil {
		return sent, spent, err
	}
	answer := sent.digest(box, flow, plain(typed))
	if subtle.ConstantTimeCompare(answer[:], sent.Digest[:]) == 1 {
		return sent, spent, attempt.Ended(ctx, nil)
	}
	sent.Wrong++
	spent.Wrong++
	if sent.Wrong >= s.config.Tries || spent.Wrong >= s.config.RunTries {
		return sent, spent, attempt.Ended(ctx, ErrSpent)
	}
	return sent, spent, attempt.Ended(ctx, ErrWrong)
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
