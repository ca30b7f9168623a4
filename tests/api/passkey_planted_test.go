package api_test

import (
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/user"
	"github.com/lintel-id/lintel/storage"
)

// plantPasskey gives somebody a passkey with something in every column, which no authenticator
// has.
func (s *scenario) plantPasskey(p *person) {
	s.t.Helper()
	ctx, passkeys := reqctx.WithTenant(s.t.Context(), s.tenant()), storage.NewPasskeys(s.DB)
	var owner user.ID
	require.NoError(s.t, owner.UnmarshalText([]byte(p.ID)))
	handle, err := passkeys.KeepHandle(ctx, owner, "shop.example", []byte("handle-of-"+p.ID))
	require.NoError(s.t, err)
	used := s.Clock.Now().Add(time.Minute)
	made := passkey.Passkey{
		UserID: owner, RelyingParty: "shop.example", Handle: handle, CredentialID: []byte("credential-of-" + p.ID), PublicKey: []byte("public-key-of-" + p.ID),
		AAGUID: uuid.New(), Attested: true, Format: "packed-" + newWord(), Name: "Key " + newWord(), Transports: []string{"internal", "hybrid"},
		Attachment: "platform", Discoverable: true, Eligible: true, BackedUp: true, Verified: true, SignCount: 4321, CreatedAt: s.Clock.Now(), LastUsedAt: &used,
	}
	freshID(&made.ID, s.Clock.Now())
	require.NoError(s.t, passkeys.InsertPasskey(ctx, made))
}

func freshID[K id.Kind](target *id.Of[K], now time.Time) { *target = id.New[K](now) }
