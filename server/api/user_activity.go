package api

import (
	"context"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/activity"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/event"
)

// ListActivity lists what happened to the signed-in user's account.
func (a userAPI) ListActivity(ctx context.Context, request gen.ListActivityRequestObject) (gen.ListActivityResponseObject, error) {
	var before event.ID
	limit, err := fromAPIPage(&before, request.Params.Cursor, request.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.activity.List(ctx, requestOf(ctx).session.Session.UserID.String(), before, limit)
	if err != nil {
		return nil, err
	}
	body := gen.ListActivity200JSONResponse{Items: make([]gen.ActivityEntry, len(page.Items)), NextCursor: toAPICursor(page.Next)}
	for i, item := range page.Items {
		body.Items[i] = a.toAPIActivityEntry(ctx, item)
	}
	return body, nil
}

func (a userAPI) toAPIActivityEntry(ctx context.Context, entry activity.Entry) gen.ActivityEntry {
	out := gen.ActivityEntry{
		ID: entry.ID.String(), Type: entry.Type, OccurredAt: entry.At, Device: toAPIOptional(entry.Device),
		Address: toAPIOptional(entry.Address), ClientID: toAPIOptional(a.clientID(ctx, entry.ApplicationID)),
		SessionID: toAPIOptional(entry.SessionID),
	}
	if entry.Impersonated {
		out.Impersonated = &entry.Impersonated
	}
	return out
}

// clientID names an application; nothing when there was none or it is switched off.
func (a userAPI) clientID(ctx context.Context, named string) string {
	var id application.ID
	if id.UnmarshalText([]byte(named)) != nil {
		return ""
	}
	app, err := a.applications.ByID(ctx, id)
	if err != nil {
		return ""
	}
	return app.ClientID
}
