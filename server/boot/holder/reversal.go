package holder

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/export"
	"github.com/lintel-id/lintel/server/reversal"
	"github.com/lintel-id/lintel/storage"
)

// Reversals tells which addresses a person can take back, and not how.
type Reversals struct {
	Rows      *storage.Reversals
	Reversals *reversal.Service
}

type reversalRecord struct {
	ID             string    `json:"id"`
	ApplicationID  string    `json:"application_id"`
	IdentifierType string    `json:"identifier_type"`
	Identifier     string    `json:"identifier"`
	CreatedAt      time.Time `json:"created_at"`
	ExpiresAt      time.Time `json:"expires_at"`
}

type reversalInternal struct {
	UserID string `json:"user_id"`
}

// Held names the section.
func (Reversals) Held() export.Held {
	return export.Held{Section: "reversals", Tables: []string{"reversals"}, Operators: false}
}

// ExportUser gives them, the oldest first.
func (h Reversals) ExportUser(ctx context.Context, about export.Subject, give export.Give) error {
	found, err := h.Rows.ReversalsOfUser(ctx, about.User.ID)
	if err != nil {
		return err
	}
	for _, one := range found {
		removed, err := h.Reversals.Removed(ctx, one)
		if err != nil {
			return err
		}
		if err := give(reversalRecord{
			ID: one.ID.String(), ApplicationID: one.ApplicationID.String(), IdentifierType: string(removed.Type), Identifier: removed.Value,
			CreatedAt: one.CreatedAt, ExpiresAt: one.ExpiresAt,
		}, reversalInternal{UserID: one.UserID.String()}); err != nil {
			return err
		}
	}
	return nil
}
