package api_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/gen"
)

// What the keys' room has rendered is the wire's own type, and no member more.
func TestJwksBodyIsTheWiresType(t *testing.T) {
	h := build(t, nil)
	document, err := h.deps.Keys.Document(h.ctx)
	require.NoError(t, err)
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.DisallowUnknownFields()
	var set gen.JwkSet
	require.NoError(t, decoder.Decode(&set))
	want, err := json.Marshal(set)
	require.NoError(t, err)
	require.JSONEq(t, string(want), string(document))
}
