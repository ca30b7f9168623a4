package apikey

import (
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// localPrefix begins the credential of an operator's own process. It is not Prefix, so
// that a server does not even look it up.
const localPrefix = "local"

// NewLocal makes a Service for the process of an operator who has the database itself,
// with the one credential that it accepts. It is minted here and kept nowhere; keys of
// the database prove nothing to this Service, and no other Service knows the credential.
func NewLocal(deps Deps) (*Service, secret.Token, error) {
	s, err := New(deps)
	if err != nil {
		return nil, secret.Token{}, err
	}
	token := secret.NewToken(localPrefix)
	digest := token.Digest()
	s.local = &digest
	return s, token, nil
}

// authenticateLocal knows one text, which may do all.
func (s *Service) authenticateLocal(text string) (Key, error) {
	token, ok := secret.ParseToken(localPrefix, text)
	if !ok || !token.Digest().Equal(*s.local) {
		return Key{}, ErrInvalid
	}
	return Key{Name: localPrefix, Scopes: []Scope{All}}, nil
}

// Actor is whom the events of a key's requests name: the key, or the system where the
// operator asks in their own process.
func (s *Service) Actor(key Key) reqctx.Actor {
	if s.local != nil {
		return reqctx.Actor{Kind: reqctx.System}
	}
	return reqctx.Actor{Kind: reqctx.APIKey, ID: key.ID.String()}
}
