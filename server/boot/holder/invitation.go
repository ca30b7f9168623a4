package holder

import (
	"context"
	"encoding/json"
	"time"

	"github.com/lintel-id/lintel/server/export"
	"github.com/lintel-id/lintel/server/invitation"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

// Invitations tells which invitations a person has accepted, and what those said of them, and
// whom they have invited; of nobody else who they are.
type Invitations struct {
	Rows        *storage.Invitations
	Invitations *invitation.Service
}

type invitationRecord struct {
	ID            string          `json:"id"`
	ApplicationID string          `json:"application_id"`
	Type          string          `json:"type"`
	Value         string          `json:"value"`
	Inviter       string          `json:"inviter"`
	Profile       json.RawMessage `json:"profile"`
	Locale        *string         `json:"locale"`
	Delivery      string          `json:"delivery"`
	Status        string          `json:"status"`
	InviterID     *string         `json:"inviter_id"`
	UserID        *string         `json:"user_id"`
	CreatedAt     time.Time       `json:"created_at"`
	SentAt        time.Time       `json:"sent_at"`
	ExpiresAt     time.Time       `json:"expires_at"`
	AcceptedAt    *time.Time      `json:"accepted_at"`
	RevokedAt     *time.Time      `json:"revoked_at"`
}

type invitationInternal struct {
	InvitedBy       actorRecord `json:"invited_by"`
	LifetimeSeconds int64       `json:"lifetime_seconds"`
}

// Held names the section.
func (Invitations) Held() export.Held {
	return export.Held{Section: "invitations", Tables: []string{"invitations"}, Operators: false}
}

// ExportUser opens the invitations; claims that are not the reader's to see are left out.
func (h Invitations) ExportUser(ctx context.Context, about export.Subject, give export.Give) error {
	return h.Rows.InvitationsOf(ctx, about.User.ID, func(found invitation.Invitation) error {
		opened, err := h.Invitations.Opened(ctx, found)
		if err != nil {
			return err
		}
		profile, err := shown(opened.Profile, about.Shows)
		if err != nil {
			return err
		}
		return give(invitationRecord{
			ID: found.ID.String(), ApplicationID: found.Application.String(), Type: string(opened.To.Type), Value: opened.To.Value, Inviter: opened.Name,
			Profile: profile, Locale: optional(found.Locale), Delivery: string(found.Delivery), Status: string(found.Status),
			InviterID: own(found.Inviter, about.User.ID), UserID: own(found.User, about.User.ID),
			CreatedAt: found.CreatedAt, SentAt: found.SentAt, ExpiresAt: found.ExpiresAt, AcceptedAt: found.AcceptedAt, RevokedAt: found.RevokedAt,
		}, invitationInternal{
			InvitedBy: actorRecord{Kind: string(found.By.Kind), ID: optional(found.By.ID), By: nil}, LifetimeSeconds: int64(found.Lifetime / time.Second),
		})
	})
}

// own is the id of who reads, where it is theirs.
func own(id, reader user.ID) *string {
	if id != reader {
		return nil
	}
	return optional(id.String())
}

// shown is what of a profile is the reader's to see.
func shown(profile json.RawMessage, shows func(claim string) bool) (json.RawMessage, error) {
	claims := map[string]json.RawMessage{}
	if profile != nil {
		if err := json.Unmarshal(profile, &claims); err != nil {
			return nil, err
		}
	}
	for name := range claims {
		if !shows(name) {
			delete(claims, name)
		}
	}
	return json.Marshal(claims)
}
