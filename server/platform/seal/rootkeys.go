package seal

import (
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"strings"
)

const (
	maxRootKeys    = 16
	maxRootKeyName = 32
)

// RootKeys are the keys the configuration lists: the first seals, all open.
type RootKeys struct{ keys []rootKey }

type rootKey struct {
	name string
	box  *Box
}

// ParseRootKeys reads "name:base64,name:base64…". An error names the position of
// the entry and never any part of it, since a misplaced separator can turn a key
// into a name.
func ParseRootKeys(text string) (RootKeys, error) {
	var keys []rootKey
	entries := strings.Split(text, ",")
	if len(entries) > maxRootKeys {
		return RootKeys{}, fmt.Errorf("root keys: more than %d", maxRootKeys)
	}
	for i, entry := range entries {
		key, err := parseRootKey(strings.TrimSpace(entry))
		if err != nil {
			return RootKeys{}, fmt.Errorf("root key %d: %w", i+1, err)
		}
		for j, other := range keys {
			if other.name == key.name || other.box.id == key.box.id {
				return RootKeys{}, fmt.Errorf("root key %d: same name or key as root key %d", i+1, j+1)
			}
		}
		keys = append(keys, key)
	}
	return RootKeys{keys: keys}, nil
}

// GenerateRootKey makes one entry in the form ParseRootKeys reads.
func GenerateRootKey(name string) (string, error) {
	if !isKeyName(name) {
		return "", errKeyName
	}
	key := NewDataKey()
	defer clear(key)
	return name + ":" + base64.StdEncoding.EncodeToString(key), nil
}

// Names lists the keys in their order; a name is not a secret.
func (k RootKeys) Names() []string {
	names := make([]string, len(k.keys))
	for i, key := range k.keys {
		names[i] = key.name
	}
	return names
}

// String shows names only.
func (k RootKeys) String() string { return "root keys " + strings.Join(k.Names(), ",") }

// GoString shows names only, for %#v.
func (k RootKeys) GoString() string { return k.String() }

// LogValue shows names only in structured logs.
func (k RootKeys) LogValue() slog.Value { return slog.StringValue(k.String()) }

var errKeyName = errors.New("the name must be 1 to 32 of a-z, 0-9, - and _")

func parseRootKey(entry string) (rootKey, error) {
	if entry == "" {
		return rootKey{}, errors.New("the entry is empty")
	}
	name, encoded, found := strings.Cut(entry, ":")
	if !found {
		return rootKey{}, errors.New("the entry is not name:base64")
	}
	if !isKeyName(name) {
		return rootKey{}, errKeyName
	}
	key, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if err != nil || strings.ContainsAny(encoded, "\r\n") { // the decoder skips line breaks
		return rootKey{}, errors.New("the key is not standard base64")
	}
	defer clear(key)
	if len(key) != keyBytes {
		return rootKey{}, fmt.Errorf("the key is %d bytes and must be %d", len(key), keyBytes)
	}
	if isRepetitive(key) {
		return rootKey{}, errors.New("the key is not random")
	}
	box, err := NewBox(key)
	if err != nil {
		return rootKey{}, err
	}
	return rootKey{name: name, box: box}, nil
}

func isKeyName(name string) bool {
	if name == "" || len(name) > maxRootKeyName {
		return false
	}
	for i := range len(name) {
		c := name[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// isRepetitive catches placeholders such as 32 zero bytes: a random key has
// fewer than 8 distinct bytes with a chance below one in 10^30.
func isRepetitive(key []byte) bool {
	seen := map[byte]bool{}
	for _, b := range key {
		seen[b] = true
	}
	return len(seen) < 8
}
