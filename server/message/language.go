package message

import (
	"context"
	"maps"
	"slices"

	"github.com/lintel-id/lintel/server/platform/i18n"
)

// valueUnasked stands among the values of a message that nobody has asked to be in a language,
// until it is known whether its reader says which they read. No word can name it.
const valueUnasked = "?locale"

// speak chooses the language of a message, as far as that can be before its reader is known,
// and gives what is sealed of it.
func (s *Service) speak(ctx context.Context, queued *Message, draft Draft) (map[string]string, error) {
	tag, at, err := s.deps.Writer.Language(ctx, *queued, slices.Concat(draft.Locales, i18n.Ranges(draft.Browser)))
	if err != nil {
		return nil, err
	}
	queued.Locale = tag
	if asked := at >= 0 && at < len(draft.Locales); asked || !draft.HolderOnly {
		return draft.Values, nil
	}
	values := maps.Clone(draft.Values)
	if values == nil {
		values = map[string]string{}
	}
	values[valueUnasked] = "yes"
	return values, nil
}

// heed has a message be in what its holder says they read, unless it was asked to be in
// another language or has no words in that one.
func (s *Service) heed(ctx context.Context, admitted *Message, reads string) error {
	if reads == "" {
		return nil
	}
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return err
	}
	held, err := sealed(box, *admitted)
	if err != nil || held[valueUnasked] == "" {
		return err
	}
	tag, at, err := s.deps.Writer.Language(ctx, *admitted, []string{reads})
	if err == nil && at == 0 {
		admitted.Locale = tag
	}
	return err
}
