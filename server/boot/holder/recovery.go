package holder

import (
	"context"
	"errors"
	"time"

	"github.com/lintel-id/lintel/server/export"
	"github.com/lintel-id/lintel/server/recovery"
)

// Recoveries tells to which address a person's account was last to be recovered.
type Recoveries struct{ Recoveries *recovery.Service }

type recoveryRecord struct {
	UserID        string     `json:"user_id"`
	ApplicationID string     `json:"application_id"`
	Type          string     `json:"type"`
	Value         string     `json:"value"`
	Status        string     `json:"status"`
	CreatedAt     time.Time  `json:"created_at"`
	OpensAt       time.Time  `json:"opens_at"`
	ExpiresAt     time.Time  `json:"expires_at"`
	EndedAt       *time.Time `json:"ended_at"`
}

// Held names the section.
func (Recoveries) Held() export.Held {
	return export.Held{Section: "recoveries", Tables: []string{"recoveries"}, Operators: false}
}

// ExportUser gives the one there is.
func (h Recoveries) ExportUser(ctx context.Context, about export.Subject, give export.Give) error {
	found, err := h.Recoveries.Read(ctx, about.User.ID)
	if errors.Is(err, recovery.ErrUnknown) {
		return nil
	}
	if err != nil {
		return err
	}
	return give(recoveryRecord{
		UserID: found.UserID.String(), ApplicationID: found.ApplicationID.String(), Type: string(found.Type), Value: found.Value,
		Status: string(found.Status), CreatedAt: found.CreatedAt, OpensAt: found.OpensAt, ExpiresAt: found.ExpiresAt, EndedAt: found.EndedAt,
	}, nil)
}
