package api

import (
	"context"

	"github.com/lintel-id/lintel/gen"
)

// DeleteMe deletes the signed-in user's account, or schedules it.
func (a userAPI) DeleteMe(ctx context.Context, _ gen.DeleteMeRequestObject) (gen.DeleteMeResponseObject, error) {
	r := requestOf(ctx)
	deletion, err := a.erasure.Delete(ctx, r.session.Session.UserID, r.session.Session.ID)
	if err != nil {
		return nil, err
	}
	r.signedOut()
	return gen.DeleteMe200JSONResponse{Status: string(deletion.Status), DeleteAt: deletion.DeleteAt}, nil
}
