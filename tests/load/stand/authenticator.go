package stand

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"slices"
)

// What an authenticator says. Spec: WebAuthn L3 §6.1.
const (
	userPresent  = 1 << 0
	userVerified = 1 << 2
	eligible     = 1 << 3
	backedUp     = 1 << 4
	holdsKey     = 1 << 6

	credentialBytes = 32
)

// authenticator has one key, which is kept in step across devices as most are, and so counts
// nothing. It is made by hand, for whatever it took would be missing to who is measured.
type authenticator struct {
	key    *ecdsa.PrivateKey
	id     []byte
	handle string // of its user, as it came
}

func newAuthenticator(handle string) (*authenticator, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	made := &authenticator{key: key, id: make([]byte, credentialBytes), handle: handle}
	_, _ = rand.Read(made.id) // never fails
	return made, nil
}

// credential is the answer of a platform to either question.
type credential struct {
	ID       string            `json:"id"`
	RawID    string            `json:"rawId"`
	Type     string            `json:"type"`
	Response map[string]string `json:"response"`
	Results  struct{}          `json:"clientExtensionResults"`
}

func (a *authenticator) answer(response map[string]string) credential {
	name := encoded(a.id)
	return credential{ID: name, RawID: name, Type: "public-key", Response: response, Results: struct{}{}}
}

func encoded(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

// clientData is what a browser says of a ceremony. Spec: WebAuthn L3 §5.8.1.
func clientData(kind, challenge string) []byte {
	said, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": keyedOrigin, "crossOrigin": false})
	if err != nil {
		panic(err) // a map of strings
	}
	return said
}

// authenticatorData says that somebody was there and who they are. The count stays 0.
func authenticatorData(more byte) []byte {
	party := sha256.Sum256([]byte(relyingParty))
	return append(party[:], userPresent|userVerified|eligible|backedUp|more, 0, 0, 0, 0)
}

// makes answers the question for a new passkey, and says nothing of its make.
// Spec: WebAuthn L3 §6.5.
func (a *authenticator) makes(challenge string) (credential, error) {
	point, err := a.key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		return credential{}, err
	}
	data := append(authenticatorData(holdsKey), make([]byte, 16)...)
	data = append(binary.BigEndian.AppendUint16(data, credentialBytes), a.id...)
	const half = 32
	data = append(data, 0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, half) // EC2, ES256, P-256
	data = append(append(data, point[1:1+half]...), 0x22, 0x58, half)
	data = append(data, point[1+half:]...)

	object := append([]byte("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58"), byte(len(data)))
	return a.answer(map[string]string{
		"clientDataJSON": encoded(clientData("webauthn.create", challenge)), "attestationObject": encoded(append(object, data...)),
	}), nil
}

// proves answers the question for a passkey. Spec: WebAuthn L3 §6.3.3.
func (a *authenticator) proves(challenge string) (credential, error) {
	said, data := clientData("webauthn.get", challenge), authenticatorData(0)
	sum := sha256.Sum256(said)
	signed := sha256.Sum256(append(slices.Clip(data), sum[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, signed[:])
	if err != nil {
		return credential{}, err
	}
	return a.answer(map[string]string{
		"clientDataJSON": encoded(said), "authenticatorData": encoded(data), "signature": encoded(signature), "userHandle": a.handle,
	}), nil
}
