package reversal

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/user"
)

type idKind struct{}

func (idKind) Prefix() string { return "rev" }

// ID names a way back; it is not the secret that opens it.
type ID = id.Of[idKind]

// Reversal is a way back from the removal of an identifier.
type Reversal struct {
	ID            ID
	UserID        user.ID
	ApplicationID application.ID // whose page its link leads to
	Digest        secret.Digest  // of what the link brings
	Content       []byte         // the identifier, sealed
	CreatedAt     time.Time      // when the identifier was removed
	ExpiresAt     time.Time
}

// Store keeps ways back.
type Store interface {
	// InsertReversal adds one.
	InsertReversal(ctx context.Context, added Reversal) error
	// ReversalByDigest finds one by what its link brings; ErrInvalid.
	ReversalByDigest(ctx context.Context, digest secret.Digest) (Reversal, error)
	// ReversalsOfUser lists a user's, the oldest first, expired ones too.
	ReversalsOfUser(ctx context.Context, owner user.ID) ([]Reversal, error)
	// DeleteReversal removes one, and tells whether it was there.
	DeleteReversal(ctx context.Context, wanted ID) (bool, error)
	// DeleteReversals removes up to limit that expired before a time, over all tenants, and
	// tells how many.
	DeleteReversals(ctx context.Context, before time.Time, limit int) (int, error)
}

const contentPurpose = "reversal.content"

// content is an identifier as it was, in the form that is sealed.
type content struct {
	ID         user.IdentifierID   `json:"id"`
	Type       user.IdentifierType `json:"type"`
	Value      string              `json:"value"`
	Lookup     string              `json:"lookup"`
	Primary    bool                `json:"primary"`
	VerifiedAt *time.Time          `json:"verified_at"`
	CreatedAt  time.Time           `json:"created_at"`
}

// seal closes what an identifier was like.
func (s *Service) seal(ctx context.Context, of ID, held user.Identifier) ([]byte, error) {
	text, err := json.Marshal(content(held))
	if err != nil {
		return nil, fmt.Errorf("reversal: %w", err)
	}
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return nil, err
	}
	return box.Seal(contentPurpose, text, []byte(of.String()))
}

// Removed opens what was removed.
func (s *Service) Removed(ctx context.Context, from Reversal) (user.Identifier, error) {
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return user.Identifier{}, err
	}
	text, err := box.Open(contentPurpose, from.Content, []byte(from.ID.String()))
	if err != nil {
		return user.Identifier{}, fmt.Errorf("open %s: %w", from.ID, err)
	}
	var held content
	if err := json.Unmarshal(text, &held); err != nil {
		return user.Identifier{}, fmt.Errorf("read %s: %w", from.ID, err)
	}
	return user.Identifier(held), nil
}
