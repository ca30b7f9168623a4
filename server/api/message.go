package api

import (
	"context"
	"time"

	"github.com/oapi-codegen/nullable"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/message/budget"
	"github.com/lintel-id/lintel/server/message/gateway"
)

// messageAPI is the messages' part of the contract.
type messageAPI struct {
	messages *message.Service
	budgets  *budget.Service
	heard    gateway.Callbacks
}

// ListMessages lists what the tenant sent, sends and could not send.
func (a messageAPI) ListMessages(ctx context.Context, request gen.ListMessagesRequestObject) (gen.ListMessagesResponseObject, error) {
	var before message.ID
	limit, err := fromAPIPage(&before, request.Params.Cursor, request.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.messages.List(ctx, message.Status(given(request.Params.Status)), given(request.Params.To), before, limit)
	if err != nil {
		return nil, err
	}
	out := gen.ListMessages200JSONResponse{Items: make([]gen.Message, len(page.Items)), NextCursor: toAPICursor(page.Next)}
	for i, one := range page.Items {
		out.Items[i] = toAPISent(one)
	}
	return out, nil
}

// SendTestMessage queues a message that says that it is a test.
func (a messageAPI) SendTestMessage(ctx context.Context, request gen.SendTestMessageRequestObject) (gen.SendTestMessageResponseObject, error) {
	queued, err := a.messages.Test(ctx, message.Channel(request.Body.Channel), request.Body.To, given(request.Body.Locale))
	if err != nil {
		return nil, err
	}
	return gen.SendTestMessage201JSONResponse(toAPISent(queued)), nil
}

// GetMessage answers where a message stands.
func (a messageAPI) GetMessage(ctx context.Context, request gen.GetMessageRequestObject) (gen.GetMessageResponseObject, error) {
	wanted, err := fromAPIMessageID(request.MessageID)
	if err != nil {
		return nil, err
	}
	found, err := a.messages.ByID(ctx, wanted)
	if err != nil {
		return nil, err
	}
	return gen.GetMessage200JSONResponse(toAPISent(found)), nil
}

// ResendMessage queues a message that was given up.
func (a messageAPI) ResendMessage(ctx context.Context, request gen.ResendMessageRequestObject) (gen.ResendMessageResponseObject, error) {
	wanted, err := fromAPIMessageID(request.MessageID)
	if err != nil {
		return nil, err
	}
	again, err := a.messages.Resend(ctx, wanted)
	if err != nil {
		return nil, err
	}
	return gen.ResendMessage200JSONResponse(toAPISent(again)), nil
}

// GetTestInbox answers what people would have read; it is served in test mode only.
func (a messageAPI) GetTestInbox(ctx context.Context, request gen.GetTestInboxRequestObject) (gen.GetTestInboxResponseObject, error) {
	var after message.ID
	if request.Params.After != nil {
		var err error
		if after, err = fromAPIMessageID(*request.Params.After); err != nil {
			return nil, err
		}
	}
	wait := time.Duration(given(request.Params.Wait)) * time.Second
	found, err := a.messages.Inbox(ctx, given(request.Params.To), after, wait)
	if err != nil {
		return nil, err
	}
	out := gen.GetTestInbox200JSONResponse{Messages: make([]gen.ReadableMessage, len(found))}
	for i, one := range found {
		out.Messages[i] = gen.ReadableMessage{
			ID: one.ID.String(), Kind: string(one.Kind), Channel: string(one.Channel), To: one.To, Locale: one.Letter.Locale,
			Subject: one.Letter.Subject, Text: one.Letter.Text, HTML: one.Letter.HTML, Values: one.Values, CreatedAt: one.CreatedAt,
		}
	}
	return out, nil
}

// ReportMessage notes what a gateway tells of a message.
func (a messageAPI) ReportMessage(ctx context.Context, request gen.ReportMessageRequestObject) (gen.ReportMessageResponseObject, error) {
	channels, err := a.heard.Heard(given(request.Params.LintelSignature), requestOf(ctx).body)
	if err != nil {
		return nil, err
	}
	about, err := fromAPIMessageID(request.Body.ID)
	if err != nil {
		return nil, err
	}
	err = a.messages.Note(ctx, message.Report{
		ID: about, Channels: channels, Reference: given(request.Body.Reference), Outcome: message.Outcome(request.Body.Status), Code: given(request.Body.Code),
	})
	if err != nil {
		return nil, err
	}
	return gen.ReportMessage204Response{}, nil
}

// ReportTwilioMessage notes what Twilio tells of a message.
func (a messageAPI) ReportTwilioMessage(ctx context.Context, request gen.ReportTwilioMessageRequestObject) (gen.ReportTwilioMessageResponseObject, error) {
	about, err := fromAPIMessageID(request.MessageID)
	if err != nil {
		return nil, err
	}
	report, interesting, err := a.heard.HeardTwilio(ctx, about, given(request.Params.XTwilioSignature), *request.Body)
	if err == nil && interesting {
		err = a.messages.Note(ctx, report)
	}
	if err != nil {
		return nil, err
	}
	return gen.ReportTwilioMessage204Response{}, nil
}

func fromAPIMessageID(text string) (message.ID, error) {
	var wanted message.ID
	if wanted.UnmarshalText([]byte(text)) != nil {
		return wanted, message.ErrUnknown
	}
	return wanted, nil
}

func toAPISent(from message.Opened) gen.Message {
	out := gen.Message{
		ID: from.ID.String(), Kind: string(from.Kind), Channel: string(from.Channel), To: from.To, Locale: from.Locale,
		Status: string(from.Status), Attempts: int32(from.Attempts), MayHaveRepeated: from.Unsure, ErrorCode: toAPIText(from.Code),
		Reference: toAPIText(from.Reference), Delivery: toAPIDelivery(from.Delivery), CreatedAt: from.CreatedAt, NextAttemptAt: nullable.NewNullNullable[time.Time](),
		SentAt: toAPITime(from.SentAt), OutdatedAt: from.OutdatedAt, ExpiresAt: from.ExpiresAt,
	}
	if from.Status == message.Queued {
		out.NextAttemptAt = nullable.NewNullableWithValue(from.DueAt)
	}
	return out
}

func toAPIDelivery(from *message.Delivery) nullable.Nullable[gen.MessageDelivery] {
	if from == nil {
		return nullable.NewNullNullable[gen.MessageDelivery]()
	}
	return nullable.NewNullableWithValue(gen.MessageDelivery{Status: string(from.Outcome), Code: toAPIText(from.Code), ReportedAt: from.At})
}
