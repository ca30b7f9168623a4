package apikey

import (
	"encoding/hex"
	"errors"

	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
)

const (
	// OperatorPrefix begins an operator key, which stands above the tenants. It is another
	// than Prefix, so that neither is even looked at in the place of the other.
	OperatorPrefix = "lo"

	// MaxOperators lets two keys overlap for each of a few people.
	MaxOperators = 20
)

// Operator is who runs the server, as one of its operator keys.
type Operator struct {
	// ID is the beginning of the key's digest, which tells keys apart and opens nothing.
	ID    string
	Actor reqctx.Actor
}

// Operators are the operator keys of a server. They are configured, never kept in the
// database: whoever can write there cannot make one.
type Operators struct {
	digests []secret.Digest
	local   bool
}

// NewOperators knows the given keys; without one nobody is an operator.
func NewOperators(keys []secret.Token) (*Operators, error) {
	if len(keys) > MaxOperators {
		return nil, errors.New("apikey: there are at most 20 operator keys")
	}
	known := &Operators{digests: make([]secret.Digest, len(keys)), local: false}
	for i, key := range keys {
		known.digests[i] = key.Digest()
	}
	return known, nil
}

// NewLocalOperators knows the credential that NewLocal has made, and no key.
func NewLocalOperators(credential secret.Token) *Operators {
	return &Operators{digests: []secret.Digest{credential.Digest()}, local: true}
}

// Authenticate finds the operator whom a text proves; ErrOperatorInvalid.
func (o *Operators) Authenticate(text string) (Operator, error) {
	prefix := OperatorPrefix
	if o.local {
		prefix = localPrefix
	}
	token, ok := secret.ParseToken(prefix, text)
	if !ok {
		return Operator{}, ErrOperatorInvalid
	}
	digest := token.Digest()
	// All are compared, each in constant time.
	found := false
	for _, known := range o.digests {
		found = digest.Equal(known) || found
	}
	if !found {
		return Operator{}, ErrOperatorInvalid
	}
	if o.local {
		return Operator{ID: localPrefix, Actor: reqctx.Actor{Kind: reqctx.System}}, nil
	}
	id := hex.EncodeToString(digest[:8])
	return Operator{ID: id, Actor: reqctx.Actor{Kind: reqctx.Operator, ID: id}}, nil
}
