package jwks

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/tx"
)

// maxLive bounds the keys that are published at once: verifiers read them all.
const maxLive = 20

// live counts the keys that have not expired.
func live(keys []Key, now time.Time) (count int) {
	for _, key := range keys {
		if key.State(now) != Expired {
			count++
		}
	}
	return count
}

// attempts bounds how often a change begins again after somebody else was first.
const attempts = 8

// Rotate has the tenant's key followed by another one, which is published now and
// signs once verifiers can know it. Where a successor waits already that is the one,
// and nothing is written. It answers with the key that will sign. ErrLimit.
func (s *Service) Rotate(ctx context.Context) (Key, error) {
	return s.follow(ctx, func(now time.Time, latest *Key) (begin time.Time, fresh bool) {
		if latest != nil && latest.State(now) == Waiting {
			return latest.ActivatesAt, false
		}
		if latest == nil {
			return now, true
		}
		return now.Add(s.config.PublishAhead), true
	})
}

// RotateNow is Rotate for an emergency: the successor, the one that waits or else a
// new one, signs at once. Verifiers that have not read the keys again meet a kid they
// do not know, and other nodes go on with the old key for CacheFor. ErrLimit.
func (s *Service) RotateNow(ctx context.Context) (Key, error) {
	return s.follow(ctx, func(now time.Time, latest *Key) (begin time.Time, fresh bool) {
		return now, latest == nil || latest.State(now) != Waiting
	})
}

// follow decides, in one unit of work, whether a fresh key is needed and when the
// latest begins to sign.
func (s *Service) follow(ctx context.Context, decide func(now time.Time, latest *Key) (begin time.Time, fresh bool)) (Key, error) {
	var latest Key
	err := s.change(ctx, func(ctx context.Context, keys []Key, spare Key) (err error) {
		now := s.deps.Clock.Now()
		if len(keys) == 0 {
			spare.ActivatesAt, _ = decide(now, nil)
			latest = spare
			return s.insert(ctx, spare)
		}
		latest = keys[len(keys)-1]
		begin, fresh := decide(now, &latest)
		if fresh {
			if live(keys, now) >= maxLive {
				return ErrLimit
			}
			if err := s.retire(ctx, latest, begin); err != nil {
				return err
			}
			latest, latest.ActivatesAt = spare, begin
			return s.insert(ctx, latest)
		}
		latest, err = s.advance(ctx, keys, begin)
		return err
	})
	return latest, err
}

// Revoke removes a key that is trusted no longer: it is not published from now on,
// so that verifiers refuse its tokens once they read the keys again, and its private
// part is gone. Where it was the one that signs, its successor does so at once.
// ErrUnknown when the tenant has no such key. Other nodes may sign with it for
// another CacheFor.
func (s *Service) Revoke(ctx context.Context, keyID string) error {
	return s.change(ctx, func(ctx context.Context, keys []Key, spare Key) error {
		at := slices.IndexFunc(keys, func(k Key) bool { return k.KeyID == keyID })
		if at < 0 {
			return ErrUnknown
		}
		now, revoked := s.deps.Clock.Now(), keys[at]
		signed := at == signer(keys, now)
		if err := s.remove(ctx, revoked, Revoked); err != nil {
			return err
		}
		switch rest := slices.Delete(slices.Clone(keys), at, at+1); {
		case revoked.RetiresAt == nil: // it was the latest, which there always is
			spare.ActivatesAt = revoked.ActivatesAt
			if signed {
				spare.ActivatesAt = now
			}
			return s.insert(ctx, spare)
		case signed:
			_, err := s.advance(ctx, rest, now)
			return err
		}
		return nil
	})
}

// change runs a change of the tenant's keys, with a spare one that was made outside
// the unit of work, until no other node is in between.
func (s *Service) change(ctx context.Context, body func(ctx context.Context, keys []Key, spare Key) error) error {
	spare, err := s.generate(ctx, s.deps.Clock.Now())
	if err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
			keys, err := s.deps.Store.Keys(ctx)
			if err != nil {
				return err
			}
			return body(ctx, keys, spare)
		})
		if !errors.Is(err, ErrChanged) || attempt == attempts {
			return err
		}
	}
}

// advance has the latest of the keys sign from the given time on, and whoever would
// have signed until later retire then.
func (s *Service) advance(ctx context.Context, keys []Key, begin time.Time) (Key, error) {
	latest := keys[len(keys)-1]
	if latest.ActivatesAt.Equal(begin) {
		return latest, nil
	}
	latest.ActivatesAt = begin
	if err := s.deps.Store.UpdateKey(ctx, latest); err != nil {
		return Key{}, err
	}
	latest.Version++
	for _, key := range keys[:len(keys)-1] {
		if key.RetiresAt != nil && key.RetiresAt.After(begin) {
			if err := s.retire(ctx, key, begin); err != nil {
				return Key{}, err
			}
		}
	}
	return latest, s.tell(ctx, EventActivated, latest, ActivatedData{KeyID: latest.KeyID, ActivatesAt: begin})
}

func (s *Service) insert(ctx context.Context, key Key) error {
	if err := s.deps.Store.InsertKey(ctx, key); err != nil {
		return err
	}
	return s.tell(ctx, EventCreated, key, CreatedData{
		KeyID: key.KeyID, Algorithm: string(key.Algorithm), ActivatesAt: key.ActivatesAt,
	})
}

func (s *Service) retire(ctx context.Context, key Key, at time.Time) error {
	expires := at.Add(s.config.Overlap)
	key.RetiresAt, key.ExpiresAt = &at, &expires
	if err := s.deps.Store.UpdateKey(ctx, key); err != nil {
		return err
	}
	return s.tell(ctx, EventRetired, key, RetiredData{KeyID: key.KeyID, RetiresAt: at, ExpiresAt: expires})
}

func (s *Service) remove(ctx context.Context, key Key, reason Reason) error {
	if err := s.deps.Store.DeleteKey(ctx, key); err != nil {
		return err
	}
	return s.tell(ctx, EventRemoved, key, RemovedData{KeyID: key.KeyID, Reason: reason})
}

func (s *Service) tell(ctx context.Context, told event.Type, key Key, data any) error {
	tx.AfterCommit(ctx, s.memory.forget)
	return s.deps.Events.Record(ctx, event.Draft{Type: told, Subject: key.ID.String(), Data: data})
}
