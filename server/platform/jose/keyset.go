package jose

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/lestrrat-go/jwx/v2/jwk"
)

const (
	maxKeySetBytes = 256 << 10
	maxKeys        = 100
	maxKeyIDBytes  = 256
)

// PublicKey verifies what one signing key signed.
type PublicKey struct {
	id       string
	algs     []Algorithm // the only ones that may be used with it
	raw      any
	document json.RawMessage
}

// ID is the kid, empty where a foreign key set gives none.
func (k PublicKey) ID() string { return k.id }

// Thumbprint names the key by its content, for confirmation claims and comparison.
// Spec: RFC 7638 §3.
func (k PublicKey) Thumbprint() (string, error) {
	key, err := toJWK(k.raw, "", "")
	if err != nil {
		return "", err
	}
	return thumbprint(key)
}

// MarshalJSON writes the key as a JWK without private members.
func (k PublicKey) MarshalJSON() ([]byte, error) {
	if k.document == nil {
		return nil, ErrKey
	}
	return k.document, nil
}

// KeySet is an immutable list of public keys, ours to publish or another's to trust.
type KeySet struct{ keys []PublicKey }

// NewKeySet collects keys for publishing; two keys of one id would make every
// token that names it ambiguous.
func NewKeySet(keys ...PublicKey) (KeySet, error) {
	seen := map[string]bool{}
	for _, key := range keys {
		if key.raw == nil || key.id == "" || seen[key.id] {
			return KeySet{}, fmt.Errorf("%w: empty or duplicate key id", ErrKeySet)
		}
		seen[key.id] = true
	}
	return KeySet{keys: slices.Clone(keys)}, nil
}

// ParseKeySet reads a foreign key set. Keys that cannot verify a signature here
// (encryption, symmetric, private, weak or unknown ones) are left out, as the
// standard asks; a set with none left is an error.
// Spec: RFC 7517 §5.
func ParseKeySet(data []byte) (KeySet, error) {
	documents, err := keysOf(data)
	if err != nil {
		return KeySet{}, err
	}
	var set KeySet
	for _, document := range documents {
		if key, err := parsePublicJWK(document); err == nil {
			set.keys = append(set.keys, key)
		}
	}
	if len(set.keys) == 0 {
		return KeySet{}, fmt.Errorf("%w: no usable key", ErrKeySet)
	}
	return set, nil
}

// keysOf takes a key set apart.
func keysOf(data []byte) ([]json.RawMessage, error) {
	if len(data) > maxKeySetBytes {
		return nil, fmt.Errorf("%w: over %d bytes", ErrKeySet, maxKeySetBytes)
	}
	members, err := readObject(data)
	if err != nil {
		return nil, fmt.Errorf("%w: not a JSON object", ErrKeySet)
	}
	var documents []json.RawMessage
	if err := json.Unmarshal(members["keys"], &documents); err != nil {
		return nil, fmt.Errorf("%w: no list of keys", ErrKeySet)
	}
	if len(documents) > maxKeys {
		return nil, fmt.Errorf("%w: over %d keys", ErrKeySet, maxKeys)
	}
	return documents, nil
}

// Len is the number of usable keys.
func (s KeySet) Len() int { return len(s.keys) }

// Get finds a key by its id, so that an unknown one can be a reason to fetch the
// set again.
func (s KeySet) Get(id string) (PublicKey, bool) {
	i := slices.IndexFunc(s.keys, func(k PublicKey) bool { return k.id == id })
	if i < 0 {
		return PublicKey{}, false
	}
	return s.keys[i], true
}

// Fits tells whether some key verifies the algorithm.
func (s KeySet) Fits(alg Algorithm) bool {
	return slices.ContainsFunc(s.keys, func(k PublicKey) bool { return slices.Contains(k.algs, alg) })
}

// Documents are the keys as JWKs without private members.
func (s KeySet) Documents() []json.RawMessage {
	out := make([]json.RawMessage, len(s.keys))
	for i, key := range s.keys {
		out[i] = key.document
	}
	return out
}

// MarshalJSON writes the set as it is published. Spec: RFC 7517 §5.
func (s KeySet) MarshalJSON() ([]byte, error) {
	keys := s.keys
	if keys == nil {
		keys = []PublicKey{}
	}
	return json.Marshal(map[string]any{"keys": keys})
}

// find gives the one key that may have signed a token with this header. A token
// without kid is taken only where there is nothing to choose from.
// Spec: RFC 7515 §4.1.4, RFC 7517 §4.5.
func (s KeySet) find(h header) (PublicKey, error) {
	if !h.hasKeyID && len(s.keys) > 1 {
		return PublicKey{}, ErrUnknownKey
	}
	var found []PublicKey
	for _, key := range s.keys {
		if (!h.hasKeyID || key.id == h.keyID) && slices.Contains(key.algs, h.alg) {
			found = append(found, key)
		}
	}
	if len(found) != 1 {
		return PublicKey{}, ErrUnknownKey
	}
	return found[0], nil
}

func parsePublicJWK(document []byte) (PublicKey, error) {
	members, id, alg, err := publicMembers(document)
	if err != nil {
		return PublicKey{}, err
	}
	if err := checkUse(members, "sig", "verify"); err != nil {
		return PublicKey{}, err
	}
	raw, err := publicKeyOf(members)
	if err != nil {
		return PublicKey{}, err
	}
	algs, err := fitting(raw)
	if err != nil {
		return PublicKey{}, err
	}
	if alg != "" {
		if !slices.Contains(algs, Algorithm(alg)) {
			return PublicKey{}, ErrKey
		}
		algs = []Algorithm{Algorithm(alg)}
	}
	public, err := publicDocument(raw, id, Algorithm(alg))
	if err != nil {
		return PublicKey{}, err
	}
	return PublicKey{id: id, algs: algs, raw: raw, document: public}, nil
}

// publicMembers reads a key that is not private, its id and the algorithm that it is
// meant for.
func publicMembers(document []byte) (members map[string]json.RawMessage, id, alg string, err error) {
	members, err = readObject(document)
	if err != nil {
		return nil, "", "", ErrKey
	}
	if _, private := members["d"]; private {
		return nil, "", "", ErrKey
	}
	id, err = stringMember(members, "kid")
	if err != nil || len(id) > maxKeyIDBytes {
		return nil, "", "", ErrKey
	}
	if alg, err = stringMember(members, "alg"); err != nil {
		return nil, "", "", ErrKey
	}
	return members, id, alg, nil
}

// checkUse keeps a key for what its owner meant it for. One that does not say is for
// signatures; whoever has keys for both has to say it of each.
// Spec: RFC 7517 §4.2, §4.3; OpenID Connect Dynamic Client Registration 1.0 §2.
func checkUse(members map[string]json.RawMessage, wanted string, operations ...string) error {
	use, err := stringMember(members, "use")
	if err != nil || use != wanted && (use != "" || wanted != "sig") {
		return ErrKey
	}
	if listed, ok := members["key_ops"]; ok {
		var list []string
		if json.Unmarshal(listed, &list) != nil || !slices.ContainsFunc(list, func(one string) bool { return slices.Contains(operations, one) }) {
			return ErrKey
		}
	}
	return nil
}

// publicKeyOf gives the library only the members that make the key, so that
// certificates and addresses beside it are never looked at.
func publicKeyOf(members map[string]json.RawMessage) (any, error) {
	reduced := map[string]json.RawMessage{}
	for _, name := range []string{"kty", "crv", "x", "y", "n", "e"} {
		if value, ok := members[name]; ok {
			reduced[name] = value
		}
	}
	// An exponent is a few bytes: more is an attempt to make verifying expensive.
	if len(reduced["e"]) > 16 {
		return nil, ErrKey
	}
	document, err := json.Marshal(reduced)
	if err != nil {
		return nil, ErrKey
	}
	key, err := jwk.ParseKey(document)
	if err != nil {
		return nil, ErrKey
	}
	var raw any
	if err := key.Raw(&raw); err != nil {
		return nil, ErrKey
	}
	return raw, nil
}
