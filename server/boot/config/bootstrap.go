package config

import (
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
