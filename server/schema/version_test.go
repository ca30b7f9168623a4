package schema_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/storage/storetest"
)

func TestCreate(t *testing.T) {
	h, ctx := open(t)
	first, second := []byte(with(`"a":{"type":"string"}`)), []byte(with(`"a":{"type":"string","maxLength":3}`))
	newest, err := h.Newest(ctx)
	require.NoError(t, err)
	require.Equal(t, schema.Version{Number: 1, Document: newest.Document, ManagedBy: schema.BuiltIn}, newest)
	require.JSONEq(t, string(schema.Builtin()), string(newest.Document))
	same, err := h.Create(ctx, 1, schema.Builtin())
	require.NoError(t, err)
	require.Equal(t, newest, same)
	require.Empty(t, h.told(ctx, t), "nothing is new")

	made, err := h.Create(ctx, 1, first)
	require.NoError(t, err)
	require.Equal(t, 2, made.Number)
	require.Equal(t, schema.ByAPI, made.ManagedBy)
	require.Equal(t, 2, current(ctx, t, h.Service), "this node sees it at once")
	_, err = h.Create(ctx, 1, second)
	require.ErrorIs(t, err, schema.ErrChanged)
	_, err = h.Create(ctx, 2, second)
	require.NoError(t, err)
	back, err := h.Create(ctx, 3, first)
	require.NoError(t, err)
	require.Equal(t, 4, back.Number, "an older document is how to go back")
	for _, after := range []int{3, 5, 0, -1} {
		_, err = h.Create(ctx, after, second)
		require.ErrorIs(t, err, schema.ErrChanged)
	}
	_, err = h.Create(ctx, 4, []byte(with(`"a":{"type":"integer"}`)))
	require.ErrorIs(t, err, schema.ErrInvalid)
	require.Equal(t, "/properties/a", fault.As(err).Fields[0].Pointer)
	_, err = h.Create(ctx, 4, []byte(`{}`))
	require.ErrorIs(t, err, schema.ErrInvalid)
	require.Equal(t, []string{`schema.version_created {"version":2}`, `schema.version_created {"version":3}`, `schema.version_created {"version":4}`}, h.told(ctx, t))

	page, err := h.List(ctx, 0, 3)
	require.NoError(t, err)
	require.Equal(t, 2, page.Next)
	require.Equal(t, []int{4, 3, 2}, numbers(page))
	require.Nil(t, page.Items[0].Document)
	page, err = h.List(ctx, page.Next, 3)
	require.NoError(t, err)
	require.Equal(t, []int{1}, numbers(page))
	require.Zero(t, page.Next)
	page, err = h.List(ctx, 1, 3)
	require.NoError(t, err)
	require.Empty(t, page.Items)
	old, err := h.ByNumber(ctx, 2)
	require.NoError(t, err)
	require.JSONEq(t, string(first), string(old.Document))
	for _, number := range []int{0, 5, -1} {
		_, err = h.ByNumber(ctx, number)
		require.ErrorIs(t, err, schema.ErrUnknown)
	}
}

func numbers(page schema.Page) (found []int) {
	for _, one := range page.Items {
		found = append(found, one.Number)
	}
	return found
}

// Of many who follow the same version one is heard.
func TestCreateRace(t *testing.T) {
	h, ctx := open(t)
	require.Equal(t, 1, storetest.Race(t, func(racer int) (bool, error) {
		_, err := h.Create(ctx, 1, []byte(with(`"a":{"type":"string","maxLength":`+string(rune('1'+racer%9))+`}`)))
		if errors.Is(err, schema.ErrChanged) {
			return false, nil
		}
		return err == nil, err
	}))
}

// What the configuration declares is changed there; what it leaves is the API's; and what
// it declares again is its own.
func TestWhoMakesTheVersions(t *testing.T) {
	h, ctx := open(t)
	first, second, third := []byte(with(`"a":{"type":"string"}`)), []byte(with(`"a":{"type":"string","maxLength":3}`)), []byte(with(`"b":{"type":"string"}`))
	newest := func(number int, by schema.ManagedBy) {
		t.Helper()
		found, err := h.Newest(ctx)
		require.NoError(t, err)
		require.Equal(t, number, found.Number)
		require.Equal(t, by, found.ManagedBy)
	}
	require.NoError(t, h.Release(ctx))
	newest(1, schema.BuiltIn)
	require.NoError(t, h.Ensure(ctx, first))
	newest(2, schema.ByConfiguration)
	_, err := h.Create(ctx, 2, second)
	require.ErrorIs(t, err, schema.ErrDeclared)
	_, err = h.Create(ctx, 2, first)
	require.ErrorIs(t, err, schema.ErrDeclared)

	require.NoError(t, h.Release(ctx))
	newest(2, schema.ByAPI)
	_, err = h.Create(ctx, 2, second)
	require.NoError(t, err)
	require.NoError(t, h.Ensure(ctx, second))
	newest(3, schema.ByConfiguration)
	require.NoError(t, h.Ensure(ctx, first))
	newest(3, schema.ByConfiguration)
	require.Contains(t, h.log.text.String(), "an older version is declared", "a node that was started earlier")

	require.NoError(t, h.Release(ctx))
	_, err = h.Create(ctx, 3, third)
	require.NoError(t, err)
	require.NoError(t, h.Ensure(ctx, first))
	newest(5, schema.ByConfiguration)
	require.Equal(t, 5, current(ctx, t, h.Service))
	require.NoError(t, h.Release(storetest.Within(t.Context(), storetest.NewTenant())))
	newest(5, schema.ByConfiguration)
}

// Another node goes by the new version within moments.
func TestAnotherNodeSeesWhatWasCreated(t *testing.T) {
	h, ctx := open(t)
	other := h.node(t)
	require.Equal(t, 1, current(ctx, t, other))
	_, err := h.Create(ctx, 1, []byte(with(`"a":{"type":"string"}`)))
	require.NoError(t, err)
	require.Equal(t, 1, current(ctx, t, other))
	h.clock.Advance(schema.Default().CacheFor + time.Millisecond)
	require.Equal(t, 2, current(ctx, t, other))
}

func TestTry(t *testing.T) {
	h, ctx := open(t)
	const base = `"a":{"type":"string"},"b":{"type":"string","x-searchable":true},"c":{"$ref":"#/$defs/c"},"d":{"type":"boolean"}`
	_, err := h.Create(ctx, 1, []byte(`{"type":"object","additionalProperties":false,"required":["a"],"properties":{`+base+`},"$defs":{"c":{"type":"string"}}}`))
	require.NoError(t, err)
	trial, err := h.Try(ctx, []byte(`{"type":"object","additionalProperties":false,"required":["b","e"],"properties":{`+
		`"a":{"type":"string","x-user-access":"write","title":"A"},"b":{"type":"string"},"c":{"$ref":"#/$defs/c"},"e":{"type":"string"}},"$defs":{"c":{"type":"string","maxLength":3}}}`))
	require.NoError(t, err)
	require.True(t, trial.Valid())
	require.Empty(t, trial.Errors)
	require.Equal(t, []schema.Difference{
		{"a", "definition"}, {"a", "required"}, {"b", "searchable"}, {"b", "required"}, {"c", "definition"}, {"d", "removed"}, {"e", "added"}, {"e", "required"},
	}, trial.Changes)
	same, err := h.Try(ctx, []byte(`{"type":"object","additionalProperties":false,"required":["a"],"properties":{`+base+`},"$defs":{"c":{"type":"string"}}}`))
	require.NoError(t, err)
	require.True(t, same.Valid())
	require.Empty(t, same.Changes)
	for text, want := range map[string]string{
		with(`"a":{"type":"integer"}`): "/properties/a", `{"type":"object"}`: "/additionalProperties", `x`: "", with(`"a":{"type":"string","x-user-access":"x"}`): "/properties/a/x-user-access",
	} {
		trial, err := h.Try(ctx, []byte(text))
		require.NoError(t, err)
		require.False(t, trial.Valid())
		require.Equal(t, want, trial.Errors[0].Pointer)
		require.Empty(t, trial.Changes)
	}
	require.Equal(t, 2, current(ctx, t, h.Service), "nothing has changed")

	sample, err := trial.Misfits(ctx, []json.RawMessage{
		json.RawMessage(`{"a":"x","b":"y","c":"abc","e":"z"}`), json.RawMessage(`{"a":1,"b":"y","c":"abcd","d":true,"e":"z"}`), json.RawMessage(`{"c":"abcde"}`), nil,
	})
	require.NoError(t, err)
	require.Equal(t, schema.Sample{Checked: 4, Failing: 3, Reasons: []schema.Misfit{
		{"a", "type", 1}, {"b", "required", 2}, {"c", "max_length", 2}, {"e", "required", 2},
	}}, sample)
	sample, err = trial.Misfits(ctx, nil)
	require.NoError(t, err)
	require.Equal(t, schema.Sample{}, sample)
}

// A trial costs what a few profiles cost, however many and long they are.
func TestClass_Exhaustion_ATrialIsBounded(t *testing.T) {
	h, ctx := open(t)
	trial, err := h.Try(ctx, []byte(with(`"a":{"type":"string","pattern":"(a?){120}b"}`)))
	require.NoError(t, err)
	require.True(t, trial.Valid())
	long := json.RawMessage(`{"a":"` + strings.Repeat("a", 16_000) + `"}`)
	sample, err := trial.Misfits(ctx, slices.Repeat([]json.RawMessage{long}, 100))
	require.NoError(t, err)
	require.Equal(t, 8, sample.Checked)
	require.Equal(t, 8, sample.Failing)
	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, err = trial.Misfits(ended, []json.RawMessage{long})
	require.ErrorIs(t, err, context.Canceled)
}

// While a node that starts takes the schema over, nobody makes a version behind its back.
func TestCreateBesideADeclaration(t *testing.T) {
	h, ctx := open(t)
	declared := []byte(with(`"a":{"type":"string"}`))
	_, err := h.Create(ctx, 1, declared)
	require.NoError(t, err)
	storetest.Race(t, func(racer int) (bool, error) {
		if racer == 0 {
			return true, h.Ensure(ctx, declared)
		}
		_, err := h.Create(ctx, 2, []byte(with(`"a":{"type":"string","maxLength":`+strconv.Itoa(racer)+`}`)))
		if errors.Is(err, schema.ErrChanged) || errors.Is(err, schema.ErrDeclared) {
			return false, nil
		}
		return false, err
	})
	newest, err := h.Newest(ctx)
	require.NoError(t, err)
	require.Equal(t, schema.ByConfiguration, newest.ManagedBy)
	require.JSONEq(t, string(declared), string(newest.Document))
}
