package seal_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/seal"
)

func newBox(t testing.TB) *seal.Box {
	t.Helper()
	box, err := seal.NewBox(seal.NewDataKey())
	require.NoError(t, err)
	return box
}

func TestBoxOpensWhatItSealed(t *testing.T) {
	box := newBox(t)
	for _, plaintext := range [][]byte{nil, []byte("x"), bytes.Repeat([]byte("y"), 1<<16)} {
		blob, err := box.Seal("a", plaintext, []byte("row 1"))
		require.NoError(t, err)
		got, err := box.Open("a", blob, []byte("row 1"))
		require.NoError(t, err)
		require.True(t, bytes.Equal(plaintext, got))
		if len(plaintext) > 1 {
			require.NotContains(t, string(blob), string(plaintext))
		}
	}
}

// A sealed value cannot be moved to another column, row or key, nor be changed.
func TestBoxBindsPurposeAndAssociatedData(t *testing.T) {
	box := newBox(t)
	blob, err := box.Seal("ab", []byte("secret"), []byte("c"))
	require.NoError(t, err)
	for name, open := range map[string]func() ([]byte, error){
		"purpose":         func() ([]byte, error) { return box.Open("x", blob, []byte("c")) },
		"associated":      func() ([]byte, error) { return box.Open("ab", blob, []byte("d")) },
		"no associated":   func() ([]byte, error) { return box.Open("ab", blob, nil) },
		"border moved":    func() ([]byte, error) { return box.Open("a", blob, []byte("bc")) },
		"cut":             func() ([]byte, error) { return box.Open("ab", blob[:len(blob)-1], []byte("c")) },
		"header only":     func() ([]byte, error) { return box.Open("ab", blob[:9], []byte("c")) },
		"empty":           func() ([]byte, error) { return box.Open("ab", nil, []byte("c")) },
		"another version": func() ([]byte, error) { return box.Open("ab", append([]byte{2}, blob[1:]...), []byte("c")) },
	} {
		t.Run(name, func(t *testing.T) {
			got, err := open()
			require.ErrorIs(t, err, seal.ErrUnreadable)
			require.Nil(t, got)
		})
	}
	for i := range blob {
		changed := bytes.Clone(blob)
		changed[i] ^= 1
		_, err := box.Open("ab", changed, []byte("c"))
		require.Error(t, err, "byte %d", i)
	}
	_, err = newBox(t).Open("ab", blob, []byte("c"))
	require.ErrorIs(t, err, seal.ErrUnknownKey)
	_, err = box.Seal("", nil, nil)
	require.ErrorIs(t, err, seal.ErrNoPurpose)
	_, err = box.Open("", blob, nil)
	require.ErrorIs(t, err, seal.ErrNoPurpose)
}

func TestBoxNeverRepeatsACiphertext(t *testing.T) {
	box := newBox(t)
	seen := map[string]bool{}
	for range 1000 {
		blob, err := box.Seal("a", []byte("same"), nil)
		require.NoError(t, err)
		require.False(t, seen[string(blob)])
		seen[string(blob)] = true
	}
}

func TestBoxRefusesAKeyOfAnotherSize(t *testing.T) {
	for _, size := range []int{0, 16, 31, 33} {
		_, err := seal.NewBox(make([]byte, size))
		require.Error(t, err)
	}
}

func TestDerivedKeysAndFingerprintsAreSeparate(t *testing.T) {
	key := seal.NewDataKey()
	box, err := seal.NewBox(key)
	require.NoError(t, err)
	again, err := seal.NewBox(key)
	require.NoError(t, err)

	require.Equal(t, box.Derive("a"), again.Derive("a"))
	require.NotEqual(t, box.Derive("a"), box.Derive("b"))
	require.NotEqual(t, box.Derive("a"), newBox(t).Derive("a"))
	require.NotEqual(t, [32]byte(key), box.Derive(""))

	require.Equal(t, box.MAC("p", []byte("a"), []byte("b")), again.MAC("p", []byte("a"), []byte("b")))
	sums := map[[32]byte]string{}
	for name, sum := range map[string][32]byte{
		"ab,c":      box.MAC("p", []byte("ab"), []byte("c")),
		"a,bc":      box.MAC("p", []byte("a"), []byte("bc")),
		"abc":       box.MAC("p", []byte("abc")),
		"abc,empty": box.MAC("p", []byte("abc"), nil),
		"nothing":   box.MAC("p"),
		"pabc":      box.MAC("pabc"),
		"other":     box.MAC("q", []byte("abc")),
		"otherkey":  newBox(t).MAC("p", []byte("abc")),
	} {
		require.Empty(t, sums[sum], "%s has the fingerprint of another", name)
		sums[sum] = name
	}
}

// Class secrets: no way of printing a key's holder shows the key.
func TestClass_SecretsKeysDoNotPrint(t *testing.T) {
	text, err := seal.GenerateRootKey("one")
	require.NoError(t, err)
	keys, err := seal.ParseRootKeys(text)
	require.NoError(t, err)
	ring, err := seal.NewKeyring(keys)
	require.NoError(t, err)
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(&log, nil))
	logger.Info("x", "keys", keys, "box", newBox(t), "ring", ring)
	box := newBox(t)
	derivedFrom := fmt.Sprintf("%v %+v %#v %s", box, box, box, struct{ B *seal.Box }{box})
	require.NotContains(t, derivedFrom, "mac")
	out := log.String() + fmt.Sprintf("%v %+v %#v %v %+v", keys, keys, keys, ring, struct{ K seal.RootKeys }{keys})
	require.NotContains(t, out, strings.TrimPrefix(text, "one:"))
	require.NotContains(t, out, "[32]uint8")
	require.Contains(t, out, "one")
}

func FuzzBoxOpen(f *testing.F) {
	box := newBox(f)
	blob, err := box.Seal("p", []byte("secret"), []byte("a"))
	require.NoError(f, err)
	f.Add(blob)
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := box.Open("p", data, []byte("a"))
		if bytes.Equal(data, blob) {
			require.NoError(t, err)
			require.Equal(t, "secret", string(got))
			return
		}
		require.Error(t, err)
	})
}

func BenchmarkBoxSeal(b *testing.B) {
	box, plaintext, associated := newBox(b), make([]byte, 256), []byte("usr_0123456789")
	b.ReportAllocs()
	for b.Loop() {
		_, _ = box.Seal("session.device", plaintext, associated)
	}
}

func BenchmarkBoxOpen(b *testing.B) {
	box, associated := newBox(b), []byte("usr_0123456789")
	blob, err := box.Seal("session.device", make([]byte, 256), associated)
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		_, _ = box.Open("session.device", blob, associated)
	}
}

func BenchmarkBoxMAC(b *testing.B) {
	box, part := newBox(b), []byte("ada@example.com")
	b.ReportAllocs()
	for b.Loop() {
		_ = box.MAC("identifier", part)
	}
}

func BenchmarkOpenBox(b *testing.B) {
	tenant := newBox(b)
	_, sealed, err := seal.NewSealedBox(tenant, "p", nil)
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		_, _ = seal.OpenBox(tenant, "p", sealed, nil)
	}
}
