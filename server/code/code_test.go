package code_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/user"
)

// What is sent for each purpose has words in every language.
func TestEveryPurposeHasItsMessages(t *testing.T) {
	for _, purpose := range []code.Purpose{code.Login, code.Registration, code.Recovery, code.Verification, code.StepUp} {
		require.Contains(t, message.Kinds(), code.KindOf(purpose, false))
		require.Contains(t, message.Kinds(), code.KindOf(purpose, true))
	}
}

func TestAddressesAreMasked(t *testing.T) {
	for value, want := range map[string]string{
		"ada@example.com": "a•••@example.com", "jo@example.com": "•••@example.com", "étienne@example.com": "é•••@example.com",
	} {
		require.Equal(t, want, code.Address{Type: user.Email, Value: value}.Masked())
	}
	require.Equal(t, "+44•••23", code.Address{Type: user.Phone, Value: "+447700900123"}.Masked())
}

func TestWhatCanBeWrittenTo(t *testing.T) {
	for kind, want := range map[user.IdentifierType]message.Channel{user.Email: message.Email, user.Phone: message.SMS, user.Username: ""} {
		channel, ok := code.ChannelOf(kind)
		require.Equal(t, want, channel)
		require.Equal(t, want != "", ok)
	}
}

func TestADigitOfAnyScriptIsOne(t *testing.T) {
	for typed, want := range map[string]string{
		"123456": "123456", "123 456": "123456", "123-456": "123456", "١٢٣٤٥٦": "123456", "１２３４５６": "123456", "𝟏𝟐𝟑𝟜𝟝𝟞": "123456",
		"12345a": "12345a", "": "",
	} {
		require.Equal(t, want, code.Plain(typed), typed)
	}
	require.Empty(t, code.Plain(string(make([]byte, 65))), "nobody types so much")
}

func TestNothingIsMadeWithoutItsDeps(t *testing.T) {
	_, err := code.New(code.Deps{})
	require.Error(t, err)
}
