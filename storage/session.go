package storage

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/assurance"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// Sessions keeps sessions.
type Sessions struct{ db *DB }

var _ session.Store = (*Sessions)(nil)

// NewSessions makes the store.
func NewSessions(db *DB) *Sessions { return &Sessions{db: db} }

type sessionRow struct {
	TenantID          uid `gorm:"primaryKey"`
	ID                uid `gorm:"primaryKey"`
	Digest            []byte
	UserID            uid
	ApplicationID     uid
	Transport         string
	Facts             jsonList[sessionFact]
	ActSubject        *string
	ActBy             *string
	DeviceUserAgent   string
	DeviceName        string
	DeviceAddress     string
	Created           micros `gorm:"column:created_at"`
	LastSeenAt        micros
	IdleExpiresAt     micros
	AbsoluteExpiresAt micros
	EndedAt           *micros
	Version           int64
}

// TableName names the table.
func (sessionRow) TableName() string { return "sessions" }

// sessionFact is an assurance.Fact as it is stored.
type sessionFact struct {
	Method string `json:"method"`
	At     int64  `json:"at_us"`
}

type resolvedRow struct {
	Session           sessionRow `gorm:"embedded"`
	ClientID          string
	UserStatus        string
	UserGuest         bool
	ApplicationStatus string
}

const (
	selectResolved = `SELECT s.tenant_id, s.id, s.digest, s.user_id, s.application_id, s.transport, s.facts, s.act_subject, s.act_by,
		s.device_user_agent, s.device_name, s.device_address, s.created_at, s.last_seen_at,
		s.idle_expires_at, s.absolute_expires_at, s.ended_at, s.version,
		a.client_id, u.status AS user_status, u.guest AS user_guest, a.status AS application_status
		FROM sessions AS s
		JOIN users AS u ON u.tenant_id = s.tenant_id AND u.id = s.user_id
		JOIN applications AS a ON a.tenant_id = s.tenant_id AND a.id = s.application_id`
	selectSessionByDigest = selectResolved + ` WHERE s.tenant_id = ? AND s.digest = ?`
	selectSessionByID     = selectResolved + ` WHERE s.tenant_id = ? AND s.id = ?`

	// A session that is idle for too long may still have a use waiting to be written
	// by MarkSeen, so it is ended like any other.
	endSessions = `UPDATE sessions SET ended_at = ?
		WHERE tenant_id = ? AND user_id = ? AND id <> ? AND ended_at IS NULL AND absolute_expires_at > ?
		RETURNING id`
)

// InsertSession adds a session.
func (s *Sessions) InsertSession(ctx context.Context, added session.Session) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toSessionRow(tenant, added)
		return tx.Create(&row).Error
	})
}

// NoteLogin tells the user's row when they last logged in, to the minute and never
// backwards. What has come of a deleted user notes nothing. The row is written even where it
// says so already: that keeps out whoever would change the user, until the unit of work is over.
func (s *Sessions) NoteLogin(ctx context.Context, person user.ID, at time.Time) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		return tx.Model(&userRow{}).Where(of(tenant)).
			Where("id = ? AND status <> ?", uidOf(person), string(user.Deleted)).
			UpdateColumns(map[string]any{"last_login_at": gorm.Expr(
				"CASE WHEN last_login_at > ? THEN last_login_at ELSE ? END", microsOf(at.Add(-loginGrain)), microsOf(at),
			)}).Error
	})
}

const loginGrain = time.Minute

// ResolveSession finds by the token's digest whatever its state; session.ErrNone.
func (s *Sessions) ResolveSession(ctx context.Context, digest secret.Digest) (session.Resolved, error) {
	return s.resolve(ctx, selectSessionByDigest, digest[:])
}

// SessionByID finds by id whatever its state; session.ErrNone.
func (s *Sessions) SessionByID(ctx context.Context, wanted session.ID) (session.Resolved, error) {
	return s.resolve(ctx, selectSessionByID, uidOf(wanted))
}

func (s *Sessions) resolve(ctx context.Context, query string, key any) (session.Resolved, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return session.Resolved{}, err
	}
	row, err := one[resolvedRow](db.Raw(query, tenant, key), session.ErrNone)
	if err != nil {
		return session.Resolved{}, err
	}
	found, err := row.Session.fromRow()
	if err != nil {
		return session.Resolved{}, err
	}
	return session.Resolved{
		Session: found, ClientID: row.ClientID, UserStatus: user.Status(row.UserStatus), Guest: row.UserGuest,
		ApplicationStatus: application.Status(row.ApplicationStatus),
	}, nil
}

// SessionsOfUser lists sessions of the user that are neither ended nor expired at
// now, newest first, from after (zero: from the start).
func (s *Sessions) SessionsOfUser(
	ctx context.Context, owner user.ID, now time.Time, after session.ID, limit int,
) ([]session.Session, error) {
	db, tenant, err := s.db.scoped(ctx)
	if err != nil {
		return nil, err
	}
	query := db.Where(of(tenant)).
		Where("user_id = ? AND ended_at IS NULL", uidOf(owner)).
		Where("idle_expires_at > ? AND absolute_expires_at > ?", microsOf(now), microsOf(now)).
		Order("id DESC").Limit(max(limit, 0))
	if !after.IsZero() {
		query = query.Where("id < ?", uidOf(after))
	}
	rows, err := many[sessionRow](query)
	if err != nil {
		return nil, err
	}
	found := make([]session.Session, len(rows))
	for i, row := range rows {
		if found[i], err = row.fromRow(); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// EndSession ends the user's session once; false when it is not theirs or has
// ended before.
func (s *Sessions) EndSession(ctx context.Context, owner user.ID, ended session.ID, at time.Time) (bool, error) {
	hit := false
	err := s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		result := tx.Model(&sessionRow{}).Where(of(tenant)).
			Where("id = ? AND user_id = ? AND ended_at IS NULL", uidOf(ended), uidOf(owner)).
			UpdateColumns(map[string]any{"ended_at": microsOf(at)})
		hit = result.RowsAffected == 1
		return result.Error
	})
	return hit && err == nil, err
}

// EndSessions ends all live sessions of the user but the one to keep (zero: none)
// and tells which, oldest first.
func (s *Sessions) EndSessions(
	ctx context.Context, owner user.ID, keep session.ID, at time.Time,
) ([]session.ID, error) {
	var rows []struct{ ID uid }
	err := s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		rows = nil
		return tx.Raw(endSessions, microsOf(at), tenant, uidOf(owner), uidOf(keep), microsOf(at)).Scan(&rows).Error
	})
	if err != nil {
		return nil, err
	}
	ended := make([]session.ID, len(rows))
	for i, row := range rows {
		into(&ended[i], row.ID)
	}
	slices.SortFunc(ended, func(a, b session.ID) int { return compareIDs(a.Bytes(), b.Bytes()) })
	return ended, nil
}

// RaiseSession replaces facts, IdleExpiresAt and LastSeenAt of a session that has
// not ended, where the stored version is that of raised, and raises it;
// session.ErrChanged otherwise.
func (s *Sessions) RaiseSession(ctx context.Context, raised session.Session) error {
	return s.db.write(ctx, func(tx *gorm.DB, tenant uid) error {
		row := toSessionRow(tenant, raised)
		result := tx.Model(&sessionRow{}).Where(of(tenant)).
			Where("id = ? AND version = ? AND ended_at IS NULL", row.ID, row.Version).
			UpdateColumns(map[string]any{
				"facts": row.Facts, "idle_expires_at": row.IdleExpiresAt, "last_seen_at": row.LastSeenAt,
				"version": row.Version + 1,
			})
		return hitOne(result, session.ErrChanged)
	})
}

func toSessionRow(tenant uid, from session.Session) sessionRow {
	row := sessionRow{
		TenantID: tenant, ID: uidOf(from.ID), Digest: from.Digest[:], UserID: uidOf(from.UserID),
		ApplicationID: uidOf(from.ApplicationID), Transport: string(from.Transport),
		DeviceUserAgent: from.Device.UserAgent, DeviceName: from.Device.Name, DeviceAddress: from.Device.Address,
		Created: microsOf(from.CreatedAt), LastSeenAt: microsOf(from.LastSeenAt),
		IdleExpiresAt: microsOf(from.IdleExpiresAt), AbsoluteExpiresAt: microsOf(from.AbsoluteExpiresAt),
		EndedAt: optionalMicros(from.EndedAt), Version: from.Version,
	}
	if from.Act != nil {
		row.ActSubject, row.ActBy = &from.Act.Subject, &from.Act.By
	}
	if from.Facts != nil {
		row.Facts = make(jsonList[sessionFact], len(from.Facts))
	}
	for i, fact := range from.Facts {
		row.Facts[i] = sessionFact{Method: string(fact.Method), At: fact.At.UnixMicro()}
	}
	return row
}

func (r sessionRow) fromRow() (session.Session, error) {
	found := session.Session{
		Transport: session.Transport(r.Transport),
		Device:    session.Device{UserAgent: r.DeviceUserAgent, Name: r.DeviceName, Address: r.DeviceAddress},
		CreatedAt: r.Created.time(), LastSeenAt: r.LastSeenAt.time(), IdleExpiresAt: r.IdleExpiresAt.time(),
		AbsoluteExpiresAt: r.AbsoluteExpiresAt.time(), EndedAt: optionalTime(r.EndedAt), Version: r.Version,
	}
	if len(r.Digest) != len(found.Digest) {
		return session.Session{}, errDigest
	}
	copy(found.Digest[:], r.Digest)
	into(&found.ID, r.ID)
	into(&found.UserID, r.UserID)
	into(&found.ApplicationID, r.ApplicationID)
	if r.ActSubject != nil || r.ActBy != nil {
		found.Act = &session.Act{Subject: textOr(r.ActSubject), By: textOr(r.ActBy)}
	}
	if r.Facts != nil {
		found.Facts = make([]assurance.Fact, len(r.Facts))
	}
	for i, fact := range r.Facts {
		found.Facts[i] = assurance.Fact{Method: assurance.Method(fact.Method), At: time.UnixMicro(fact.At).UTC()}
	}
	return found, nil
}
