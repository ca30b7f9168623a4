package api

import (
	"context"

	"github.com/lintel-id/lintel/gen"
)

// DeleteUser deletes the signed-in user's account, or schedules it.
func (a userAPI) DeleteUser(ctx context.Context, _ gen.DeleteUserRequestObject) (gen.DeleteUserResponseObject, error) {
	r := requestOf(ctx)
	deletion, err := a.erasure.Delete(ctx, r.session.Session.UserID, r.session.Session.ID)
	if err != nil {
		return nil, err
	}
	r.signedOut()
	return gen.DeleteUser200JSONResponse{Status: string(deletion.Status), DeleteAt: deletion.DeleteAt}, nil
}
