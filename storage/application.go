package storage

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/lintel-id/lintel/server/application"
)

// Applications keeps applications.
type Applications struct{ db *DB }

var _ application.Store = (*Applications)(nil)

// errOtherDefault is a mistake of ours: the default is given from one to the other.
var errOtherDefault = errors.New("storage: another application is the default")

// NewApplications makes the store.
func NewApplications(db *DB) *Applications { return &Applications{db: db} }

type applicationRow struct {
	TenantID        uid `gorm:"primaryKey"`
	ID              uid `gorm:"primaryKey"`
	ClientID        string
	Name            string
	Status          string
	IsDefault       bool
	Origins         jsonList[string]
	RedirectTargets jsonList[string]
	LinkTargets     jsonList[string]
	LinkElsewhere   string
	Guests          bool
	UsersInvite     bool `gorm:"column:invitations_by_users"`
	Journeys        jsonList[string]
	OwnershipProof  string
	ProfileClaims   jsonList[string]
	TermsVersion    *string
	TermsURL        *string `gorm:"column:terms_url"`
	TokenAudiences  jsonList[string]
	TokenSeconds    int64
	OAuth           applicationOAuth `gorm:"column:oauth"`
	Passkeys        *applicationPasskeys
	ManagedBy       string
	Created         micros `gorm:"column:created_at"`
	Updated         micros `gorm:"column:updated_at"`
	Version         int64
}

// TableName names the table.
func (applicationRow) TableName() string { return "applications" }

// InsertApplication adds one; application.ErrClientIDTaken. A second default of
// the same tenant is refused by the index.
func (s *Applications) InsertApplication(ctx context.Context, added application.Application) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toApplicationRow(tenant, added)
		// Of those who make the default one at once, some have the client id and not yet the
		// default to themselves: of whatever is taken, it is asked who has it.
		made := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
		if made.Error != nil || made.RowsAffected == 1 {
			return made.Error
		}
		_, err := one[applicationRow](tx.Where(of(tenant)).Where("client_id = ?", row.ClientID), errOtherDefault)
		if err != nil {
			return err
		}
		return application.ErrClientIDTaken
	})
}

// UpdateApplication replaces all but ID, ClientID and CreatedAt where the stored
// version is that of changed, and raises it; application.ErrChanged otherwise.
func (s *Applications) UpdateApplication(ctx context.Context, changed application.Application) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toApplicationRow(tenant, changed)
		result := tx.Model(&applicationRow{}).Where(of(tenant)).Where("id = ? AND version = ?", row.ID, row.Version).
			UpdateColumns(map[string]any{
				"name": row.Name, "status": row.Status, "is_default": row.IsDefault, "origins": row.Origins,
				"redirect_targets": row.RedirectTargets, "link_targets": row.LinkTargets, "link_elsewhere": row.LinkElsewhere, "guests": row.Guests, "invitations_by_users": row.UsersInvite, "journeys": row.Journeys,
				"ownership_proof": row.OwnershipProof, "profile_claims": row.ProfileClaims,
				"terms_version": row.TermsVersion, "terms_url": row.TermsURL,
				"token_audiences": row.TokenAudiences, "token_seconds": row.TokenSeconds,
				"oauth": row.OAuth, "passkeys": row.Passkeys, "managed_by": row.ManagedBy,
				"updated_at": row.Updated, "version": row.Version + 1,
			})
		return hitOne(result, application.ErrChanged)
	})
}

// Applications lists all of the tenant's, oldest first.
func (s *Applications) Applications(ctx context.Context) ([]application.Application, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := many[applicationRow](db.Where(of(tenant)).Order("created_at, id"))
	return fromApplicationRows(rows), err
}

// ApplicationsAfter lists by id, after the one that is given (zero: from the start).
func (s *Applications) ApplicationsAfter(ctx context.Context, after application.ID, limit int) ([]application.Application, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := many[applicationRow](db.Where(of(tenant)).Where("id > ?", uidOf(after)).Order("id").Limit(limit))
	return fromApplicationRows(rows), err
}

// CountApplications tells how many there are, up to a bound.
func (s *Applications) CountApplications(ctx context.Context, bound int) (int, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return 0, err
	}
	var found []uid
	err = db.Model(&applicationRow{}).Where(of(tenant)).Limit(bound).Pluck("id", &found).Error
	return len(found), err
}

// DeleteApplication removes one with its secrets where the stored version is that of
// gone; application.ErrChanged otherwise.
func (s *Applications) DeleteApplication(ctx context.Context, gone application.Application) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		result := tx.Where(of(tenant)).Where("id = ? AND version = ?", uidOf(gone.ID), gone.Version).Delete(&applicationRow{})
		if err := hitOne(result, application.ErrChanged); err != nil {
			return err
		}
		if err := tx.Where(of(tenant)).Where("application_id = ?", uidOf(gone.ID)).Delete(&templateApplicationRow{}).Error; err != nil {
			return err
		}
		return tx.Where(of(tenant)).Where("application_id = ?", uidOf(gone.ID)).Delete(&applicationSecretRow{}).Error
	})
}

// ApplicationByClientID finds one; application.ErrUnknown.
func (s *Applications) ApplicationByClientID(ctx context.Context, clientID string) (application.Application, error) {
	return s.find(ctx, "client_id = ?", clientID)
}

// ApplicationByID finds one; application.ErrUnknown.
func (s *Applications) ApplicationByID(ctx context.Context, wanted application.ID) (application.Application, error) {
	return s.find(ctx, "id = ?", uidOf(wanted))
}

// DefaultApplication finds the one marked default; application.ErrUnknown.
func (s *Applications) DefaultApplication(ctx context.Context) (application.Application, error) {
	return s.find(ctx, "is_default")
}

// ApplicationWithPages finds an active one with pages that open links: the default one, or else
// the oldest; application.ErrUnknown.
func (s *Applications) ApplicationWithPages(ctx context.Context) (application.Application, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return application.Application{}, err
	}
	query := db.Where(of(tenant)).Where("status = ? AND link_targets NOT IN ('[]', 'null')", string(application.Active))
	row, err := one[applicationRow](query.Order("is_default DESC, created_at, id"), application.ErrUnknown)
	if err != nil {
		return application.Application{}, err
	}
	return row.fromRow(), nil
}

func (s *Applications) find(ctx context.Context, condition string, keys ...any) (application.Application, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return application.Application{}, err
	}
	row, err := one[applicationRow](db.Where(of(tenant)).Where(condition, keys...), application.ErrUnknown)
	if err != nil {
		return application.Application{}, err
	}
	return row.fromRow(), nil
}

func toApplicationRow(tenant uid, from application.Application) applicationRow {
	row := applicationRow{
		TenantID: tenant, ID: uidOf(from.ID), ClientID: from.ClientID, Name: from.Name, Status: string(from.Status),
		IsDefault: from.Default, Origins: from.Origins, RedirectTargets: from.RedirectTargets,
		LinkTargets: from.LinkURIs, LinkElsewhere: string(from.LinkElsewhere), Guests: from.Guests, UsersInvite: from.UsersInvite, Journeys: from.Journeys, OwnershipProof: string(from.OwnershipProof),
		ProfileClaims: from.ProfileClaims, TokenAudiences: from.Tokens.Audiences,
		TokenSeconds: int64(from.Tokens.Lifetime / time.Second), Created: microsOf(from.CreatedAt), Updated: microsOf(from.UpdatedAt),
		Version: from.Version, OAuth: applicationOAuth(from.OAuth), Passkeys: toApplicationPasskeys(from.Passkeys), ManagedBy: string(from.ManagedBy),
	}
	if from.Terms != nil {
		row.TermsVersion, row.TermsURL = &from.Terms.Version, &from.Terms.URL
	}
	return row
}

func (r applicationRow) fromRow() application.Application {
	found := application.Application{
		ClientID: r.ClientID, Name: r.Name, Status: application.Status(r.Status), Default: r.IsDefault,
		Origins: r.Origins, RedirectTargets: r.RedirectTargets, LinkURIs: r.LinkTargets, LinkElsewhere: application.LinkElsewhere(r.LinkElsewhere), Guests: r.Guests, UsersInvite: r.UsersInvite, Journeys: r.Journeys,
		OwnershipProof: application.OwnershipProof(r.OwnershipProof), ProfileClaims: r.ProfileClaims,
		Tokens:    application.Tokens{Audiences: r.TokenAudiences, Lifetime: time.Duration(r.TokenSeconds) * time.Second},
		CreatedAt: r.Created.time(), UpdatedAt: r.Updated.time(), Version: r.Version,
		OAuth: application.OAuth(r.OAuth), Passkeys: r.Passkeys.fromRow(), ManagedBy: application.ManagedBy(r.ManagedBy),
	}
	into(&found.ID, r.ID)
	if r.TermsVersion != nil && r.TermsURL != nil {
		found.Terms = &application.Terms{Version: *r.TermsVersion, URL: *r.TermsURL}
	}
	return found
}

func fromApplicationRows(rows []applicationRow) []application.Application {
	all := make([]application.Application, len(rows))
	for i, row := range rows {
		all[i] = row.fromRow()
	}
	return all
}
