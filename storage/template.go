package storage

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/template"
)

// Templates keeps the words of tenants.
type Templates struct{ db *DB }

var _ template.Store = (*Templates)(nil)

// NewTemplates makes the store.
func NewTemplates(db *DB) *Templates { return &Templates{db: db} }

type templateRow struct {
	TenantID  uid    `gorm:"primaryKey"`
	Kind      string `gorm:"primaryKey"`
	Channel   string `gorm:"primaryKey"`
	Locale    string `gorm:"primaryKey"`
	Number    int64  `gorm:"primaryKey;autoIncrement:false"`
	Removed   bool
	Words     templateWords
	ChangedAt micros
	ActorKind string
	ActorID   string
}

// TableName names the table.
func (templateRow) TableName() string { return "templates" }

// templateWords are words as JSON text.
type templateWords template.WordsData

// Value writes the words.
func (w templateWords) Value() (driver.Value, error) {
	text, err := json.Marshal(template.WordsData(w))
	return string(text), err
}

// Scan reads the words; what a newer node has added stays unknown here.
func (w *templateWords) Scan(stored any) error {
	switch text := stored.(type) {
	case string:
		return json.Unmarshal([]byte(text), (*template.WordsData)(w))
	case []byte:
		return json.Unmarshal(text, (*template.WordsData)(w))
	default:
		return fmt.Errorf("storage: %T is not words", stored)
	}
}

// GormDataType names the column for gorm and on both engines.
func (templateWords) GormDataType() string { return "text" }

const (
	templateNamed   = "kind = ? AND channel = ? AND locale = ?"
	templateAbove   = "(kind, channel, locale) > (?, ?, ?)"
	templateCurrent = `number = (SELECT max(newest.number) FROM templates AS newest WHERE newest.tenant_id = templates.tenant_id
		AND newest.kind = templates.kind AND newest.channel = templates.channel AND newest.locale = templates.locale)`
)

// InsertVersion adds one; template.ErrChanged where its key has that number already.
func (s *Templates) InsertVersion(ctx context.Context, added template.Version) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := templateRow{
			TenantID: tenant, Kind: added.Kind, Channel: added.Channel, Locale: added.Locale, Number: added.Number, Removed: added.Removed,
			Words: templateWords(added.Words), ChangedAt: microsOf(added.At), ActorKind: string(added.By.Kind), ActorID: added.By.ID,
		}
		taken := unlessTaken("tenant_id", "kind", "channel", "locale", "number")
		return hitOne(tx.Clauses(taken).Create(&row), template.ErrChanged)
	})
}

// DropVersions removes those of a key up to a number.
func (s *Templates) DropVersions(ctx context.Context, key template.Key, upTo int64) error {
	if upTo < 1 {
		return nil
	}
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		return templatesOf(tx, tenant, key).Where("number <= ?", upTo).Delete(&templateRow{}).Error
	})
}

// LatestVersion is the newest of a key; its number is 0 where there is none.
func (s *Templates) LatestVersion(ctx context.Context, key template.Key) (template.Version, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return template.Version{}, err
	}
	rows, err := many[templateRow](templatesOf(db, tenant, key).Order("number DESC").Limit(1))
	if err != nil || len(rows) == 0 {
		return template.Version{}, err
	}
	return rows[0].fromRow(), nil
}

// VersionByNumber finds one; template.ErrVersionUnknown.
func (s *Templates) VersionByNumber(ctx context.Context, key template.Key, number int64) (template.Version, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return template.Version{}, err
	}
	row, err := one[templateRow](templatesOf(db, tenant, key).Where("number = ?", number), template.ErrVersionUnknown)
	if err != nil {
		return template.Version{}, err
	}
	return row.fromRow(), nil
}

// VersionsBefore lists those of a key below a number (0: all) without their words, the
// newest first.
func (s *Templates) VersionsBefore(ctx context.Context, key template.Key, before int64, limit int) ([]template.Version, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	query := templatesOf(db, tenant, key).Omit("words").Order("number DESC").Limit(max(limit, 0))
	if before > 0 {
		query = query.Where("number < ?", before)
	}
	return templateVersions(query)
}

// Templates lists the newest version of each key above the given one that has not been
// removed, without its words.
func (s *Templates) Templates(ctx context.Context, after template.Key, limit int) ([]template.Version, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	query := db.Where(of(tenant)).Where(templateAbove, after.Kind, after.Channel, after.Locale).Where(templateCurrent).Where("removed = ?", false)
	return templateVersions(query.Omit("words").Order("kind, channel, locale").Limit(max(limit, 0)))
}

func templatesOf(db *gorm.DB, tenant uid, key template.Key) *gorm.DB {
	return db.Where(of(tenant)).Where(templateNamed, key.Kind, key.Channel, key.Locale)
}

func templateVersions(query *gorm.DB) ([]template.Version, error) {
	rows, err := many[templateRow](query)
	if err != nil {
		return nil, err
	}
	found := make([]template.Version, len(rows))
	for i, row := range rows {
		found[i] = row.fromRow()
	}
	return found, nil
}

func (r templateRow) fromRow() template.Version {
	return template.Version{
		Key: template.Key{Kind: r.Kind, Channel: r.Channel, Locale: r.Locale}, Number: r.Number, Removed: r.Removed, Words: template.Words(r.Words),
		At: r.ChangedAt.time(), By: reqctx.Actor{Kind: reqctx.ActorKind(r.ActorKind), ID: r.ActorID},
	}
}
