package api

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/provisioning"
)

// ImpersonateUser starts a session in which somebody acts in a user's name.
func (a userManagementAPI) ImpersonateUser(ctx context.Context, request gen.ImpersonateUserRequestObject) (gen.ImpersonateUserResponseObject, error) {
	wanted, err := fromAPIUserID(request.UserID)
	if err != nil {
		return nil, err
	}
	made, err := a.provisioning.Impersonate(ctx, wanted, provisioning.Impersonation{
		Actor: request.Body.Actor, Reason: request.Body.Reason, ClientID: given(request.Body.ClientID),
		Lifetime: time.Duration(given(request.Body.DurationSeconds)) * time.Second,
		NotAfter: requestOf(ctx).key.ExpiresAt,
	})
	if err != nil {
		return nil, err
	}
	return gen.ImpersonateUser201JSONResponse{
		Session: toAPISession(made.Session, made.ClientID, false), SessionToken: made.Token.Reveal(),
	}, nil
}
