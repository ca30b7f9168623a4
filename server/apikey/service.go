package apikey

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/platform/tx"
)

const (
	maxKeys = 1000
	maxName = 100

	// maxSecrets is how many secrets of one key work at the same time.
	maxSecrets = 10

	// MaxOverlap is how long the secret before can go on working after a rotation.
	MaxOverlap = 30 * 24 * time.Hour

	// usedEvery is how finely uses are noted.
	usedEvery = time.Minute
)

// Deps are what a Service needs.
type Deps struct {
	Store  Store
	Tx     tx.Runner
	Events event.Recorder
	Clock  clock.Clock
	Logger *slog.Logger
}

// Service keeps keys and the rules about them.
type Service struct {
	deps  Deps
	local *secret.Digest // the only credential, where it was made by NewLocal
}

// New makes a Service.
func New(deps Deps) (*Service, error) {
	if deps.Store == nil || deps.Tx == nil || deps.Events == nil || deps.Clock == nil || deps.Logger == nil {
		return nil, errors.New("apikey: a dependency is missing")
	}
	return &Service{deps: deps}, nil
}

// NewKey is a key to create.
type NewKey struct {
	Name      string
	Scopes    []Scope
	ExpiresAt *time.Time // nil: never
}

// Create adds a key and gives its secret, which is told this once. ErrRefused names the
// place, ErrScopeExceeded, ErrExpiryExceeded, ErrLimit.
func (s *Service) Create(ctx context.Context, giver Giver, input NewKey) (Key, secret.Token, error) {
	now := s.deps.Clock.Now()
	key := Key{
		ID: id.New[idKind](now), Name: strings.TrimSpace(input.Name), Scopes: tidy(input.Scopes),
		CreatedAt: now, UpdatedAt: now, ExpiresAt: input.ExpiresAt, LastUsedAt: nil, Version: 1,
	}
	if err := key.check(giver, now); err != nil {
		return Key{}, secret.Token{}, err
	}
	if giver.outlivedBy(key) {
		return Key{}, secret.Token{}, ErrExpiryExceeded
	}
	token := secret.NewToken(Prefix)
	return key, token, s.insert(ctx, key, token)
}

func (s *Service) insert(ctx context.Context, key Key, token secret.Token) error {
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		count, err := s.deps.Store.CountKeys(ctx, maxKeys)
		if err != nil {
			return err
		}
		if count >= maxKeys {
			return ErrLimit
		}
		if err := s.deps.Store.InsertKey(ctx, key, Secret{Digest: token.Digest(), ExpiresAt: nil}); err != nil {
			return err
		}
		return s.deps.Events.Record(ctx, draft(EventCreated, key, CreatedData{Name: key.Name, Scopes: key.Scopes}))
	})
}

// check judges what somebody wants a key to be.
func (k Key) check(giver Giver, now time.Time) error {
	var fields []fault.Field
	if !isName(k.Name) {
		fields = append(fields, fault.Field{Pointer: "/name", Code: "format", Detail: "A name is one line of at most 100 visible characters."})
	}
	if len(k.Scopes) == 0 {
		fields = append(fields, fault.Field{Pointer: "/scopes", Code: "required", Detail: "A key without a scope is good for nothing."})
	}
	if slices.ContainsFunc(k.Scopes, func(scope Scope) bool { return !slices.Contains(Scopes(), scope) }) {
		fields = append(fields, fault.Field{Pointer: "/scopes", Code: "enum", Detail: "This is not one of the known values."})
	}
	if k.Expired(now) {
		fields = append(fields, fault.Field{Pointer: "/expires_at", Code: "past", Detail: "This time is over."})
	}
	if len(fields) > 0 {
		return ErrRefused.At(fields...)
	}
	if !Covers(giver.Scopes, k.Scopes) {
		return ErrScopeExceeded
	}
	return nil
}

func isName(name string) bool {
	return name != "" && utf8.ValidString(name) && utf8.RuneCountInString(name) <= maxName &&
		!strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsGraphic(r) })
}

// tidy sorts, and takes twins away.
func tidy(scopes []Scope) []Scope {
	tidied := slices.Clone(scopes)
	slices.Sort(tidied)
	return slices.Compact(tidied)
}

// ByID finds a key, an expired one too; ErrUnknown.
func (s *Service) ByID(ctx context.Context, id ID) (Key, error) { return s.deps.Store.KeyByID(ctx, id) }

// Page is a part of a tenant's keys, oldest first.
type Page struct {
	Items []Key
	Next  ID // where the next page goes on; zero when this was the last
}

// List gives a page of keys, expired ones too.
func (s *Service) List(ctx context.Context, after ID, limit int) (Page, error) {
	found, err := s.deps.Store.Keys(ctx, after, limit+1)
	if err != nil {
		return Page{}, err
	}
	page := Page{Items: found}
	if len(found) > limit {
		page.Items = found[:limit]
		page.Next = page.Items[limit-1].ID
	}
	return page, nil
}

// Authenticate finds the key that a text proves and notes its use; whatever is wrong with
// either is ErrInvalid.
func (s *Service) Authenticate(ctx context.Context, text string) (Key, error) {
	if s.local != nil {
		return s.authenticateLocal(text)
	}
	token, ok := secret.ParseToken(Prefix, text)
	if !ok {
		return Key{}, ErrInvalid
	}
	key, shown, err := s.deps.Store.KeyBySecret(ctx, token.Digest())
	if err != nil {
		return Key{}, err
	}
	now := s.deps.Clock.Now()
	if key.Expired(now) || shown.ExpiresAt != nil && !now.Before(*shown.ExpiresAt) {
		return Key{}, ErrInvalid
	}
	if key.LastUsedAt == nil || now.Sub(*key.LastUsedAt) >= usedEvery {
		// That a use is not noted keeps nobody out.
		if err := s.deps.Store.MarkUsed(ctx, key.ID, now, now.Add(-usedEvery)); err != nil {
			s.deps.Logger.WarnContext(ctx, "the use of an API key was not noted", "key", key.ID, "error", err)
		}
	}
	return key, nil
}

func draft(told event.Type, key Key, data any) event.Draft {
	return event.Draft{Type: told, Subject: key.ID.String(), Data: data}
}
