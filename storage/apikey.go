package storage

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// APIKeys keeps API keys and the digests of their secrets.
type APIKeys struct{ db *DB }

var _ apikey.Store = (*APIKeys)(nil)

// NewAPIKeys makes the store.
func NewAPIKeys(db *DB) *APIKeys { return &APIKeys{db: db} }

type apikeyRow struct {
	TenantID   uid `gorm:"primaryKey"`
	ID         uid `gorm:"primaryKey"`
	Name       string
	Scopes     jsonList[apikey.Scope]
	Created    micros `gorm:"column:created_at"`
	Updated    micros `gorm:"column:updated_at"`
	ExpiresAt  *micros
	LastUsedAt *micros
	Version    int64
}

// TableName names the table.
func (apikeyRow) TableName() string { return "apikeys" }

type apikeySecretRow struct {
	TenantID  uid    `gorm:"primaryKey"`
	Digest    []byte `gorm:"primaryKey"`
	KeyID     uid
	ExpiresAt *micros
}

// TableName names the table.
func (apikeySecretRow) TableName() string { return "apikey_secrets" }

const selectProven = `SELECT k.tenant_id, k.id, k.name, k.scopes, k.created_at, k.updated_at, k.expires_at,
	k.last_used_at, k.version, s.expires_at AS secret_end
	FROM apikey_secrets AS s JOIN apikeys AS k ON k.tenant_id = s.tenant_id AND k.id = s.key_id
	WHERE s.tenant_id = ? AND s.digest = ?`

// InsertKey adds a key with its first secret; apikey.ErrChanged where another key has it.
func (s *APIKeys) InsertKey(ctx context.Context, key apikey.Key, first apikey.Secret) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		proof := apikeySecretRow{TenantID: tenant, Digest: first.Digest[:], KeyID: uidOf(key.ID), ExpiresAt: optionalMicros(first.ExpiresAt)}
		if err := hitOne(tx.Clauses(unlessTaken("tenant_id", "digest")).Create(&proof), apikey.ErrChanged); err != nil {
			return err
		}
		row := toAPIKeyRow(tenant, key)
		return tx.Create(&row).Error
	})
}

// KeyBySecret finds the key that a digest proves, whatever the state of either;
// apikey.ErrInvalid.
func (s *APIKeys) KeyBySecret(ctx context.Context, digest secret.Digest) (apikey.Key, apikey.Secret, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return apikey.Key{}, apikey.Secret{}, err
	}
	var key apikeyRow
	var end *micros
	found, err := first(db.Raw(selectProven, tenant, digest[:]), // at every request, so by hand
		&key.TenantID, &key.ID, &key.Name, &key.Scopes, &key.Created, &key.Updated, &key.ExpiresAt, &key.LastUsedAt, &key.Version, &end)
	if err == nil && !found {
		err = apikey.ErrInvalid
	}
	if err != nil {
		return apikey.Key{}, apikey.Secret{}, err
	}
	return key.fromRow(), apikey.Secret{Digest: digest, ExpiresAt: optionalTime(end)}, nil
}

// KeyByID finds one; apikey.ErrUnknown.
func (s *APIKeys) KeyByID(ctx context.Context, wanted apikey.ID) (apikey.Key, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return apikey.Key{}, err
	}
	row, err := one[apikeyRow](db.Where(of(tenant)).Where("id = ?", uidOf(wanted)), apikey.ErrUnknown)
	if err != nil {
		return apikey.Key{}, err
	}
	return row.fromRow(), nil
}

// Keys lists keys by id, after the one that is given (zero: from the start).
func (s *APIKeys) Keys(ctx context.Context, after apikey.ID, limit int) ([]apikey.Key, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := many[apikeyRow](db.Where(of(tenant)).Where("id > ?", uidOf(after)).Order("id").Limit(limit))
	if err != nil {
		return nil, err
	}
	keys := make([]apikey.Key, len(rows))
	for i, row := range rows {
		keys[i] = row.fromRow()
	}
	return keys, nil
}

// CountKeys tells how many there are, up to a bound.
func (s *APIKeys) CountKeys(ctx context.Context, bound int) (int, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return 0, err
	}
	var found []uid
	err = db.Model(&apikeyRow{}).Where(of(tenant)).Limit(bound).Pluck("id", &found).Error
	return len(found), err
}

// UpdateKey replaces name, scopes and expiry where the stored version is key.Version,
// and raises it; apikey.ErrChanged otherwise.
func (s *APIKeys) UpdateKey(ctx context.Context, key apikey.Key) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toAPIKeyRow(tenant, key)
		result := tx.Model(&apikeyRow{}).Where(of(tenant)).Where("id = ? AND version = ?", row.ID, row.Version).
			UpdateColumns(map[string]any{
				"name": row.Name, "scopes": row.Scopes, "expires_at": row.ExpiresAt, "updated_at": row.Updated, "version": row.Version + 1,
			})
		return hitOne(result, apikey.ErrChanged)
	})
}

// ReplaceSecrets adds a secret, lets those that have no end yet, or a later one, end at a
// time, removes those that are over at now, and tells how many there are then.
func (s *APIKeys) ReplaceSecrets(ctx context.Context, changed apikey.ID, next apikey.Secret, now, oldEnd time.Time) (int, error) {
	var alive int64
	err := s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		secrets := func() *gorm.DB {
			return tx.Model(&apikeySecretRow{}).Where(of(tenant)).Where("key_id = ?", uidOf(changed))
		}
		end := microsOf(oldEnd)
		err := secrets().Where("expires_at IS NULL OR expires_at > ?", end).UpdateColumns(map[string]any{"expires_at": end}).Error
		if err != nil {
			return err
		}
		if err := secrets().Where("expires_at <= ?", microsOf(now)).Delete(&apikeySecretRow{}).Error; err != nil {
			return err
		}
		err = tx.Create(&apikeySecretRow{
			TenantID: tenant, Digest: next.Digest[:], KeyID: uidOf(changed), ExpiresAt: optionalMicros(next.ExpiresAt),
		}).Error
		if err != nil {
			return err
		}
		return secrets().Count(&alive).Error
	})
	return int(alive), err
}

// MarkUsed notes a use where the last one noted is before a time.
func (s *APIKeys) MarkUsed(ctx context.Context, used apikey.ID, at, unlessAfter time.Time) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		return tx.Model(&apikeyRow{}).Where(of(tenant)).
			Where("id = ? AND (last_used_at IS NULL OR last_used_at <= ?)", uidOf(used), microsOf(unlessAfter)).
			UpdateColumns(map[string]any{"last_used_at": microsOf(at)}).Error
	})
}

// DeleteKey removes a key with its secrets where the stored version is that of key;
// apikey.ErrChanged otherwise.
func (s *APIKeys) DeleteKey(ctx context.Context, key apikey.Key) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		gone := tx.Where(of(tenant)).Where("id = ? AND version = ?", uidOf(key.ID), key.Version).Delete(&apikeyRow{})
		if err := hitOne(gone, apikey.ErrChanged); err != nil {
			return err
		}
		return tx.Where(of(tenant)).Where("key_id = ?", uidOf(key.ID)).Delete(&apikeySecretRow{}).Error
	})
}

func toAPIKeyRow(tenant uid, from apikey.Key) apikeyRow {
	return apikeyRow{
		TenantID: tenant, ID: uidOf(from.ID), Name: from.Name, Scopes: from.Scopes, Created: microsOf(from.CreatedAt),
		Updated: microsOf(from.UpdatedAt), ExpiresAt: optionalMicros(from.ExpiresAt), LastUsedAt: optionalMicros(from.LastUsedAt), Version: from.Version,
	}
}

func (r apikeyRow) fromRow() apikey.Key {
	found := apikey.Key{
		Name: r.Name, Scopes: r.Scopes, CreatedAt: r.Created.time(), UpdatedAt: r.Updated.time(),
		ExpiresAt: optionalTime(r.ExpiresAt), LastUsedAt: optionalTime(r.LastUsedAt), Version: r.Version,
	}
	into(&found.ID, r.ID)
	return found
}
