package api

import (
	"context"
	"encoding/base64"
	"strconv"

	"github.com/oapi-codegen/nullable"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/audit"
)

// auditAPI is the audit's part of the contract.
type auditAPI struct {
	audit *audit.Reader
}

// ListAuditEntries finds what happened.
func (a auditAPI) ListAuditEntries(ctx context.Context, request gen.ListAuditEntriesRequestObject) (gen.ListAuditEntriesResponseObject, error) {
	query, err := fromAPIAuditQuery(request.Params)
	if err != nil {
		return nil, err
	}
	page, err := a.audit.List(ctx, query, fromAPILimit(request.Params.Limit))
	if err != nil {
		return nil, err
	}
	body := gen.ListAuditEntries200JSONResponse{Items: make([]gen.AuditEntry, len(page.Items)), NextCursor: nullable.NewNullNullable[string]()}
	if page.Next != 0 {
		body.NextCursor = nullable.NewNullableWithValue(base64.RawURLEncoding.EncodeToString(strconv.AppendInt(nil, page.Next, 10)))
	}
	for i, entry := range page.Items {
		if body.Items[i], err = toAPIAuditEntry(entry); err != nil {
			return nil, err
		}
	}
	return body, nil
}

// GetAuditEntry answers what happened, by its number.
func (a auditAPI) GetAuditEntry(ctx context.Context, request gen.GetAuditEntryRequestObject) (gen.GetAuditEntryResponseObject, error) {
	number, err := strconv.ParseInt(request.Number, 10, 64)
	if err != nil {
		return nil, audit.ErrUnknown
	}
	entry, err := a.audit.Entry(ctx, number)
	if err != nil {
		return nil, err
	}
	body, err := toAPIAuditEntry(entry)
	return gen.GetAuditEntry200JSONResponse(body), err
}

// GetAuditHead answers the end of the chain.
func (a auditAPI) GetAuditHead(ctx context.Context, _ gen.GetAuditHeadRequestObject) (gen.GetAuditHeadResponseObject, error) {
	removal, err := a.audit.Removal(ctx)
	if err != nil {
		return nil, err
	}
	head, err := a.audit.Head(ctx)
	if err != nil {
		return nil, err
	}
	body := gen.GetAuditHead200JSONResponse{
		Number: head.Number, Hash: head.Hash.String(), FirstNumber: removal.First(), Removed: nullable.NewNullNullable[gen.AuditRemoval](),
	}
	if removal.Number > 0 {
		body.Removed = nullable.NewNullableWithValue(gen.AuditRemoval{Number: removal.Number, Hash: removal.Hash.String(), RemovedAt: removal.At})
	}
	return body, nil
}

func fromAPIAuditQuery(params gen.ListAuditEntriesParams) (audit.Query, error) {
	query := audit.Query{
		Type: given(params.Type), ActorID: given(params.ActorID), Subject: given(params.Subject), Person: given(params.UserID),
		From: given(params.From), Before: given(params.Before), Above: given(params.After),
		Descending: given(params.Order) != gen.AuditOrderOldest, Cursor: 0,
	}
	if params.Cursor == nil {
		return query, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(*params.Cursor)
	if err == nil {
		query.Cursor, err = strconv.ParseInt(string(text), 10, 64)
	}
	if err != nil || query.Cursor < 1 {
		return query, cursorRefused()
	}
	return query, nil
}

func toAPIAuditEntry(entry audit.Entry) (gen.AuditEntry, error) {
	told := entry.Event
	data, err := toAPIObject(told.Data)
	if err != nil {
		return gen.AuditEntry{}, err
	}
	out := gen.AuditEntry{
		Number: entry.Number, EventID: told.ID.String(), Type: told.Type, Version: int32(told.Version), OccurredAt: told.Time,
		Actor: gen.AuditActor{Kind: string(told.Actor.Kind), ID: toAPIText(told.Actor.ID), By: toAPIText(told.Actor.By)}, Subject: told.Subject, UserID: toAPIText(told.Person),
		Source: gen.AuditSource{
			Address: toAPIText(entry.Source.Address), Device: toAPIText(entry.Source.Device), UserAgent: toAPIText(entry.Source.UserAgent),
		},
		Data: data, Personal: nullable.NewNullNullable[gen.AuditPersonal](), Hash: entry.Hash.String(),
	}
	if entry.Personal != nil {
		personal := make(gen.AuditPersonal, len(entry.Personal))
		for name, value := range entry.Personal {
			personal[name] = value
		}
		out.Personal = nullable.NewNullableWithValue(personal)
	}
	return out, nil
}
