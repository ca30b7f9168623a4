package passkey_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"slices"
	"testing"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// The flags of authenticator data. Spec: WebAuthn L3 §6.1.
const (
	present    = 1 << 0
	verified   = 1 << 2
	eligible   = 1 << 3
	backedUp   = 1 << 4
	attested   = 1 << 6
	extensions = 1 << 7
)

// device is an authenticator with one passkey, which says whatever a test has it say.
type device struct {
	key    *ecdsa.PrivateKey
	cose   []byte
	id     []byte
	handle []byte
	aaguid uuid.UUID
	flags  byte
	count  uint32
}

func newDevice(t testing.TB) *device {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	point, err := key.PublicKey.Bytes()
	require.NoError(t, err)
	id := make([]byte, 32)
	_, _ = rand.Read(id)
	return &device{
		key: key, id: id, aaguid: uuid.UUID{0: 1}, flags: present | verified,
		cose: cose(t, map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]}),
	}
}

func cose(t testing.TB, key map[int]any) []byte {
	t.Helper()
	written, err := webauthncbor.Marshal(key)
	require.NoError(t, err)
	return written
}

func (d *device) sign(signed []byte) []byte {
	digest := sha256.Sum256(signed)
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, digest[:])
	must(err)
	return signature
}

// said is an answer before it is signed and written, for a test to bend.
type said struct {
	client     map[string]any
	clientJSON func(text []byte) []byte
	site       string
	flags      byte
	count      uint32
	aaguid     uuid.UUID
	id, key    []byte
	tail       []byte // of the authenticator data
	format     string
	statement  func(signed []byte) map[string]any
	statements func(signed []byte) any // in place of one
	object     func(written []byte) []byte
	handle     []byte
	signature  func(signed []byte) []byte
	document   func(answer, response map[string]any)
}

func same(written []byte) []byte { return written }

func (d *device) says(kind string, challenge []byte, bends []func(*said)) *said {
	s := &said{
		client:     map[string]any{"type": kind, "challenge": b64(challenge), "origin": origin, "crossOrigin": false},
		clientJSON: same, site: site, flags: d.flags, count: d.count, aaguid: d.aaguid, id: d.id, key: d.cose,
		format: "none", statement: func([]byte) map[string]any { return map[string]any{} }, object: same,
		handle: d.handle, signature: d.sign, document: func(_, _ map[string]any) {},
	}
	for _, bend := range bends {
		bend(s)
	}
	return s
}

func (s *said) data() []byte {
	hash := sha256.Sum256([]byte(s.site))
	return binary.BigEndian.AppendUint32(append(hash[:], s.flags), s.count)
}

// create is a RegistrationResponseJSON.
func (d *device) create(challenge []byte, bends ...func(*said)) []byte {
	bends = append([]func(*said){func(s *said) { s.flags |= attested }}, bends...)
	s := d.says("webauthn.create", challenge, bends)
	client := s.clientJSON(encoded(s.client))
	data := s.data()
	if s.flags&attested != 0 {
		data = slices.Concat(data, s.aaguid[:], binary.BigEndian.AppendUint16(nil, uint16(len(s.id))), s.id, s.key)
	}
	data = append(data, s.tail...)
	hash := sha256.Sum256(client)
	signed := slices.Concat(data, hash[:])
	stated := any(s.statement(signed))
	if s.statements != nil {
		stated = s.statements(signed)
	}
	object, err := webauthncbor.Marshal(map[string]any{"fmt": s.format, "authData": data, "attStmt": stated})
	must(err)
	return s.written(map[string]any{
		"clientDataJSON": b64(client), "attestationObject": b64(s.object(object)), "transports": []string{"internal", "hybrid", "internal", "carrier pigeon"},
	})
}

// get is an AuthenticationResponseJSON.
func (d *device) get(challenge []byte, bends ...func(*said)) []byte {
	s := d.says("webauthn.get", challenge, bends)
	client, data := s.clientJSON(encoded(s.client)), append(s.data(), s.tail...)
	hash := sha256.Sum256(client)
	response := map[string]any{
		"clientDataJSON": b64(client), "authenticatorData": b64(s.object(data)), "signature": b64(s.signature(slices.Concat(data, hash[:]))),
	}
	if s.handle != nil {
		response["userHandle"] = b64(s.handle)
	}
	return s.written(response)
}

func (s *said) written(response map[string]any) []byte {
	answer := map[string]any{
		"id": b64(s.id), "rawId": b64(s.id), "type": "public-key", "response": response,
		"authenticatorAttachment": "platform", "clientExtensionResults": map[string]any{"credProps": map[string]any{"rk": true}},
	}
	s.document(answer, response)
	return encoded(answer)
}

func encoded(value any) []byte {
	text, err := json.Marshal(value)
	must(err)
	return text
}

func b64(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// What a test bends most.
func from(origin string) func(*said) { return func(s *said) { s.client["origin"] = origin } }

func with(flags byte) func(*said) { return func(s *said) { s.flags |= flags } }

func without(flags byte) func(*said) { return func(s *said) { s.flags &^= flags } }

func counting(count uint32) func(*said) { return func(s *said) { s.count = count } }

func shown(handle []byte) func(*said) { return func(s *said) { s.handle = handle } }

// selfSigned has the passkey attest to itself.
func (d *device) selfSigned(s *said) {
	s.format = "packed"
	s.statement = func(signed []byte) map[string]any { return map[string]any{"alg": -7, "sig": d.sign(signed)} }
}
