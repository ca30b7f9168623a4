package api

import (
	"context"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// passwordAPI is the password's part of the contract.
type passwordAPI struct{ passwords *password.Changer }

// SetPassword changes the signed-in user's password.
func (a passwordAPI) SetPassword(ctx context.Context, request gen.SetPasswordRequestObject) (gen.SetPasswordResponseObject, error) {
	current := requestOf(ctx).session.Session
	if err := a.passwords.Change(ctx, current.UserID, current.ID, secret.NewText(request.Body.Password)); err != nil {
		return nil, err
	}
	return gen.SetPassword204Response{}, nil
}

func toAPIPasswordPolicy(policy password.Config) gen.PasswordPolicy {
	return gen.PasswordPolicy{
		MinLength: int32(policy.MinLength), MaxLength: int32(policy.MaxLength), MinStrength: int32(policy.MinScore),
	}
}
