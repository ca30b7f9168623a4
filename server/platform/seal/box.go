package seal

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"log/slog"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
)

const (
	keyBytes   = 32
	keyIDBytes = 8
	// A blob is: version, key id, nonce, ciphertext and tag.
	version     = 1
	headerBytes = 1 + keyIDBytes
)

// Wrapper seals and opens the keys of the level below, so that a tenant key can
// stand under root keys now and under a key service later.
type Wrapper interface {
	// Seal makes a blob that only the same purpose and associated data open.
	Seal(purpose string, plaintext, associated []byte) ([]byte, error)
	// Open reads a blob; ErrUnknownKey or ErrUnreadable when it cannot.
	Open(purpose string, blob, associated []byte) ([]byte, error)
	// NeedsRewrap tells whether the blob should be sealed again under a newer key.
	NeedsRewrap(blob []byte) bool
}

type keyID [keyIDBytes]byte

// String is how an id is shown to an operator.
func (i keyID) String() string { return hex.EncodeToString(i[:]) }

// Box seals, opens and fingerprints under one data key. It is safe for
// concurrent use and never shows its key.
type Box struct {
	id     keyID
	aead   *subtle.XChaCha20Poly1305
	secret *[keyBytes]byte // parent of derived keys
	mac    *[keyBytes]byte
}

var _ Wrapper = (*Box)(nil)

// NewDataKey makes a random key to be sealed by the level above.
func NewDataKey() []byte {
	key := make([]byte, keyBytes)
	_, _ = rand.Read(key) // crypto/rand.Read never fails: it ends the program instead
	return key
}

// NewBox prepares a data key for use; everything derived from it is computed here,
// once, so that sealing costs only the cipher.
func NewBox(key []byte) (*Box, error) {
	if len(key) != keyBytes {
		return nil, fmt.Errorf("seal: data key must be %d bytes", keyBytes)
	}
	id, err := expand(key, "lintel/seal/1/id")
	if err != nil {
		return nil, err
	}
	sealing, err := expand(key, "lintel/seal/1/aead")
	if err != nil {
		return nil, err
	}
	mac, err := expand(key, "lintel/seal/1/mac")
	if err != nil {
		return nil, err
	}
	secret, err := expand(key, "lintel/seal/1/derive")
	if err != nil {
		return nil, err
	}
	aead, err := subtle.NewXChaCha20Poly1305(sealing[:])
	if err != nil {
		return nil, err
	}
	return &Box{id: keyID(id[:keyIDBytes]), aead: aead, secret: &secret, mac: &mac}, nil
}

// NewSealedBox makes a fresh data key and returns it twice: ready for use, and
// sealed by the level above for storing.
func NewSealedBox(above Wrapper, purpose string, associated []byte) (*Box, []byte, error) {
	key := NewDataKey()
	defer clear(key)
	sealed, err := above.Seal(purpose, key, associated)
	if err != nil {
		return nil, nil, err
	}
	box, err := NewBox(key)
	if err != nil {
		return nil, nil, err
	}
	return box, sealed, nil
}

// OpenBox reads a data key that NewSealedBox stored.
func OpenBox(above Wrapper, purpose string, sealed, associated []byte) (*Box, error) {
	key, err := above.Open(purpose, sealed, associated)
	if err != nil {
		return nil, err
	}
	defer clear(key)
	return NewBox(key)
}

// Rewrap seals the content of a blob again under the newest key of its wrapper,
// so that an old root key can be taken out of the configuration.
func Rewrap(by Wrapper, purpose string, blob, associated []byte) ([]byte, error) {
	plaintext, err := by.Open(purpose, blob, associated)
	if err != nil {
		return nil, err
	}
	defer clear(plaintext)
	return by.Seal(purpose, plaintext, associated)
}

// Seal encrypts the plaintext and binds it to purpose and associated data; the
// purpose is a constant such as "session.device", the associated data names the row.
func (b *Box) Seal(purpose string, plaintext, associated []byte) ([]byte, error) {
	if purpose == "" {
		return nil, ErrNoPurpose
	}
	sealed, err := b.aead.Encrypt(plaintext, b.bound(purpose, associated))
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	blob := make([]byte, 0, headerBytes+len(sealed))
	blob = append(blob, version)
	blob = append(blob, b.id[:]...)
	return append(blob, sealed...), nil
}

// Open decrypts what Seal made under the same key, purpose and associated data.
func (b *Box) Open(purpose string, blob, associated []byte) ([]byte, error) {
	if purpose == "" {
		return nil, ErrNoPurpose
	}
	id, err := blobKey(blob)
	if err != nil {
		return nil, err
	}
	if id != b.id {
		return nil, ErrUnknownKey
	}
	plaintext, err := b.aead.Decrypt(blob[headerBytes:], b.bound(purpose, associated))
	if err != nil {
		return nil, ErrUnreadable
	}
	return plaintext, nil
}

// NeedsRewrap is true for a blob of another key; a box has only one.
func (b *Box) NeedsRewrap(blob []byte) bool {
	id, err := blobKey(blob)
	return err != nil || id != b.id
}

// Derive makes a key for one purpose outside this package, so that no data key
// is used for two things. Spec: RFC 5869 §3.2.
func (b *Box) Derive(purpose string) [keyBytes]byte {
	derived, err := expand(b.secret[:], "lintel/seal/1/derived/"+purpose)
	if err != nil {
		panic(err) // HKDF fails only for lengths that are constant here
	}
	return derived
}

// MAC fingerprints the parts under the key, so that a value can be looked up
// without being stored. Each part's length is covered: "ab","c" is not "a","bc".
func (b *Box) MAC(purpose string, parts ...[]byte) [sha256.Size]byte {
	h := hmac.New(sha256.New, b.mac[:])
	var length [8]byte
	write := func(part []byte) {
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		h.Write(length[:])
		h.Write(part)
	}
	write([]byte(purpose))
	for _, part := range parts {
		write(part)
	}
	var sum [sha256.Size]byte
	h.Sum(sum[:0])
	return sum
}

// String hides the key.
func (*Box) String() string { return "seal.Box" }

// GoString hides the key, for %#v.
func (*Box) GoString() string { return "seal.Box" }

// LogValue hides the key in structured logs.
func (*Box) LogValue() slog.Value { return slog.StringValue("seal.Box") }

// bound is what the cipher authenticates beside the plaintext.
func (b *Box) bound(purpose string, associated []byte) []byte {
	out := make([]byte, 0, headerBytes+8+len(purpose)+len(associated))
	out = append(out, version)
	out = append(out, b.id[:]...)
	out = binary.BigEndian.AppendUint64(out, uint64(len(purpose)))
	out = append(out, purpose...)
	return append(out, associated...)
}

func blobKey(blob []byte) (keyID, error) {
	if len(blob) < headerBytes || blob[0] != version {
		return keyID{}, ErrUnreadable
	}
	return keyID(blob[1:headerBytes]), nil
}

func expand(secret []byte, label string) (out [keyBytes]byte, err error) {
	key, err := hkdf.Key(sha256.New, secret, nil, label, keyBytes)
	if err != nil {
		return out, fmt.Errorf("seal: derive: %w", err)
	}
	copy(out[:], key)
	return out, nil
}
