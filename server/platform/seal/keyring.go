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

// Open decrypts under whichever listed root key sealed the blob; UnknownKeyError when
// that is not listed.
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
	return nil, UnknownKeyError{ID: id.String()}
}

// NeedsRewrap is true until the blob is sealed under the first root key.
func (k *Keyring) NeedsRewrap(blob []byte) bool { return k.keys[0].box.NeedsRewrap(blob) }

// String shows names only.
func (k *Keyring) String() string { return RootKeys{keys: k.keys}.String() }

// KeyOf is the id of the key that a blob is sealed under; ErrUnreadable when it is none.
func KeyOf(blob []byte) (string, error) {
	id, err := blobKey(blob)
	if err != nil {
		return "", err
	}
	return id.String(), nil
}

// Listed is a root key as it may be shown.
type Listed struct {
	Name string
	ID   string
}

// Listed shows the keys in their order: the first seals.
func (k *Keyring) Listed() []Listed {
	listed := make([]Listed, len(k.keys))
	for i, key := range k.keys {
		listed[i] = Listed{Name: key.name, ID: key.box.id.String()}
	}
	return listed
}
