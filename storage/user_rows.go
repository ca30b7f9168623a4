package storage

import (
	"database/sql"
	"errors"
	"slices"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/user"
)

// A user and the identifiers are read by one statement, so that they fit each other.
// What is read most is scanned here, column by column, since that takes half the time
// of having gorm do it.
const (
	userColumns = `users.id, users.status, users.guest, users.profile, users.schema_version, users.indexed_schema, users.delete_at,
		users.last_login_at, users.public_metadata, users.private_metadata, users.created_at, users.updated_at, users.version,
		held.ordinal, held.id, held.type, held.value, held.lookup, held.is_primary, held.verified_at, held.created_at`
	joinIdentifiers = ` LEFT JOIN user_identifiers AS held ON held.tenant_id = users.tenant_id AND held.user_id = users.id`
)

// userScan is one row of userColumns: a user beside one identifier, or beside none.
type userScan struct {
	id                          uid
	status                      string
	guest                       bool
	profile, public, private    []byte
	schemaVersion, indexed      int
	deleteAt, lastLogin         sql.Null[micros]
	created, updated            micros
	version                     int64
	ordinal                     sql.Null[int]
	heldID                      sql.Null[uid]
	heldType, value, lookup     sql.Null[string]
	primary                     sql.Null[bool]
	heldVerified, heldCreatedAt sql.Null[micros]
}

// targets are where the columns go, in their order.
func (r *userScan) targets() []any {
	return []any{
		&r.id, &r.status, &r.guest, &r.profile, &r.schemaVersion, &r.indexed, &r.deleteAt,
		&r.lastLogin, &r.public, &r.private, &r.created, &r.updated, &r.version,
		&r.ordinal, &r.heldID, &r.heldType, &r.value, &r.lookup, &r.primary, &r.heldVerified, &r.heldCreatedAt,
	}
}

func (r *userScan) user() user.User {
	found := user.User{
		Status: user.Status(r.status), Guest: r.guest, SchemaVersion: r.schemaVersion, IndexedSchema: r.indexed, DeleteAt: nullTime(r.deleteAt),
		LastLoginAt: nullTime(r.lastLogin), CreatedAt: r.created.time(), UpdatedAt: r.updated.time(), Version: r.version,
		PublicMetadata: r.public, PrivateMetadata: r.private,
	}
	if len(r.profile) > 0 {
		found.Profile = r.profile
	}
	into(&found.ID, r.id)
	return found
}

func (r *userScan) identifier(owner user.ID) user.Identifier {
	held := user.Identifier{
		Type: user.IdentifierType(r.heldType.V), Value: r.value.V, Lookup: r.lookup.V,
		Primary: r.primary.V, VerifiedAt: nullTime(r.heldVerified), CreatedAt: r.heldCreatedAt.V.time(),
	}
	if r.heldID.Valid {
		into(&held.ID, r.heldID.V)
	} else { // a node that knew of no ids has added it
		held.ID = user.EarlierIdentifierID(owner, r.ordinal.V, held.CreatedAt)
	}
	return held
}

// eachUser reads the rows of a statement over userColumns, with what it selects before
// them. The row is good until each returns; its bytes are its own.
func eachUser(db *gorm.DB, before []any, each func(row *userScan), statement string, values ...any) (err error) {
	rows, err := db.Raw(statement, values...).Rows()
	if err != nil {
		return err
	}
	defer func() { err = explain(errors.Join(err, rows.Close()), false) }()
	row := &userScan{}
	targets := slices.Concat(before, row.targets())
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		each(row)
	}
	return rows.Err()
}
