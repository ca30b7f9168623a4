package application

import (
	"encoding/json"
	"slices"

	"github.com/lintel-id/lintel/server/platform/jose"
)

// clientKeys are the public keys of an application by what they are for.
type clientKeys struct {
	signing    jose.KeySet
	encryption jose.EncryptionKeySet
	elsewhere  bool // at an address, or not judged here
}

func (o OAuth) keys() clientKeys {
	if o.JWKSURI != "" || o.JWKS != nil && !isPublicKeySet(o.JWKS) {
		return clientKeys{elsewhere: true}
	}
	return readKeys(o.JWKS)
}

// readKeys leaves out whatever is of no use.
func readKeys(document json.RawMessage) (keys clientKeys) {
	if set, err := jose.ParseKeySet(document); err == nil {
		keys.signing = set
	}
	if set, err := jose.ParseEncryptionKeySet(document); err == nil {
		keys.encryption = set
	}
	return keys
}

func (k clientKeys) sign() bool { return k.elsewhere || k.signing.Len() > 0 }

func (k clientKeys) signWith(alg jose.Algorithm) bool { return k.elsewhere || k.signing.Fits(alg) }

func (k clientKeys) decrypt(alg jose.KeyAlgorithm) bool { return k.elsewhere || k.encryption.Fits(alg) }

func (k clientKeys) len() int { return k.signing.Len() + k.encryption.Len() }

// isPublicKeySet takes a set in which every key can verify a signature or be encrypted
// to and none is private or symmetric, so that nothing has to be left out of it.
func isPublicKeySet(document json.RawMessage) bool {
	var listed struct {
		Keys []map[string]json.RawMessage `json:"keys"`
	}
	if json.Unmarshal(document, &listed) != nil || len(listed.Keys) == 0 || len(listed.Keys) != readKeys(document).len() {
		return false
	}
	seen := map[string]bool{}
	for _, key := range listed.Keys {
		for _, private := range []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"} {
			if _, there := key[private]; there {
				return false
			}
		}
		id := string(key["kid"])
		if len(listed.Keys) > 1 && (id == "" || seen[id]) {
			return false
		}
		seen[id] = true
	}
	return true
}

// publicKeys is the set as it is kept: the members that make the keys, and nothing else
// that somebody has put beside them.
func publicKeys(document json.RawMessage) json.RawMessage {
	keys := readKeys(document)
	if keys.len() == 0 {
		return nil // there are none, or they have been judged before
	}
	text, err := json.Marshal(map[string]any{"keys": slices.Concat(keys.signing.Documents(), keys.encryption.Documents())})
	if err != nil {
		return nil
	}
	return text
}
