package seal

import "errors"

// Keyring seals under the first root key and opens under any of them, so that a
// root key can be replaced while the server runs on old blobs.
type Keyring struct{ keys []rootKey }

var _ Wrapper = (*Keyring)(nil)

// NewKeyring takes the parsed root keys; without one there is nothing to seal under.
func NewKeyring(keys RootKeys) (*Keyring, error) {
	if len(keys.keys) == 0 {
		return nil, errors.New("seal: no root key")
	}
	return &Keyring{keys: keys.keys}, nil
}

// Seal encrypts under the first root key.
func (k *Keyring) Seal(purpose string, plaintext, associated []byte) ([]byte, error) {
	return k.keys[0].box.Seal(purpose, plaintext, associated)
}

// Open decrypts under whichever listed root key sealed the blob.
func (k *Keyring) Open(purpose string, blob, associated []byte) ([]byte, error) {
	id, err := blobKey(blob)
	if err != nil {
		return nil, err
	}
	for _, key := range k.keys {
		if key.box.id == id {
			return key.box.Open(purpose, blob, associated)
		}
	}
	return nil, ErrUnknownKey
}

// NeedsRewrap is true until the blob is sealed under the first root key.
func (k *Keyring) NeedsRewrap(blob []byte) bool { return k.keys[0].box.NeedsRewrap(blob) }

// String shows names only.
func (k *Keyring) String() string { return RootKeys{keys: k.keys}.String() }
