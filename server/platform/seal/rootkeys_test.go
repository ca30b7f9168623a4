package seal_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/seal"
)

func rootKey(t testing.TB, name string) string {
	t.Helper()
	text, err := seal.GenerateRootKey(name)
	require.NoError(t, err)
	return text
}

func keyring(t testing.TB, entries ...string) *seal.Keyring {
	t.Helper()
	keys, err := seal.ParseRootKeys(strings.Join(entries, ","))
	require.NoError(t, err)
	ring, err := seal.NewKeyring(keys)
	require.NoError(t, err)
	return ring
}

func TestParseRootKeys(t *testing.T) {
	good := rootKey(t, "good")
	value := strings.TrimPrefix(good, "good:")
	other := rootKey(t, "other")
	for name, c := range map[string]struct{ text, position string }{
		"empty":           {"", "root key 1"},
		"trailing comma":  {good + ",", "root key 2"},
		"no name":         {value, "root key 1"},
		"empty name":      {":" + value, "root key 1"},
		"name with space": {good + ",a b:" + value, "root key 2"},
		"key as name":     {value + ":" + value, "root key 1"},
		"not base64":      {"a:" + strings.Repeat("!", 44), "root key 1"},
		"loose base64":    {"a:" + strings.Repeat("\n", 4) + value, "root key 1"},
		"short":           {"a:" + base64.StdEncoding.EncodeToString([]byte("short")), "root key 1"},
		"zeros":           {"a:" + base64.StdEncoding.EncodeToString(make([]byte, 32)), "root key 1"},
		"same name":       {good + "," + strings.Replace(other, "other", "good", 1), "root key 2"},
		"same key":        {good + ",b:" + value, "root key 2"},
		"too many":        {strings.Repeat(good+",", 16) + good, "more than 16"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := seal.ParseRootKeys(c.text)
			require.ErrorContains(t, err, c.position)
			require.NotContains(t, err.Error(), value[:8])
		})
	}
	keys, err := seal.ParseRootKeys(" " + good + " , " + other + "\n")
	require.NoError(t, err)
	require.Equal(t, []string{"good", "other"}, keys.Names())
	_, err = seal.GenerateRootKey("Not A Name")
	require.Error(t, err)
	_, err = seal.NewKeyring(seal.RootKeys{})
	require.Error(t, err)
}

// The first root key seals, every listed one opens: a key is replaced by putting
// the new one in front, rewrapping, and taking the old one out.
func TestRootKeysRotate(t *testing.T) {
	older, newer := rootKey(t, "older"), rootKey(t, "newer")
	before := keyring(t, older)
	_, sealed, err := seal.NewSealedBox(before, "tenant.key", []byte("t1"))
	require.NoError(t, err)
	require.False(t, before.NeedsRewrap(sealed))

	during := keyring(t, newer, older)
	require.True(t, during.NeedsRewrap(sealed))
	tenant, err := seal.OpenBox(during, "tenant.key", sealed, []byte("t1"))
	require.NoError(t, err)
	blob, err := tenant.Seal("p", []byte("v"), nil)
	require.NoError(t, err)
	rewrapped, err := seal.Rewrap(during, "tenant.key", sealed, []byte("t1"))
	require.NoError(t, err)
	require.False(t, during.NeedsRewrap(rewrapped))

	after := keyring(t, newer)
	_, err = seal.OpenBox(after, "tenant.key", sealed, []byte("t1"))
	require.ErrorIs(t, err, seal.ErrUnknownKey)
	_, err = seal.Rewrap(after, "tenant.key", sealed, []byte("t1"))
	require.ErrorIs(t, err, seal.ErrUnknownKey)
	again, err := seal.OpenBox(after, "tenant.key", rewrapped, []byte("t1"))
	require.NoError(t, err)
	got, err := again.Open("p", blob, nil)
	require.NoError(t, err)
	require.Equal(t, "v", string(got))
	_, err = after.Open("tenant.key", []byte("junk"), nil)
	require.ErrorIs(t, err, seal.ErrUnreadable)
}

// A key is found by what it is, not by its name, so renaming one loses nothing.
func TestRootKeyNamesAreOnlyNames(t *testing.T) {
	entry := rootKey(t, "a")
	blob, err := keyring(t, entry).Seal("p", []byte("v"), nil)
	require.NoError(t, err)
	_, err = keyring(t, "b"+strings.TrimPrefix(entry, "a")).Open("p", blob, nil)
	require.NoError(t, err)
	_, err = keyring(t, rootKey(t, "a")).Open("p", blob, nil)
	require.ErrorIs(t, err, seal.ErrUnknownKey)
}

func FuzzParseRootKeys(f *testing.F) {
	f.Add(rootKey(f, "a"))
	f.Add("a:b,c:d")
	f.Fuzz(func(t *testing.T, text string) {
		keys, err := seal.ParseRootKeys(text)
		if err == nil {
			require.NotEmpty(t, keys.Names())
		}
	})
}
