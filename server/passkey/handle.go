package passkey

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"

	"github.com/lintel-id/lintel/server/platform/seal"
	"github.com/lintel-id/lintel/server/user"
)

// A handle is nothing but chance, and a mark by which the tenant knows its own: whoever shows
// it is told nothing of whose it is, and a passkey of another tenant is not told to go.
// Spec: WebAuthn L3 §14.6.1.
const (
	handleBytes   = 32
	handleRandom  = 24
	handlePurpose = "passkey.handle"
	decoyPurpose  = "passkey.decoy"

	decoyMarkPurpose = "passkey.decoy.mark"
)

// Person is whom a passkey is made for, as the authenticator keeps it.
type Person struct {
	Handle      []byte
	Name        string
	DisplayName string
}

// NewHandle makes the handle of a user who has none, from the seed of the run that makes them
// one: asked again, it is the same.
func (s *Service) NewHandle(ctx context.Context, seed []byte, run string) ([]byte, error) {
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, seed)
	mac.Write([]byte("handle|" + run))
	return marked(box, mac.Sum(nil)[:handleRandom]), nil
}

// HandleFor is the one that a user has at a relying party, or would have.
func (s *Service) HandleFor(ctx context.Context, owner user.ID, relyingParty string, seed []byte, run string) ([]byte, error) {
	handles, err := s.deps.Store.HandlesOf(ctx, owner)
	if err != nil {
		return nil, err
	}
	for _, one := range handles {
		if one.RelyingParty == relyingParty {
			return one.Handle, nil
		}
	}
	return s.NewHandle(ctx, seed, run)
}

func marked(box *seal.Box, random []byte) []byte {
	mark := box.MAC(handlePurpose, random)
	return append(append([]byte{}, random...), mark[:handleBytes-handleRandom]...)
}

// ours tells whether a handle is one that this tenant has made.
func (s *Service) ours(ctx context.Context, handle []byte) (bool, error) {
	if len(handle) != handleBytes {
		return false, nil
	}
	box, err := s.deps.Tenants.Box(ctx)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(handle, marked(box, handle[:handleRandom])) == 1, nil
}
