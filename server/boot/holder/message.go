package holder

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/export"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/storage"
)

// Messages tells what was sent to a person, for as long as that is known, and not what it said:
// it may let somebody in.
type Messages struct {
	Rows     *storage.Messages
	Messages *message.Service
}

type messageRecord struct {
	ID        string     `json:"id"`
	Kind      string     `json:"kind"`
	Channel   string     `json:"channel"`
	To        string     `json:"to"`
	Locale    string     `json:"locale"`
	Status    string     `json:"status"`
	CreatedAt time.Time  `json:"created_at"`
	SentAt    *time.Time `json:"sent_at"`
	Delivery  *string    `json:"delivery"`
	ToldAt    *time.Time `json:"delivery_at"`
	ExpiresAt time.Time  `json:"expires_at"`
}

type messageInternal struct {
	UserID          string    `json:"user_id"`
	HolderOnly      bool      `json:"holder_only"`
	ErrorCode       string    `json:"error_code"`
	Reference       string    `json:"reference"`
	DeliveryCode    string    `json:"delivery_code"`
	DueAt           time.Time `json:"due_at"`
	OutdatedAt      time.Time `json:"outdated_at"`
	Claimed         bool      `json:"claimed"`
	Fence           int64     `json:"fence"`
	Attempts        int       `json:"attempts"`
	Lost            int       `json:"lost"`
	MayHaveRepeated bool      `json:"may_have_repeated"`
}

// Held names the section.
func (Messages) Held() export.Held {
	return export.Held{Section: "messages", Tables: []string{"messages"}, Operators: false}
}

// ExportUser gives the messages, the oldest first.
func (h Messages) ExportUser(ctx context.Context, about export.Subject, give export.Give) error {
	return h.Rows.MessagesTo(ctx, about.User.ID.String(), func(one message.Message) error {
		to, err := h.Messages.Address(ctx, one)
		if err != nil {
			return err
		}
		told := message.Delivery{Outcome: "", Code: "", At: time.Time{}}
		var toldAt *time.Time
		if one.Delivery != nil {
			told, toldAt = *one.Delivery, &one.Delivery.At
		}
		return give(messageRecord{
			ID: one.ID.String(), Kind: string(one.Kind), Channel: string(one.Channel), To: to, Locale: one.Locale,
			Status: string(one.Status), CreatedAt: one.CreatedAt, SentAt: one.SentAt, Delivery: optional(string(told.Outcome)), ToldAt: toldAt, ExpiresAt: one.ExpiresAt,
		}, messageInternal{
			UserID: one.Person, HolderOnly: one.HolderOnly, ErrorCode: one.Code, Reference: one.Reference, DeliveryCode: told.Code, DueAt: one.DueAt,
			OutdatedAt: one.OutdatedAt, Claimed: one.Claimed, Fence: one.Fence, Attempts: one.Attempts, Lost: one.Lost, MayHaveRepeated: one.Unsure,
		})
	})
}
