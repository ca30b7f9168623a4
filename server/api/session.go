package api

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// sessionAPI is the session's part of the contract.
type sessionAPI struct {
	sessions     *session.Service
	minter       *session.Minter
	applications *application.Service
	users        *user.Service
}

// GetSession answers who is signed in.
func (a sessionAPI) GetSession(ctx context.Context, _ gen.GetSessionRequestObject) (gen.GetSessionResponseObject, error) {
	resolved := requestOf(ctx).session
	return sessionBody(toAPISession(resolved.Session, resolved.ClientID, true)), nil
}

// EndSession signs out.
func (a sessionAPI) EndSession(ctx context.Context, _ gen.EndSessionRequestObject) (gen.EndSessionResponseObject, error) {
	r := requestOf(ctx)
	if err := a.sessions.End(ctx, r.session.Session.UserID, r.session.Session.ID, session.Logout); err != nil {
		return nil, err
	}
	r.signedOut()
	return gen.EndSession204Response{}, nil
}

// RefreshSession extends the session at hand.
func (a sessionAPI) RefreshSession(ctx context.Context, _ gen.RefreshSessionRequestObject) (gen.RefreshSessionResponseObject, error) {
	resolved := requestOf(ctx).session
	refreshed, err := a.sessions.Refresh(ctx, *resolved)
	if err != nil {
		return nil, err
	}
	return gen.RefreshSession200JSONResponse(toAPISession(refreshed, resolved.ClientID, true)), nil
}

// CreateSessionToken mints a JWT from the session at hand.
func (a sessionAPI) CreateSessionToken(ctx context.Context, request gen.CreateSessionTokenRequestObject) (gen.CreateSessionTokenResponseObject, error) {
	audience := ""
	if request.Params.Audience != nil {
		audience = *request.Params.Audience
	}
	minted, err := a.minter.Mint(ctx, *requestOf(ctx).session, audience)
	if err != nil {
		return nil, err
	}
	return gen.CreateSessionToken200JSONResponse{
		Token: minted.Token, TokenType: "Bearer", Audience: minted.Audience, ExpiresAt: minted.ExpiresAt,
		ExpiresIn: int32(minted.ExpiresAt.Sub(minted.IssuedAt) / time.Second),
	}, nil
}

// ListMySessions lists the devices the user is signed in on.
func (a sessionAPI) ListMySessions(ctx context.Context, request gen.ListMySessionsRequestObject) (gen.ListMySessionsResponseObject, error) {
	current := requestOf(ctx).session
	body, err := a.page(ctx, *current, current.Session.UserID, request.Params.Cursor, request.Params.Limit)
	if err != nil {
		return nil, err
	}
	return gen.ListMySessions200JSONResponse(body), nil
}

// page is a part of a user's sessions, as somebody in the current one sees it; zero:
// nobody in any of them.
func (a sessionAPI) page(ctx context.Context, current session.Resolved, owner user.ID, cursor *string, most *int32) (gen.SessionPage, error) {
	var after session.ID
	limit, err := fromAPIPage(&after, cursor, most)
	if err != nil {
		return gen.SessionPage{}, err
	}
	page, err := a.sessions.List(ctx, owner, after, limit)
	if err != nil {
		return gen.SessionPage{}, err
	}
	body := gen.SessionPage{Items: make([]gen.Session, len(page.Items)), NextCursor: toAPICursor(page.Next)}
	for i, item := range page.Items {
		body.Items[i] = toAPISession(item, a.clientID(ctx, current, item), item.ID == current.Session.ID)
	}
	return body, nil
}

// clientID names the application of a session; nothing when it is switched off.
func (a sessionAPI) clientID(ctx context.Context, current session.Resolved, item session.Session) string {
	if item.ApplicationID == current.Session.ApplicationID {
		return current.ClientID
	}
	app, err := a.applications.ByID(ctx, item.ApplicationID)
	if err != nil {
		return ""
	}
	return app.ClientID
}

// EndOtherSessions signs out everywhere else.
func (a sessionAPI) EndOtherSessions(ctx context.Context, _ gen.EndOtherSessionsRequestObject) (gen.EndOtherSessionsResponseObject, error) {
	current := requestOf(ctx).session.Session
	if _, err := a.sessions.EndOthers(ctx, current.UserID, current.ID, session.Revoked); err != nil {
		return nil, err
	}
	return gen.EndOtherSessions204Response{}, nil
}

// EndMySession signs out one device.
func (a sessionAPI) EndMySession(ctx context.Context, request gen.EndMySessionRequestObject) (gen.EndMySessionResponseObject, error) {
	r := requestOf(ctx)
	target, err := fromAPISessionID(request.SessionID)
	if err != nil {
		return nil, err
	}
	reason := session.Revoked
	if target == r.session.Session.ID {
		reason = session.Logout
	}
	if err := a.sessions.End(ctx, r.session.Session.UserID, target, reason); err != nil {
		return nil, err
	}
	if reason == session.Logout {
		r.signedOut()
	}
	return gen.EndMySession204Response{}, nil
}

func fromAPISessionID(text string) (session.ID, error) {
	var wanted session.ID
	if wanted.UnmarshalText([]byte(text)) != nil {
		return wanted, session.ErrUnknown
	}
	return wanted, nil
}

// signedOut takes the cookie of a session that has ended.
func (r *request) signedOut() {
	if r.byCookie {
		r.dropSession()
	}
}

func toAPISession(s session.Session, clientID string, current bool) gen.Session {
	proven := s.Proven()
	out := gen.Session{
		ID: s.ID.String(), UserID: s.UserID.String(), ClientID: clientID, Transport: string(s.Transport), Current: current,
		Acr: string(proven.ACR), Amr: proven.AMR, AuthTime: proven.AuthTime,
		Device:    gen.Device{Name: s.Device.Name, Address: s.Device.Address},
		CreatedAt: s.CreatedAt, LastSeenAt: s.LastSeenAt, IdleExpiresAt: s.IdleExpiresAt, ExpiresAt: s.AbsoluteExpiresAt,
	}
	if s.Act != nil {
		out.Act = &gen.SessionActor{Sub: s.Act.Subject}
	}
	return out
}
