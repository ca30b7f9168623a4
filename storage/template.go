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
func (templateRow) TableName() string { return templateTable }

// templateApplicationRow has words of an application, in a table of its own.
type templateApplicationRow struct {
	ApplicationID uid         `gorm:"primaryKey"`
	Rest          templateRow `gorm:"embedded"`
}

// TableName names the table.
func (templateApplicationRow) TableName() string { return templateApplicationTable }

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
	templateApplicationCurrent = `number = (SELECT max(newest.number) FROM template_applications AS newest
		WHERE newest.tenant_id = template_applications.tenant_id AND newest.application_id = template_applications.application_id
		AND newest.kind = template_applications.kind AND newest.channel = template_applications.channel AND newest.locale = template_applications.locale)`
	templateTable            = "templates"
	templateApplicationTable = "template_applications"
)

var templateHead = []string{"tenant_id", "kind", "channel", "locale", "number", "removed", "changed_at", "actor_kind", "actor_id"}

// InsertVersion adds one; template.ErrChanged where its key has that number already.
func (s *Templates) InsertVersion(ctx context.Context, added template.Version) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := templateRow{
			TenantID: tenant, Kind: added.Kind, Channel: added.Channel, Locale: added.Locale, Number: added.Number, Removed: added.Removed,
			Words: templateWords(added.Words), ChangedAt: microsOf(added.At), ActorKind: string(added.By.Kind), ActorID: added.By.ID,
		}
		if of := toApplicationColumn(added.Application); of != nil {
			taken := unlessTaken("tenant_id", "application_id", "kind", "channel", "locale", "number")
			return hitOne(tx.Clauses(taken).Create(&templateApplicationRow{ApplicationID: *of, Rest: row}), template.ErrChanged)
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
	return rows[0].fromRow(key.Application), nil
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
	return row.fromRow(key.Application), nil
}

// VersionsBefore lists those of a key below a number (0: all) without their words, the
// newest first.
func (s *Templates) VersionsBefore(ctx context.Context, key template.Key, before int64, limit int) ([]template.Version, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	query := templatesOf(db, tenant, key).Select(templateHead).Order("number DESC").Limit(max(limit, 0))
	if before > 0 {
		query = query.Where("number < ?", before)
	}
	return templateVersions(query, key.Application)
}

// Templates lists the newest version of each key of the same owner above the given one
// that has not been removed, without its words.
func (s *Templates) Templates(ctx context.Context, after template.Key, limit int) ([]template.Version, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	current := templateCurrent
	if after.Application != "" {
		current = templateApplicationCurrent
	}
	query := ownTemplates(db, tenant, after).Where(templateAbove, after.Kind, after.Channel, after.Locale).Where(current).Where("removed = ?", false)
	return templateVersions(query.Select(templateHead).Order("kind, channel, locale").Limit(max(limit, 0)), after.Application)
}

// ownTemplates are those of the application that a key names, or else of the tenant. A text
// that is no id names an application that has none.
func ownTemplates(db *gorm.DB, tenant uid, key template.Key) *gorm.DB {
	if key.Application == "" {
		return db.Table(templateTable).Where(of(tenant))
	}
	owner := uid{}
	if column := toApplicationColumn(key.Application); column != nil {
		owner = *column
	}
	return db.Table(templateApplicationTable).Where(of(tenant)).Where("application_id = ?", owner)
}

func templatesOf(db *gorm.DB, tenant uid, key template.Key) *gorm.DB {
	return ownTemplates(db, tenant, key).Where(templateNamed, key.Kind, key.Channel, key.Locale)
}

func templateVersions(query *gorm.DB, application string) ([]template.Version, error) {
	rows, err := many[templateRow](query)
	if err != nil {
		return nil, err
	}
	found := make([]template.Version, len(rows))
	for i, row := range rows {
		found[i] = row.fromRow(application)
	}
	return found, nil
}

func (r templateRow) fromRow(application string) template.Version {
	return template.Version{
		Key: template.Key{Application: application, Kind: r.Kind, Channel: r.Channel, Locale: r.Locale}, Number: r.Number, Removed: r.Removed, Words: template.Words(r.Words),
		At: r.ChangedAt.time(), By: reqctx.Actor{Kind: reqctx.ActorKind(r.ActorKind), ID: r.ActorID},
	}
}
