package jose

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

const maxTokenBytes = 16 << 10

type header struct {
	alg      Algorithm
	keyID    string
	hasKeyID bool
	typ      string
}

// compact is a token taken apart and not yet trusted.
type compact struct {
	header    header
	input     []byte // what was signed
	payload   []byte
	signature []byte
}

// parseCompact takes apart header.payload.signature. Spec: RFC 7515 §5.2, §7.1.
func parseCompact(token string) (compact, error) {
	if len(token) > maxTokenBytes {
		return compact{}, ErrTooLarge
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return compact{}, ErrMalformed
	}
	var decoded [3][]byte
	for i, part := range parts {
		data, err := decodeSegment(part)
		if err != nil {
			return compact{}, err
		}
		decoded[i] = data
	}
	h, err := parseHeader(decoded[0])
	if err != nil {
		return compact{}, err
	}
	input := token[:len(parts[0])+1+len(parts[1])]
	return compact{header: h, input: []byte(input), payload: decoded[1], signature: decoded[2]}, nil
}

func parseHeader(data []byte) (header, error) {
	members, err := readObject(data)
	if err != nil {
		return header{}, err
	}
	// "If any of the listed extension Header Parameters are not understood and
	// supported by the recipient, then the JWS is invalid": none is understood.
	// A key that comes with the token proves nothing, and its address is an
	// invitation to call a stranger.
	// Spec: RFC 7515 §4.1.2, §4.1.3, §4.1.5, §4.1.6, §4.1.11; RFC 7797 §3; RFC 8725 §3.10.
	if err := refuseMembers(members, "crit", "b64", "jwk", "jku", "x5u", "x5c", "zip"); err != nil {
		return header{}, err
	}
	var h header
	alg, err := stringMember(members, "alg")
	if err != nil {
		return header{}, err
	}
	h.alg = Algorithm(alg)
	if h.typ, err = stringMember(members, "typ"); err != nil {
		return header{}, err
	}
	if h.keyID, err = stringMember(members, "kid"); err != nil {
		return header{}, err
	}
	if len(h.keyID) > maxKeyIDBytes {
		return header{}, ErrMalformed
	}
	_, h.hasKeyID = members["kid"]
	return h, nil
}

func refuseMembers(members map[string]json.RawMessage, names ...string) error {
	for _, name := range names {
		if _, present := members[name]; present {
			return ErrHeader
		}
	}
	return nil
}

// decodeSegment accepts the one canonical spelling: no padding, no line breaks
// (which the standard decoder would skip), no loose bits at the end.
// Spec: RFC 7515 §2.
func decodeSegment(part string) ([]byte, error) {
	if strings.ContainsAny(part, "\r\n") {
		return nil, ErrMalformed
	}
	data, err := base64.RawURLEncoding.Strict().DecodeString(part)
	if err != nil {
		return nil, ErrMalformed
	}
	return data, nil
}
