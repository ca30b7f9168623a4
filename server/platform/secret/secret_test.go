package secret_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/platform/secret"
)

func TestClass_Secrets_NothingPrintsASecret(t *testing.T) {
	token, text := secret.NewToken("ls"), secret.NewText("hunter2hunter2")
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "a", token, "b", text, "c", struct{ T secret.Token }{token})
	body, err := json.Marshal(map[string]any{"a": token, "b": text})
	require.NoError(t, err)
	out.Write(body)
	fmt.Fprintf(&out, "%v %+v %#v %s %q", token, text, token, token, text)
	require.NotContains(t, out.String(), token.Reveal()[4:])
	require.NotContains(t, out.String(), "hunter2")
	require.Contains(t, out.String(), secret.Redacted)
}

func TestTokensHaveOneShape(t *testing.T) {
	token := secret.NewToken("ls")
	back, ok := secret.ParseToken("ls", token.Reveal())
	require.True(t, ok)
	require.True(t, token.Digest().Equal(back.Digest()))
	require.False(t, token.Digest().Equal(secret.NewToken("ls").Digest()))
	for _, bad := range []string{"", "ls_", "lk" + token.Reveal()[2:], token.Reveal() + "A", token.Reveal()[:45], token.Reveal()[:20] + "!" + token.Reveal()[21:]} {
		_, ok := secret.ParseToken("ls", bad)
		require.False(t, ok, bad)
	}
}

// The compiler refuses == between secrets.
func TestClass_Timing_SecretsAreNotComparable(t *testing.T) {
	require.False(t, reflect.TypeFor[secret.Text]().Comparable())
	require.False(t, reflect.TypeFor[secret.Token]().Comparable())
}
