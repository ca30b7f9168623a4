package jose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
	"github.com/lestrrat-go/jwx/v2/jws"

	"github.com/lintel-id/lintel/server/platform/secret"
)

// SigningKey is a private key bound to one algorithm. It never prints itself.
type SigningKey struct {
	alg     Algorithm
	private crypto.Signer
	public  PublicKey
}

// GenerateKey makes a key for the algorithm; ES256 is the one to take unless a
// client asks for another.
func GenerateKey(alg Algorithm) (*SigningKey, error) {
	var private crypto.Signer
	var err error
	switch alg {
	case ES256:
		private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case EdDSA:
		_, private, err = ed25519.GenerateKey(rand.Reader)
	case RS256, PS256:
		private, err = rsa.GenerateKey(rand.Reader, minRSABits)
	default:
		return nil, fmt.Errorf("%w: no keys are made for it", ErrAlgorithm)
	}
	if err != nil {
		return nil, fmt.Errorf("jose: generate: %w", err)
	}
	return newSigningKey(alg, private)
}

// ParsePrivateJWK reads what MarshalPrivateJWK wrote.
func ParsePrivateJWK(data []byte) (*SigningKey, error) {
	members, err := readObject(data)
	if err != nil {
		return nil, ErrKey // the cause could quote the key
	}
	alg, err := stringMember(members, "alg")
	if err != nil {
		return nil, ErrKey
	}
	parsed, err := jwk.ParseKey(data)
	if err != nil {
		return nil, ErrKey
	}
	var raw any
	if err := parsed.Raw(&raw); err != nil {
		return nil, ErrKey
	}
	private, ok := raw.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("%w: not a private signing key", ErrKey)
	}
	return newSigningKey(Algorithm(alg), private)
}

// MarshalPrivateJWK writes the key with its private part, to be sealed and stored.
// Spec: RFC 7517 §4, RFC 7518 §6.
func (k *SigningKey) MarshalPrivateJWK() ([]byte, error) {
	key, err := toJWK(k.private, k.public.id, k.alg)
	if err != nil {
		return nil, err
	}
	return json.Marshal(key)
}

// ID is the key's thumbprint, which tokens carry as kid.
func (k *SigningKey) ID() string { return k.public.id }

// Algorithm is the only one the key signs with.
func (k *SigningKey) Algorithm() Algorithm { return k.alg }

// Public is the half that may be published.
func (k *SigningKey) Public() PublicKey { return k.public }

// Sign makes a compact token of the claims, which must encode to a JSON object.
// The type is required, so that no two kinds of token can be taken for each other.
// Spec: RFC 7515 §5.1, RFC 8725 §3.11.
func (k *SigningKey) Sign(typ string, claims any) (string, error) {
	if typ == "" {
		return "", ErrType
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("jose: claims: %w", err)
	}
	if _, err := readObject(payload); err != nil {
		return "", fmt.Errorf("jose: claims: %w", err)
	}
	header, err := json.Marshal(struct {
		Algorithm Algorithm `json:"alg"`
		KeyID     string    `json:"kid"`
		Type      string    `json:"typ"`
	}{k.alg, k.public.id, typ})
	if err != nil {
		return "", fmt.Errorf("jose: header: %w", err)
	}
	input := base64.RawURLEncoding.AppendEncode(nil, header)
	input = append(input, '.')
	input = base64.RawURLEncoding.AppendEncode(input, payload)
	signature, err := k.sign(input)
	if err != nil {
		return "", err
	}
	token := append(slices.Clip(input), '.')
	token = base64.RawURLEncoding.AppendEncode(token, signature)
	if len(token) > maxTokenBytes {
		return "", ErrTooLarge
	}
	return string(token), nil
}

// String hides the private part.
func (*SigningKey) String() string { return secret.Redacted }

// GoString hides the private part, for %#v.
func (*SigningKey) GoString() string { return secret.Redacted }

// LogValue shows which key it is and nothing more.
func (k *SigningKey) LogValue() slog.Value { return slog.StringValue(k.public.id) }

// MarshalText hides the private part in JSON; MarshalPrivateJWK is the deliberate way.
func (*SigningKey) MarshalText() ([]byte, error) { return []byte(secret.Redacted), nil }

func (k *SigningKey) sign(input []byte) ([]byte, error) {
	signer, err := jws.NewSigner(jwa.SignatureAlgorithm(k.alg))
	if err != nil {
		return nil, ErrAlgorithm
	}
	signature, err := signer.Sign(input, k.private)
	if err != nil {
		return nil, fmt.Errorf("jose: sign: %w", err)
	}
	return signature, nil
}

// newSigningKey derives the public half and proves that both halves belong together.
func newSigningKey(alg Algorithm, private crypto.Signer) (*SigningKey, error) {
	raw := private.Public()
	algs, err := fitting(raw)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(algs, alg) {
		return nil, fmt.Errorf("%w: algorithm does not fit", ErrKey)
	}
	parsed, err := toJWK(raw, "", alg)
	if err != nil {
		return nil, err
	}
	id, err := thumbprint(parsed)
	if err != nil {
		return nil, err
	}
	document, err := publicDocument(raw, id, alg)
	if err != nil {
		return nil, err
	}
	key := &SigningKey{
		alg: alg, private: private,
		public: PublicKey{id: id, algs: []Algorithm{alg}, raw: raw, document: document},
	}
	probe := []byte("lintel")
	signature, err := key.sign(probe)
	if err != nil {
		return nil, ErrKey
	}
	if err := verifySignature(alg, raw, probe, signature); err != nil {
		return nil, fmt.Errorf("%w: its halves do not match", ErrKey)
	}
	return key, nil
}

func publicDocument(raw any, id string, alg Algorithm) ([]byte, error) {
	key, err := toJWK(raw, id, alg)
	if err != nil {
		return nil, err
	}
	return json.Marshal(key)
}

func toJWK(raw any, id string, alg Algorithm) (jwk.Key, error) {
	key, err := jwk.FromRaw(raw)
	if err != nil {
		return nil, ErrKey
	}
	members := map[string]string{jwk.KeyUsageKey: "sig"}
	if alg != "" {
		members[jwk.AlgorithmKey] = string(alg)
	}
	if id != "" {
		members[jwk.KeyIDKey] = id
	}
	for name, value := range members {
		if err := key.Set(name, value); err != nil {
			return nil, ErrKey
		}
	}
	return key, nil
}

// thumbprint names a key by its own content. Spec: RFC 7638 §3.
func thumbprint(key jwk.Key) (string, error) {
	sum, err := key.Thumbprint(crypto.SHA256)
	if err != nil {
		return "", ErrKey
	}
	return base64.RawURLEncoding.EncodeToString(sum), nil
}
