package api

import (
	"bytes"
	"context"

	"github.com/lintel-id/lintel/gen"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/user"
)

// passkeyAPI is the passkey's part of the contract.
type passkeyAPI struct {
	passkeys *passkey.Service
	users    *user.Service
}

// ListMyPasskeys lists the signed-in user's passkeys, and what to tell the platform of them.
func (a passkeyAPI) ListMyPasskeys(ctx context.Context, request gen.ListMyPasskeysRequestObject) (gen.ListMyPasskeysResponseObject, error) {
	owner := requestOf(ctx).session.Session.UserID
	page, err := a.page(ctx, owner, request.Params.Cursor, request.Params.Limit)
	if err != nil {
		return nil, err
	}
	signals, err := a.passkeys.Signals(ctx, owner)
	if err != nil {
		return nil, err
	}
	return gen.ListMyPasskeys200JSONResponse{Items: page.Items, NextCursor: page.NextCursor, Signals: toAPIPasskeySignals(signals)}, nil
}

// RenameMyPasskey names one of the signed-in user's passkeys.
func (a passkeyAPI) RenameMyPasskey(ctx context.Context, request gen.RenameMyPasskeyRequestObject) (gen.RenameMyPasskeyResponseObject, error) {
	signedIn := requestOf(ctx).session
	if err := signedIn.RequirePerson(); err != nil {
		return nil, err
	}
	wanted, err := fromAPIPasskeyID(request.PasskeyID)
	if err != nil {
		return nil, err
	}
	renamed, err := a.passkeys.Rename(ctx, signedIn.Session.UserID, wanted, request.Body.Name)
	if err != nil {
		return nil, err
	}
	return gen.RenameMyPasskey200JSONResponse(a.toAPIPasskey(renamed)), nil
}

// RemoveMyPasskey removes one of the signed-in user's passkeys.
func (a passkeyAPI) RemoveMyPasskey(ctx context.Context, request gen.RemoveMyPasskeyRequestObject) (gen.RemoveMyPasskeyResponseObject, error) {
	wanted, err := fromAPIPasskeyID(request.PasskeyID)
	if err != nil {
		return nil, err
	}
	current := requestOf(ctx).session.Session
	signals, err := a.passkeys.Remove(ctx, current.UserID, wanted, passkey.Removal{
		Reason: passkey.ByUser, LastWayIn: given(request.Params.LastWayIn), Application: current.ApplicationID.String(),
	})
	if err != nil {
		return nil, err
	}
	return gen.RemoveMyPasskey200JSONResponse(toAPIPasskeySignals(signals)), nil
}

// ListUserPasskeys lists a user's passkeys.
func (a passkeyAPI) ListUserPasskeys(ctx context.Context, request gen.ListUserPasskeysRequestObject) (gen.ListUserPasskeysResponseObject, error) {
	owner, err := a.existing(ctx, request.UserID)
	if err != nil {
		return nil, err
	}
	page, err := a.page(ctx, owner, request.Params.Cursor, request.Params.Limit)
	if err != nil {
		return nil, err
	}
	return gen.ListUserPasskeys200JSONResponse(page), nil
}

// RemoveUserPasskey removes one of a user's passkeys, be it their last way in or not.
func (a passkeyAPI) RemoveUserPasskey(ctx context.Context, request gen.RemoveUserPasskeyRequestObject) (gen.RemoveUserPasskeyResponseObject, error) {
	owner, err := a.existing(ctx, request.UserID)
	if err != nil {
		return nil, err
	}
	wanted, err := fromAPIPasskeyID(request.PasskeyID)
	if err != nil {
		return nil, err
	}
	if _, err := a.passkeys.Remove(ctx, owner, wanted, passkey.Removal{Reason: passkey.ByOperator, LastWayIn: true, Application: ""}); err != nil {
		return nil, err
	}
	return gen.RemoveUserPasskey204Response{}, nil
}

// existing is the user that an id names.
func (a passkeyAPI) existing(ctx context.Context, text string) (user.ID, error) {
	wanted, err := fromAPIUserID(text)
	if err != nil {
		return wanted, err
	}
	_, err = a.users.ByID(ctx, wanted)
	return wanted, err
}

// page is a part of a user's passkeys, which are few and listed whole.
func (a passkeyAPI) page(ctx context.Context, owner user.ID, cursor *string, most *int32) (gen.PasskeyPage, error) {
	var after passkey.ID
	limit, err := fromAPIPage(&after, cursor, most)
	if err != nil {
		return gen.PasskeyPage{}, err
	}
	all, err := a.passkeys.List(ctx, owner)
	if err != nil {
		return gen.PasskeyPage{}, err
	}
	page, next := gen.PasskeyPage{Items: []gen.Passkey{}}, passkey.ID{}
	for i := range all {
		if !comesAfter(all[i].ID, after) {
			continue
		}
		if len(page.Items) == limit {
			next = all[i-1].ID
			break
		}
		page.Items = append(page.Items, a.toAPIPasskey(all[i]))
	}
	page.NextCursor = toAPICursor(next)
	return page, nil
}

// comesAfter compares by age, which ids hold.
func comesAfter(one, other passkey.ID) bool {
	a, b := one.Bytes(), other.Bytes()
	return bytes.Compare(a[:], b[:]) > 0
}

func fromAPIPasskeyID(text string) (passkey.ID, error) {
	var wanted passkey.ID
	if wanted.UnmarshalText([]byte(text)) != nil {
		return wanted, passkey.ErrUnknown
	}
	return wanted, nil
}

func (a passkeyAPI) toAPIPasskey(held passkey.Passkey) gen.Passkey {
	return gen.Passkey{
		ID: held.ID.String(), Name: held.Name, Aaguid: held.AAGUID.String(), Authenticator: toAPIOptional(a.passkeys.Describe(held.AAGUID)),
		Attested: held.Attested, RpID: held.RelyingParty, Transports: texts(held.Transports), BackupEligible: held.Eligible, BackedUp: held.BackedUp,
		UserVerified: held.Verified, CreatedAt: held.CreatedAt, LastUsedAt: toAPITime(held.LastUsedAt),
	}
}
