package password_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/platform/secret"
)

func TestPolicy(t *testing.T) {
	ada := []string{"Ada.Lovelace@example.com", "+4915112345678", "countess", "Ada", "Łukasz Żółty"}
	cases := []struct{ name, text, code string }{
		{"fine", "seventeen brown kettles", ""},
		{"exactly the least length", "q7#Vt!zP", ""},
		{"one short", "q7#Vt!z", "too_short"},
		{"characters, not bytes", "żółćęśą", "too_short"},
		{"characters after normalisation", strings.Repeat("e\u0301", 4) + "xyz", "too_short"},
		{"the greatest length", strings.Repeat("seventeen brown kettles! ", 6)[:128], ""},
		{"one long", strings.Repeat("seventeen brown kettles! ", 6)[:129], "too_long"},
		{"far too long", strings.Repeat("a", 1<<20), "too_long"},
		{"not text", "seventeen \xff\xfe kettles", "format"},
		{"common", "password1", "too_weak"},
		{"keyboard", "qwertyuiop", "too_weak"},
		{"repeated", strings.Repeat("a", 60), "too_weak"},
		{"the address", "ada.lovelace@example.com", "like_identifier"},
		{"the mailbox", "Ada.Lovelace", "like_identifier"},
		{"the mailbox and a year", "ada.lovelace1815!", "like_identifier"},
		{"backwards", "ecalevol.ada", "like_identifier"},
		{"wide letters", "Ｃｏｕｎｔｅｓｓ12", "like_identifier"},
		{"folded letters", "ŻÓŁTY łukasz", "like_identifier"},
		{"the number", "004915112345678", "like_identifier"},
		{"a name within a sentence", "countess eats purple gravel", ""},
		{"three letters are no likeness", "Adamantine frogs", ""},
	}
	h := build(t, nil)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := h.Check(h.ctx, secret.NewText(c.text), ada)
			if c.code == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, password.ErrRejected)
			fields := fault.As(err).Fields
			require.Len(t, fields, 1)
			require.Equal(t, "/password", fields[0].Pointer)
			require.Equal(t, c.code, fields[0].Code)
			require.NotContains(t, err.Error()+fields[0].Detail, c.text)
		})
	}
}

func TestARejectedPasswordIsNotHashed(t *testing.T) {
	h := build(t, nil)
	_, err := h.Prepare(h.ctx, secret.NewText("password1"), nil)
	require.ErrorIs(t, err, password.ErrRejected)
	require.Empty(t, h.measure(func() { _, _ = h.Prepare(h.ctx, secret.NewText("password1"), nil) }).hashes)
}

// Many and long inputs, as a profile might hold, cost no more than a few.
func TestClass_Exhaustion_InputsAreBounded(t *testing.T) {
	h := build(t, nil)
	inputs := make([]string, 10_000)
	for i := range inputs {
		inputs[i] = strings.Repeat("word ", 10_000)
	}
	require.NoError(t, h.Check(h.ctx, good, inputs))
}

// list answers as it is told.
type list struct {
	seen bool
	err  error
}

func (l list) Seen(context.Context, [20]byte) (bool, error) { return l.seen, l.err }

func TestBreachedListDecides(t *testing.T) {
	down := errors.New("down")
	cases := map[string]struct {
		list   list
		closed bool
		want   error
	}{
		"not seen":          {list{}, false, nil},
		"seen":              {list{seen: true}, false, password.ErrRejected},
		"down, open":        {list{err: down}, false, nil},
		"down, fail closed": {list{err: down}, true, password.ErrUnchecked},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			h := build(t, func(deps *password.Deps, config *password.Config) {
				deps.Breached, config.BreachedFailClosed = c.list, c.closed
			})
			require.ErrorIs(t, h.Check(h.ctx, good, nil), c.want)
		})
	}
}

func TestAtRisk(t *testing.T) {
	h := build(t, func(deps *password.Deps, _ *password.Config) { deps.Breached = list{seen: true} })
	require.True(t, h.AtRisk(h.ctx, good))
	h = build(t, func(deps *password.Deps, config *password.Config) {
		deps.Breached, config.BreachedAtLogin = list{seen: true}, false
	})
	require.False(t, h.AtRisk(h.ctx, good))
	h = build(t, func(deps *password.Deps, _ *password.Config) { deps.Breached = list{err: errors.New("down")} })
	require.False(t, h.AtRisk(h.ctx, good))
}

func FuzzCheck(f *testing.F) {
	f.Add("seventeen brown kettles", "ada@example.com")
	f.Add("\xff\xfe", "@")
	f.Add(strings.Repeat("\u0301", 200), strings.Repeat("@", 200))
	h := build(f, nil)
	f.Fuzz(func(t *testing.T, text, input string) {
		err := h.Check(h.ctx, secret.NewText(text), []string{input})
		if err != nil {
			require.ErrorIs(t, err, password.ErrRejected)
		}
	})
}
