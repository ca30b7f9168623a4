package api

import (
	"context"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/provisioning"
)

// passwordAPI is the password's part of the contract.
type passwordAPI struct {
	passwords    *password.Changer
	provisioning *provisioning.Service
}

// SetPassword changes the signed-in user's password.
func (a passwordAPI) SetPassword(ctx context.Context, request gen.SetPasswordRequestObject) (gen.SetPasswordResponseObject, error) {
	text := secret.NewText(request.Body.Password)
	if err := a.passwords.Change(ctx, requestOf(ctx).session.Session, text); err != nil {
		return nil, err
	}
	return gen.SetPassword204Response{}, nil
}

// SetUserPassword gives a user a password.
func (a passwordAPI) SetUserPassword(ctx context.Context, request gen.SetUserPasswordRequestObject) (gen.SetUserPasswordResponseObject, error) {
	wanted, err := fromAPIUserID(request.UserID)
	if err != nil {
		return nil, err
	}
	if err := a.provisioning.SetPassword(ctx, wanted, provisioning.GivenPassword{
		Text: secret.NewText(request.Body.Password), Temporary: given(request.Body.Temporary), KeepSessions: given(request.Body.KeepSessions),
	}); err != nil {
		return nil, err
	}
	return gen.SetUserPassword204Response{}, nil
}

// ExpireUserPassword has a user choose another password at the next login.
func (a passwordAPI) ExpireUserPassword(ctx context.Context, request gen.ExpireUserPasswordRequestObject) (gen.ExpireUserPasswordResponseObject, error) {
	wanted, err := fromAPIUserID(request.UserID)
	if err != nil {
		return nil, err
	}
	if err := a.provisioning.ExpirePassword(ctx, wanted, given(request.Body.EndSessions)); err != nil {
		return nil, err
	}
	return gen.ExpireUserPassword204Response{}, nil
}

func toAPIPasswordPolicy(policy password.Config) gen.PasswordPolicy {
	return gen.PasswordPolicy{
		MinLength: int32(policy.MinLength), MaxLength: int32(policy.MaxLength), MinStrength: int32(policy.MinScore),
	}
}
