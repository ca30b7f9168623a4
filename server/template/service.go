package template

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/recall"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/tx"
)

// keptVersions is how many of a key are kept.
const keptVersions = 100

// Deps are what a Service needs.
type Deps struct {
	Store  Store
	Tx     tx.Runner
	Events event.Recorder
	Clock  clock.Clock
	// Kinds are the messages that there are, and Locales the languages that have built-in
	// words.
	Kinds   []Kind
	Locales []string
	// Application tells whether the tenant in scope has an application; whatever fault it
	// returns where it does not is told.
	Application func(ctx context.Context, id string) error
}

// Config bounds what is kept in memory.
type Config struct {
	// CacheFor is how long a node may go by words after another node has stored newer ones.
	CacheFor time.Duration
	// CacheSize bounds the words in memory, by tenant, kind, channel and language.
	CacheSize int
}

// Default remembers for a moment.
func Default() Config { return Config{CacheFor: 3 * time.Second, CacheSize: 512} }

// Validate names the field that cannot be used.
func (c Config) Validate() error {
	switch {
	case c.CacheFor <= 0 || c.CacheFor > time.Minute:
		return errors.New("template: CacheFor must be above 0 and at most 1m")
	case c.CacheSize < 1:
		return errors.New("template: CacheSize must be at least 1")
	default:
		return nil
	}
}

// Service keeps the words of the tenants.
type Service struct {
	deps    Deps
	builtIn []Key // in order
	current *recall.Memory[place, Version]
}

type place struct {
	tenant id.Tenant
	key    Key
}

// New makes a Service.
func New(deps Deps, config Config) (*Service, error) {
	if deps.Store == nil || deps.Tx == nil || deps.Events == nil || deps.Clock == nil || deps.Application == nil {
		return nil, errDeps
	}
	if err := config.Validate(); err != nil {
		return nil, err
	}
	current, err := recall.New[place, Version](deps.Clock, recall.Config{For: config.CacheFor, Size: config.CacheSize, None: nil})
	if err != nil {
		return nil, err
	}
	s := &Service{deps: deps, builtIn: nil, current: current}
	for _, kind := range deps.Kinds {
		for _, channel := range kind.Channels {
			for _, locale := range deps.Locales {
				s.builtIn = append(s.builtIn, Key{Application: "", Kind: kind.Name, Channel: channel, Locale: locale})
			}
		}
	}
	slices.SortFunc(s.builtIn, Key.Compare)
	return s, nil
}

// Known is the kind of a key with the key in its one spelling; ErrUnknown where there are
// no such messages, or the language is none, and whatever Deps.Application refuses.
func (s *Service) Known(ctx context.Context, key Key) (Kind, Key, error) {
	locale, ok := Canonical(key.Locale)
	at := slices.IndexFunc(s.deps.Kinds, func(one Kind) bool { return one.Name == key.Kind })
	if !ok || at < 0 || !slices.Contains(s.deps.Kinds[at].Channels, key.Channel) {
		return Kind{}, Key{}, ErrUnknown
	}
	key.Locale = locale
	return s.deps.Kinds[at], key, s.owned(ctx, key)
}

func (s *Service) owned(ctx context.Context, key Key) error {
	if key.Application == "" {
		return nil
	}
	return s.deps.Application(ctx, key.Application)
}

// Words are those of the tenant in scope, or of its application, for exactly this key, as far as this node knows;
// false where it has none.
func (s *Service) Words(ctx context.Context, key Key) (Words, bool, error) {
	scope, err := reqctx.Tenant(ctx)
	if err != nil {
		return Words{}, false, err
	}
	latest, err := s.current.Get(ctx, place{scope, key}, func(ctx context.Context) (Version, error) {
		return s.deps.Store.LatestVersion(ctx, key)
	})
	if err != nil {
		return Words{}, false, fmt.Errorf("template: latest version: %w", err)
	}
	return latest.Words, latest.Holds(), nil
}

// Latest is the newest version of a key, past the memory; its number is 0 where there is
// none. ErrUnknown.
func (s *Service) Latest(ctx context.Context, key Key) (Version, error) {
	_, key, err := s.Known(ctx, key)
	if err != nil {
		return Version{}, err
	}
	latest, err := s.deps.Store.LatestVersion(ctx, key)
	if err != nil {
		return Version{}, fmt.Errorf("template: latest version: %w", err)
	}
	latest.Key = key
	return latest, nil
}

// Set makes words the next version of a key after the given one (0: the first). Those that
// hold already make nothing new. ErrUnknown, ErrInvalid, and ErrChanged where there is a
// newer version.
func (s *Service) Set(ctx context.Context, key Key, after int64, words Words) (Version, error) {
	kind, key, err := s.Known(ctx, key)
	if err != nil {
		return Version{}, err
	}
	if err := kind.Examine(key.Channel, words); err != nil {
		return Version{}, err
	}
	return s.next(ctx, key, after, func(before Version) (Version, error) {
		if before.Holds() && before.Words == words {
			return before, nil
		}
		return Version{Key: key, Number: 0, Removed: false, Words: words, At: time.Time{}, By: reqctx.Actor{}}, nil
	})
}

// Remove has the built-in words of a key again. ErrUnknown where the tenant has no words
// of its own, and ErrChanged where there is a newer version.
func (s *Service) Remove(ctx context.Context, key Key, after int64) error {
	_, key, err := s.Known(ctx, key)
	if err != nil {
		return err
	}
	_, err = s.next(ctx, key, after, func(before Version) (Version, error) {
		if !before.Holds() {
			return Version{}, ErrUnknown
		}
		return Version{Key: key, Number: 0, Removed: true, Words: Words{}, At: time.Time{}, By: reqctx.Actor{}}, nil
	})
	return err
}

// next stores what follows a version, unless that is what there is.
func (s *Service) next(ctx context.Context, key Key, after int64, follow func(before Version) (Version, error)) (made Version, err error) {
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		before, err := s.deps.Store.LatestVersion(ctx, key)
		if err != nil {
			return fmt.Errorf("template: latest version: %w", err)
		}
		if made, err = follow(before); err != nil {
			return err
		}
		if before.Number != after {
			return ErrChanged
		}
		if made.Number != 0 {
			return nil
		}
		made.Number, made.At, made.By = before.Number+1, s.deps.Clock.Now(), reqctx.ActorOf(ctx)
		if err := s.deps.Store.InsertVersion(ctx, made); err != nil {
			return err
		}
		if err := s.deps.Store.DropVersions(ctx, key, made.Number-keptVersions); err != nil {
			return fmt.Errorf("template: drop versions: %w", err)
		}
		tx.AfterCommit(ctx, s.current.Forget)
		return s.record(ctx, before, made)
	})
	if err != nil {
		return Version{}, err
	}
	return made, nil
}

func (s *Service) record(ctx context.Context, before, made Version) error {
	scope, err := reqctx.Tenant(ctx)
	if err != nil {
		return err
	}
	draft := event.Draft{Type: EventRemoved, Subject: scope.String(), Data: nil, Person: "", Personal: nil}
	if made.Removed {
		draft.Data = RemovedData{Kind: made.Kind, Channel: made.Channel, Locale: made.Locale, Application: made.Application, Version: made.Number, Before: WordsData(before.Words)}
		return s.deps.Events.Record(ctx, draft)
	}
	data := UpdatedData{
		Kind: made.Kind, Channel: made.Channel, Locale: made.Locale, Application: made.Application, Version: made.Number, Words: WordsData(made.Words), Before: nil,
	}
	if before.Holds() {
		data.Before = new(WordsData(before.Words))
	}
	draft.Type, draft.Data = EventUpdated, data
	return s.deps.Events.Record(ctx, draft)
}
