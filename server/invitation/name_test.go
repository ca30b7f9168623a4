package invitation

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/user"
)

func TestNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"Ada", "Ada Lovelace", "J. R. R. Tolkien", "Sammy Davis Jr.", "Anne-Marie O'Neill", "Zoë", "Zoe\u0308", "山田 太郎", "عبد الله", "नेहा", "D’Arcy", strings.Repeat("a", 40),
	} {
		require.True(t, isName(name), name)
	}
	for _, text := range []string{
		"", " ", " Ada", "Ada ", "Ada  L", "evil.example", "www.evil.example", "https://evil.example", "ada@example.com", "Call 0900 123", "Win €100!", "Ada\nBcc: x", "Ada\u202eadA",
		"<b>Ada</b>", "{link}", "a\u0300\u0301\u0302", "\u0301Ada", "evil。example", "evil/x", strings.Repeat("a", 41), "a\xff", "Ada\u200bL", "Ada.Lovelace",
	} {
		require.False(t, isName(text), "%q", text)
	}
}

func TestWhoInvites(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	by := func(name string, held ...user.Identifier) user.Own {
		profile, err := json.Marshal(map[string]string{"name": name})
		require.NoError(t, err)
		return user.Own{User: user.User{Profile: profile, Identifiers: held}}
	}
	proven := user.Identifier{Type: user.Email, Value: "ada@example.com", VerifiedAt: &now}
	first := user.Identifier{Type: user.Email, Value: "countess@example.org", VerifiedAt: &now, Primary: true}
	for _, row := range []struct {
		by           user.Own
		letter, text string
	}{
		{by("Ada", proven), "Ada (a•••@example.com)", "Ada"},
		{by("Ada", proven, first), "Ada (c•••@example.org)", "Ada"},
		{by("Ada", user.Identifier{Type: user.Email, Value: "ada@example.com"}), "Ada", "Ada"},
		{by("Ada", user.Identifier{Type: user.Phone, Value: "+15005550006", VerifiedAt: &now}), "Ada", "Ada"},
		{by("see evil.example", proven), "a•••@example.com", "Shop"},
		{by("see evil.example"), "Shop", "Shop"},
		{user.Own{User: user.User{Profile: json.RawMessage(`{"name":{"full":"Ada"}}`)}}, "Shop", "Shop"},
	} {
		require.Equal(t, row.letter, nameOf(row.by, message.Email, "Shop"))
		require.Equal(t, row.text, nameOf(row.by, message.SMS, "Shop"))
	}
}
