package api

import (
	"context"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// ListUserSessions lists where a user is signed in.
func (a sessionAPI) ListUserSessions(ctx context.Context, request gen.ListUserSessionsRequestObject) (gen.ListUserSessionsResponseObject, error) {
	owner, err := a.existing(ctx, request.UserID)
	if err != nil {
		return nil, err
	}
	body, err := a.page(ctx, session.Resolved{}, owner, request.Params.Cursor, request.Params.Limit)
	if err != nil {
		return nil, err
	}
	return gen.ListUserSessions200JSONResponse(body), nil
}

// EndUserSessions signs a user out everywhere.
func (a sessionAPI) EndUserSessions(ctx context.Context, request gen.EndUserSessionsRequestObject) (gen.EndUserSessionsResponseObject, error) {
	owner, err := a.existing(ctx, request.UserID)
	if err != nil {
		return nil, err
	}
	if _, err := a.sessions.EndOthers(ctx, owner, session.ID{}, session.Operator); err != nil {
		return nil, err
	}
	return gen.EndUserSessions204Response{}, nil
}

// EndUserSession ends one of a user's sessions.
func (a sessionAPI) EndUserSession(ctx context.Context, request gen.EndUserSessionRequestObject) (gen.EndUserSessionResponseObject, error) {
	owner, err := a.existing(ctx, request.UserID)
	if err != nil {
		return nil, err
	}
	wanted, err := fromAPISessionID(request.SessionID)
	if err != nil {
		return nil, err
	}
	if err := a.sessions.End(ctx, owner, wanted, session.Operator); err != nil {
		return nil, err
	}
	return gen.EndUserSession204Response{}, nil
}

// existing is the user that an id names.
func (a sessionAPI) existing(ctx context.Context, text string) (user.ID, error) {
	wanted, err := fromAPIUserID(text)
	if err != nil {
		return wanted, err
	}
	_, err = a.users.ByID(ctx, wanted)
	return wanted, err
}
