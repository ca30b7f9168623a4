package jose

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/lestrrat-go/jwx/v2/jwk"
	"github.com/lestrrat-go/jwx/v2/x25519"
)

// KeyAlgorithm names how the key of an encrypted token reaches whoever may read it. Only
// ways that need a public key exist here; RSA1_5, which can be made an oracle, and those
// with a secret or a password have no name. Spec: RFC 7518 §4.1, RFC 8725 §3.2.
type KeyAlgorithm string

// The algorithms that a key can be agreed on or wrapped with.
const (
	RSAOAEP256   KeyAlgorithm = "RSA-OAEP-256"
	ECDHES       KeyAlgorithm = "ECDH-ES"
	ECDHESA128KW KeyAlgorithm = "ECDH-ES+A128KW"
	ECDHESA256KW KeyAlgorithm = "ECDH-ES+A256KW"
)

// Known tells whether the algorithm is one of those above.
func (a KeyAlgorithm) Known() bool {
	return slices.Contains([]KeyAlgorithm{RSAOAEP256, ECDHES, ECDHESA128KW, ECDHESA256KW}, a)
}

// ContentAlgorithm names what a token is encrypted with. Spec: RFC 7518 §5.1.
type ContentAlgorithm string

// The algorithms that content can be encrypted with; all of them authenticate it.
const (
	A128GCM      ContentAlgorithm = "A128GCM"
	A256GCM      ContentAlgorithm = "A256GCM"
	A128CBCHS256 ContentAlgorithm = "A128CBC-HS256"
	A256CBCHS512 ContentAlgorithm = "A256CBC-HS512"
)

// Known tells whether the algorithm is one of those above.
func (a ContentAlgorithm) Known() bool {
	return slices.Contains([]ContentAlgorithm{A128GCM, A256GCM, A128CBCHS256, A256CBCHS512}, a)
}

// EncryptionKeySet is an immutable list of another's public keys, for what only they
// may read.
type EncryptionKeySet struct{ keys []encryptionKey }

type encryptionKey struct {
	algs     []KeyAlgorithm
	document json.RawMessage
}

// ParseEncryptionKeySet reads the keys of a foreign set that say that they are for
// encryption, and leaves out all others; a set with none left is an error.
// Spec: RFC 7517 §4.2, §5.
func ParseEncryptionKeySet(data []byte) (EncryptionKeySet, error) {
	documents, err := keysOf(data)
	if err != nil {
		return EncryptionKeySet{}, err
	}
	var set EncryptionKeySet
	for _, document := range documents {
		if key, err := parseEncryptionKey(document); err == nil {
			set.keys = append(set.keys, key)
		}
	}
	if len(set.keys) == 0 {
		return EncryptionKeySet{}, fmt.Errorf("%w: no usable key", ErrKeySet)
	}
	return set, nil
}

// Len is the number of usable keys.
func (s EncryptionKeySet) Len() int { return len(s.keys) }

// Fits tells whether some key can be used with the algorithm.
func (s EncryptionKeySet) Fits(alg KeyAlgorithm) bool {
	return slices.ContainsFunc(s.keys, func(k encryptionKey) bool { return slices.Contains(k.algs, alg) })
}

// Documents are the keys as JWKs without private members.
func (s EncryptionKeySet) Documents() []json.RawMessage {
	out := make([]json.RawMessage, len(s.keys))
	for i, key := range s.keys {
		out[i] = key.document
	}
	return out
}

func parseEncryptionKey(document []byte) (encryptionKey, error) {
	members, id, alg, err := publicMembers(document)
	if err != nil {
		return encryptionKey{}, err
	}
	if err := checkUse(members, "enc", "encrypt", "wrapKey", "deriveKey", "deriveBits"); err != nil {
		return encryptionKey{}, err
	}
	raw, err := publicKeyOf(members)
	if err != nil {
		return encryptionKey{}, err
	}
	algs, err := encrypting(raw)
	if err != nil {
		return encryptionKey{}, err
	}
	if alg != "" {
		if !slices.Contains(algs, KeyAlgorithm(alg)) {
			return encryptionKey{}, ErrKey
		}
		algs = []KeyAlgorithm{KeyAlgorithm(alg)}
	}
	key, err := toJWK(raw, id, Algorithm(alg))
	if err != nil || key.Set(jwk.KeyUsageKey, "enc") != nil {
		return encryptionKey{}, ErrKey
	}
	public, err := json.Marshal(key)
	return encryptionKey{algs: algs, document: public}, err
}

// encrypting lists the algorithms that a public key can be used with, and refuses weak
// and oversized keys. Spec: RFC 7518 §4.3, §4.6; RFC 8037 §3.2.
func encrypting(public any) ([]KeyAlgorithm, error) {
	agreement := []KeyAlgorithm{ECDHES, ECDHESA128KW, ECDHESA256KW}
	switch key := public.(type) {
	case *ecdsa.PublicKey:
		if _, err := key.ECDH(); err == nil { // the point lies on the curve
			return agreement, nil
		}
	case x25519.PublicKey:
		if _, err := ecdh.X25519().NewPublicKey(key); err == nil {
			return agreement, nil
		}
	case *rsa.PublicKey:
		return []KeyAlgorithm{RSAOAEP256}, checkRSA(key)
	}
	return nil, fmt.Errorf("%w: type or curve", ErrKey)
}
