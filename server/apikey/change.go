package apikey

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// Change is what to make different about a key; a member that is nil stays.
type Change struct {
	Name      *string
	Scopes    []Scope
	ExpiresAt **time.Time // to nil: never
}

// Update changes a key whose version is the one that is given: ErrChanged otherwise.
// Whoever gives a scope must have it, and so must whoever changes a key that has it. Whoever
// is over one day gives no expiry after that day, and no scope to a key that outlives them.
func (s *Service) Update(ctx context.Context, giver Giver, id ID, version int64, change Change) (Key, error) {
	return s.change(ctx, giver, id, version, func(ctx context.Context, key *Key) error {
		before := *key
		if change.Name != nil {
			key.Name = strings.TrimSpace(*change.Name)
		}
		if change.Scopes != nil {
			key.Scopes = tidy(change.Scopes)
		}
		if change.ExpiresAt != nil {
			key.ExpiresAt = *change.ExpiresAt
		}
		changes := differences(before, *key)
		if len(changes.Fields) == 0 {
			return nil
		}
		now := s.deps.Clock.Now()
		if err := key.check(giver, now); err != nil {
			return err
		}
		given := slices.Contains(changes.Fields, "expires_at") || !Covers(before.Scopes, key.Scopes)
		if given && giver.outlivedBy(*key) {
			return ErrExpiryExceeded
		}
		key.UpdatedAt = now
		if err := s.deps.Store.UpdateKey(ctx, *key); err != nil {
			return err
		}
		key.Version++
		return s.deps.Events.Record(ctx, draft(EventUpdated, *key, UpdatedData{
			Name: key.Name, Scopes: key.Scopes, Fields: changes.Fields, Before: changes.Before, After: changes.After,
		}))
	})
}

func differences(before, after Key) (changes event.Changes) {
	changes.Add("name", before.Name == after.Name, before.Name, after.Name)
	changes.Add("scopes", slices.Equal(before.Scopes, after.Scopes), before.Scopes, after.Scopes)
	lasting := (before.ExpiresAt == nil) == (after.ExpiresAt == nil) && (before.ExpiresAt == nil || before.ExpiresAt.Equal(*after.ExpiresAt))
	changes.Add("expires_at", lasting, before.ExpiresAt, after.ExpiresAt)
	return changes
}

// Rotate gives a key another secret, told this once; those before go on working for the
// overlap. ErrRefused for one that is too long, ErrScopeExceeded, ErrExpiryExceeded for a
// key that outlives whoever asks, ErrSecretLimit.
func (s *Service) Rotate(ctx context.Context, giver Giver, id ID, version int64, overlap time.Duration) (Key, secret.Token, error) {
	if overlap < 0 || overlap > MaxOverlap {
		return Key{}, secret.Token{}, ErrRefused.At(fault.Field{
			Pointer: "/overlap_seconds", Code: "maximum", Detail: "The overlap is between nothing and thirty days.",
		})
	}
	token := secret.NewToken(Prefix)
	key, err := s.change(ctx, giver, id, version, func(ctx context.Context, key *Key) error {
		if giver.outlivedBy(*key) {
			return ErrExpiryExceeded
		}
		now := s.deps.Clock.Now()
		key.UpdatedAt = now
		if err := s.deps.Store.UpdateKey(ctx, *key); err != nil {
			return err
		}
		key.Version++
		next := Secret{Digest: token.Digest(), ExpiresAt: nil}
		alive, err := s.deps.Store.ReplaceSecrets(ctx, key.ID, next, now, now.Add(overlap))
		if err != nil {
			return err
		}
		if alive > maxSecrets {
			return ErrSecretLimit
		}
		return s.deps.Events.Record(ctx, draft(EventRotated, *key, RotatedData{Name: key.Name, OverlapSeconds: int64(overlap / time.Second)}))
	})
	if err != nil {
		return Key{}, secret.Token{}, err
	}
	return key, token, nil
}

// Delete ends a key at once.
func (s *Service) Delete(ctx context.Context, giver Giver, id ID) error {
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		key, err := s.deps.Store.KeyByID(ctx, id)
		if err != nil {
			return err
		}
		if !Covers(giver.Scopes, key.Scopes) {
			return ErrScopeExceeded
		}
		if err := s.deps.Store.DeleteKey(ctx, key); err != nil {
			return err
		}
		return s.deps.Events.Record(ctx, draft(EventDeleted, key, DeletedData{Name: key.Name}))
	})
}

// change alters a key of the version that is given. A key that can do more than whoever
// asks is not theirs to touch: its new secret would be a way up.
func (s *Service) change(ctx context.Context, giver Giver, id ID, version int64, alter func(ctx context.Context, key *Key) error) (Key, error) {
	var key Key
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		var err error
		if key, err = s.deps.Store.KeyByID(ctx, id); err != nil {
			return err
		}
		if key.Version != version {
			return ErrChanged
		}
		if !Covers(giver.Scopes, key.Scopes) {
			return ErrScopeExceeded
		}
		return alter(ctx, &key)
	})
	if err != nil {
		return Key{}, err
	}
	return key, nil
}
