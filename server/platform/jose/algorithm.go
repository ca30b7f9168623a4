package jose

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"fmt"
	"math"
	"slices"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"
)

// Algorithm names how a token is signed. Only asymmetric ones exist here: no
// shared secret can be confused with a public key, and "none" has no name.
// Spec: RFC 7518 §3.1.
type Algorithm string

// The algorithms that can be verified; GenerateKey makes ES256, EdDSA, RS256 and PS256.
const (
	ES256 Algorithm = "ES256"
	ES384 Algorithm = "ES384"
	ES512 Algorithm = "ES512"
	EdDSA Algorithm = "EdDSA"
	RS256 Algorithm = "RS256"
	RS384 Algorithm = "RS384"
	RS512 Algorithm = "RS512"
	PS256 Algorithm = "PS256"
	PS384 Algorithm = "PS384"
	PS512 Algorithm = "PS512"
)

const (
	minRSABits = 2048
	maxRSABits = 8192
)

// Known tells whether the algorithm is one of those above.
func (a Algorithm) Known() bool {
	return slices.Contains([]Algorithm{ES256, ES384, ES512, EdDSA, RS256, RS384, RS512, PS256, PS384, PS512}, a)
}

// fitting lists the algorithms a public key can be used with; it is what binds
// an algorithm to the key and not to what a token says about itself. It also
// refuses weak and oversized keys.
// Spec: RFC 7518 §3.3, §3.4; RFC 8037 §3.1; RFC 8725 §3.1.
func fitting(public any) ([]Algorithm, error) {
	switch key := public.(type) {
	case *ecdsa.PublicKey:
		if _, err := key.ECDH(); err != nil { // the point must lie on the curve
			return nil, fmt.Errorf("%w: not a point of its curve", ErrKey)
		}
		switch key.Curve.Params().Name {
		case "P-256":
			return []Algorithm{ES256}, nil
		case "P-384":
			return []Algorithm{ES384}, nil
		case "P-521":
			return []Algorithm{ES512}, nil
		}
	case ed25519.PublicKey:
		if len(key) == ed25519.PublicKeySize {
			return []Algorithm{EdDSA}, nil
		}
	case *rsa.PublicKey:
		if err := checkRSA(key); err != nil {
			return nil, err
		}
		return []Algorithm{RS256, RS384, RS512, PS256, PS384, PS512}, nil
	}
	return nil, fmt.Errorf("%w: type or curve", ErrKey)
}

// checkRSA refuses keys that are too weak, or made so that using them is expensive.
func checkRSA(key *rsa.PublicKey) error {
	bits := key.N.BitLen()
	if bits < minRSABits || bits > maxRSABits {
		return fmt.Errorf("%w: RSA modulus must have %d to %d bits", ErrKey, minRSABits, maxRSABits)
	}
	if key.E < 3 || key.E%2 == 0 || key.E > math.MaxInt32 {
		return fmt.Errorf("%w: RSA exponent", ErrKey)
	}
	return nil
}

func verifySignature(alg Algorithm, public any, input, signature []byte) error {
	verifier, err := jws.NewVerifier(jwa.SignatureAlgorithm(alg))
	if err != nil {
		return ErrAlgorithm
	}
	if err := verifier.Verify(input, signature, public); err != nil {
		return ErrSignature
	}
	return nil
}
