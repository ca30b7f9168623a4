package consent

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/user"
)

type idKind struct{}

func (idKind) Prefix() string { return "con" }

// ID names a consent.
type ID = id.Of[idKind]

// Subject is what is agreed to.
type Subject string

// Terms are an application's conditions, the one thing to agree to so far.
const Terms Subject = "terms"

// Consent is one agreement of one user with one application at one version.
type Consent struct {
	ID            ID
	UserID        user.ID
	ApplicationID application.ID
	Subject       Subject
	Version       string
	GivenAt       time.Time
}

// Store keeps consents; a consent never changes.
type Store interface {
	// InsertConsent adds one; giving the same again is no error and changes nothing.
	InsertConsent(ctx context.Context, consent Consent) error
	// Consents lists a user's, oldest first.
	Consents(ctx context.Context, user user.ID) ([]Consent, error)
	// MoveConsents gives those of one user to another who has not agreed to the same; what
	// is left is for EraseUser.
	MoveConsents(ctx context.Context, from, to user.ID) error
}
