package password

import (
	"context"
	"crypto/sha1"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/secret"
)

const (
	// scored is how many bytes are scored: the estimator's time grows with the
	// square and more of the length, and what is longer has been scored as far.
	scored = 40
	// maxInputs and maxInputRunes bound what a password is compared with.
	maxInputs     = 16
	maxInputRunes = 128
	// tellingRunes is the least that makes a shared part a likeness.
	tellingRunes = 4
)

// Check tells whether the text may become a password: ErrRejected with the reason
// at /password, ErrUnchecked or ErrBusy when that cannot be told now. The inputs
// are what is known about the person, identifiers first.
func (s *Service) Check(ctx context.Context, text secret.Text, inputs []string) error {
	own, err := s.deps.MinLength(ctx)
	if err != nil {
		return err
	}
	value, err := s.config.For(own).measure(text)
	if err != nil {
		return err
	}
	known := tellingParts(inputs)
	if s.like(value, known) {
		return rejected("like_identifier", "The password is too much like an identifier.")
	}
	if err := s.strong(ctx, value, known); err != nil {
		return err
	}
	return s.unbreached(ctx, value)
}

// AtRisk tells whether a password that has just been verified has been seen in a
// breach since it was set. A list that cannot be asked says nothing.
func (s *Service) AtRisk(ctx context.Context, text secret.Text) bool {
	value, fits := normalise(text)
	if !fits || !s.config.BreachedAtLogin {
		return false
	}
	seen, err := s.deps.Breached.Seen(ctx, sha1.Sum(value))
	return err == nil && seen
}

func rejected(code, detail string) error {
	return ErrRejected.At(fault.Field{Pointer: "/password", Code: code, Detail: detail})
}

// measure normalises and checks the length.
func (c Config) measure(text secret.Text) (string, error) {
	if !utf8.ValidString(text.Reveal()) {
		return "", rejected("format", "The password is not valid text.")
	}
	input, fits := normalise(text)
	length := utf8.RuneCount(input)
	if !fits || length > c.MaxLength {
		return "", rejected("too_long", "The password is too long.")
	}
	if length < c.MinLength {
		return "", rejected("too_short", "The password is too short.")
	}
	return string(input), nil
}

// strong scores in the hashers' pool, since scoring can take as long as a hash.
func (s *Service) strong(ctx context.Context, value string, known []string) error {
	head := value
	for len(head) > scored {
		_, size := utf8.DecodeLastRuneInString(head)
		head = head[:len(head)-size]
	}
	score := 0
	err := s.deps.Hasher.run(ctx, func() { score = zxcvbn.PasswordStrength(head, known).Score })
	if err != nil {
		return err
	}
	if score < s.config.MinScore {
		return rejected("too_weak", "The password is too easy to guess.")
	}
	return nil
}

func (s *Service) unbreached(ctx context.Context, value string) error {
	// The breached lists are indexed by this digest; nothing is protected by it.
	seen, err := s.deps.Breached.Seen(ctx, sha1.Sum([]byte(value)))
	if err != nil && s.config.BreachedFailClosed {
		return ErrUnchecked.Because(err)
	}
	if err != nil {
		s.deps.Logger.WarnContext(ctx, "password: accepted without the breached list", "error", err)
		return nil
	}
	if seen {
		return rejected("breached", "The password is known from a data breach.")
	}
	return nil
}

// like tells whether the password is one of the known parts, forwards or
// backwards, with too little beside it to be a password of its own.
func (s *Service) like(value string, known []string) bool {
	folded := fold(value)
	for _, part := range known {
		for _, form := range []string{part, reversed(part)} {
			if strings.Contains(folded, form) && utf8.RuneCountInString(strings.ReplaceAll(folded, form, "")) < s.config.MinLength {
				return true
			}
		}
	}
	return false
}

// tellingParts is the inputs in comparable form, with the name of a mailbox and
// the words of a name beside the whole.
func tellingParts(inputs []string) []string {
	var parts []string
	add := func(part string) {
		if utf8.RuneCountInString(part) >= tellingRunes && !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	for _, input := range inputs[:min(len(inputs), maxInputs)] {
		folded := fold(truncate(input, maxInputRunes))
		add(folded)
		if mailbox, _, isAddress := strings.Cut(folded, "@"); isAddress {
			add(mailbox)
		}
		for _, word := range strings.FieldsFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			add(word)
		}
	}
	return parts
}

func fold(text string) string { return cases.Fold().String(norm.NFKC.String(text)) }

func reversed(text string) string {
	runes := []rune(text)
	slices.Reverse(runes)
	return string(runes)
}

func truncate(text string, limit int) string {
	count := 0
	for at := range text {
		if count == limit {
			return text[:at]
		}
		count++
	}
	return text
}
