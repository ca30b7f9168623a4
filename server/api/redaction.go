package api

import (
	"slices"

	"github.com/lintel-id/lintel/gen"
)

// SecretFields are the names that the contract marks as secret, so that the log
// hides them too.
func SecretFields() []string { return slices.Clone(gen.SecretFields) }
