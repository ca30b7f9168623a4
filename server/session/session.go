package session

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/assurance"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/user"
)

type idKind struct{}

func (idKind) Prefix() string { return "ses" }

// ID names a session; it is not the secret that proves it.
type ID = id.Of[idKind]

// Transport is how the session's token travels.
type Transport string

// The transports.
const (
	Cookie Transport = "cookie"
	Bearer Transport = "token"
)

// Device is what can be told a user about where a session lives.
type Device struct {
	UserAgent string
	Name      string // readable, such as "Firefox on Linux"
	Address   string // the network address at the start
}

// Session is one signed-in browser or app.
type Session struct {
	ID                ID
	Digest            secret.Digest // of the token
	UserID            user.ID
	ApplicationID     application.ID
	Transport         Transport
	Facts             []assurance.Fact
	Act               *Act // nil: the user themselves uses it
	Device            Device
	CreatedAt         time.Time
	LastSeenAt        time.Time
	IdleExpiresAt     time.Time
	AbsoluteExpiresAt time.Time
	EndedAt           *time.Time
	Version           int64
}

// Act is who uses a session in its user's name. Spec: RFC 8693 §4.1.
type Act struct {
	Subject string // as whoever began it calls them
	By      string // by what right: an API key's id, or "system"
}

// Proven is what the session's proofs reach. Without any, as when somebody else uses it,
// nothing is proven, and it began when it began.
func (s Session) Proven() assurance.Result {
	proven := assurance.Of(s.Facts)
	if len(s.Facts) == 0 {
		proven.AuthTime = s.CreatedAt
	}
	return proven
}

// Resolved is a session with what decides whether it may still be used, in one read.
type Resolved struct {
	Session           Session
	ClientID          string
	UserStatus        user.Status
	Guest             bool // whether its user is one
	ApplicationStatus application.Status
}

// Seen is a use of a session, written in batches.
type Seen struct {
	ID            ID
	Tenant        id.Tenant
	At            time.Time
	IdleExpiresAt time.Time
}

// Store keeps sessions.
type Store interface {
	// InsertSession adds a session.
	InsertSession(ctx context.Context, session Session) error
	// NoteLogin tells the user's row when they last logged in, to the minute and never
	// backwards. It is no change of the user.
	NoteLogin(ctx context.Context, user user.ID, at time.Time) error
	// ResolveSession finds by the token's digest whatever its state, with the
	// states of user and application joined in; ErrNone.
	ResolveSession(ctx context.Context, digest secret.Digest) (Resolved, error)
	// SessionByID finds by id whatever its state, joined likewise; ErrNone.
	SessionByID(ctx context.Context, id ID) (Resolved, error)
	// SessionsOfUser lists sessions of the user that are neither ended nor expired
	// at now, newest first, from after (zero: from the start).
	SessionsOfUser(ctx context.Context, user user.ID, now time.Time, after ID, limit int) ([]Session, error)
	// EndSession ends the user's session once; false when it is not theirs or has
	// ended before.
	EndSession(ctx context.Context, user user.ID, id ID, at time.Time) (bool, error)
	// EndSessions ends all live sessions of the user but the one to keep (zero:
	// none) and tells which.
	EndSessions(ctx context.Context, user user.ID, keep ID, at time.Time) ([]ID, error)
	// RaiseSession replaces facts, IdleExpiresAt and LastSeenAt of a session that
	// has not ended, where the stored version is session.Version, and raises it;
	// ErrChanged otherwise.
	RaiseSession(ctx context.Context, session Session) error
	// MarkSeen writes the uses of many sessions (each row carries its tenant);
	// those that ended are left alone and no time moves backwards.
	MarkSeen(ctx context.Context, seen []Seen) error
	// DeleteSessions removes up to limit sessions that ended or expired before the
	// given time, over all tenants, and tells how many.
	DeleteSessions(ctx context.Context, before time.Time, limit int) (int, error)
}
