package config

import (
	"strings"

	"github.com/lintel-id/lintel/server/apikey"
	"github.com/lintel-id/lintel/server/platform/secret"
)

// Bootstrap is the API key to begin with, zero where none is given; false where it is none.
func (c Config) Bootstrap() (secret.Token, bool) {
	if c.BootstrapKey.IsZero() {
		return secret.Token{}, true
	}
	return secret.ParseToken(apikey.Prefix, c.BootstrapKey.Reveal())
}

// Operators are the operator keys; false where one of them is none.
func (c Config) Operators() ([]secret.Token, bool) {
	if c.OperatorKeys.IsZero() {
		return nil, true
	}
	var keys []secret.Token
	for text := range strings.SplitSeq(c.OperatorKeys.Reveal(), ",") {
		key, ok := secret.ParseToken(apikey.OperatorPrefix, strings.TrimSpace(text))
		if !ok {
			return nil, false
		}
		keys = append(keys, key)
	}
	return keys, len(keys) <= apikey.MaxOperators
}
