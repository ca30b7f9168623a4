package passkey

import (
	"bytes"
	"context"
	"crypto/hmac"
	"encoding/binary"
	"slices"

	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/user"
)

// Named are the passkeys to ask of whoever names somebody. Strangers may ask, so that there
// are always as many as most people will ever have, made up where they have fewer, and in an
// order that tells nothing; owner is zero where there is nobody of that name.
// Spec: WebAuthn L3 §14.6.2.
func (s *Service) Named(ctx context.Context, relyingParty, lookup string, owner user.ID) ([]Descriptor, error) {
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return nil, err
	}
	held, err := s.Of(ctx, owner, relyingParty) // of the zero user there are none, at the same price
	if err != nil {
		return nil, err
	}
	shown := few
	if len(held) > few {
		shown = maxPasskeys
	}
	named := make([]Descriptor, 0, shown)
	for _, one := range held {
		named = append(named, Descriptor{ID: one.CredentialID, Transports: nil})
	}
	for i := len(named); i < shown; i++ {
		named = append(named, Descriptor{ID: decoy(box, relyingParty, lookup, i), Transports: nil})
	}
	slices.SortFunc(named, func(a, b Descriptor) int {
		left, right := box.MAC(decoyPurpose, a.ID), box.MAC(decoyPurpose, b.ID)
		return bytes.Compare(left[:], right[:])
	})
	return named, nil
}

// few is how many are shown of whoever has no more.
const few = 8

// decoyMark is how much of a decoy is its mark.
const decoyMark = 8

// decoy is a credential id that nobody has, the same each time, as long as those that
// authenticators make. It has a mark by which it is known again.
func decoy(box *seal.Box, relyingParty, lookup string, i int) []byte {
	at := binary.BigEndian.AppendUint32(nil, uint32(i))
	first := box.MAC(decoyPurpose, []byte(relyingParty), []byte(lookup), at)
	second := box.MAC(decoyPurpose, first[:])
	lengths := []int{16, 16, 20, 20, 32, 32, 48, 64}
	made := slices.Concat(first[:], second[:])[:lengths[int(second[31])%len(lengths)]-decoyMark]
	mark := box.MAC(decoyMarkPurpose, made)
	return append(made, mark[:decoyMark]...)
}

// isDecoy tells whether a credential id was made up here.
func isDecoy(box *seal.Box, credentialID []byte) bool {
	at := len(credentialID) - decoyMark
	if at <= 0 {
		return false
	}
	mark := box.MAC(decoyMarkPurpose, credentialID[:at])
	return hmac.Equal(credentialID[at:], mark[:decoyMark])
}
